"""Proof chains: what a proof with `previousProof` covers beside the document.

Source: W3C "Verifiable Credential Data Integrity 1.0", sections 2.1.2 and 4.3 to 4.5: the bytes
that such a proof signs are those of the document together with the proofs it names.  Whose proofs
those are is asked in `cairn.core.verify`.
"""

from collections.abc import Mapping, Sequence

from cairn.core.codec.strict_json import Json
from cairn.core.errors import Malformed

_Object = Mapping[str, Json]


def previous_ids(proof: _Object) -> tuple[str, ...]:
    """The ids in `previousProof`, each once; none if it has none.  Raises `Malformed`."""
    if "previousProof" not in proof:
        return ()
    value = proof["previousProof"]
    ids = value if isinstance(value, list) else [value]
    texts = tuple(entry for entry in ids if isinstance(entry, str) and entry)
    if not texts or len(texts) < len(ids) or len(set(texts)) < len(texts):
        raise Malformed("expected the id of a proof, or ids, each once", "/previousProof")
    return texts


def previous_proofs(proof: _Object, proofs: Sequence[_Object]) -> list[_Object]:
    """The proofs that `proof` names, in the order of the document.

    Raises `Malformed` where a name is nobody's, or several proofs': then nothing says what was
    signed.
    """
    ids = previous_ids(proof)
    for wanted in ids:
        bearers = sum(entry.get("id") == wanted for entry in proofs)
        if bearers != 1:
            raise Malformed(
                f"{bearers} proofs have the id {wanted!r}; expected one", "/previousProof"
            )
    return [entry for entry in proofs if entry.get("id") in ids]


def all_before(proof: _Object, proofs: Sequence[_Object]) -> list[_Object]:
    """Every proof that `proof` rests on, nearest first, each once.

    Raises `Malformed` for a name that is not exactly one proof's, and for a circle: no proof can
    have been made before itself.
    """
    found: list[_Object] = []
    pending = previous_proofs(proof, proofs)
    while pending:
        entry = pending.pop(0)
        if entry not in found:
            found.append(entry)
            pending += previous_proofs(entry, proofs)
    _refuse_circles(found, proofs)
    return found


def _refuse_circles(found: Sequence[_Object], proofs: Sequence[_Object]) -> None:
    """Take away proofs that rest on none of the others, until none is left or none can go."""
    left = list(found)
    while left:
        ids = {entry.get("id") for entry in left}
        standing = [entry for entry in left if ids & set(previous_ids(entry))]
        if len(standing) == len(left):
            raise Malformed("proofs that were made before one another", "/previousProof")
        left = standing
