"""Sign many documents that are alike: what they share is worked out once.

The first document of each shape is signed and verified against the published keys in full.  The
others are signed with the same keys by `core.proofs.batch`, which reads back what it gives out, or,
where it has no template for them, by `add_proof`; both refuse what a signature would not cover.
"""

from datetime import datetime

from cairn.core.codec import strict_json, timestamps
from cairn.core.codec.strict_json import Json
from cairn.core.errors import Unverifiable
from cairn.core.keys import KeyType
from cairn.core.proofs import batch, vc_jwt_w3c
from cairn.core.proofs.data_integrity import add_proof
from cairn.core.rdf.document import Vocabulary
from cairn.core.rdf.layout import read_layout
from cairn.signing.signer import DOCUMENT_SUITE, Signer


class BulkSigner:
    """Learns from the documents it is given; made for one chunk of work and one moment."""

    def __init__(self, signer: Signer, now: datetime) -> None:
        self._signer, self._now = signer, now
        self._method = f"{signer.did}#{signer.document_fragment}"
        self._vocabulary = signer.sources.vocabulary
        self._shapes: dict[bytes, _Shape] = {}

    def sign(self, document: dict[str, Json]) -> tuple[bytes, bytes]:
        """`document` as JSON with a Data Integrity proof, and as `vc+jwt`.

        Raises `Malformed` or `Uncovered` if the signature would not cover all of it, `Unverifiable`
        if what came out does not hold.
        """
        reading = read_layout(dict(document))
        frame = b"" if reading is None else reading.frame  # none: text that needs a closer look
        shape = self._shapes.get(frame)
        if shape is not None:
            return shape.signed(document) or self._signed_generally(document), self._token(document)
        self._shapes[frame] = _Shape(document, self._batch_signer, self._vocabulary)
        data = self._signer.sign_document(document, now=self._now)
        return data, self._signer.sign_vc_jwt(document)

    @property
    def _batch_signer(self) -> batch.Signer:
        return batch.Signer(self._signer.document_key, self._method, timestamps.write(self._now))

    def _signed_generally(self, document: dict[str, Json]) -> bytes:
        signed = add_proof(
            document,
            self._signer.document_key,
            self._vocabulary,
            cryptosuite=DOCUMENT_SUITE,
            verification_method=self._method,
            created=timestamps.write(self._now),
        )
        data = strict_json.write(signed)
        if strict_json.read(data) != signed:
            raise Unverifiable("what was written is not what was signed")
        return data

    def _token(self, document: dict[str, Json]) -> bytes:
        token = vc_jwt_w3c.sign_credential(
            document, self._signer.document_key, verification_method=self._method
        )
        return token.encode("ascii")


class _Shape:
    """Documents with one layout, and the places in which they were seen to differ."""

    def __init__(
        self, sample: dict[str, Json], signer: batch.Signer, vocabulary: Vocabulary
    ) -> None:
        self._sample, self._signer, self._vocabulary = sample, signer, vocabulary
        self._varying: frozenset[str] = frozenset()
        self._batch: batch.Batch | None = None
        self._is_hopeless = signer.key.type is not KeyType.ED25519

    def signed(self, document: dict[str, Json]) -> bytes | None:
        """The signed JSON; None if it must go the general way."""
        if self._is_hopeless:
            return None
        data = self._batch.issue_document(document) if self._batch else None
        if data is None and self._learn(document) and self._batch is not None:
            data = self._batch.issue_document(document)
        return data

    def _learn(self, document: dict[str, Json]) -> bool:
        """Whether `document` differs in a place that was not known to vary."""
        found = batch.varying_between(self._sample, document, self._vocabulary)
        if self._varying.issuperset(found):
            return False
        self._varying |= set(found)
        self._batch = batch.prepare_batch(
            self._sample, sorted(self._varying), self._signer, self._vocabulary
        )
        self._is_hopeless = self._batch is None
        return True
