"""`cairn.core.verify.pipeline`: each form in which a credential is secured finds its way."""

import base64
import zlib
from typing import Any

import pytest

from cairn.core.codec import strict_json
from cairn.core.errors import Malformed
from cairn.core.proofs import sd_jwt_vc
from cairn.core.proofs.tokens import wrap
from cairn.core.verify.pipeline import verify
from cairn.core.verify.ports import Sources
from cairn.core.verify.report import Outcome, Reason, Report
from tests.core.badges import badge
from tests.core.issuing import (
    DID,
    DID_URL,
    KEY,
    METHOD,
    NOW,
    VOCABULARY,
    Published,
    did_json,
    own_badge,
    published,
    signed,
)
from tests.core.token_making import token_of, w3c_claims

STATUS_URL = "https://uni.example/tokens/1"


def report_on(data: bytes, documents: Published | None = None) -> Report:
    sources = Sources(documents=documents or published(), vocabulary=VOCABULARY)
    return verify(data, sources, now=NOW)


def reasons(report: Report) -> set[Reason]:
    return {check.reason for check in report.checks}


def vc_jwt(**changes: Any) -> str:
    return token_of(w3c_claims(**changes), KEY, alg="EdDSA", typ="vc+jwt", kid=METHOD.id)


def sd_jwt(**changes: Any) -> str:
    claims = {
        "iss": DID,
        "vct": "urn:eu.europa.ec.eudi:learning:credential:1",
        "nbf": 1767225600,
        "name": "Data analysis",
        **changes,
    }
    salts = iter([b"0123456789abcdef"])
    return sd_jwt_vc.issue(claims, KEY, key_id=METHOD.id, hidden=["name"], salts=salts)


def status_token(bits: str, **changes: Any) -> bytes:
    """A status list of two-bit entries, all of them the same, for `STATUS_URL`."""
    packed = zlib.compress(bytes([int(bits * 4, 2)]) * 64)
    listed = {"bits": 2, "lst": base64.urlsafe_b64encode(packed).rstrip(b"=").decode()}
    claims = {"iss": DID, "sub": STATUS_URL, "iat": 1779000000, "status_list": listed, **changes}
    return token_of(claims, KEY, alg="EdDSA", typ="statuslist+jwt", kid=METHOD.id).encode()


def test_a_w3c_token_is_in_force_with_the_checks_of_any_credential() -> None:
    report = report_on(vc_jwt().encode())
    assert report.outcome is Outcome.IN_FORCE
    assert report.facts.recipient == "Ada Lovelace"
    assert {Reason.STATUS_GOOD, Reason.VALIDITY_CURRENT} <= reasons(report)


def test_an_envelope_is_what_its_token_is() -> None:
    enveloped = strict_json.write(wrap(vc_jwt()))
    assert report_on(enveloped).outcome is Outcome.IN_FORCE


def test_an_altered_token_is_altered() -> None:
    head, _, tail = vc_jwt().split(".")
    other = vc_jwt(name="Astrophysics").split(".")[1]
    assert report_on(f"{head}.{other}.{tail}".encode()).outcome is Outcome.ALTERED


def test_an_expired_token_is_expired() -> None:
    token = vc_jwt(validUntil="2026-05-01T00:00:00Z")
    assert report_on(token.encode()).outcome is Outcome.EXPIRED


def test_an_sd_jwt_says_what_it_is_by_its_claims() -> None:
    report = report_on(sd_jwt().encode())
    assert report.outcome is Outcome.IN_FORCE
    assert report.facts.title == "Data analysis"
    assert report.facts.issuer_id == DID
    assert Reason.STATUS_NONE in reasons(report)


def test_what_an_sd_jwt_holds_back_is_not_its_title() -> None:
    held_back = sd_jwt().split("~")[0] + "~"
    assert report_on(held_back.encode()).facts.title.startswith("urn:eu.europa.ec.eudi")


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({"exp": 1780000000}, Outcome.EXPIRED),
        ({"nbf": 1790000000}, Outcome.NOT_YET_IN_FORCE),
        ({"exp": 1790000000}, Outcome.IN_FORCE),
    ],
)
def test_an_sd_jwt_has_its_dates(changes: dict[str, int], outcome: Outcome) -> None:
    assert report_on(sd_jwt(**changes).encode()).outcome is outcome


