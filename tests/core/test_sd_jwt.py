"""SD-JWT and SD-JWT VC: the RFC's examples, the laws of disclosure, key binding, the attacks."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cairn.core.codec import base64url
from cairn.core.errors import Malformed
from cairn.core.keys import KeyType, PrivateKey
from cairn.core.proofs import sd_jwt
from cairn.core.proofs.jose import sign_jws
from cairn.core.proofs.key_binding import MAX_AGE, MAX_SKEW, bind, breach_of_binding, holder_of
from cairn.core.proofs.sd_jwt import HASHES, concealed, digest, disclose, open_payload
from cairn.core.proofs.sd_jwt_vc import issue, present
from cairn.core.proofs.token import Token
from cairn.core.proofs.tokens import looks_like_token, read_token, unwrap, wrap
from cairn.core.verify.report import Outcome, Reason
from cairn.core.verify.tokens import validity_of
from tests.core.issuing import KEY, METHOD, NOW, own_badge
from tests.core.token_making import P256, STRANGER, Claims, answer, rsa_key, web

ISSUER = METHOD.controller
HOLDER = PrivateKey.from_seed(KeyType.P256, b"\x41" * 32)
VCT = "urn:eu.europa.ec.eudi:learning:credential:1"
AUDIENCE, NONCE = "https://employer.example", "n-0S6_WzA2Mj"
Attack = Callable[[], str]


def salts() -> Iterator[bytes]:
    number = 0
    while True:
        yield number.to_bytes(16)
        number += 1


def claims(**changes: Any) -> Claims:
    found = {
        "iss": ISSUER,
        "vct": VCT,
        "iat": 1767225600,
        "exp": 1830297600,
        "cnf": {"jwk": HOLDER.public.jwk()},
        "given_name": "Ada",
        "family_name": "Lovelace",
        "grade": "A",
        **changes,
    }
    return {name: value for name, value in found.items() if value is not None}


HIDDEN = ("given_name", "family_name", "grade")


def issued(key: PrivateKey = KEY, *, hidden: tuple[str, ...] = HIDDEN, **changes: Any) -> str:
    return issue(claims(**changes), key, key_id=METHOD.id, hidden=hidden, salts=salts())


def made(payload: Claims, *disclosures: str, typ: str = "dc+sd-jwt", end: str = "") -> str:
    """A token of our issuer with any payload."""
    token = sign_jws({"typ": typ, "kid": METHOD.id}, json.dumps(payload).encode(), KEY)
    return "~".join((token, *disclosures, end))


def opened(payload: Claims, *disclosures: str) -> sd_jwt.Opened:
    return open_payload(payload, disclosures)


def d256(text: str) -> str:
    return digest(text, "sha256")


# The examples of RFC 9901


@pytest.mark.conformance
@pytest.mark.parametrize(
    ("disclosure", "expected"),
    [
        (
            "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0",
            "X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0",
        ),
        (
            "WyJsa2x4RjVqTVlsR1RQVW92TU5JdkNBIiwgIkZSIl0",
            "w0I8EKcdCtUPkGCNUrfwVp2xEgNjtoIDlOxc9-PlOhs",
        ),
    ],
)
def test_digests_of_the_published_disclosures(disclosure: str, expected: str) -> None:
    assert d256(disclosure) == expected


@pytest.mark.conformance
def test_the_published_spellings_of_one_claim_have_different_digests() -> None:
    """A digest is over the characters as sent, never over the JSON they stand for."""
    spellings = [
        "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNXHUwMGY2Yml1cyJd",
        "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsImZhbWlseV9uYW1lIiwiTcO2Yml1cyJd",
    ]
    for text in spellings:
        found = opened({"_sd": [d256(text)]}, text)
        assert found.claims == {"family_name": "M\u00f6bius"}
    assert len({d256(text) for text in spellings}) == 2


# What is disclosed


def test_a_holder_shows_some_claims_and_holds_others_back() -> None:
    whole = issued()
    parts = whole.split("~")
    shown = [text for text in parts[1:-1] if b"grade" in base64url.decode(text)]
    token = read_token(present(whole, shown))
    assert token.claims["grade"] == "A"
    assert "given_name" not in token.claims
    assert token.disclosures is not None
    assert token.disclosures.shown == ("/grade",)
    assert token.disclosures.held_back == 2
    assert answer(token) == (
        Outcome.IN_FORCE,
        {Reason.DOCUMENT_COVERED, Reason.PROOF_HOLDS, Reason.ISSUER_CONTROLS_KEY},
    )


def test_the_whole_token_shows_everything() -> None:
    token = read_token(issued())
    assert token.claims == claims()
    assert token.disclosures is not None
    assert token.disclosures.held_back == 0
    since, until = validity_of(token)
    assert since is None
    assert until is not None
    assert until.year == 2028


def test_the_order_of_digests_says_nothing() -> None:
    payload, disclosures = concealed(claims(), HIDDEN, salts())
    digests = payload["_sd"]
    assert isinstance(digests, list)
    assert digests == sorted(map(d256, disclosures))


@pytest.mark.parametrize("name", HASHES)
def test_each_hash_is_read(name: str) -> None:
    text = disclose(b"salt", 1, name="a")
    payload: Claims = {"_sd": [digest(text, HASHES[name])], "_sd_alg": name}
    found = opened(payload, text)
    assert found.claims == {"a": 1}
    assert found.hash_name == HASHES[name]


@pytest.mark.parametrize("name", ["md5", "sha-1", "SHA-256", "sha256", "", 5, None, ["sha-256"]])
def test_no_other_hash_is(name: Any) -> None:
    with pytest.raises(Malformed, match="sha-256"):
        opened({"_sd_alg": name})


def test_disclosures_stand_inside_disclosures_and_arrays() -> None:
    city = disclose(b"1", "Paris", name="city")
    address = disclose(b"2", {"_sd": [d256(city)], "country": "FR"}, name="address")
    french = disclose(b"3", "FR")
    nested = disclose(b"4", {"x": [{"...": d256(french)}]})
    payload: Claims = {
        "_sd": [d256(address), d256("decoy")],
        "nationalities": [{"...": d256(nested)}, {"...": d256("another decoy")}, "DE"],
    }
    found = opened(payload, nested, city, french, address)
    assert found.claims == {
        "address": {"country": "FR", "city": "Paris"},
        "nationalities": [{"x": ["FR"]}, "DE"],
    }
    assert found.held_back == 2
    assert found.shown == (
        "/nationalities/0",
        "/nationalities/0/x/0",
        "/address",
        "/address/city",
    )


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-1000, 1000) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.text(min_size=1, max_size=6), json_values, max_size=5), st.data())
def test_what_is_concealed_and_disclosed_comes_back(values: Claims, data: st.DataObject) -> None:
    values = {f"c{name}": value for name, value in values.items()}
    if any(word in json.dumps(values) for word in ('"_sd"', '"..."')):
        return
    hidden = data.draw(st.lists(st.sampled_from(sorted(values)), unique=True)) if values else []
    payload, disclosures = concealed(values, hidden, salts())
    shown = data.draw(st.lists(st.sampled_from(disclosures), unique=True)) if disclosures else []
    found = open_payload(payload, shown)
    assert found.held_back == len(hidden) - len(shown)
    assert found.claims.items() <= values.items() or all(
        values[name] == value for name, value in found.claims.items()
    )
    assert len(found.claims) == len(values) - found.held_back


@pytest.mark.parametrize("name", ["iss", "vct", "exp", "cnf", "status", "unheard_of"])
def test_what_everybody_must_see_is_not_hidden(name: str) -> None:
    with pytest.raises(Malformed, match="held back"):
        issued(hidden=(name,), status={})


# Kinds of token


@pytest.mark.parametrize("typ", ["dc+sd-jwt", "vc+sd-jwt"])
def test_both_names_of_the_type_are_read(typ: str) -> None:
    token = read_token(made(claims(), typ=typ))
    assert token.profile.name == "sd-jwt-vc"
    assert answer(token)[0] is Outcome.IN_FORCE


def test_a_w3c_credential_may_be_selectively_disclosable() -> None:
    document = own_badge()
    payload, disclosures = concealed({**document, "iss": ISSUER}, ("name",), salts())
    text = made(payload, *disclosures, typ="vc+sd-jwt")
    token = read_token(text)
    assert token.profile.name == "vc+sd-jwt"
    assert dict(token.document) == document
    assert answer(token)[0] is Outcome.IN_FORCE
    envelope = wrap(text)
    assert unwrap(envelope) == text
    assert looks_like_token(text.encode())


def metadata(
    key: Any, url: str = "https://uni.example/.well-known/jwt-vc-issuer/tenant/1"
) -> Claims:
    issuer = "https://uni.example/tenant/1"
    return {url: {"issuer": issuer, "jwks": {"keys": [{**key.public.jwk(), "kid": "k1"}]}}}


@pytest.mark.parametrize("kid", ["k1", None])
def test_a_web_issuer_publishes_its_key_in_its_metadata(kid: str | None) -> None:
    issuer = "https://uni.example/tenant/1"
    header = {"typ": "dc+sd-jwt", **({"kid": kid} if kid else {})}
    text = sign_jws(header, json.dumps(claims(iss=issuer)).encode(), P256) + "~"
    documents = web(at=metadata(P256))
    assert answer(text, documents)[0] is Outcome.IN_FORCE
    assert answer(text, web(at=metadata(STRANGER)))[0] is Outcome.ALTERED
    elsewhere = metadata(P256, "https://uni.example/tenant/1/.well-known/jwt-vc-issuer")
    assert answer(text, web(at=elsewhere))[0] is Outcome.NOT_CHECKED


def test_a_certificate_for_a_key_is_said_to_be_unsupported() -> None:
    header: Claims = {"typ": "dc+sd-jwt", "x5c": ["MIIB"]}
    text = sign_jws(header, json.dumps(claims()).encode(), P256) + "~"
    outcome, reasons = answer(text)
    assert outcome is Outcome.NOT_CHECKED
    assert Reason.PROOF_UNSUPPORTED in reasons


# Bounds


@pytest.mark.parametrize(("count", "is_read"), [(500, True), (501, False)])
def test_the_number_of_disclosures_has_a_bound(count: int, is_read: bool) -> None:
    texts = [disclose(index.to_bytes(16), index, name=f"c{index}") for index in range(count)]
    payload = {**claims(), "_sd": [d256(text) for text in texts]}
    if is_read:
        assert read_token(made(payload, *texts)).claims["c499"] == 499
    else:
        with pytest.raises(Malformed, match="500 disclosures"):
            read_token(made(payload, *texts))
        with pytest.raises(Malformed, match="500 disclosures"):
            opened(payload, *texts)


@pytest.mark.parametrize(("more", "is_read"), [(0, True), (1, False)])
def test_the_size_of_a_disclosure_has_a_bound(more: int, is_read: bool) -> None:
    bare = len(json.dumps(["s", "c", ""], separators=(",", ":")))
    size = sd_jwt.MAX_DISCLOSURE * 3 // 4 - bare + more
    text = base64url.encode(json.dumps(["s", "c", "a" * size], separators=(",", ":")).encode())
    if is_read:
        assert opened({"_sd": [d256(text)]}, text).claims["c"] == "a" * size
    else:
        with pytest.raises(Malformed, match="at most"):
            opened({"_sd": [d256(text)]}, text)


@pytest.mark.parametrize(("levels", "is_read"), [(32, True), (33, False)])
def test_disclosures_inside_disclosures_have_a_bound(levels: int, is_read: bool) -> None:
    texts = [disclose(b"0", "deep", name="c")]
    for index in range(1, levels):
        texts.append(disclose(index.to_bytes(2), {"_sd": [d256(texts[-1])]}, name="c"))
    if is_read:
        assert len(opened({"_sd": [d256(texts[-1])]}, *texts).shown) == levels
    else:
        with pytest.raises(Malformed, match="deep"):
            opened({"_sd": [d256(texts[-1])]}, *texts)


# Attacks on disclosures: none is read


def with_one(name: str | None = "c", value: Any = 1, **payload: Any) -> str:
    text = disclose(b"salt", value, name=name)
    return made({**claims(), "_sd": [d256(text)], **payload}, text)


def raw_disclosure(parts: Any) -> str:
    data = parts if isinstance(parts, bytes) else json.dumps(parts).encode()
    text = base64url.encode(data)
    return made({**claims(), "_sd": [d256(text)]}, text)


ONE = disclose(b"salt", 1, name="c")
ELEMENT = disclose(b"salt", 1)

READING_ATTACKS: dict[str, Attack] = {
    "a disclosure nobody signed": lambda: issued() + disclose(b"x", "PhD", name="degree") + "~",
    "a disclosure twice": lambda: made({**claims(), "_sd": [d256(ONE)]}, ONE, ONE),
    "a digest twice in one object": lambda: made({**claims(), "_sd": [d256(ONE), d256(ONE)]}, ONE),
    "a digest in two objects": lambda: made(
        {**claims(), "_sd": [d256(ONE)], "x": {"_sd": [d256(ONE)]}}, ONE
    ),
    "a decoy twice": lambda: made({**claims(), "_sd": [d256("d"), d256("d")]}),
    "a digest in an object and an array": lambda: made(
        {**claims(), "_sd": [d256(ONE)], "x": [{"...": d256(ONE)}]}, ONE
    ),
    "a disclosure that hides a signed claim": lambda: with_one("grade", "A+"),
    "a disclosure that hides the issuer": lambda: with_one("iss", "https://evil.example"),
    "two disclosures of one name": lambda: made(
        {**claims(), "_sd": [d256(ONE), d256(disclose(b"other", 2, name="c"))]},
        ONE,
        disclose(b"other", 2, name="c"),
    ),
    "a claim called _sd": lambda: with_one("_sd", [d256(ONE)]),
    "a claim called ...": lambda: with_one("...", "x"),
    "... beside a claim": lambda: made({**claims(), "x": {"...": d256(ELEMENT)}}, ELEMENT),
    "... with a decoy, in an object": lambda: made({**claims(), "x": {"...": d256("decoy")}}),
    "... at the root": lambda: made({**claims(), "...": d256(ELEMENT)}, ELEMENT),
    "... beside another member in an array": lambda: made(
        {**claims(), "x": [{"...": d256(ELEMENT), "y": 1}]}, ELEMENT
    ),
    "... with a number": lambda: made({**claims(), "x": [{"...": 5}]}),
    "... with a list": lambda: made({**claims(), "x": [{"...": [d256(ELEMENT)]}]}, ELEMENT),
    "_sd with text": lambda: made({**claims(), "_sd": d256(ONE)}, ONE),
    "_sd with an object": lambda: made({**claims(), "_sd": {"a": d256(ONE)}}, ONE),
    "_sd with a number in it": lambda: made({**claims(), "_sd": [5]}),
    "an array's disclosure in an object": lambda: made(
        {**claims(), "_sd": [d256(ELEMENT)]}, ELEMENT
    ),
    "an object's disclosure in an array": lambda: made(
        {**claims(), "x": [{"...": d256(ONE)}]}, ONE
    ),
    "a disclosure of four parts": lambda: raw_disclosure(["s", "c", 1, 2]),
    "a disclosure of one part": lambda: raw_disclosure(["s"]),
    "an empty disclosure": lambda: made(claims(), ""),
    "a disclosure that is an object": lambda: raw_disclosure({"c": 1}),
    "a disclosure that is text": lambda: raw_disclosure("c"),
    "a disclosure without a salt": lambda: raw_disclosure([None, "c", 1]),
    "a salt that is a number": lambda: raw_disclosure([5, "c", 1]),
    "a name that is a number": lambda: raw_disclosure(["s", 5, 1]),
    "a value with a member twice": lambda: raw_disclosure(b'["s","c",{"a":1,"a":2}]'),
    "a disclosure that is no JSON": lambda: raw_disclosure(b"["),
    "a disclosure with padding": lambda: made({**claims(), "_sd": [d256(ONE + "=")]}, ONE + "="),
    "a disclosure in plain base64": lambda: made({**claims(), "_sd": [d256("++++")]}, "++++"),
    "no tilde at the end": lambda: issued().rstrip("~"),
    "only a tilde": lambda: "~",
    "a tilde in front": lambda: "~" + issued(),
    "another hash": lambda: made({**claims(), "_sd_alg": "md5"}),
    "something else at the end": lambda: issued() + "x",
    "claims that are an array": lambda: (
        sign_jws({"typ": "dc+sd-jwt", "kid": METHOD.id}, b"[]", KEY) + "~"
    ),
}


@pytest.mark.parametrize("name", READING_ATTACKS)
def test_what_is_not_exactly_disclosed_is_not_read(name: str) -> None:
    with pytest.raises(Malformed):
        read_token(READING_ATTACKS[name]())


def hidden_always(name: str, value: Any) -> str:
    """A token whose issuer let its holder hide what everybody must see."""
    text = disclose(b"salt", value, name=name)
    payload = claims(**{name: None})
    return made({**payload, "_sd": [d256(text)]}, text)


BROKEN: dict[str, Attack] = {
    "typ of another token": lambda: made(claims(), typ="JWT"),
    "typ of a W3C token": lambda: made(claims(), typ="vc+jwt"),
    "typ of a key binding": lambda: made(claims(), typ="kb+jwt"),
    "W3C credential under the name of an SD-JWT VC": lambda: made(
        {**own_badge(), "iss": ISSUER}, typ="dc+sd-jwt"
    ),
    "no vct": lambda: made(claims(vct=None)),
    "vct is a number": lambda: made(claims(vct=5)),
    "issuer disclosed": lambda: hidden_always("iss", ISSUER),
    "type disclosed": lambda: hidden_always("vct", VCT),
    "end disclosed": lambda: hidden_always("exp", 4102444800),
    "status disclosed": lambda: hidden_always("status", {"status_list": {"idx": 0, "uri": "x"}}),
    "holder's key disclosed": lambda: hidden_always("cnf", {"jwk": STRANGER.public.jwk()}),
    "part of the holder's key disclosed": lambda: made(
        claims(cnf={"_sd": [d256(disclose(b"s", STRANGER.public.jwk(), name="jwk"))]}),
        disclose(b"s", STRANGER.public.jwk(), name="jwk"),
    ),
    "crit": lambda: (
        sign_jws(
            {"typ": "dc+sd-jwt", "kid": METHOD.id, "crit": ["x"]},
            json.dumps(claims()).encode(),
            KEY,
        )
        + "~"
    ),
    "signed by a stranger": lambda: (
        sign_jws({"typ": "dc+sd-jwt", "kid": METHOD.id}, json.dumps(claims()).encode(), STRANGER)
        + "~"
    ),
    "embedded key": lambda: (
        sign_jws(
            {"typ": "dc+sd-jwt", "jwk": STRANGER.public.jwk()},
            json.dumps(claims()).encode(),
            STRANGER,
        )
        + "~"
    ),
    "no issuer": lambda: made(claims(iss=None)),
    "issuer without TLS": lambda: made(claims(iss="http://uni.example")),
    "issuer that is an object": lambda: made(claims(iss={"id": ISSUER})),
    "another issuer": lambda: made(claims(iss="did:web:evil.example")),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_token_that_breaks_a_rule_is_not_in_force(name: str) -> None:
    assert answer(BROKEN[name]())[0] in (Outcome.ALTERED, Outcome.NOT_CHECKED)


# Key binding


def bound(token: str | None = None, key: PrivateKey = HOLDER, **changes: Any) -> Token:
    made_at = {"audience": AUDIENCE, "nonce": NONCE, "now": NOW, "hash_name": "sha256", **changes}
    return read_token(bind(token or issued(), key, **made_at))


def breach(token: Token, **changes: Any) -> str:
    return breach_of_binding(token, **{"audience": AUDIENCE, "nonce": NONCE, "now": NOW, **changes})


def test_a_holder_binds_what_is_shown_to_one_occasion() -> None:
    assert breach(bound()) == ""
    assert answer(bound())[0] is Outcome.IN_FORCE
    assert holder_of(bound()).endswith(HOLDER.public.thumbprint())


def test_an_rsa_holder_is_a_holder() -> None:
    key = rsa_key()
    text = issued(cnf={"jwk": key.public.jwk()})
    claims = {"iat": int(NOW.timestamp()), "aud": AUDIENCE, "nonce": NONCE, "sd_hash": d256(text)}
    assert (
        breach(read_token(text + sign_jws({"typ": "kb+jwt"}, json.dumps(claims).encode(), key)))
        == ""
    )


def binding(*, typ: str = "kb+jwt", key: PrivateKey = HOLDER, **changes: Any) -> Token:
    text = issued()
    claims = {"iat": int(NOW.timestamp()), "aud": AUDIENCE, "nonce": NONCE, "sd_hash": d256(text)}
    claims = {name: value for name, value in {**claims, **changes}.items() if value is not None}
    return read_token(text + sign_jws({"typ": typ}, json.dumps(claims).encode(), key))


def moved() -> Token:
    """A binding of all disclosures, beside fewer of them."""
    text = issued()
    whole = bind(text, HOLDER, audience=AUDIENCE, nonce=NONCE, now=NOW, hash_name="sha256")
    first, *rest = whole.split("~")
    return read_token("~".join((first, *rest[1:])))


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: read_token(issued()), "did not sign"),
        (lambda: bound(audience="https://other.example"), "aud"),
        (lambda: bound(nonce="another"), "nonce"),
        (lambda: bound(key=P256), "does not fit"),
        (lambda: bound(hash_name="sha384"), "sd_hash"),
        (moved, "sd_hash"),
        (lambda: binding(sd_hash=None), "sd_hash"),
        (lambda: binding(aud=None), "aud"),
        (lambda: binding(aud=[AUDIENCE, "https://other.example"]), "aud"),
        (lambda: binding(nonce=None), "nonce"),
        (lambda: binding(nonce=[NONCE]), "nonce"),
        (lambda: binding(iat=None), "iat"),
        (lambda: binding(iat="now"), "number"),
        (lambda: binding(typ="JWT"), "typ"),
        (lambda: binding(typ="dc+sd-jwt"), "typ"),
        (lambda: bound(issued(cnf=None)), "named no key"),
        (lambda: bound(issued(cnf={"kid": "x"})), "named no key"),
        (lambda: bound(issued(cnf={"jwk": {"kty": "oct", "k": "AAAA"}})), "secret"),
        (lambda: bound(now=NOW - MAX_AGE - timedelta(seconds=1)), "not now"),
        (lambda: bound(now=NOW + MAX_SKEW + timedelta(seconds=1)), "not now"),
    ],
)
def test_a_binding_for_anything_else_binds_nothing(make: Callable[[], Token], said: str) -> None:
    assert said in breach(make())


@pytest.mark.parametrize("offset", [-MAX_AGE, MAX_SKEW])
def test_a_binding_counts_to_the_last_second(offset: timedelta) -> None:
    assert breach(bound(now=NOW + offset)) == ""


@pytest.mark.parametrize(
    "header", [{"alg": "none"}, {"alg": "HS256"}, {"alg": "ES256", "crit": ["x"]}]
)
def test_a_binding_follows_the_rules_of_every_signature(header: Claims) -> None:
    text = issued()
    claims = {"iat": int(NOW.timestamp()), "aud": AUDIENCE, "nonce": NONCE, "sd_hash": d256(text)}
    jws = sign_jws({"typ": "kb+jwt", **header}, json.dumps(claims).encode(), HOLDER)
    assert breach(read_token(text + jws)) not in ("", "the holder's signature does not fit")
