"""What a cryptosuite is: how a document and a proof configuration become the bytes that are signed.

Source: W3C "Verifiable Credential Data Integrity 1.0", section 4 (algorithms); each suite's own
module names its specification.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cairn.core.codec.strict_json import Json
from cairn.core.keys import KeyType
from cairn.core.rdf.document import Vocabulary

Document = Mapping[str, Json]
Transform = Callable[[Document, Document, Vocabulary, str], tuple[bytes, bytes]]

_DIGESTS = {"sha256": hashlib.sha256, "sha384": hashlib.sha384}
HASHES = {KeyType.ED25519: "sha256", KeyType.P256: "sha256", KeyType.P384: "sha384"}


@dataclass(frozen=True, slots=True)
class Cryptosuite:
    """A named way of signing.

    `transform(unsecured document, proof configuration, vocabulary, hash name)` gives the canonical
    bytes of the two.  `configure(proof options, document)` completes options before signing.
    """

    name: str
    key_types: frozenset[KeyType]
    transform: Transform
    configure: Callable[[dict[str, Json], Document], dict[str, Json]]

    def hash_data(
        self, document: Document, config: Document, vocabulary: Vocabulary, key_type: KeyType
    ) -> bytes:
        """The bytes to sign: hash of the configuration, then hash of the document."""
        hash_name = HASHES[key_type]
        data, options = self.transform(document, config, vocabulary, hash_name)
        digest = _DIGESTS[hash_name]
        return digest(options).digest() + digest(data).digest()
