"""What a hostile or broken server answers: DID documents and status lists, by what is tried."""

import base64
import gzip
import zlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from cairn.core.codec import strict_json
from cairn.core.did.document import VerificationMethod
from cairn.core.keys import KeyType, PrivateKey
from tests.core.hostile import MEBI, Maker, dumped
from tests.core.issuing import DID, METHOD, did_json, signed, status_list

_OTHER = VerificationMethod.of(
    DID, PrivateKey.from_seed(KeyType.ED25519, b"\x03" * 32).public, fragment="other"
)


def _methods(**changes: Any) -> Maker:
    """The issuer's document with the members of its one key changed."""

    def maker() -> bytes:
        document: Any = strict_json.read(did_json())
        document["verificationMethod"][0].update(changes)
        return dumped(document)

    return maker


BYTES: dict[str, Maker] = {
    "nothing": lambda: b"",
    "HTML": lambda: b"<!doctype html><title>Parked</title>",
    "null": lambda: b"null",
    "an array": lambda: b"[]",
    "an empty object": lambda: b"{}",
    "5 MB": lambda: bytes(5 * MEBI),
    "10,000 arrays deep": lambda: b"[" * 10_000,
    "gzip": lambda: gzip.compress(did_json()),
    "UTF-16": lambda: did_json().decode().encode("utf-16"),
    "a lone surrogate": lambda: rb'{"id":"\ud800"}',
}
DID_DOCUMENTS: dict[str, Maker] = {
    **BYTES,
    "another's document": lambda: dumped({"id": "did:web:evil.example"}),
    "an id in an array": lambda: did_json(id=[DID]),
    "no keys": lambda: did_json(verificationMethod=[], assertionMethod=[]),
    "null for the keys": lambda: did_json(verificationMethod=None),
    "text for the keys": lambda: did_json(verificationMethod="x"),
    "numbers for the keys": lambda: did_json(verificationMethod=[1, 2]),
    "10,000 keys": lambda: did_json(
        *(replace(_OTHER, id=f"{DID}#k{i}") for i in range(10_000)), METHOD
    ),
    "one id for two keys": lambda: did_json(METHOD, replace(_OTHER, id=METHOD.id)),
    "another key": lambda: did_json(replace(_OTHER, id=METHOD.id)),
    "a key of no type": _methods(type=None),
    "a key of types": _methods(type=["Multikey"]),
    "a key of an unknown type": _methods(type="RsaVerificationKey2018"),
    "a key with its secret": _methods(secretKeyMultibase="z1"),
    "two keys in one": _methods(publicKeyJwk={}),
    "a key of 1 MB": _methods(publicKeyMultibase="z" + "6" * MEBI),
    "a key of zeros": _methods(publicKeyMultibase="z" + "1" * 47),
    "a key in an array": _methods(publicKeyMultibase=[METHOD.key.multikey]),
    "an X25519 key": _methods(
        publicKeyMultibase="z6LSbysY2xFMRpGMhb7tFTLMpeuPRaqaWM1yECx2AtzE3KCc"
    ),
    "no controller": _methods(controller=None),
    "another controller": _methods(controller="did:web:evil.example"),
    "a key that expires yesterday": _methods(expires="yesterday"),
    "a key that expires as a number": _methods(expires=5),
    "a key that expired": _methods(expires="2020-01-01T00:00:00Z"),
    "a key that was revoked": _methods(revoked="2026-01-01T00:00:00Z"),
    "a key revoked yesterday": _methods(revoked="yesterday"),
    "a document of yesterday": lambda: did_json(updated="yesterday"),
    "a document of 5": lambda: did_json(updated=5),
    "an assertion method that is null": lambda: did_json(assertionMethod=None),
    "assertion methods that are numbers": lambda: did_json(assertionMethod=[5]),
    "assertion methods of others": lambda: did_json(assertionMethod=["did:web:evil.example#k"]),
}
LONG_DID_DOCUMENTS: dict[str, Maker] = {
    "30,000 services": lambda: did_json(service=[{"id": f"#s{i}"} for i in range(30_000)]),
    "250 other keys": lambda: did_json(
        *(replace(_OTHER, id=f"{DID}#k{i}") for i in range(250)), METHOD
    ),
    "a context of 3 MB": lambda: did_json(**{"@context": "x" * 3 * MEBI}),
}


def _list(alter: Callable[[Any], object]) -> Maker:
    """A list that its issuer altered before signing."""

    def maker() -> bytes:
        document = status_list()
        alter(document)
        return dumped(signed(document))

    return maker


def _encoded(make: Callable[[], bytes]) -> Maker:
    """A signed list with these packed bytes."""
    return _list(lambda d: _subject(d).update(encodedList=_base64(make())))


def _subject(document: Any) -> Any:
    return document["credentialSubject"]


def _base64(packed: bytes) -> str:
    return "u" + base64.urlsafe_b64encode(packed).decode().rstrip("=")


STATUS_LISTS: dict[str, Maker] = {
    **BYTES,
    "an unsigned list": lambda: dumped(status_list()),
    "a list altered after signing": lambda: dumped(
        {**signed(status_list()), "validUntil": "2030-01-01T00:00:00Z"}
    ),
    "another's list": _list(lambda d: d.update(issuer="did:web:evil.example")),
    "another list of the issuer": _list(lambda d: d.update(id="https://uni.example/status/2")),
    "a credential that is no list": _list(lambda d: d.update(type=["VerifiableCredential"])),
    "a list of yesterday": _list(lambda d: d.update(validUntil="2026-05-31T00:00:00Z")),
    "a list of tomorrow": _list(lambda d: d.update(validFrom="2026-06-02T00:00:00Z")),
    "a list for suspension": _list(lambda d: _subject(d).update(statusPurpose="suspension")),
    "a list for an unknown purpose": _list(lambda d: _subject(d).update(statusPurpose="x")),
    "a ttl of -1": _list(lambda d: _subject(d).update(ttl=-1)),
    "a bomb of 64 MiB": _encoded(lambda: _bomb(64)),
    "100 bombs in a row": _encoded(lambda: _bomb(2) * 100),
    "two members": _encoded(lambda: gzip.compress(bytes(8192)) * 2),
    "trailing bytes": _encoded(lambda: gzip.compress(bytes(16_384)) + b"x"),
    "a cut member": _encoded(lambda: gzip.compress(bytes(16_384))[:-1]),
    "a wrong checksum": _encoded(lambda: gzip.compress(bytes(16_384))[:-8] + bytes(8)),
    "zlib for gzip": _encoded(lambda: b"x\x9c" + bytes(100)),
    "a list too short": _encoded(lambda: gzip.compress(bytes(16))),
    "no bits": _encoded(lambda: b""),
    "rubbish": _encoded(lambda: bytes(range(256))),
    "a list in plain base64": _list(
        lambda d: _subject(d).update(
            encodedList="u" + base64.b64encode(gzip.compress(bytes(16_384))).decode()
        )
    ),
    "a list in base58": _list(lambda d: _subject(d).update(encodedList="z111")),
    "a list of 2 MB": _list(lambda d: _subject(d).update(encodedList="u" + "A" * 2 * MEBI)),
}


def _bomb(mebibytes: int) -> bytes:
    deflater = zlib.compressobj(9, wbits=31)
    packed = [deflater.compress(bytes(MEBI)) for _ in range(mebibytes)]
    return b"".join(packed) + deflater.flush()
