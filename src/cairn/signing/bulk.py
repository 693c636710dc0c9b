"""Sign many documents that are alike, from the values in which they differ.

The first and the last document of each kind are signed and verified in full against the published
keys, and both must come out of the short way to the byte.  Those between are signed with the same
keys by `core.proofs.batch`, which reads back what it gives out (ADR 0030).  What the short way
leaves aside is signed as a single document is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from cairn.core.codec import timestamps
from cairn.core.codec.strict_json import Json
from cairn.core.errors import Malformed, Unverifiable
from cairn.core.proofs import batch
from cairn.core.proofs.batch_tokens import TokenBatch
from cairn.core.rdf.outline import Leaf
from cairn.signing.signer import Signer


class Signed(NamedTuple):  # made for every credential, and a frozen dataclass takes its time
    """One credential in both forms that the Ed25519 key signs."""

    document: bytes  # JSON with a Data Integrity proof
    token: bytes  # `vc+jwt`


@dataclass(frozen=True, slots=True)
class Alike:
    """Signs documents like a sample; see `BulkSigner.alike`."""

    _documents: batch.Batch
    _tokens: TokenBatch

    def sign(self, values: Sequence[Leaf]) -> Signed | None:
        """The sample with `values` in their places; None where the long way must decide."""
        document = self._documents.issue_plainly(values)
        return None if document is None else Signed(document, self._tokens.of(document))


@dataclass(frozen=True, slots=True)
class BulkSigner:
    """The keys of a signer at one moment."""

    signer: Signer
    now: datetime

    def sign(self, document: dict[str, Json]) -> Signed:
        """`document`, signed and verified in full.

        Raises `Malformed` or `Uncovered` if the signature would not cover all of it, `Unverifiable`
        if what came out does not hold.
        """
        signed = self.signer.sign_document(document, now=self.now)
        return Signed(signed, self.signer.sign_vc_jwt(document))

    def alike(self, sample: dict[str, Json], varying: Sequence[str]) -> Alike | None:
        """What signs documents that are `sample` but for the leaves at these JSON Pointers.

        None if there is no short way for them.  Raises what signing the sample raises.
        """
        method = f"{self.signer.did}#{self.signer.document_fragment}"
        key = self.signer.document_key
        by = batch.Signer(key, method, timestamps.write(self.now))
        try:
            documents = batch.prepare_batch(sample, varying, by, self.signer.sources.vocabulary)
        except Malformed:  # a pointer to what can't vary, such as a type
            return None
        if documents is None:
            return None
        return Alike(documents, TokenBatch.like(sample, key, verification_method=method))

    def prove(self, alike: Alike, values: Sequence[Leaf], document: dict[str, Json]) -> Signed:
        """`document` by the long way, which the short way gives to the byte from `values`.

        Raises `Unverifiable` if it doesn't, besides what `sign` raises.
        """
        signed = self.sign(document)
        if alike.sign(values) not in (signed, None):
            raise Unverifiable("what was signed from values alone is another document")
        return signed