@pytest.mark.parametrize(
    ("bits", "outcome"),
    [
        ("00", Outcome.IN_FORCE),
        ("01", Outcome.WITHDRAWN),
        ("10", Outcome.SUSPENDED),
        ("11", Outcome.NOT_CHECKED),
    ],
)
def test_an_sd_jwt_asks_its_token_status_list(bits: str, outcome: Outcome) -> None:
    documents = published()
    documents.documents[STATUS_URL] = status_token(bits)
    token = sd_jwt(status={"status_list": {"idx": 7, "uri": STATUS_URL}})
    assert report_on(token.encode(), documents).outcome is outcome


@pytest.mark.parametrize(
    "listed",
    [
        pytest.param(b"nothing", id="no token"),
        pytest.param(status_token("00", sub="https://uni.example/tokens/2"), id="another list"),
        pytest.param(status_token("00")[:-4] + b"AAAA", id="signature"),
        pytest.param(
            token_of(
                {"sub": STATUS_URL, "iat": 1779000000},
                KEY,
                alg="EdDSA",
                typ="vc+jwt",
                kid=METHOD.id,
            ).encode(),
            id="another type",
        ),
    ],
)
def test_a_token_status_list_that_is_not_the_issuers_says_nothing(listed: bytes) -> None:
    documents = published()
    documents.documents[STATUS_URL] = listed
    token = sd_jwt(status={"status_list": {"idx": 7, "uri": STATUS_URL}})
    report = report_on(token.encode(), documents)
    assert report.outcome is Outcome.NOT_CHECKED


def test_tokens_inside_a_credential_are_judged_as_if_they_had_come_alone() -> None:
    endorsement = badge()["endorsement"][0]
    claims = {**endorsement, "issuer": DID, "iss": DID}
    token = token_of(claims, KEY, alg="EdDSA", typ="vc+jwt", kid=METHOD.id)
    document = own_badge()
    document["credentialSubject"]["achievement"]["endorsementJwt"] = [token]
    report = report_on(strict_json.write(signed(document)))
    assert report.outcome is Outcome.IN_FORCE
    (inner,) = report.embedded
    assert inner.kind == "endorsement"
    assert inner.report.outcome is Outcome.IN_FORCE


def test_a_badge_of_2_0_is_confirmed_by_its_host() -> None:
    assertion: dict[str, Any] = {
        "@context": "https://w3id.org/openbadges/v2",
        "type": "Assertion",
        "id": "https://old.example/a/1",
        "badge": "https://old.example/b/1",
        "recipient": {"type": "email", "hashed": False, "identity": "ada@example.org"},
        "issuedOn": "2015-05-01T00:00:00Z",
        "verification": {"type": "HostedBadge"},
    }
    hosted: dict[str, Any] = {
        "https://old.example/a/1": assertion,
        "https://old.example/b/1": {
            "@context": "https://w3id.org/openbadges/v2",
            "type": "BadgeClass",
            "id": "https://old.example/b/1",
            "name": "Data analysis",
            "description": "Reading data.",
            "image": "https://old.example/b/1.png",
            "criteria": {"narrative": "A project."},
            "issuer": "https://old.example/i/1",
        },
        "https://old.example/i/1": {
            "@context": "https://w3id.org/openbadges/v2",
            "type": "Issuer",
            "id": "https://old.example/i/1",
            "name": "Old University",
            "url": "https://old.example/",
            "email": "badges@old.example",
        },
    }
    documents = Published({url: strict_json.write(value) for url, value in hosted.items()})
    report = report_on(strict_json.write(assertion), documents)
    assert report.outcome is Outcome.IN_FORCE
    assert report.facts.title == "Data analysis"
    assert report_on(strict_json.write(assertion), Published({})).outcome is Outcome.NOT_CHECKED


@pytest.mark.parametrize("typ", ["vp+jwt"])
def test_a_presentation_is_said_to_be_one(typ: str) -> None:
    claims = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "holder": DID,
    }
    token = token_of(claims, KEY, alg="EdDSA", typ=typ, kid=METHOD.id)
    with pytest.raises(Malformed, match="presentation"):
        report_on(token.encode())


def test_a_key_that_cannot_be_had_leaves_a_token_unchecked() -> None:
    report = report_on(vc_jwt().encode(), Published({DID_URL: did_json(verificationMethod=[])}))
    assert report.outcome is Outcome.NOT_CHECKED
