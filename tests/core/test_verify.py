"""`cairn.core.verify`: one report for each thing that can be wrong, and the outcome above it."""

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cairn.core.codec import strict_json
from cairn.core.did.document import VerificationMethod
from cairn.core.errors import Gone, Malformed
from cairn.core.keys import KeyType, PrivateKey
from cairn.core.rdf.contexts import OB_3_0_3, OB_EXTENSIONS, VC_2
from cairn.core.verify.outcome import outcome_of
from cairn.core.verify.pipeline import verify
from cairn.core.verify.plain_report import headline
from cairn.core.verify.ports import Claimed, Register, Sources
from cairn.core.verify.report import Check, CheckId, Outcome, Reason, Report, Result
from tests.core.badges import Badge, badge
from tests.core.issuing import (
    DID,
    DID_URL,
    KEY,
    LIST_URL,
    METHOD,
    NOW,
    VOCABULARY,
    Published,
    Remembered,
    did_json,
    own_badge,
    published,
    signed,
    status_list,
)

OTHER_KEY = PrivateKey.from_seed(KeyType.ED25519, b"\x02" * 32)
OTHER_DID = f"did:key:{OTHER_KEY.public.multikey}"


def report_on(document: Badge, documents: Published | None = None, **sources: Any) -> Report:
    asked = Sources(documents=documents or published(), vocabulary=VOCABULARY, **sources)
    return verify(strict_json.write(document), asked, now=NOW)


def reasons(report: Report) -> set[Reason]:
    return {check.reason for check in report.checks}


def facts_of(report: Report, reason: Reason) -> dict[str, str]:
    return dict(next(check.facts for check in report.checks if check.reason is reason))


def with_list(document: Badge, *, resign: bool = True) -> Published:
    documents = published()
    listed = signed(document) if resign else document
    documents.documents[LIST_URL] = strict_json.write(listed)
    return documents


def test_a_credential_in_order_is_in_force_and_every_check_says_why() -> None:
    report = report_on(signed(own_badge()))
    assert report.outcome is Outcome.IN_FORCE
    assert [check.id for check in report.checks] == [
        CheckId.CONTEXT,
        CheckId.DOCUMENT,
        CheckId.PROOF,
        CheckId.ISSUER,
        CheckId.VALIDITY,
        CheckId.STATUS,
        CheckId.REGISTER,
        CheckId.HOLDER,
    ]
    assert report.facts.issuer_id == DID
    assert report.facts.recipient == "Ada Lovelace"
    assert report.facts.title == "Data analysis"
    assert report.checked_at == "2026-06-01T12:00:00Z"


@pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
def test_both_cryptosuites_are_verified(suite: str) -> None:
    assert report_on(signed(own_badge(), cryptosuite=suite)).outcome is Outcome.IN_FORCE


def test_a_did_key_issuer_needs_no_document() -> None:
    document = own_badge(issuer=OTHER_DID)
    del document["credentialStatus"]
    method = f"{OTHER_DID}#{OTHER_KEY.public.multikey}"
    documents = Published({})
    report = report_on(signed(document, key=OTHER_KEY, verification_method=method), documents)
    assert report.outcome is Outcome.IN_FORCE
    assert Reason.STATUS_NONE in reasons(report)
    assert documents.asked == []


# Altered or wrongly signed


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("name",), "Astrophysics"),
        (("validUntil",), "2099-01-01T00:00:00Z"),
        (("credentialSubject", "creditsEarned"), 60),
        (("credentialSubject", "achievement", "name"), "Astrophysics"),
        (("credentialSubject", "identifier", 0, "identityHash"), "Someone Else"),
        (("credentialStatus", "statusListIndex"), "5"),
        (("issuer", "name"), "Harvard University"),
    ],
)
def test_any_altered_claim_is_altered(path: tuple[str | int, ...], value: object) -> None:
    document: Any = signed(own_badge())
    target = document
    for step in path[:-1]:
        target = target[step]
    target[path[-1]] = value
    report = report_on(document)
    assert report.outcome is Outcome.ALTERED


def test_a_removed_claim_is_altered() -> None:
    document = signed(own_badge())
    del document["credentialStatus"]
    assert report_on(document).outcome is Outcome.ALTERED


