"""Many credentials that differ in a few values: signed from those values alone.

What the documents of a batch share is worked out once: the hash of the proof's configuration, the
canonical form and the JSON as byte templates, the places of the values.  Each document then costs
little more than its hash and its signature.  Cryptosuite `eddsa-rdfc-2022` only.

What is given out was parsed again and found to be the document with these values.  A document that
a plan leaves aside is signed by `add_proof`, which refuses what a signature would not cover.

Source: W3C "Data Integrity EdDSA Cryptosuites v1.0", section 3.2.
"""

import copy
import hashlib
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import cast

import orjson

from cairn.core.codec import multibase, strict_json
from cairn.core.codec.strict_json import Json
from cairn.core.errors import Malformed
from cairn.core.keys import DocumentKey, KeyType
from cairn.core.proofs.batch_emission import (
    PROOF_VALUE,
    DamagedEmission,
    Mirror,
    Path,
    holder_of,
    json_template,
    path_of,
)
from cairn.core.proofs.cryptosuite import Document
from cairn.core.proofs.data_integrity import add_proof
from cairn.core.rdf.document import Vocabulary, canonical_bytes, shaped
from cairn.core.rdf.layout import Reading, read_layout
from cairn.core.rdf.outline import BOOLEAN, NUMBER, TEXT, Leaf, Outline, leaf_paths
from cairn.core.rdf.plan import Plan, joined
from cairn.core.rdf.planning import Arrangement, assemble
from cairn.core.rdf.shape import Shape
from cairn.core.rdf.source import Source, source_of
from cairn.core.rdf.template import Pick, Template, picker

CRYPTOSUITE = "eddsa-rdfc-2022"


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs a batch, and when; `created` is `YYYY-MM-DDTHH:MM:SSZ`."""

    key: DocumentKey
    verification_method: str
    created: str
    purpose: str = "assertionMethod"


@dataclass(frozen=True, slots=True)
class Batch:
    """Ready to sign documents like a sample, but with other values at `varying`.  Immutable."""

    varying: tuple[str, ...]  # JSON Pointers, in the order of the document
    _signer: Signer
    _vocabulary: Vocabulary
    _sample: Mapping[str, Json]  # with its proof
    _paths: tuple[Path, ...]
    _mirror: "Mirror"
    _frame: bytes  # of the values as an array
    _layout: "_Layout"
    _digest: "_Digest"
    _config_digest: bytes
    _json: Template

    def issue(self, values: Sequence[Leaf]) -> bytes:
        """The signed JSON of the sample with `values`, one for each entry of `varying`.

        Raises `Uncovered` where a signature would not cover it, `Malformed` for another number of
        values.
        """
        data = self.issue_plainly(values)
        if data is not None:
            return data
        if len(values) != len(self.varying):
            raise Malformed(f"{len(values)} values; need {len(self.varying)}")
        return self._issue_generally(values)

    def issue_plainly(self, values: Sequence[Leaf]) -> bytes | None:
        """The same where the values are plainly in order; None where a closer look must decide."""
        reading = read_layout(list(values))
        if reading is None or reading.frame != self._frame:
            return None
        signed = self._signed(reading.strings, reading.numbers)
        if signed is None:
            return None
        data, signature = signed
        self._mirror.check(orjson.loads(data), (*values, signature))
        return data

    def issue_document(self, document: Document) -> bytes | None:
        """The signed JSON of `document`; None unless it is the sample but for `varying`."""
        reading = read_layout(dict(document))
        chosen = None if reading is None else self._layout.values_of(reading)
        signed = None if chosen is None else self._signed(*chosen)
        if signed is None:
            return None
        data, signature = signed
        back = orjson.loads(data)
        (proof,) = back.pop("proof")
        if back != document or proof != self._proof(signature):
            raise DamagedEmission
        return data

    def _signed(self, texts: list[bytes], numbers: list[bytes]) -> tuple[bytes, str] | None:
        """The signed JSON and the proof value; None where the general path must decide."""
        digest = self._digest.of(texts, numbers)
        if digest is None:
            return None
        signature = multibase.encode_base58btc(self._signer.key.sign(self._config_digest + digest))
        return self._json.fill_one([*texts, *numbers, signature.encode()]), signature

    def _issue_generally(self, values: Sequence[Leaf]) -> bytes:
        document = copy.deepcopy(dict(self._sample))
        del document["proof"]
        for path, value in zip(self._paths, values, strict=True):
            holder_of(document, path)[path[-1]] = value
        data = strict_json.write(_signed_generally(document, self._signer, self._vocabulary))
        strict_json.read(data)
        return data

    def _proof(self, signature: str) -> dict[str, Json]:
        (proof,) = cast(list[dict[str, Json]], self._sample["proof"])
        return {**proof, "proofValue": signature}


@dataclass(frozen=True, slots=True)
class _Digest:
    """The hash of a batch's documents.  What they all begin with was hashed before."""

    plan: Plan
    beginnings: tuple["hashlib._Hash", ...]  # after none, one, two … of the plan's still pieces

    @classmethod
    def by(cls, plan: Plan) -> "_Digest":
        return cls(plan, tuple(accumulate(plan.still, _extended, initial=hashlib.sha256())))

    def of(self, texts: list[bytes], numbers: list[bytes]) -> bytes | None:
        """SHA-256 of the canonical N-Quads; None where the general path must decide."""
        found = self.plan.filled(texts, numbers)
        if found is None:
            return None
        still = self.plan.still
        found.sort()
        before = bisect_left(still, found[0]) if found else 0
        hasher = self.beginnings[before].copy()
        hasher.update(joined([*found, *still[before:]]))
        return hasher.digest()


