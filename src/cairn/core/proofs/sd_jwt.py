"""Selective disclosure: a signed payload of digests, and the disclosures that fill it in.

Source: RFC 9901 (SD-JWT), sections 4 and 7.1.  A digest without a disclosure is a claim held back,
or a decoy: nobody can tell, so both are counted together and none is an error.  Everything else is
exact: each disclosure is used once, each digest stands once, no claim hides another.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from cairn.core.codec import base64url, strict_json
from cairn.core.codec.strict_json import Json, Limits
from cairn.core.errors import Malformed

HASHES = {"sha-256": "sha256", "sha-384": "sha384", "sha-512": "sha512"}
DEFAULT_HASH = "sha-256"
MAX_DISCLOSURES = 500
MAX_DISCLOSURE = 256 * 1024  # characters
MAX_DEPTH = 32  # disclosures inside disclosures count with the objects around them
_LIMITS = Limits(max_bytes=MAX_DISCLOSURE, max_depth=MAX_DEPTH, max_values=20_000)
_DIGESTS, _DIGEST, _HASH = "_sd", "...", "_sd_alg"


@dataclass(frozen=True, slots=True)
class Opened:
    """A payload with its disclosures put in their places."""

    claims: Mapping[str, Json]
    shown: tuple[str, ...]  # JSON Pointers of what was disclosed
    held_back: int  # digests without a disclosure, decoys among them
    hash_name: str  # as `hashlib` calls it


@dataclass(slots=True)
class _Disclosure:
    """One disclosure; `name` is None for an element of an array."""

    name: str | None
    value: Json
    is_used: bool = False


@dataclass(slots=True)
class _Opening:
    """What one payload is opened with, and what was found on the way."""

    by_digest: dict[str, _Disclosure]
    seen: set[str] = field(default_factory=set)
    shown: list[str] = field(default_factory=list)
    held_back: int = 0


def open_payload(payload: Mapping[str, Json], disclosures: Sequence[str]) -> Opened:
    """The claims in `payload` that `disclosures` (as they stand in the token) let us read.

    Raises `Malformed` for more than `MAX_DISCLOSURES`, another hash, a digest that stands twice, a
    disclosure that no digest or a wrong place asks for, and names that would hide a claim.
    """
    hash_name = HASHES.get(str(payload.get(_HASH, DEFAULT_HASH)))
    if hash_name is None:
        raise Malformed(f"expected one of {', '.join(HASHES)}", f"/{_HASH}")
    if len(disclosures) > MAX_DISCLOSURES:
        raise Malformed(f"more than {MAX_DISCLOSURES} disclosures")
    by_digest = {digest(text, hash_name): _read(text) for text in disclosures}
    if len(by_digest) < len(disclosures):
        raise Malformed("one disclosure is given twice")
    opening = _Opening(by_digest)
    rest = {name: value for name, value in payload.items() if name != _HASH}
    claims = _open_object(rest, "", opening, 0)
    if not all(entry.is_used for entry in by_digest.values()):
        raise Malformed("a disclosure that the issuer did not sign")
    return Opened(claims, tuple(opening.shown), opening.held_back, hash_name)


def digest(text: str, hash_name: str) -> str:
    """The digest of the characters of a disclosure, or of a whole presentation."""
    return base64url.encode(hashlib.new(hash_name, text.encode()).digest())


def disclose(salt: bytes, value: Json, *, name: str | None = None) -> str:
    """The disclosure of a claim, or of an element of an array; 16 random bytes are a good salt."""
    parts: list[Json] = [base64url.encode(salt), *([] if name is None else [name]), value]
    return base64url.encode(strict_json.write(parts))


def concealed(
    claims: Mapping[str, Json], names: Sequence[str], salts: Iterator[bytes]
) -> tuple[dict[str, Json], tuple[str, ...]]:
    """`claims` with digests in place of those called `names`, and the disclosures of these.

    Digests are sorted, so that their order says nothing of the claims.
    """
    disclosures = tuple(disclose(next(salts), claims[name], name=name) for name in names)
    kept = {name: value for name, value in claims.items() if name not in names}
    digests = sorted(digest(text, HASHES[DEFAULT_HASH]) for text in disclosures)
    return {**kept, _DIGESTS: list[Json](digests), _HASH: DEFAULT_HASH}, disclosures


def _read(text: str) -> _Disclosure:
    if len(text) > MAX_DISCLOSURE:
        raise Malformed(
            f"a disclosure of {len(text)} characters; at most {MAX_DISCLOSURE} are read"
        )
    parts = strict_json.read(base64url.decode(text), _LIMITS)
    if not isinstance(parts, list) or len(parts) not in (2, 3) or not isinstance(parts[0], str):
        raise Malformed("a disclosure is an array: salt, name unless in an array, value")
    if len(parts) == 2:
        return _Disclosure(None, parts[1])
    name = parts[1]
    if not isinstance(name, str) or name in (_DIGESTS, _DIGEST):
        raise Malformed("a disclosure names a claim, and neither '_sd' nor '...'")
    return _Disclosure(name, parts[2])


def _open(value: Json, path: str, opening: _Opening, depth: int) -> Json:
    if depth > MAX_DEPTH:
        raise Malformed(f"nested more than {MAX_DEPTH} deep")
    if isinstance(value, dict):
        return _open_object(value, path, opening, depth)
    if isinstance(value, list):
        return _open_array(value, path, opening, depth)
    return value


def _open_object(
    value: Mapping[str, Json], path: str, opening: _Opening, depth: int
) -> dict[str, Json]:
    if _DIGEST in value:
        raise Malformed("'...' stands alone, in an element of an array", path)
    opened = {
        name: _open(entry, f"{path}/{name}", opening, depth + 1)
        for name, entry in value.items()
        if name != _DIGESTS
    }
    for entry in _digests(value, path):
        disclosure = _find(entry, path, opening)
        if disclosure is None:
            continue
        if disclosure.name is None:
            raise Malformed("a disclosure for an array stands in an object", path)
        if disclosure.name in opened:
            raise Malformed(f"a disclosure hides the claim {disclosure.name!r}", path)
        place = f"{path}/{disclosure.name}"
        opening.shown.append(place)
        opened[disclosure.name] = _open(disclosure.value, place, opening, depth + 1)
    return opened


def _open_array(value: list[Json], path: str, opening: _Opening, depth: int) -> list[Json]:
    opened: list[Json] = []
    for entry in value:
        place = f"{path}/{len(opened)}"
        if not isinstance(entry, dict) or _DIGEST not in entry:
            opened.append(_open(entry, place, opening, depth + 1))
            continue
        text = entry[_DIGEST]
        if len(entry) > 1 or not isinstance(text, str):
            raise Malformed("'...' stands alone, with a digest", place)
        disclosure = _find(text, place, opening)
        if disclosure is None:
            continue
        if disclosure.name is not None:
            raise Malformed("a disclosure for an object stands in an array", place)
        opening.shown.append(place)
        opened.append(_open(disclosure.value, place, opening, depth + 1))
    return opened


def _digests(value: Mapping[str, Json], path: str) -> list[str]:
    entries = value.get(_DIGESTS, [])
    if not isinstance(entries, list):
        raise Malformed("expected an array of digests", f"{path}/{_DIGESTS}")
    texts = [entry for entry in entries if isinstance(entry, str)]
    if len(texts) < len(entries):
        raise Malformed("expected an array of digests", f"{path}/{_DIGESTS}")
    return texts


def _find(text: str, path: str, opening: _Opening) -> _Disclosure | None:
    """The disclosure with this digest; None, and counted, if there is none."""
    if text in opening.seen:
        raise Malformed("one digest stands in two places", path)
    opening.seen.add(text)
    disclosure = opening.by_digest.get(text)
    if disclosure is None:
        opening.held_back += 1
    else:
        disclosure.is_used = True
    return disclosure