def test_an_added_claim_that_no_context_knows_is_altered_and_named() -> None:
    document = signed(own_badge())
    document["credentialSubject"]["degree"] = "PhD"
    report = report_on(document)
    assert report.outcome is Outcome.ALTERED
    assert facts_of(report, Reason.DOCUMENT_UNCOVERED)["path"] == "/credentialSubject/degree"


def test_an_unsigned_credential_is_not_in_force() -> None:
    report = report_on(own_badge())
    assert report.outcome is Outcome.ALTERED
    assert Reason.PROOF_MISSING in reasons(report)


def test_a_signature_by_another_key_under_the_issuers_name_does_not_hold() -> None:
    report = report_on(signed(own_badge(), key=OTHER_KEY))
    assert report.outcome is Outcome.ALTERED
    assert Reason.PROOF_MISMATCH in reasons(report)


def test_a_strangers_key_is_not_the_issuers_although_the_signature_holds() -> None:
    method = f"{OTHER_DID}#{OTHER_KEY.public.multikey}"
    report = report_on(signed(own_badge(), key=OTHER_KEY, verification_method=method))
    assert report.outcome is Outcome.ALTERED
    assert facts_of(report, Reason.ISSUER_OTHER_KEY) == {"issuer": DID, "controller": OTHER_DID}


def test_a_key_that_its_document_gives_to_someone_else_is_not_the_issuers() -> None:
    method = replace(METHOD, controller="did:web:other.example")
    report = report_on(signed(own_badge()), Published({DID_URL: did_json(method)}))
    assert report.outcome is Outcome.ALTERED
    assert Reason.ISSUER_OTHER_KEY in reasons(report)


def test_a_key_for_authentication_only_signs_no_credentials() -> None:
    documents = Published({DID_URL: did_json(assertionMethod=[], authentication=[METHOD.id])})
    report = report_on(signed(own_badge()), documents)
    assert report.outcome is Outcome.ALTERED
    assert Reason.ISSUER_KEY_NOT_FOR_ASSERTIONS in reasons(report)


def test_a_revoked_key_says_since_when() -> None:
    method = replace(METHOD, revoked="2026-03-01T00:00:00Z")
    report = report_on(signed(own_badge()), Published({DID_URL: did_json(method)}))
    assert report.outcome is Outcome.ALTERED
    assert facts_of(report, Reason.ISSUER_KEY_REVOKED)["since"] == "2026-03-01T00:00:00Z"


@pytest.mark.parametrize(
    ("expires", "outcome"),
    [("2026-01-01T00:00:00Z", Outcome.IN_FORCE), ("2025-12-31T23:59:59Z", Outcome.ALTERED)],
)
def test_an_expired_key_signs_nothing_after_its_end(expires: str, outcome: Outcome) -> None:
    documents = published()
    documents.documents[DID_URL] = did_json(replace(METHOD, expires=expires))
    assert report_on(signed(own_badge()), documents).outcome is outcome


def test_retired_keys_still_verify() -> None:
    newer = VerificationMethod.of(DID, OTHER_KEY.public, fragment="key-2")
    documents = published()
    documents.documents[DID_URL] = did_json(METHOD, newer)
    assert report_on(signed(own_badge()), documents).outcome is Outcome.IN_FORCE


@pytest.mark.parametrize(
    ("changes", "reason", "outcome"),
    [
        ({"type": "Ed25519Signature2020"}, Reason.PROOF_UNREADABLE, Outcome.ALTERED),
        ({"cryptosuite": "bbs-2023"}, Reason.PROOF_UNSUPPORTED, Outcome.NOT_CHECKED),
        ({"previousProof": "urn:uuid:1"}, Reason.PROOF_UNREADABLE, Outcome.ALTERED),
        ({"proofPurpose": "authentication"}, Reason.PROOF_UNREADABLE, Outcome.ALTERED),
        ({"expires": "2026-06-01T12:00:00Z"}, Reason.PROOF_EXPIRED, Outcome.ALTERED),
        ({"created": "yesterday"}, Reason.PROOF_UNREADABLE, Outcome.ALTERED),
        ({"proofValue": "uAAAA"}, Reason.PROOF_UNREADABLE, Outcome.ALTERED),
        ({"proofValue": "z" + "1" * 64}, Reason.PROOF_MISMATCH, Outcome.ALTERED),
        ({"verificationMethod": f"{DID}#gone"}, Reason.PROOF_KEY_UNOBTAINABLE, Outcome.NOT_CHECKED),
        (
            {"verificationMethod": "https://uni.example/key"},
            Reason.PROOF_KEY_UNOBTAINABLE,
            Outcome.NOT_CHECKED,
        ),
    ],
)
def test_each_flaw_of_a_proof_has_its_reason(
    changes: dict[str, str], reason: Reason, outcome: Outcome
) -> None:
    document: Any = signed(own_badge())
    document["proof"][0].update(changes)
    report = report_on(document)
    assert reason in reasons(report)
    assert report.outcome is outcome


