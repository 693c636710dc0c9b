"""The keys in what an issuer publishes: a JWK, a key set, issuer metadata, a profile.

Source: RFC 7517, section 5 (JWK Set); draft-ietf-oauth-sd-jwt-vc-13, section 5.1 (`jwks`);
Controlled Identifiers 1.0, section 2.  Whether the document is the issuer's is asked by the caller.
"""

from collections.abc import Mapping

from cairn.core.codec.strict_json import Json
from cairn.core.errors import Malformed, Unobtainable
from cairn.core.keys import PublicKey, VerifyingKey, read_public_jwk
from cairn.core.verify.authorship import Purpose

MAX_KEYS = 100  # of one key set
_Object = Mapping[str, Json]
_Named = list[tuple[str, VerifyingKey]]


def keys_in(document: _Object, purpose: Purpose) -> _Named:
    """The keys in a JWK, a key set, issuer metadata, a profile or a DID document.

    Keys that cannot be used are left aside, and those that were given up or end some day: when a
    token was really made, nobody knows.  Raises `Malformed` for more than `MAX_KEYS`.
    """
    if "kty" in document:
        return [(_name(document), read_public_jwk(document))]
    inner = document.get("jwks")
    entries = [
        *_objects(document, "keys"),
        *(_objects(inner, "keys") if isinstance(inner, dict) else []),
        *_methods(document, purpose),
    ]
    if len(entries) > MAX_KEYS:
        raise Malformed(f"more than {MAX_KEYS} keys")
    found = []
    for entry in entries:
        try:
            if not {"revoked", "expires"} & entry.keys():
                found.append((_name(entry), _read_key(entry)))
        except Malformed:
            continue
    return found


def _read_key(entry: _Object) -> VerifyingKey:
    multikey, jwk = entry.get("publicKeyMultibase"), entry.get("publicKeyJwk", entry)
    if isinstance(multikey, str):
        return PublicKey.from_multikey(multikey)
    if not isinstance(jwk, dict):
        raise Malformed("expected a JSON object", "/publicKeyJwk")
    return read_public_jwk(jwk)


def _methods(document: _Object, purpose: Purpose) -> list[dict[str, Json]]:
    """The verification methods of a DID document or profile that it controls, for `purpose`."""
    owner = document.get("id")
    allowed = document.get(purpose, [])
    listed = allowed if isinstance(allowed, list) else [allowed]
    named = {entry.removeprefix(str(owner)) for entry in listed if isinstance(entry, str)}
    methods = [
        *(entry for entry in listed if isinstance(entry, dict)),
        *(
            entry
            for entry in _objects(document, "verificationMethod")
            if _name(entry).removeprefix(str(owner)) in named
        ),
    ]
    return [entry for entry in methods if entry.get("controller", owner) == owner]


def choose_key(entries: _Named, kid: str) -> VerifyingKey:
    """The key of that name, or the only one.  Raises `Unobtainable`."""
    wanted = (kid, kid.partition("#")[2], f"#{kid.partition('#')[2]}")
    named = [key for name, key in entries if name and name in wanted]
    if len(named) == 1:
        return named[0]
    if len(entries) == 1 and not named:
        return entries[0][1]
    raise Unobtainable(f"{kid} is not the name of exactly one key there")


def _name(entry: _Object) -> str:
    name = entry.get("kid", entry.get("id", ""))
    return name if isinstance(name, str) else ""


def _objects(document: _Object, name: str) -> list[dict[str, Json]]:
    value = document.get(name, [])
    entries = value if isinstance(value, list) else [value]
    return [entry for entry in entries if isinstance(entry, dict)]