def _extended(hasher: "hashlib._Hash", text: bytes) -> "hashlib._Hash":
    longer = hasher.copy()
    longer.update(text)
    return longer


@dataclass(frozen=True, slots=True)
class _Layout:
    """How to know a document of a batch by its text, and to take the values out of it."""

    frame: bytes
    rest: Pick  # strings that all documents of the batch share
    shared: tuple[bytes, ...]
    other_numbers: Pick
    shared_numbers: tuple[bytes, ...]
    texts: Pick
    numbers: Pick

    def values_of(self, reading: Reading) -> tuple[list[bytes], list[bytes]] | None:
        """Texts and numbers at the varying places; None for a document of another batch."""
        if (
            reading.frame != self.frame
            or self.rest(reading.strings) != self.shared
            or self.other_numbers(reading.numbers) != self.shared_numbers
        ):
            return None
        return list(self.texts(reading.strings)), list(self.numbers(reading.numbers))


def prepare_batch(
    sample: Document, varying: Sequence[str], signer: Signer, vocabulary: Vocabulary
) -> Batch | None:
    """A batch of documents like `sample`, which is unsigned; `varying` are JSON Pointers to values.

    None if there is no plan for such documents: sign each with `add_proof`.  Raises `Malformed` for
    a pointer that leads to no text or number, and what `canonical_form` raises about the sample.
    """
    if signer.key.type is not KeyType.ED25519 or "proof" in sample:
        return None
    document = dict(sample)
    outline, shape, _ = shaped(document, vocabulary)
    source, reading = source_of(shape, outline), read_layout(document)
    if source is None or reading is None:
        return None
    leaves = _leaves_at(varying, leaf_paths(outline.skeleton), source)
    layout = _layout(reading, source, leaves)
    plan = assemble(shape, source, _arrangement(shape, outline, reading, source, leaves))
    chosen = layout.values_of(reading)
    if chosen is None or plan.canonical(*chosen) != canonical_bytes(document, vocabulary):
        return None
    signed = _signed_generally(document, signer, vocabulary)
    values = [outline.leaves[leaf] for leaf in leaves]
    paths = tuple(path_of(pointer, document) for pointer in varying)
    as_array = read_layout(list(values))
    if as_array is None:
        return None
    return Batch(
        varying=tuple(varying),
        _signer=signer,
        _vocabulary=vocabulary,
        _sample=signed,
        _paths=paths,
        _mirror=Mirror.of(signed, (*paths, PROOF_VALUE)),
        _frame=as_array.frame,
        _layout=layout,
        _digest=_Digest.by(plan),
        _config_digest=_config_digest(signed, vocabulary),
        _json=json_template(signed, paths, values),
    )