def test_a_strangers_proof_beside_the_issuers_changes_nothing() -> None:
    method = f"{OTHER_DID}#{OTHER_KEY.public.multikey}"
    document = signed(signed(own_badge()), key=OTHER_KEY, verification_method=method)
    assert report_on(document).outcome is Outcome.IN_FORCE


def test_of_two_proofs_by_the_issuer_both_must_hold() -> None:
    document: Any = signed(signed(own_badge()), cryptosuite="eddsa-jcs-2022")
    document["proof"][1]["created"] = "2026-01-02T00:00:00Z"
    assert report_on(document).outcome is Outcome.ALTERED


# Contexts


@pytest.mark.parametrize(
    ("contexts", "reason", "outcome"),
    [
        ([VC_2, "https://x.example/c"], Reason.CONTEXT_UNKNOWN, Outcome.NOT_CHECKED),
        ([VC_2, OB_3_0_3, {"name": "urn:x"}], Reason.CONTEXT_INLINE, Outcome.ALTERED),
        ([VC_2, OB_EXTENSIONS, OB_3_0_3], Reason.CONTEXT_ORDER, Outcome.NOT_CHECKED),
    ],
)
def test_contexts_that_are_not_listed_are_named_and_never_fetched(
    contexts: list[Any], reason: Reason, outcome: Outcome
) -> None:
    documents = published()
    report = report_on(signed(own_badge()) | {"@context": contexts}, documents)
    assert reasons(report) >= {reason}
    assert report.outcome is outcome
    assert documents.asked == []


def test_an_unknown_context_inside_an_endorsement_is_named() -> None:
    document = badge()
    document["endorsement"][0]["@context"] = [VC_2, "https://x.example/c"]
    document["proof"] = signed(own_badge())["proof"]
    document["issuer"]["id"] = DID
    report = report_on(document)
    assert facts_of(report, Reason.CONTEXT_UNKNOWN) == {"url": "https://x.example/c"}


# Validity


@pytest.mark.parametrize(
    ("since", "until", "outcome"),
    [
        ("2026-06-01T12:00:00Z", "2026-06-01T12:00:00Z", Outcome.IN_FORCE),
        ("2026-06-01T12:00:01Z", "2027-01-01T00:00:00Z", Outcome.NOT_YET_IN_FORCE),
        ("2026-01-01T00:00:00Z", "2026-06-01T11:59:59Z", Outcome.EXPIRED),
        ("2026-06-01T14:00:01+02:00", None, Outcome.NOT_YET_IN_FORCE),
        ("2026-01-01T00:00:00Z", None, Outcome.IN_FORCE),
    ],
)
def test_the_validity_period_includes_its_ends(
    since: str, until: str | None, outcome: Outcome
) -> None:
    document = own_badge(validFrom=since, validUntil=until)
    if until is None:
        del document["validUntil"]
    assert report_on(signed(document)).outcome is outcome


# Status


def test_a_revoked_credential_is_withdrawn_as_of_the_list() -> None:
    report = report_on(signed(own_badge()), with_list(status_list(94567)))
    assert report.outcome is Outcome.WITHDRAWN
    assert facts_of(report, Reason.STATUS_REVOKED)["as_of"] == "2026-05-01T00:00:00Z"


def test_another_holders_bit_is_not_ours() -> None:
    report = report_on(signed(own_badge()), with_list(status_list(94566, 94568)))
    assert report.outcome is Outcome.IN_FORCE


def _two_entries(purpose: str) -> Badge:
    document = own_badge()
    entry = document["credentialStatus"]
    second = f"{LIST_URL}-2"
    document["credentialStatus"] = [
        entry,
        {
            **entry,
            "id": f"{second}#7",
            "statusPurpose": purpose,
            "statusListIndex": "7",
            "statusListCredential": second,
        },
    ]
    return document


