"""`cairn.core.verify.badges2`: badges of 2.0 count by their issuer's word, and by nothing else."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from cairn.core.codec import base64url, strict_json
from cairn.core.errors import Gone, Malformed, NotAllowed
from cairn.core.openbadges.v2.badge import MAX_SCOPES, Profile, first_difference
from cairn.core.openbadges.v2.scope import is_in_scope
from cairn.core.openbadges.v2.signed import MAX_TOKEN, is_token, read_token
from cairn.core.verify.badges2 import is_open_badge_2, verify_badge2
from cairn.core.verify.ports import Claimed, Register, Sources
from cairn.core.verify.report import Outcome, Reason, Report
from tests.core.issuing import NOW, Published

CONTEXT = "https://w3id.org/openbadges/v2"
SITE = "https://uni.example"
ASSERTION, BADGE, ISSUER = f"{SITE}/assertions/1", f"{SITE}/badges/1", f"{SITE}/issuer"
KEY_URL, REVOCATIONS = f"{SITE}/key", f"{SITE}/revoked"
EVIL = "https://evil.example"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
Json = dict[str, Any]


def assertion(**changes: Any) -> Json:
    digest = hashlib.sha256(b"ada@example.orgsalt").hexdigest()
    return {
        "@context": CONTEXT,
        "type": "Assertion",
        "id": ASSERTION,
        "recipient": {
            "type": "email",
            "hashed": True,
            "salt": "salt",
            "identity": f"sha256${digest}",
        },
        "badge": BADGE,
        "issuedOn": "2019-05-01T10:00:00+00:00",
        "verification": {"type": "HostedBadge"},
        **changes,
    }


def badge_class(**changes: Any) -> Json:
    right = {"@context": CONTEXT, "type": "BadgeClass", "id": BADGE, "name": "Data analysis"}
    return {**right, "description": "Reads data.", "issuer": ISSUER, **changes}


def profile(**changes: Any) -> Json:
    right = {"@context": CONTEXT, "type": "Issuer", "id": ISSUER, "name": "North University"}
    return {**right, "url": SITE, **changes}


def pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey = KEY) -> str:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(serialization.Encoding.PEM, form).decode()


def key_document(**changes: Any) -> Json:
    right = {"@context": CONTEXT, "type": "CryptographicKey", "id": KEY_URL, "owner": ISSUER}
    return {**right, "publicKeyPem": pem(), **changes}


def site(**documents: Any) -> Published:
    right: Json = {ASSERTION: assertion(), BADGE: badge_class(), ISSUER: profile()}
    return Published({url: strict_json.write(each) for url, each in {**right, **documents}.items()})


def report_on(document: Json | bytes, documents: Any = None, **options: Any) -> Report:
    data = document if isinstance(document, bytes) else strict_json.write(document)
    claimed = options.pop("claimed", None)
    sources = Sources(documents=documents or site(), **options)
    return verify_badge2(data, sources, now=NOW, claimed=claimed)


def reasons(report: Report) -> set[Reason]:
    return {check.reason for check in report.checks}


# Hosted


def test_a_hosted_badge_in_order_is_in_force() -> None:
    report = report_on(assertion())
    assert report.outcome is Outcome.IN_FORCE, report.checks
    assert reasons(report) >= {Reason.HOSTED_CONFIRMED, Reason.ISSUER_PUBLISHES}
    assert report.facts.title == "Data analysis"
    assert (report.facts.issuer_id, report.facts.issuer_name) == (ISSUER, "North University")


def test_an_embedded_badge_that_says_what_is_published_is_in_force() -> None:
    document = assertion(badge=badge_class(issuer=profile()))
    assert report_on(document).outcome is Outcome.IN_FORCE


def test_a_register_names_the_issuer() -> None:
    register = Register("National register", "Ministry", {ISSUER: "North University (state)"})
    assert Reason.REGISTER_LISTED in reasons(report_on(assertion(), registers=(register,)))


@pytest.mark.parametrize(
    ("expires", "outcome"),
    [("2026-06-01T12:00:00Z", Outcome.IN_FORCE), ("2026-06-01T11:59:59Z", Outcome.EXPIRED)],
)
def test_an_end_is_kept(expires: str, outcome: Outcome) -> None:
    document = assertion(expires=expires)
    assert report_on(document, site(**{ASSERTION: document})).outcome is outcome


ALTERATIONS: dict[str, Json] = {
    "another person": assertion(recipient={"type": "email", "hashed": False, "identity": "e@x.y"}),
    "another badge": assertion(badge=f"{SITE}/badges/2"),
    "another day": assertion(issuedOn="2020-05-01T10:00:00+00:00"),
    "an end taken away": assertion(expires="2099-01-01T00:00:00Z"),
    "evidence added": assertion(evidence=[{"id": "https://x.example/e"}]),
    "a narrative added": assertion(narrative="with distinction"),
    "a better badge inside": assertion(badge=badge_class(name="PhD")),
    "a better issuer inside": assertion(badge=badge_class(issuer=profile(id=f"{EVIL}/issuer"))),
    "a salt swapped": assertion(recipient={**assertion()["recipient"], "salt": "x"}),
    "one where true stood": assertion(recipient={**assertion()["recipient"], "hashed": 1}),
    "a criterion added": assertion(badge=badge_class(criteria={"narrative": "an exam"})),
}


@pytest.mark.parametrize("name", ALTERATIONS)
def test_attack_of_saying_what_the_website_does_not(name: str) -> None:
    report = report_on(ALTERATIONS[name])
    assert report.outcome is Outcome.ALTERED
    assert Reason.HOSTED_DIFFERS in reasons(report)
    assert report.facts.title == ""


SCOPED: dict[str, tuple[str, Json]] = {
    "an assertion on the attacker's host": (f"{EVIL}/1", {}),
    "a host that begins like the issuer's": (f"{SITE}.evil.example/1", {}),
    "a prefix as mere text": (
        f"{SITE}.evil.example/1",
        {"verification": {"startsWith": SITE}},
    ),
    "another port": (f"{SITE}:8443/assertions/1", {}),
    "outside the prefix": (
        f"{SITE}/student-pages/1",
        {"verification": {"startsWith": f"{SITE}/assertions/"}},
    ),
    "origins that leave out the issuer's own": (
        ASSERTION,
        {"verification": {"allowedOrigins": "badges.uni.example"}},
    ),
    "an origin that is a suffix": (
        f"{EVIL}/1",
        {"verification": {"allowedOrigins": ["example"]}},
    ),
    "an origin with a path": (
        f"{EVIL}/1",
        {"verification": {"allowedOrigins": ["https://evil.example/badges"]}},
    ),
}


@pytest.mark.parametrize("name", SCOPED)
def test_attack_of_a_badge_that_does_not_stand_where_its_issuer_publishes(name: str) -> None:
    url, changes = SCOPED[name]
    document = assertion(id=url)
    report = report_on(document, site(**{url: document, ISSUER: profile(**changes)}))
    assert report.outcome is Outcome.ALTERED, report.checks
    assert Reason.ISSUER_ELSEWHERE in reasons(report)


@pytest.mark.parametrize(
    ("url", "scope"),
    [
        (ASSERTION, {}),
        (ASSERTION, {"startsWith": f"{SITE}/assertions/"}),
        (ASSERTION, {"startsWith": ["https://x.example/", f"{SITE}/assertions"]}),
        (ASSERTION, {"allowedOrigins": "uni.example"}),
        (ASSERTION, {"allowedOrigins": ["https://uni.example"]}),
        ("https://badges.example/1", {"allowedOrigins": ["badges.example", "uni.example"]}),
        ("https://badges.example:8443/1", {"allowedOrigins": ["badges.example:8443"]}),
    ],
    ids=str,
)
def test_a_badge_within_the_scope_is_in_force(url: str, scope: Json) -> None:
    document = assertion(id=url)
    issuer = profile(verification=scope)
    report = report_on(document, site(**{url: document, ISSUER: issuer}))
    assert report.outcome is Outcome.IN_FORCE, report.checks


@pytest.mark.parametrize(
    "address",
    [
        "https://uni.example@evil.example/1",
        "https://uni.example/assertions/../../evil/1",
        "https://uni.example/assertions/%2e%2e/evil",
        "//uni.example/1",
        "urn:uuid:0b7a5ee0-3f7e-4ab4-8f34-2c1e3a6d9f01",
        "https://uni.example\\@evil.example/1",
        "javascript:alert(1)",
    ],
)
def test_attack_of_an_address_that_two_readers_take_apart_differently(address: str) -> None:
    found = Profile(ISSUER, "N", (), "", (f"{SITE}/",), ("uni.example",))
    assert not is_in_scope(address, found)


def test_attack_of_an_issuer_described_by_someone_else() -> None:
    # the badge class of the attacker carries "the university", with a scope that suits him
    inside = profile(verification={"allowedOrigins": ["evil.example"]})
    url, badge = f"{EVIL}/1", f"{EVIL}/badge"
    document = assertion(id=url, badge=badge)
    documents = site(**{url: document, badge: badge_class(id=badge, issuer=inside)})
    report = report_on(document, documents)
    assert report.outcome is Outcome.ALTERED
    assert Reason.ISSUER_ELSEWHERE in reasons(report)


@pytest.mark.parametrize(
    "documents",
    [
        pytest.param({BADGE: badge_class(id=f"{EVIL}/badge")}, id="badge of another address"),
        pytest.param({ISSUER: profile(id=f"{EVIL}/issuer")}, id="issuer of another address"),
        pytest.param({ISSUER: badge_class()}, id="no issuer"),
        pytest.param({BADGE: profile()}, id="no badge"),
        pytest.param({ISSUER: profile(name=4)}, id="an issuer without a name"),
        pytest.param(
            {ISSUER: profile(verification={"allowedOrigins": [4]})}, id="a scope of numbers"
        ),
        pytest.param(
            {ISSUER: profile(verification={"startsWith": ["x"] * (MAX_SCOPES + 1)})},
            id="an endless scope",
        ),
    ],
)
def test_attack_of_another_document_under_the_address(documents: Json) -> None:
    report = report_on(assertion(), site(**documents))
    assert report.outcome is Outcome.NOT_CHECKED
    assert Reason.ISSUER_UNOBTAINABLE in reasons(report)


@pytest.mark.parametrize("data", [b"<html>", b"[]", b"{}", b"null", b'{"type": "Assertion"}'])
def test_a_page_that_is_no_assertion_confirms_nothing(data: bytes) -> None:
    documents = site()
    documents.documents[ASSERTION] = data
    report = report_on(assertion(), documents)
    assert report.outcome is Outcome.NOT_CHECKED
    assert Reason.HOSTED_UNOBTAINABLE in reasons(report)


def test_attack_of_pointing_at_another_assertion_of_the_same_website() -> None:
    other = assertion(id=f"{SITE}/assertions/2")
    report = report_on(assertion(), site(**{ASSERTION: other}))
    assert report.outcome is Outcome.ALTERED


def test_a_website_that_does_not_answer_is_not_checked() -> None:
    report = report_on(assertion(), Published({}))
    assert report.outcome is Outcome.NOT_CHECKED
    assert report.facts.issuer_name == ""


class Redirecting(Published):
    """Documents some of which end at another address."""

    def __init__(self, documents: dict[str, bytes], led: dict[str, str]) -> None:
        super().__init__(documents)
        self.led = led

    def get_located(self, url: str, *, now: datetime) -> tuple[bytes, str]:
        return self.get(url, now=now), self.led.get(url, url)


@pytest.mark.parametrize("url", [ASSERTION, BADGE, ISSUER])
def test_attack_of_an_open_redirect_on_the_issuers_website(url: str) -> None:
    documents = Redirecting(site().documents, {url: f"{EVIL}/x"})
    assert report_on(assertion(), documents).outcome is Outcome.NOT_CHECKED
    within = Redirecting(site().documents, {url: f"{SITE}/moved"})
    assert report_on(assertion(), within).outcome is Outcome.IN_FORCE


@pytest.mark.parametrize(
    "left",
    [
        {"id": ASSERTION, "type": "Assertion", "revoked": True},
        {"@context": CONTEXT, "revoked": True, "revocationReason": "error"},
        {**assertion(), "revoked": True},
        {**assertion(), "revoked": "true"},
        {**assertion(), "revoked": 1},
        {**assertion(), "revoked": None},
    ],
    ids=str,
)
def test_what_its_website_calls_withdrawn_is_withdrawn(left: Json) -> None:
    report = report_on(assertion(), site(**{ASSERTION: left}))
    assert report.outcome is Outcome.WITHDRAWN
    assert report.facts.title == report.facts.issuer_name == ""


def test_attack_of_calling_a_badge_withdrawn_by_anothers_page() -> None:
    left = {"id": f"{SITE}/assertions/2", "revoked": True}
    assert report_on(assertion(), site(**{ASSERTION: left})).outcome is Outcome.NOT_CHECKED


class Taken(Published):
    """A website that took the assertion away for good."""

    def get(self, url: str, *, now: datetime) -> bytes:
        if url == ASSERTION:
            raise Gone("410")
        return super().get(url, now=now)


def test_a_badge_that_is_gone_is_withdrawn() -> None:
    assert report_on(assertion(), Taken(site().documents)).outcome is Outcome.WITHDRAWN


class Forbidden(Published):
    """A fetcher that refuses the address."""

    def get(self, url: str, *, now: datetime) -> bytes:
        raise NotAllowed("not on the public internet")


def test_attack_of_an_address_inside_our_network() -> None:
    report = report_on(assertion(id="https://10.0.0.1/1"), Forbidden({}))
    assert report.outcome is Outcome.NOT_CHECKED


@pytest.mark.parametrize(
    "context",
    [
        [CONTEXT, {"name": "https://x.example/name"}],
        [{"Assertion": "https://x.example/A"}, CONTEXT],
        [CONTEXT, 4],
    ],
    ids=str,
)
def test_attack_of_giving_words_another_meaning(context: Any) -> None:
    documents = site()
    report = report_on(assertion(**{"@context": context}), documents)
    assert report.outcome is Outcome.ALTERED
    assert documents.asked == []


@pytest.mark.parametrize(
    "claimed",
    [Claimed(email="ada@example.org"), Claimed(email=" Ada@Example.org ")],
    ids=str,
)
@pytest.mark.parametrize("name", ["sha256", "md5"])
def test_the_recipient_is_compared(claimed: Claimed, name: str) -> None:
    digest = hashlib.new(name, b"ada@example.orgsalt").hexdigest().upper()
    recipient = {**assertion()["recipient"], "identity": f"{name}${digest}"}
    document = assertion(recipient=recipient)
    found = report_on(document, site(**{ASSERTION: document}), claimed=claimed)
    assert Reason.HOLDER_MATCHES in reasons(found)
    other = report_on(
        document, site(**{ASSERTION: document}), claimed=Claimed(email="eve@example.org")
    )
    assert Reason.HOLDER_DIFFERS in reasons(other)


@pytest.mark.parametrize("identity", ["sha256$", "sha256", "$", "sha1$" + "0" * 40, 4, None])
def test_attack_of_a_recipient_that_fits_everyone(identity: Any) -> None:
    recipient = {**assertion()["recipient"], "identity": identity}
    document = assertion(recipient=recipient)
    found = report_on(
        document, site(**{ASSERTION: document}), claimed=Claimed(email="eve@example.org")
    )
    assert Reason.HOLDER_MATCHES not in reasons(found)


# Signed


def token(payload: Any = None, key: Any = KEY, header: Json | None = None, **changes: Any) -> bytes:
    signed = payload or signed_assertion(**changes)
    protected: Any = {"alg": "RS256"} if header is None else header
    first = base64url.encode(strict_json.write(protected))
    second = base64url.encode(strict_json.write(signed))
    message = f"{first}.{second}".encode()
    signature = key.sign(message, padding.PKCS1v15(), hashes.SHA256())
    return message + b"." + base64url.encode(signature).encode()


def signed_assertion(**changes: Any) -> Json:
    verification: Any = {"type": "SignedBadge", "creator": KEY_URL}
    return assertion(**{"id": "urn:uuid:5e1b", "verification": verification, **changes})


def signing_site(**documents: Any) -> Published:
    issuer = profile(publicKey=KEY_URL, revocationList=REVOCATIONS)
    revoked = {"type": "RevocationList", "id": REVOCATIONS, "issuer": ISSUER}
    right = {ISSUER: issuer, KEY_URL: key_document(), REVOCATIONS: revoked}
    return site(**{**right, **documents})


def test_a_signed_badge_in_order_is_in_force() -> None:
    report = report_on(token(), signing_site())
    assert report.outcome is Outcome.IN_FORCE, report.checks
    assert reasons(report) >= {Reason.PROOF_HOLDS, Reason.ISSUER_CONTROLS_KEY, Reason.STATUS_GOOD}


def test_a_badge_class_inside_the_signature_needs_no_address_of_its_own() -> None:
    inside = badge_class(id="urn:uuid:ba59")
    report = report_on(token(badge=inside), signing_site())
    assert report.outcome is Outcome.IN_FORCE


def test_a_key_written_in_the_profile_is_used() -> None:
    issuer = profile(publicKey=key_document())
    report = report_on(token(), signing_site(**{ISSUER: issuer}))
    assert report.outcome is Outcome.IN_FORCE
    assert Reason.STATUS_NONE in reasons(report)


def _swapped(data: bytes) -> bytes:
    first, _, third = data.split(b".")
    other = base64url.encode(strict_json.write(signed_assertion(id="urn:uuid:5e1c"))).encode()
    return b".".join((first, other, third))


P256 = ec.generate_private_key(ec.SECP256R1())
HS = base64url.encode(strict_json.write({"alg": "HS256"})).encode()
TOKENS: dict[str, tuple[Callable[[], bytes], Json]] = {
    "another payload": (lambda: _swapped(token()), {}),
    "another key": (lambda: token(key=OTHER_KEY), {}),
    "no signature": (lambda: token().rpartition(b".")[0] + b".", {}),
    "alg none": (lambda: token(header={"alg": "none"}), {}),
    "the public key as a secret": (lambda: HS + b"." + token().split(b".", 1)[1], {}),
    "PS256": (lambda: token(header={"alg": "PS256"}), {}),
    "a key in the header": (
        lambda: token(key=OTHER_KEY, header={"alg": "RS256", "jwk": {"kty": "RSA"}}),
        {},
    ),
    "a key that the issuer does not list": (lambda: token(), {ISSUER: profile()}),
    "a key of another owner": (lambda: token(), {KEY_URL: key_document(owner=f"{EVIL}/issuer")}),
    "a key of another address": (lambda: token(), {KEY_URL: key_document(id=f"{SITE}/key2")}),
    "the attacker's key under his own address": (
        lambda: token(
            key=OTHER_KEY, verification={"type": "SignedBadge", "creator": f"{EVIL}/key"}
        ),
        {f"{EVIL}/key": key_document(id=f"{EVIL}/key", publicKeyPem=pem(OTHER_KEY))},
    ),
    "an elliptic key": (lambda: token(), {KEY_URL: key_document(publicKeyPem=pem(P256))}),
    "no key": (lambda: token(), {KEY_URL: key_document(publicKeyPem="-----BEGIN X-----")}),
    "an endless key": (lambda: token(), {KEY_URL: key_document(publicKeyPem="A" * 8193)}),
    "a better badge inside": (lambda: token(badge=badge_class(issuer=f"{EVIL}/issuer")), {}),
}


@pytest.mark.parametrize("name", TOKENS)
def test_attack_of_a_signature_that_is_not_the_issuers(name: str) -> None:
    make, documents = TOKENS[name]
    report = report_on(make(), signing_site(**documents))
    assert report.outcome in (Outcome.ALTERED, Outcome.NOT_CHECKED), report.checks


@pytest.mark.parametrize("header", [{"crit": ["b64"]}, {"b64": False}, {"zip": "DEF"}], ids=str)
def test_attack_of_a_header_that_changes_how_the_rest_is_read(header: Json) -> None:
    with pytest.raises(Malformed, match="extensions"):
        report_on(token(header={"alg": "RS256", **header}), signing_site())


def test_attack_of_an_algorithm_that_is_no_name() -> None:
    with pytest.raises(Malformed):
        report_on(token(header={"alg": ["RS256"]}), signing_site())


def test_attack_of_a_signed_badge_without_its_signature() -> None:
    report = report_on(signed_assertion(), signing_site())
    assert report.outcome is Outcome.ALTERED
    assert Reason.PROOF_MISSING in reasons(report)


def test_attack_of_a_token_that_says_it_is_hosted() -> None:
    with pytest.raises(Malformed, match="hosted"):
        report_on(token(payload=assertion()), signing_site())


@pytest.mark.parametrize(
    "entries", [["urn:uuid:5e1b"], [{"id": "urn:uuid:5e1b"}], [{"uid": "urn:uuid:5e1b"}]], ids=str
)
def test_a_signed_badge_in_its_issuers_list_is_withdrawn(entries: list[Any]) -> None:
    revoked = {"type": "RevocationList", "id": REVOCATIONS, "issuer": ISSUER}
    documents = signing_site(**{REVOCATIONS: {**revoked, "revokedAssertions": entries}})
    assert report_on(token(), documents).outcome is Outcome.WITHDRAWN


@pytest.mark.parametrize(
    "listed",
    [
        {"type": "RevocationList", "issuer": f"{EVIL}/issuer"},
        {"type": "Other", "issuer": ISSUER},
        {"type": "RevocationList", "issuer": ISSUER, "revokedAssertions": None},
        {"type": "RevocationList", "issuer": ISSUER, "revokedAssertions": [{}]},
        {"type": "RevocationList", "issuer": ISSUER, "revokedAssertions": [4]},
    ],
    ids=str,
)
def test_attack_of_another_list_in_the_place_of_the_issuers(listed: Json) -> None:
    report = report_on(token(), signing_site(**{REVOCATIONS: listed}))
    assert report.outcome is Outcome.NOT_CHECKED
    assert Reason.STATUS_LIST_INVALID in reasons(report)


# Reading


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "x"},
        {"id": None},
        {"recipient": "ada@example.org"},
        {"badge": 4},
        {"badge": "x"},
        {"issuedOn": "2019-05-01"},
        {"issuedOn": 1556704800},
        {"expires": None},
        {"verification": None},
        {"verification": {"type": "Other"}},
        {"verification": {"type": ["HostedBadge", "SignedBadge"]}},
        {"verification": {"type": "SignedBadge", "creator": "x"}},
    ],
    ids=str,
)
def test_another_shape_is_malformed(changes: Json) -> None:
    with pytest.raises(Malformed):
        report_on(assertion(**changes))


@pytest.mark.parametrize(
    ("document", "is_one"),
    [
        (assertion(), True),
        (assertion(**{"@context": [CONTEXT, "https://w3id.org/openbadges/extensions"]}), True),
        (assertion(type=["Assertion"]), True),
        (assertion(**{"@context": "https://w3id.org/openbadges/v1"}), False),
        (badge_class(), False),
        ({}, False),
    ],
    ids=str,
)
def test_badges_of_2_0_are_recognised(document: Json, is_one: bool) -> None:
    assert is_open_badge_2(strict_json.write(document)) is is_one
    if not is_one:
        assert report_on(document).outcome is Outcome.NO_CREDENTIAL


def test_tokens_are_bounded() -> None:
    with pytest.raises(Malformed, match=f"at most {MAX_TOKEN}"):
        read_token(b"e30.e30." + b"c" * MAX_TOKEN)
    assert is_token(b"e30.e30." + b"c" * (MAX_TOKEN - 8))
    assert not is_token(b"e30.e30." + b"c" * (MAX_TOKEN - 7))
    assert not is_token(b"a.b")
    with pytest.raises(Malformed):
        read_token(b"a.b")


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({"a": 1}, None),
        ({"a": True}, "/a"),
        ({"a": 1.0}, "/a"),
        ({"b": [{"c": 1}]}, None),
        ({"b": [{"c": 2}]}, "/b/0/c"),
        ({"b": []}, "/b"),
        ({"b": {"c": 1}}, "/b"),
        ({"d": {"id": "urn:x"}}, None),
        ({"d": {"id": "urn:y"}}, "/d"),
        ({"e": "urn:x"}, None),
        ({"z": None}, "/z"),
        ({"@context": "anything"}, None),
    ],
    ids=str,
)
def test_what_is_said_and_not_published_is_found(given: Json, place: str | None) -> None:
    published: Any = {"a": 1, "b": [{"c": 1}], "d": "urn:x", "e": {"id": "urn:x", "name": "x"}}
    assert first_difference(given, published) == place
