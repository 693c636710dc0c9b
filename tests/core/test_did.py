"""`cairn.core.did`: documents read and written; did:key, did:jwk and did:web by example."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cairn.core.codec import base64url
from cairn.core.codec.strict_json import Json, read, write
from cairn.core.did import jwk as did_jwk
from cairn.core.did import key as did_key
from cairn.core.did import web as did_web
from cairn.core.did.document import (
    MAX_METHODS,
    DidDocument,
    VerificationMethod,
    did_document,
    read_document,
    to_json,
)
from cairn.core.did.resolve import base_did, resolve_offline
from cairn.core.did.web import document_url
from cairn.core.errors import Malformed, Unobtainable
from cairn.core.keys import KeyType, PrivateKey, PublicKey

DID = "did:web:example.org:i:7"


def key(kind: KeyType, number: int = 1) -> PublicKey:
    size = 48 if kind is KeyType.P384 else 32
    return PrivateKey.from_seed(kind, bytes([number]) * size).public


ED, P256, P384 = (key(kind) for kind in KeyType)
every_type = pytest.mark.parametrize("kind", KeyType)


def method_json(**members: Json) -> dict[str, Json]:
    return {
        "id": "#k",
        "type": "Multikey",
        "controller": DID,
        "publicKeyMultibase": ED.multikey,
        **members,
    }


def doc(*methods: Json, **members: Json) -> Json:
    return {"id": DID, "verificationMethod": list(methods), **members}


# Documents


def test_a_written_document_reads_back() -> None:
    methods = [
        VerificationMethod.of(DID, ED),
        VerificationMethod.of(DID, P256, fragment="key-2"),
        VerificationMethod(f"{DID}#old", DID, P384, expires="2024-01-01T00:00:00Z"),
        VerificationMethod.of(DID, key(KeyType.ED25519, 9), revoked="2025-01-01T00:00:00Z"),
    ]
    document = did_document(DID, methods, updated="2025-02-03T04:05:06Z")
    assert read_document(read(write(to_json(document))), DID) == document


def test_a_document_is_written_as_published_here() -> None:
    document = did_document(
        DID, [VerificationMethod.of(DID, ED, fragment="a", revoked="2025-01-01T00:00:00Z")]
    )
    assert to_json(document) == {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": DID,
        "verificationMethod": [
            {
                "id": f"{DID}#a",
                "type": "Multikey",
                "controller": DID,
                "publicKeyMultibase": ED.multikey,
                "revoked": "2025-01-01T00:00:00Z",
            }
        ],
        "assertionMethod": [],
    }


def test_retired_keys_stay_and_compromised_ones_leave() -> None:
    active, retired = VerificationMethod.of(DID, ED), VerificationMethod.of(DID, P256)
    compromised = VerificationMethod.of(DID, P384, revoked="2025-01-01T00:00:00Z")
    document = did_document(DID, [active, retired, compromised])
    assert document.assertion_method == (active.id, retired.id)
    assert document.method(compromised.id) == compromised


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        (method_json(), ED),
        (method_json(publicKeyMultibase=P384.multikey), P384),
        (method_json(type="Ed25519VerificationKey2020"), ED),
        (
            {"id": "#k", "type": "JsonWebKey", "controller": DID, "publicKeyJwk": P256.jwk()},
            P256,
        ),
        (
            {
                "id": f"{DID}#k",
                "type": "JsonWebKey2020",
                "controller": DID,
                "publicKeyJwk": {**ED.jwk(), "kid": "k", "alg": "EdDSA"},
            },
            ED,
        ),
    ],
)
def test_each_way_of_writing_a_key_is_read(method: Json, expected: PublicKey) -> None:
    document = read_document(doc(method, assertionMethod=["#k"]), DID)
    assert document.method(f"{DID}#k").key == expected
    assert document.assertion_method == (f"{DID}#k",)


def test_embedded_methods_are_found_and_count_for_their_relationship_only() -> None:
    asserting, signing_in = method_json(id="#a"), method_json(id=f"{DID}#b")
    read_back = read_document(doc(assertionMethod=[asserting], authentication=[signing_in]), DID)
    assert [method.id for method in read_back.methods] == [f"{DID}#a", f"{DID}#b"]
    assert read_back.assertion_method == (f"{DID}#a",)
    assert read_back.authentication == (f"{DID}#b",)


def test_a_listed_method_may_assert_only_if_the_document_says_so() -> None:
    assert read_document(doc(method_json()), DID).assertion_method == ()


@pytest.mark.parametrize(
    ("method", "reason"),
    [
        (method_json(type="EcdsaSecp256k1VerificationKey2019"), "Secp256k1"),
        (
            method_json(publicKeyMultibase="zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme"),
            "type",
        ),
        (method_json(publicKeyMultibase=ED.multikey[:-1]), "bytes|type"),
        (method_json(publicKeyMultibase=7), "without a publicKeyMultibase"),
        (method_json(type="JsonWebKey"), "without a publicKeyJwk"),
        (method_json(type="JsonWebKey2020", publicKeyJwk=ED.jwk()), "two keys"),
        (method_json(type="Ed25519VerificationKey2020", publicKeyMultibase=P256.multikey), "P-256"),
        (method_json(secretKeyMultibase="z3u2"), "secret"),
        (method_json(privateKeyJwk={}), "secret"),
        (
            {
                "id": "#k",
                "type": "JsonWebKey",
                "controller": DID,
                "publicKeyJwk": {"kty": "RSA", "n": "AQAB", "e": "AQAB"},
            },
            "curve",
        ),
    ],
)
def test_a_key_we_cannot_use_spoils_no_other(method: Json, reason: str) -> None:
    other = method_json(id="#other", type="Foreign")
    good = method_json(id="#good")
    document = read_document(doc(other, method, good, assertionMethod=["#k"]), DID)
    assert [usable.id for usable in document.methods] == [f"{DID}#good"]
    with pytest.raises(Unobtainable, match=reason):
        document.method(f"{DID}#k")


def test_a_key_that_is_not_there_is_unobtainable() -> None:
    with pytest.raises(Unobtainable, match="publishes no key"):
        read_document(doc(), DID).method(f"{DID}#k")


@pytest.mark.parametrize(
    ("document", "path"),
    [
        (None, ""),
        ([], ""),
        ({}, "/id"),
        ({"id": "did:web:example.org"}, "/id"),
        ({"id": [DID]}, "/id"),
        ({"id": DID, "verificationMethod": {}}, "/verificationMethod"),
        ({"id": DID, "assertionMethod": "#k"}, "/assertionMethod"),
        ({"id": DID, "authentication": None}, "/authentication"),
        ({"id": DID, "updated": 1}, "/updated"),
        (doc("#k"), "/verificationMethod/0"),
        (doc(assertionMethod=[7]), "/assertionMethod/0"),
        (doc(method_json(), method_json(id=1)), "/verificationMethod/1/id"),
        (doc(method_json(type=["Multikey"])), "/verificationMethod/0/type"),
        (doc(method_json(controller=None)), "/verificationMethod/0/controller"),
        (doc(method_json(revoked=True)), "/verificationMethod/0/revoked"),
        (doc(method_json(expires=2030)), "/verificationMethod/0/expires"),
        (doc(method_json(), method_json()), "/verificationMethod/1"),
        (doc(method_json(), assertionMethod=[method_json(id=f"{DID}#k")]), "/assertionMethod/0"),
    ],
)
def test_what_is_no_document_of_this_did_is_malformed(document: Json, path: str) -> None:
    with pytest.raises(Malformed) as caught:
        read_document(document, DID)
    assert caught.value.path == path


def test_the_number_of_methods_is_bounded() -> None:
    many = [method_json(id=f"#{i}", type="Foreign") for i in range(MAX_METHODS)]
    assert len(read_document(doc(*many), DID).unusable) == MAX_METHODS
    with pytest.raises(Malformed, match="more than 256"):
        read_document(doc(*many, method_json()), DID)
    with pytest.raises(Malformed, match="more than 256"):
        read_document(doc(*many, assertionMethod=[method_json()]), DID)


# Identifiers that hold their key


@pytest.mark.parametrize(
    "did",
    [  # the did:key method, sections on test vectors
        "did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp",
        "did:key:zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169",
        "did:key:z82Lm1MpAkeJcix9K8TMiLd5NMAhnwkjjCBeWHXyu3U4oT2MVJJKXkcVBgjGhnLBn2Kaau9",
    ],
)
def test_a_published_did_key_resolves_to_itself(did: str) -> None:
    document = resolve_offline(did)
    assert document is not None
    (method,) = document.methods
    assert method.id == f"{did}#{did.removeprefix('did:key:')}"
    assert method.controller == did
    assert document.assertion_method == document.authentication == (method.id,)
    assert did_key.did_for(method.key) == did


def test_the_p256_example_of_did_jwk() -> None:
    did = (
        "did:jwk:eyJjcnYiOiJQLTI1NiIsImt0eSI6IkVDIiwieCI6ImFjYklRaXVNczNpOF91c3pFakoydHBUdFJNNEVV"
        "M3l6OTFQSDZDZEgyVjAiLCJ5IjoiX0tjeUxqOXZXTXB0bm1LdG00NkdxRHo4d2Y3NEk1TEtncmwyR3pIM25TRSJ9"
    )
    document = resolve_offline(did)
    assert document is not None
    (method,) = document.methods
    assert method.id == f"{did}#0"
    assert method.key.jwk()["x"] == "acbIQiuMs3i8_uszEjJ2tpTtRM4EU3yz91PH6CdH2V0"
    assert did_jwk.did_for(method.key) == did


@every_type
@pytest.mark.parametrize("did_for", [did_key.did_for, did_jwk.did_for])
def test_an_identifier_leads_back_to_its_key(
    kind: KeyType, did_for: Callable[[PublicKey], str]
) -> None:
    document = resolve_offline(did_for(key(kind)))
    assert document is not None
    assert [method.key for method in document.methods] == [key(kind)]
    assert read_document(read(write(to_json(document))), document.id) == document


def jwk_did(text: str) -> str:
    return "did:jwk:" + base64url.encode(text.encode())


@pytest.mark.parametrize(
    "did",
    [
        "did:key:",
        "did:key:z",
        "did:key:z6Mk",
        f"did:key:{ED.multikey}#{ED.multikey}",
        f"did:key:1.1:{ED.multikey}",
        f"did:key:{ED.multikey}\n",
        "did:key:z6LSbysY2xFMRpGMhb7tFTLMpeuPRaqaWM1yECx2AtzE3KCc",  # X25519
        "did:key:" + "z" * 3000,
        "did:jwk:",
        "did:jwk:e30=",
        jwk_did("[]"),
        jwk_did("{}"),
        jwk_did("{"),
        jwk_did('{"kty":"OKP","kty":"OKP"}'),
        jwk_did('{"crv":"Ed25519","kty":"OKP","d":"AAAA"}'),
        jwk_did("[" * 1500),
    ],
)
def test_an_identifier_without_a_usable_key_is_malformed(did: str) -> None:
    with pytest.raises(Malformed):
        resolve_offline(did)


@pytest.mark.parametrize("did", ["did:web:example.org", "did:ion:x", "https://example.org/x", ""])
def test_what_needs_a_network_is_left_to_others(did: str) -> None:
    assert resolve_offline(did) is None


@pytest.mark.parametrize("resolve", [did_key.resolve, did_jwk.resolve])
def test_each_method_resolves_its_own(resolve: Callable[[str], DidDocument]) -> None:
    with pytest.raises(Malformed, match="is not a did:"):
        resolve("did:web:example.org")


# Addresses of did:web


@pytest.mark.parametrize(
    ("did", "url"),
    [  # the first three are the method specification's own
        ("did:web:w3c-ccg.github.io", "https://w3c-ccg.github.io/.well-known/did.json"),
        ("did:web:w3c-ccg.github.io:user:alice", "https://w3c-ccg.github.io/user/alice/did.json"),
        (
            "did:web:example.com%3A3000:user:alice",
            "https://example.com:3000/user/alice/did.json",
        ),
        ("did:web:localhost%3A8000", "https://localhost:8000/.well-known/did.json"),
        ("did:web:127.0.0.1", "https://127.0.0.1/.well-known/did.json"),
        ("did:web:xn--bcher-kva.example:A_b.c-d", "https://xn--bcher-kva.example/A_b.c-d/did.json"),
        ("did:web:example.org:%40alice", "https://example.org/%40alice/did.json"),
        ("did:web:example.org:%C3%BC", "https://example.org/%C3%BC/did.json"),
    ],
)
def test_a_did_web_names_one_address(did: str, url: str) -> None:
    assert document_url(did) == url


@pytest.mark.parametrize(
    "did",
    [
        "did:web:",
        "did:web::a",
        "did:web:example.org:",
        "did:web:example.org::a",
        "did:web:example.org:..:a",
        "did:web:example.org:.",
        "did:web:example.org:%2E%2E",
        "did:web:example.org:a%2Fb",
        "did:web:example.org:a%5Cb",
        "did:web:example.org:a%2fb",
        "did:web:example.org:a%252Fb",
        "did:web:example.org:a%00",
        "did:web:example.org:a%20b",
        "did:web:example.org:%61lice",
        "did:web:example.org:a%3Fb",
        "did:web:example.org:a%23b",
        "did:web:example.org:a%",
        "did:web:example.org:a%4",
        "did:web:example.org:ü",
        "did:web:example.org/a",
        "did:web:example.org?a",
        "did:web:example.org#k",
        "did:web:example.org\n",
        "did:web:Example.org",
        "did:web:user@example.org",
        "did:web:user%40example.org",
        "did:web:example.org%2Fa",
        "did:web:example.org%3a8000",
        "did:web:example.org%3A",
        "did:web:example.org%3A0",
        "did:web:example.org%3A080",
        "did:web:example.org%3A65536",
        "did:web:example.org%3A80%3A80",
        "did:web:%65xample.org",
        "did:web:-example.org",
        "did:web:example-.org",
        "did:web:example..org",
        "did:web:example.org.",
        "did:web:exämple.org",
        "did:web:[::1]",
        "did:web:" + "a" * 64,
        "did:web:" + ".".join(["a" * 60] * 5),
        "did:web:example.org:" + "a" * 2048,
        "DID:web:example.org",
        "did:key:z6Mk",
        "",
    ],
)
def test_a_doubtful_did_web_is_refused(did: str) -> None:
    with pytest.raises(Malformed):
        document_url(did)


labels = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?", fullmatch=True)
hosts = st.lists(labels, min_size=1, max_size=3).map(".".join)
paths = st.lists(
    st.from_regex(r"[A-Za-z0-9._-]{1,9}", fullmatch=True).filter(lambda s: s not in {".", ".."}),
    max_size=3,
)


@given(hosts, st.none() | st.integers(1, 65535), paths)
def test_host_and_path_are_found_again_in_the_address(
    name: str, port: int | None, path: list[str]
) -> None:
    host = name if port is None else f"{name}:{port}"
    url = document_url(did_web.did_for(host, *path))
    assert url == f"https://{host}/{'/'.join(path) or '.well-known'}/did.json"


@given(st.text(max_size=40))
def test_no_text_leaves_its_host(rest: str) -> None:
    try:
        url = document_url("did:web:example.org:" + rest)
    except Malformed:
        return
    path = url.removeprefix("https://example.org/")
    assert path != url
    assert not set(path) & set("\\?#@ ")
    assert not {"", ".", ".."} & set(path.split("/"))


@pytest.mark.parametrize(
    ("host", "path"), [("", ()), ("a/b", ()), ("a", ("",)), ("a", ("b/c",)), ("a", ("..",))]
)
def test_a_did_web_is_not_made_from_a_doubtful_host_or_path(
    host: str, path: tuple[str, ...]
) -> None:
    with pytest.raises(Malformed):
        did_web.did_for(host, *path)


# DID URLs


@pytest.mark.parametrize(
    ("did_url", "did"),
    [
        ("did:web:example.org#key-1", "did:web:example.org"),
        ("did:web:localhost%3A8000:i:7#k", "did:web:localhost%3A8000:i:7"),
        ("did:web:example.org:%40#k", "did:web:example.org:%40"),
        (f"did:key:{ED.multikey}", f"did:key:{ED.multikey}"),
        ("did:example:123#/a?b", "did:example:123"),
    ],
)
def test_the_did_stands_before_the_fragment(did_url: str, did: str) -> None:
    assert base_did(did_url) == did


@pytest.mark.parametrize(
    "did_url",
    [
        "",
        "#k",
        "did:",
        "did:web:",
        "did:web:#k",
        "did:web:a:",
        "did:Web:a#k",
        "did:web:a#",
        "did:web:a#k#l",
        "did:web:a#k k",
        "did:web:a/b#k",
        "did:web:a?versionId=1#k",
        "did:web:a%2#k",
        "did:web:a\n#k",
        "did:web:a#k\n",
        "https://example.org/k#1",
        "did:web:" + "a" * 2048,
        "did:web:a#" + "k" * 2048,
    ],
)
def test_what_is_no_did_url_is_malformed(did_url: str) -> None:
    with pytest.raises(Malformed):
        base_did(did_url)