@pytest.mark.parametrize(
    ("purpose", "outcome", "reason"),
    [
        ("suspension", Outcome.SUSPENDED, Reason.STATUS_SUSPENDED),
        ("refresh", Outcome.IN_FORCE, Reason.STATUS_NEWER_AVAILABLE),
        ("revocation", Outcome.WITHDRAWN, Reason.STATUS_REVOKED),
    ],
)
def test_each_purpose_means_its_own(purpose: str, outcome: Outcome, reason: Reason) -> None:
    documents = published()
    listed = status_list(7, purpose=purpose, url=f"{LIST_URL}-2")
    documents.documents[f"{LIST_URL}-2"] = strict_json.write(signed(listed))
    report = report_on(signed(_two_entries(purpose)), documents)
    assert report.outcome is outcome
    assert reason in reasons(report)


@pytest.mark.parametrize(
    ("listed", "reason"),
    [
        pytest.param(status_list(issuer_id=OTHER_DID), Reason.STATUS_LIST_INVALID, id="issuer"),
        pytest.param(status_list(purpose="suspension"), Reason.STATUS_LIST_INVALID, id="purpose"),
        pytest.param(
            status_list(url="https://uni.example/status/2"), Reason.STATUS_LIST_INVALID, id="id"
        ),
        pytest.param(
            status_list(valid_until="2026-05-31T00:00:00Z"),
            Reason.STATUS_LIST_EXPIRED,
            id="expired",
        ),
        pytest.param(
            status_list(valid_from="2026-06-02T00:00:00Z"), Reason.STATUS_LIST_INVALID, id="future"
        ),
        pytest.param(own_badge(), Reason.STATUS_LIST_INVALID, id="no list"),
    ],
)
def test_a_list_that_is_not_ours_or_not_current_says_nothing(listed: Badge, reason: Reason) -> None:
    report = report_on(signed(own_badge()), with_list(listed))
    assert reason in reasons(report)
    assert report.outcome is Outcome.NOT_CHECKED


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"null", b"<html>", b'{"type":"VerifiableCredential"}']
)
def test_what_is_no_list_says_nothing(data: bytes) -> None:
    documents = published()
    documents.documents[LIST_URL] = data
    report = report_on(signed(own_badge()), documents)
    assert Reason.STATUS_LIST_INVALID in reasons(report)


def test_an_unsigned_or_altered_list_says_nothing() -> None:
    altered = signed(status_list(94567))
    altered["credentialSubject"]["encodedList"] = status_list()["credentialSubject"]["encodedList"]
    for listed in (status_list(), altered):
        report = report_on(signed(own_badge()), with_list(listed, resign=False))
        assert Reason.STATUS_LIST_INVALID in reasons(report)
        assert report.outcome is Outcome.NOT_CHECKED


def test_an_index_past_the_list_says_nothing() -> None:
    document = own_badge()
    document["credentialStatus"]["statusListIndex"] = "131072"
    assert Reason.STATUS_LIST_INVALID in reasons(report_on(signed(document)))


def test_a_list_that_does_not_answer_is_not_checked_and_never_false() -> None:
    documents = Published({DID_URL: did_json()})
    report = report_on(signed(own_badge()), documents)
    assert report.outcome is Outcome.NOT_CHECKED
    assert Reason.STATUS_UNOBTAINABLE in reasons(report)


def test_an_older_list_than_one_seen_before_is_a_rollback() -> None:
    memory = Remembered()
    newer = with_list(status_list(94567, valid_from="2026-05-20T00:00:00Z"))
    older = with_list(status_list(valid_from="2026-05-19T00:00:00+00:00"))
    assert report_on(signed(own_badge()), newer, memory=memory).outcome is Outcome.WITHDRAWN
    report = report_on(signed(own_badge()), older, memory=memory)
    assert report.outcome is Outcome.NOT_CHECKED
    assert facts_of(report, Reason.STATUS_ROLLED_BACK)["seen"] == "2026-05-20T00:00:00Z"


def test_an_older_did_document_than_one_seen_before_gives_no_key() -> None:
    memory = Remembered({DID_URL: "2026-05-20T00:00:00Z"})
    documents = published()
    documents.documents[DID_URL] = did_json(updated="2026-05-19T00:00:00Z")
    report = report_on(signed(own_badge()), documents, memory=memory)
    assert report.outcome is Outcome.NOT_CHECKED
    assert Reason.PROOF_KEY_UNOBTAINABLE in reasons(report)