def varying_between(one: Document, other: Document, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The texts and numbers in which two documents of one shape differ; none if of two shapes."""
    first, second = (shaped(dict(document), vocabulary)[0] for document in (one, other))
    if first.key != second.key:
        return ()
    paths = leaf_paths(first.skeleton)
    both = zip(paths, first.leaves, second.leaves, strict=True)
    return tuple(path for path, a, b in both if a != b and not isinstance(a, bool))


def _signed_generally(
    document: Document, signer: Signer, vocabulary: Vocabulary
) -> dict[str, Json]:
    return add_proof(
        document,
        signer.key,
        vocabulary,
        cryptosuite=CRYPTOSUITE,
        verification_method=signer.verification_method,
        created=signer.created,
        purpose=signer.purpose,
    )


def _config_digest(signed: Mapping[str, Json], vocabulary: Vocabulary) -> bytes:
    (proof,) = cast(list[dict[str, Json]], signed["proof"])
    config = {key: value for key, value in proof.items() if key != "proofValue"}
    in_context = {"@context": signed["@context"], **config}
    return hashlib.sha256(canonical_bytes(in_context, vocabulary)).digest()


def _leaves_at(pointers: Sequence[str], paths: Sequence[str], source: Source) -> list[int]:
    """The leaves at `pointers`.  Raises `Malformed`."""
    known = {path: leaf for leaf, path in enumerate(paths) if source.positions[leaf][0] != BOOLEAN}
    for pointer in pointers:
        if pointer not in known:
            raise Malformed("there is no text or number that could vary", pointer)
    if len(set(pointers)) < len(pointers):
        raise Malformed("a place is named twice")
    return [known[pointer] for pointer in pointers]


def _places(source: Source, leaves: Sequence[int], kind: int) -> list[int]:
    """Where a reading has the leaves of this kind."""
    return [source.positions[leaf][1] for leaf in leaves if source.positions[leaf][0] == kind]


def _layout(reading: Reading, source: Source, leaves: Sequence[int]) -> _Layout:
    texts, numbers = _places(source, leaves, TEXT), _places(source, leaves, NUMBER)
    rest = picker(sorted(set(range(len(reading.strings))) - set(texts)))
    others = picker(sorted(set(range(len(reading.numbers))) - set(numbers)))
    return _Layout(
        reading.frame,
        rest,
        rest(reading.strings),
        others,
        others(reading.numbers),
        picker(texts),
        picker(numbers),
    )


def _arrangement(
    shape: Shape, outline: Outline, reading: Reading, source: Source, leaves: Sequence[int]
) -> Arrangement:
    """The values of a batch as a plan gets them: those that vary in their order, the rest fixed."""
    places: dict[int, int] = {}
    for kind in (TEXT, NUMBER):
        chosen = [leaf for leaf in leaves if source.positions[leaf][0] == kind]
        places |= {leaf: place for place, leaf in enumerate(chosen)}
    constants = {}
    for leaf, (kind, place) in enumerate(source.positions):
        if kind == TEXT:
            constants[leaf] = reading.strings[place]
        elif kind == NUMBER:
            constants[leaf] = shape.render(shape.slots[leaf], outline.leaves[leaf]).encode()
    return Arrangement(
        len(_places(source, leaves, TEXT)),
        tuple(reading.numbers[place] for place in _places(source, leaves, NUMBER)),
        places,
        {leaf: value for leaf, value in constants.items() if leaf not in places},
    )
