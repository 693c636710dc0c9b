"""`cairn.core.keys` against Project Wycheproof: every edge case of Ed25519 and ECDSA (P1363).

Our rule agrees with each verdict in these files: there is no exception to list.  Keys that the
files hold valid must be accepted, so the stricter rule for public keys costs nothing here.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TypedDict

import pytest

from cairn.core.keys import KeyType, PublicKey
from tests.reference import reference


class Case(TypedDict):
    tcId: int
    flags: list[str]
    msg: str
    sig: str
    result: str


class Group(TypedDict):
    publicKey: Mapping[str, str]
    publicKeyJwk: Mapping[str, str]
    tests: list[Case]


FILES = {
    "ed25519_test.json": (KeyType.ED25519, {"valid": 88, "invalid": 63}),
    "ecdsa_secp256r1_sha256_p1363_test.json": (KeyType.P256, {"valid": 173, "invalid": 89}),
    "ecdsa_secp384r1_sha384_p1363_test.json": (KeyType.P384, {"valid": 193, "invalid": 87}),
}


def groups(name: str) -> list[Group]:
    found: list[Group] = json.loads(reference(f"vectors/wycheproof/{name}").read_bytes())[
        "testGroups"
    ]
    return found


def key_of(kind: KeyType, group: Group) -> PublicKey:
    if kind is KeyType.ED25519:
        return PublicKey(kind, bytes.fromhex(group["publicKey"]["pk"]))
    uncompressed = bytes.fromhex(group["publicKey"]["uncompressed"])
    half = len(uncompressed) // 2
    return PublicKey(kind, bytes([2 + (uncompressed[-1] & 1)]) + uncompressed[1 : half + 1])


def verdicts(name: str, kind: KeyType) -> Iterator[tuple[Case, bool]]:
    for group in groups(name):
        key = key_of(kind, group)
        for case in group["tests"]:
            yield case, key.verify(bytes.fromhex(case["msg"]), bytes.fromhex(case["sig"]))


@pytest.mark.conformance
@pytest.mark.parametrize("name", FILES)
def test_every_verdict_agrees(name: str) -> None:
    kind, expected = FILES[name]
    seen: Counter[str] = Counter()
    wrong = []
    for case, holds in verdicts(name, kind):
        seen[case["result"]] += 1
        if holds != (case["result"] == "valid"):
            wrong.append((case["tcId"], case["flags"]))
    assert wrong == []
    assert seen == expected  # no case is "acceptable", none is left out


@pytest.mark.conformance
@pytest.mark.parametrize("name", FILES)
def test_every_jwk_is_the_same_key(name: str) -> None:
    kind, _ = FILES[name]
    for group in groups(name):
        if "publicKeyJwk" in group:
            assert PublicKey.from_jwk(dict(group["publicKeyJwk"])) == key_of(kind, group)