def test_an_unknown_kind_of_status_is_not_checked() -> None:
    document = own_badge(credentialStatus={**own_badge()["credentialStatus"], "statusSize": 9})
    report = report_on(signed(document))
    assert report.outcome is Outcome.NOT_CHECKED
    assert facts_of(report, Reason.STATUS_UNSUPPORTED)["type"] == "BitstringStatusListEntry"


def test_no_address_of_a_document_is_asked_before_its_signature_holds() -> None:
    document = signed(own_badge())
    document["credentialStatus"]["statusListCredential"] = "https://tracker.example/1"
    documents = published()
    report = report_on(document, documents)
    assert documents.asked == [DID_URL]
    assert Reason.STATUS_NOT_CHECKED in reasons(report)


def test_a_list_already_checked_is_not_checked_again_but_still_bounded_in_time() -> None:
    sources = Sources(documents=published(), vocabulary=VOCABULARY)
    data = strict_json.write(signed(own_badge()))
    assert verify(data, sources, now=NOW).outcome is Outcome.IN_FORCE
    later = NOW + timedelta(days=60)
    assert Reason.STATUS_LIST_EXPIRED in reasons(verify(data, sources, now=later))


# Replacement


def _replaceable() -> Badge:
    document = own_badge(
        refreshService={"id": "https://uni.example/r/1", "type": "1EdTechCredentialRefresh"}
    )
    document["@context"] = [VC_2, OB_3_0_3, OB_EXTENSIONS]
    return document


def _replacement(key: PrivateKey = KEY, **changes: Any) -> bytes:
    newer = own_badge(id="https://uni.example/c/2", name="Corrected", **changes)
    return strict_json.write(signed(newer, key=key))


def test_a_withdrawn_credential_whose_issuer_put_another_in_its_place_is_replaced() -> None:
    documents = with_list(status_list(94567))
    documents.documents["https://uni.example/r/1"] = _replacement()
    report = report_on(signed(_replaceable()), documents)
    assert report.outcome is Outcome.REPLACED
    assert facts_of(report, Reason.REPLACED) == {"replacement": "https://uni.example/c/2"}


@pytest.mark.parametrize(
    "data",
    [_replacement(OTHER_KEY), _replacement(issuer="did:web:other.example"), b"{}", b"nothing"],
)
def test_a_replacement_that_its_issuer_did_not_sign_replaces_nothing(data: bytes) -> None:
    documents = with_list(status_list(94567))
    documents.documents["https://uni.example/r/1"] = data
    report = report_on(signed(_replaceable()), documents)
    assert report.outcome is Outcome.WITHDRAWN
    assert Reason.REPLACEMENT_NOT_CHECKED in reasons(report)


def test_an_issuer_that_says_there_is_none_has_put_nothing_in_its_place() -> None:
    class WithoutNewer(Published):
        def get(self, url: str, *, now: datetime) -> bytes:
            if url == "https://uni.example/r/1":
                raise Gone("there is no newer one")
            return super().get(url, now=now)

    documents = WithoutNewer(with_list(status_list(94567)).documents)
    report = report_on(signed(_replaceable()), documents)
    assert report.outcome is Outcome.WITHDRAWN
    assert CheckId.REPLACEMENT not in {check.id for check in report.checks}


def test_a_credential_in_force_asks_for_no_replacement() -> None:
    documents = published()
    report_on(signed(_replaceable()), documents)
    assert "https://uni.example/r/1" not in documents.asked


# People


def test_a_register_names_the_issuer_and_not_being_listed_is_a_warning() -> None:
    register = Register("National register", "Ministry", {DID: "North University (state)"})
    listed = report_on(signed(own_badge()), registers=(register,))
    assert facts_of(listed, Reason.REGISTER_LISTED)["issuer"] == "North University (state)"
    unlisted = report_on(signed(own_badge()), registers=(replace(register, issuers={}),))
    assert Reason.REGISTER_NOT_LISTED in reasons(unlisted)
    assert unlisted.outcome is Outcome.IN_FORCE


