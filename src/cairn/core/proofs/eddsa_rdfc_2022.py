"""Cryptosuite `eddsa-rdfc-2022`: Ed25519 over the canonical RDF of document and configuration.

Source: W3C "Data Integrity EdDSA Cryptosuites v1.0", section 3.2.
"""

from typing import Literal, cast

from cairn.core.codec.strict_json import Json
from cairn.core.keys import KeyType
from cairn.core.proofs.cryptosuite import Cryptosuite, Document
from cairn.core.rdf.document import Vocabulary, canonical_form


def rdfc_transform(
    document: Document, config: Document, vocabulary: Vocabulary, hash_name: str
) -> tuple[bytes, bytes]:
    """Canonical N-Quads of the document, and of the configuration read in its contexts."""
    name = cast(Literal["sha256", "sha384"], hash_name)
    in_context: dict[str, Json] = {"@context": document.get("@context"), **config}
    return (
        canonical_form(dict(document), vocabulary, hash_name=name).encode(),
        canonical_form(in_context, vocabulary, hash_name=name).encode(),
    )


def _configure(options: dict[str, Json], _document: Document) -> dict[str, Json]:
    return options


SUITE = Cryptosuite("eddsa-rdfc-2022", frozenset({KeyType.ED25519}), rdfc_transform, _configure)
