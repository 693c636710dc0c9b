"""DID documents: the keys that an identifier publishes, and what each may be used for.

Source: W3C DID Core 1.0, section 5, and Controlled Identifiers 1.0, section 2.  Read here:
Multikey, JsonWebKey, JsonWebKey2020 and Ed25519VerificationKey2020; written here: Multikey.

A key we cannot use (another type, a broken point) does not spoil the keys beside it: it is listed
in `unusable` with the reason.  Text that is no DID document at all is `Malformed`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from cairn.core.codec.strict_json import Json
from cairn.core.did.syntax import require_did
from cairn.core.errors import Malformed, Unobtainable
from cairn.core.keys import KeyType, PublicKey

CONTEXTS = ("https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1")
MAX_METHODS = 256  # an issuer's retired keys stay; reading one takes about 0.1 ms
_MULTIBASE_TYPES = frozenset({"Multikey", "Ed25519VerificationKey2020"})
_JWK_TYPES = frozenset({"JsonWebKey", "JsonWebKey2020"})
_SECRETS = ("secretKeyMultibase", "privateKeyMultibase", "secretKeyJwk", "privateKeyJwk")
_Object = Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class VerificationMethod:
    """A published key.  Times are as published (XSD dateTime), unread."""

    id: str  # absolute: did#fragment
    controller: str
    key: PublicKey
    revoked: str | None = None  # compromised since
    expires: str | None = None

    @classmethod
    def of(
        cls, did: str, key: PublicKey, *, fragment: str | None = None, revoked: str | None = None
    ) -> Self:
        """The method of `did` for `key`, named by its Multikey unless `fragment` is given."""
        return cls(f"{did}#{fragment or key.multikey}", did, key, revoked)


@dataclass(frozen=True, slots=True)
class DidDocument:
    """What a DID says about its keys: usable methods, and the ids each relationship lists."""

    id: str
    methods: tuple[VerificationMethod, ...]
    assertion_method: tuple[str, ...]  # ids, absolute; may name methods of other documents
    authentication: tuple[str, ...] = ()
    updated: str | None = None  # as published; version metadata for those who watch for rollback
    unusable: tuple[tuple[str, str], ...] = ()  # id of a method and why its key is not in `methods`

    def method(self, method_id: str) -> VerificationMethod:
        """The method with this absolute id.  Raises `Unobtainable`, saying why there is none."""
        for method in self.methods:
            if method.id == method_id:
                return method
        for known, reason in self.unusable:
            if known == method_id:
                raise Unobtainable(f"the key {method_id} cannot be used: {reason}")
        raise Unobtainable(f"{self.id} publishes no key {method_id!r}")


def did_document(
    did: str, methods: Iterable[VerificationMethod], *, updated: str | None = None
) -> DidDocument:
    """The document that `did` should publish.

    Retired keys are passed like active ones and stay in `assertionMethod`: without them every
    credential they signed would stop verifying elsewhere.  A method with `revoked` stays visible
    but leaves `assertionMethod`.
    """
    methods = tuple(methods)
    standing = tuple(method.id for method in methods if method.revoked is None)
    return DidDocument(require_did(did), methods, standing, updated=updated)


def to_json(document: DidDocument) -> dict[str, Json]:
    """The document as JSON-LD with Multikey methods, ready for `strict_json.write`."""
    written: dict[str, Json] = {
        "@context": list(CONTEXTS),
        "id": document.id,
        "verificationMethod": [_method_json(method) for method in document.methods],
        "assertionMethod": list(document.assertion_method),
    }
    if document.authentication:
        written["authentication"] = list(document.authentication)
    if document.updated is not None:
        written["updated"] = document.updated
    return written


def read_document(doc: Json, did: str) -> DidDocument:
    """The document `doc`, which must be that of `did`.

    Raises `Malformed`, with the path, for another id, wrong JSON types, a repeated method id, or
    more than `MAX_METHODS` methods.  Types we do not know are left aside.
    """
    if not isinstance(doc, dict):
        raise Malformed("a DID document is a JSON object")
    if doc.get("id") != did:
        raise Malformed(f"this DID document is not that of {did}", "/id")
    reader = _Reader(did)
    for index, entry in enumerate(_list(doc, "verificationMethod")):
        reader.read_method(entry, f"/verificationMethod/{index}")
    assertion = reader.read_relationship(doc, "assertionMethod")
    authentication = reader.read_relationship(doc, "authentication")
    return DidDocument(
        did,
        tuple(reader.methods),
        assertion,
        authentication,
        _optional_text(doc, "updated", ""),
        tuple(reader.unusable),
    )


class _Reader:
    """Collects the methods of one document, wherever they stand in it."""

    def __init__(self, did: str) -> None:
        self.did = did
        self.methods: list[VerificationMethod] = []
        self.unusable: list[tuple[str, str]] = []
        self._ids: set[str] = set()

    def read_relationship(self, doc: _Object, name: str) -> tuple[str, ...]:
        """The ids listed under `name`; methods embedded there are collected."""
        ids = []
        for index, entry in enumerate(_list(doc, name)):
            path = f"/{name}/{index}"
            ids.append(
                self._absolute(entry) if isinstance(entry, str) else self.read_method(entry, path)
            )
        return tuple(ids)

    def read_method(self, entry: Json, path: str) -> str:
        """Collect one method and give its id."""
        if not isinstance(entry, dict):
            raise Malformed("a verification method is a JSON object", path)
        method_id = self._absolute(_text(entry, "id", path))
        if method_id in self._ids:
            raise Malformed(f"the verification method {method_id} stands here twice", path)
        self._ids.add(method_id)
        if len(self._ids) > MAX_METHODS:
            raise Malformed(f"more than {MAX_METHODS} verification methods", path)
        kind = _text(entry, "type", path)
        controller = _text(entry, "controller", path)
        revoked = _optional_text(entry, "revoked", path)
        expires = _optional_text(entry, "expires", path)
        try:
            key = _read_key(entry, kind)
        except Malformed as err:
            self.unusable.append((method_id, str(err)))
        else:
            method = VerificationMethod(method_id, controller, key, revoked, expires)
            self.methods.append(method)
        return method_id

    def _absolute(self, method_id: str) -> str:
        return self.did + method_id if method_id.startswith("#") else method_id


def _read_key(entry: _Object, kind: str) -> PublicKey:
    """The key of one method.  Raises `Malformed` where it cannot be used."""
    if any(name in entry for name in _SECRETS):
        raise Malformed("it publishes its own secret")
    if "publicKeyMultibase" in entry and "publicKeyJwk" in entry:
        raise Malformed("two keys under one id")
    if kind in _JWK_TYPES:
        jwk = entry.get("publicKeyJwk")
        if not isinstance(jwk, dict):
            raise Malformed(f"{kind} without a publicKeyJwk")
        return PublicKey.from_jwk(jwk)
    if kind in _MULTIBASE_TYPES:
        multikey = entry.get("publicKeyMultibase")
        if not isinstance(multikey, str):
            raise Malformed(f"{kind} without a publicKeyMultibase")
        key = PublicKey.from_multikey(multikey)
        if kind == "Ed25519VerificationKey2020" and key.type is not KeyType.ED25519:
            raise Malformed(f"{kind} with a {key.type} key")
        return key
    raise Malformed(f"keys of the type {kind} are not read here")


def _method_json(method: VerificationMethod) -> dict[str, Json]:
    written: dict[str, Json] = {
        "id": method.id,
        "type": "Multikey",
        "controller": method.controller,
        "publicKeyMultibase": method.key.multikey,
    }
    if method.revoked is not None:
        written["revoked"] = method.revoked
    if method.expires is not None:
        written["expires"] = method.expires
    return written


def _list(doc: _Object, name: str) -> list[Json]:
    entries = doc.get(name, [])
    if not isinstance(entries, list):
        raise Malformed(f"{name} is a JSON array", f"/{name}")
    if len(entries) > MAX_METHODS:
        raise Malformed(f"more than {MAX_METHODS} entries", f"/{name}")
    return entries


def _text(entry: _Object, name: str, path: str) -> str:
    text = entry.get(name)
    if not isinstance(text, str):
        raise Malformed(f"{name} is missing or no string", f"{path}/{name}")
    return text


def _optional_text(entry: _Object, name: str, path: str) -> str | None:
    return _text(entry, name, path) if name in entry else None