def test_a_register_of_the_installation_that_answers_is_never_an_independent_word() -> None:
    own = Register("Skills register", "Ministry", {DID: "North"}, is_own=True)
    report = report_on(signed(own_badge()), registers=(own,))
    assert facts_of(report, Reason.REGISTER_LISTED_HERE)["operator"] == "Ministry"
    assert headline(report, "en").startswith("This credential is in force: “North” awarded it.")
    other = Register("National register", "Council", {DID: "North University"})
    assert Reason.REGISTER_LISTED in reasons(report_on(signed(own_badge()), registers=(own, other)))


def _with_email(email: str, salt: str) -> Badge:
    document = own_badge()
    hashed = hashlib.sha256(f"{email}{salt}".encode()).hexdigest()
    document["credentialSubject"]["identifier"].append(
        {
            "type": "IdentityObject",
            "hashed": True,
            "identityHash": f"sha256${hashed}",
            "identityType": "emailAddress",
            "salt": salt,
        }
    )
    return document


@pytest.mark.parametrize(
    ("claimed", "reason"),
    [
        (None, Reason.HOLDER_UNPROVEN),
        (Claimed(), Reason.HOLDER_UNPROVEN),
        (Claimed(email=" Ada@Example.org "), Reason.HOLDER_MATCHES),
        (Claimed(name="ada  LOVELACE"), Reason.HOLDER_MATCHES),
        (Claimed(name="Ada Lovelace", email="ada@example.org"), Reason.HOLDER_MATCHES),
        (Claimed(name="Ada Lovelace", email="eve@example.org"), Reason.HOLDER_DIFFERS),
        (Claimed(name="Eve"), Reason.HOLDER_DIFFERS),
    ],
)
def test_the_holder_is_compared_with_whom_the_checker_names(
    claimed: Claimed | None, reason: Reason
) -> None:
    data = strict_json.write(signed(_with_email("ada@example.org", "pepper")))
    sources = Sources(documents=published(), vocabulary=VOCABULARY)
    report = verify(data, sources, now=NOW, claimed=claimed)
    assert reason in reasons(report)
    assert report.outcome is Outcome.IN_FORCE


def test_an_endorsement_without_a_signature_of_its_own_is_not_vouched_for() -> None:
    document = own_badge(endorsement=badge()["endorsement"])
    report = report_on(signed(document))
    assert facts_of(report, Reason.ENDORSEMENT_DOUBTFUL)["issuer"] == "Board"
    assert report.outcome is Outcome.IN_FORCE


def test_of_several_subjects_none_gives_the_title() -> None:
    document = own_badge()
    second = {"id": "urn:example:2", "type": ["AchievementSubject"], "role": "tutor"}
    document["credentialSubject"] = [document["credentialSubject"], second]
    assert report_on(signed(document)).facts.achievement_id == ""


# What is no credential


@pytest.mark.parametrize("data", [b"{}", b'{"type":"Assertion"}', b'{"type":["Profile"]}'])
def test_another_json_document_holds_no_credential(data: bytes) -> None:
    assert verify(data, Sources(), now=NOW).outcome is Outcome.NO_CREDENTIAL


def test_a_presentation_is_said_to_be_one() -> None:
    with pytest.raises(Malformed, match="presentation"):
        verify(b'{"type":["VerifiablePresentation"]}', Sources(), now=NOW)


# Outcome


every_reason = st.sampled_from(list(Reason))
every_check = st.builds(
    Check, st.sampled_from(list(CheckId)), st.sampled_from(list(Result)), every_reason
)


@given(st.lists(every_check, max_size=8))
def test_order_never_matters_and_a_failed_signature_is_always_altered(checks: list[Check]) -> None:
    assert outcome_of(checks) is outcome_of(checks[::-1])
    failed = Check(CheckId.PROOF, Result.FAIL, Reason.PROOF_MISMATCH)
    assert outcome_of([*checks, failed]) is Outcome.ALTERED


@given(st.lists(every_check, max_size=8))
def test_in_force_means_that_no_decisive_check_is_open_or_failed(checks: list[Check]) -> None:
    if outcome_of(checks) is Outcome.IN_FORCE:
        authorship = {CheckId.CONTEXT, CheckId.DOCUMENT, CheckId.PROOF, CheckId.ISSUER}
        for check in checks:
            if check.id in authorship:
                assert check.result in {Result.PASS, Result.WARNING}
            assert check.reason not in {Reason.STATUS_REVOKED, Reason.VALIDITY_EXPIRED}
