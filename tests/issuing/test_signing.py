"""`cairn.issuing.signing`: what a planned award becomes, and how lists are published."""

import hashlib
import json
from datetime import timedelta
from typing import Any

import pytest
from jsonschema import Draft201909Validator

from cairn.core.codec import strict_json
from cairn.core.did.web import document_url
from cairn.core.errors import Conflict
from cairn.core.openbadges.award import email_identity
from cairn.core.status.bitstring import StatusList as Bits
from cairn.core.status.credential import read_list
from cairn.core.verify.pipeline import verify
from cairn.core.verify.ports import Sources
from cairn.core.verify.report import CheckId, Outcome, Report, Result
from cairn.issuing import selectors, services, signing, status_lists
from cairn.issuing.addresses import credential_url, status_list_url
from cairn.issuing.models import Award, Credential, SignedForm, StatusList
from cairn.organisations.models import Organisation, Role
from cairn.platform.models import OutboxEvent
from cairn.signing.identity import issuer_did, key_url
from cairn.signing.models import SigningKey, SigningOrder
from cairn.signing.opening import open_signer
from cairn.signing.selectors import did_document, published_jwk
from tests import world
from tests.core.issuing import Published
from tests.reference import reference

pytestmark = pytest.mark.django_db
NOW = world.NOW
REVOKED, FORMS = Award.Reason.ERROR, SignedForm.Form


def read(award: Award, form: str = FORMS.DATA_INTEGRITY) -> bytes:
    credential = selectors.current_credential(award)
    assert credential is not None
    body = selectors.form_body(credential, form)
    assert body is not None
    return body


def document_of(award: Award) -> dict[str, Any]:
    return dict(json.loads(read(award)))


def checked(body: bytes, issuer: Organisation, now: Any = NOW) -> Report:
    """What our check says of `body`, with all that its issuer publishes and nothing else."""
    published = {document_url(issuer_did(issuer)): strict_json.write(did_document(issuer))}
    for key in SigningKey.objects.filter(organisation=issuer):
        jwk = published_jwk(issuer, key.fragment)
        published[key_url(issuer, key.fragment)] = strict_json.write(jwk)
    for found in StatusList.objects.filter(issuer=issuer, version__gt=0):
        published[status_list_url(found.id)] = bytes(found.body)
    return verify(body, Sources(documents=Published(published)), now=now)


def withdraw(award: Award, **changes: Any) -> Award:
    actor = world.member(award.issuer, Role.REGISTRAR)
    values = {"reason": REVOKED, "note": "", "now": NOW, **changes}
    return services.withdraw_award(award=award, actor=actor, **values)


def events(kind: str) -> int:
    return OutboxEvent.objects.filter(kind=kind).count()


@pytest.mark.parametrize("form", FORMS.values)
def test_each_form_is_in_force_to_our_own_check(form: str) -> None:
    issuer = world.organisation()
    version = world.published_version(issuer, is_suspendable=True)
    award = world.issued_award(issuer, version)
    report = checked(read(award, form), issuer)
    assert report.outcome is Outcome.IN_FORCE, report
    assert {check.result for check in report.checks} <= {Result.PASS, Result.WARNING}


def test_stored_are_the_exact_bytes_with_digest_and_key() -> None:
    issuer = world.organisation()
    award = world.issued_award(issuer)
    fragments = {
        key.fragment: key.algorithm for key in SigningKey.objects.filter(organisation=issuer)
    }
    credential = Credential.objects.get(award=award)
    forms = {form.form: form for form in credential.forms.all()}
    assert set(forms) == set(FORMS.values)
    for form in forms.values():
        assert form.sha256 == hashlib.sha256(bytes(form.body)).hexdigest()
        assert (form.issuer_id, form.signed_at) == (issuer.id, NOW)
    assert fragments[forms[FORMS.OPEN_BADGES_JWT].key_fragment] == "RSA"
    assert fragments[forms[FORMS.DATA_INTEGRITY].key_fragment] == "Ed25519"
    assert fragments[forms[FORMS.VC_JWT].key_fragment] == "Ed25519"


def test_signing_twice_gives_the_same_rows_and_tells_once() -> None:
    issuer = world.organisation()
    award = world.issued_award(issuer)
    order = SigningOrder.objects.get(kind="credential")
    before = list(SignedForm.objects.order_by("id").values())
    later = NOW + timedelta(hours=1)
    signing.sign_credential(order, open_signer(issuer, later), later)
    assert list(SignedForm.objects.order_by("id").values()) == before
    assert events("credential.issued") == 1
    assert OutboxEvent.objects.get(kind="credential.issued").subject_id == award.id


def test_a_list_is_published_before_the_first_credential_that_names_it() -> None:
    issuer = world.organisation()
    world.planned_award(issuer)
    assert StatusList.objects.get().version == 0
    order = SigningOrder.objects.get(kind="credential")
    signing.sign_credential(order, open_signer(issuer, NOW), NOW)
    assert StatusList.objects.get().version == 1


@pytest.mark.parametrize("is_suspendable", [False, True])
def test_the_document_follows_the_strict_schema(is_suspendable: bool) -> None:
    # An array of statuses is what that schema refuses (docs: loss report), so it is left out.
    schema = json.loads(reference("schemas/ob3-strict.json").read_text())
    issuer = world.organisation()
    results = [{"name": "Score", "resultType": "Percent", "valueMin": "0", "valueMax": "100"}]
    version = world.published_version(
        issuer, is_suspendable=is_suspendable, result_descriptions=results, valid_for_months=12
    )
    url = f"https://cairn.test/a/{version.achievement_id}/v/1#result-1"
    achieved = services.Achieved(
        narrative="Measured dust.",
        evidence_url="https://example.org/portfolio",
        evidence_name="Portfolio",
        results=[{"type": ["Result"], "resultDescription": url, "value": "90"}],
    )
    document = document_of(world.issued_award(issuer, version, achieved=achieved))
    problems = [error.json_path for error in Draft201909Validator(schema).iter_errors(document)]
    assert problems == (["$.credentialStatus"] if is_suspendable else [])


def test_the_document_says_who_by_a_salted_digest_and_the_name() -> None:
    issuer = world.organisation()
    award = world.issued_award(issuer, email="Ada@Example.org", name="Ada Lovelace")
    body = read(award)
    assert b"ada@example.org" not in body.lower()
    credential = Credential.objects.get(award=award)
    identity = email_identity("ada@example.org", credential.salt)
    document = document_of(award)
    names, addresses = document["credentialSubject"]["identifier"]
    assert names["identityHash"] == "Ada Lovelace"
    assert addresses["identityHash"] == identity.identity_hash
    assert document["id"] == credential_url(credential.id)
    assert document["refreshService"]["id"] == f"{document['id']}/newest"
    assert document["awardedDate"] == "2026-06-01T12:00:00Z"


def test_a_version_without_names_leaves_the_name_out() -> None:
    issuer = world.organisation()
    version = world.published_version(issuer, names_learner=False)
    assert b"Lovelace" not in read(world.issued_award(issuer, version, name="Ada Lovelace"))


def test_the_document_is_in_the_language_of_the_award() -> None:
    issuer = world.organisation()
    document = document_of(world.issued_award(issuer, language="fr"))
    achievement = document["credentialSubject"]["achievement"]
    assert (achievement["inLanguage"], document["name"]) == ("fr", "Bases de la qualité de l’air")


def test_a_suspendable_version_has_two_entries_the_others_one() -> None:
    issuer = world.organisation()
    plain = document_of(world.issued_award(issuer))["credentialStatus"]
    assert plain["statusPurpose"] == "revocation"
    version = world.published_version(issuer, is_suspendable=True)
    both = document_of(world.issued_award(issuer, version))["credentialStatus"]
    assert [entry["statusPurpose"] for entry in both] == ["revocation", "suspension"]


def test_a_withdrawal_is_published_and_the_next_look_says_so() -> None:
    issuer = world.organisation()
    award = world.issued_award(issuer)
    other = world.issued_award(issuer)
    withdraw(award)
    assert checked(read(award), issuer).outcome is Outcome.IN_FORCE
    world.sign_orders()
    assert checked(read(award), issuer).outcome is Outcome.WITHDRAWN
    assert checked(read(other), issuer).outcome is Outcome.IN_FORCE


def test_an_award_withdrawn_before_it_was_signed_is_not_signed() -> None:
    issuer = world.organisation()
    award = world.planned_award(issuer)
    withdraw(award)
    world.sign_orders()
    assert selectors.current_credential(award) is None
    assert not SignedForm.objects.exists()
    assert (events("credential.issued"), events("credential.withdrawn")) == (0, 0)


def test_an_unchanged_list_is_not_signed_again() -> None:
    issuer = world.organisation()
    withdraw(world.issued_award(issuer))
    world.sign_orders()
    published = StatusList.objects.get()
    order = SigningOrder.objects.get(kind="status_list")
    signing.sign_status_list(order, open_signer(issuer, NOW), NOW + timedelta(minutes=1))
    assert StatusList.objects.get().version == published.version == 2


def test_several_withdrawals_are_one_signing() -> None:
    issuer = world.organisation()
    awards = [world.issued_award(issuer) for _ in range(3)]
    for award in awards:
        withdraw(award)
    assert SigningOrder.objects.filter(kind="status_list").count() == 1
    world.sign_orders()
    document = strict_json.read(bytes(StatusList.objects.get().body))
    assert isinstance(document, dict)
    url = status_list_url(StatusList.objects.get().id)
    assert read_list(document, list_url=url).statuses.count() == 3


def test_a_published_revocation_is_never_taken_back() -> None:
    issuer = world.organisation()
    withdraw(world.issued_award(issuer))
    world.sign_orders()
    StatusList.objects.update(bits=Bits.empty().bits, is_changed=True)
    order = SigningOrder.objects.get(kind="status_list")
    with pytest.raises(Conflict, match="lost a revocation"):
        signing.sign_status_list(order, open_signer(issuer, NOW), NOW)
    assert StatusList.objects.get().version == 2


def test_a_clock_set_back_makes_no_older_list() -> None:
    issuer = world.organisation()
    award = world.issued_award(issuer)
    withdraw(award)
    world.sign_orders(now=NOW - timedelta(hours=2))
    assert StatusList.objects.get().signed_at == NOW
    assert checked(read(award), issuer).outcome is Outcome.WITHDRAWN


def test_a_list_is_renewed_well_before_it_ends() -> None:
    issuer = world.organisation()
    award = world.issued_award(issuer)
    end = NOW + status_lists.LIFETIME
    early = end - status_lists.RENEW_BEFORE - timedelta(seconds=1)
    assert signing.renew_status_lists(early) == 0
    late = end - status_lists.RENEW_BEFORE
    assert signing.renew_status_lists(late) == 1
    assert signing.renew_status_lists(late) == 1  # the same order
    assert SigningOrder.objects.filter(kind="status_list").count() == 1
    world.sign_orders(now=late)
    assert signing.renew_status_lists(late) == 0
    assert checked(read(award), issuer, end + timedelta(days=1)).outcome is Outcome.IN_FORCE


def test_a_change_whose_order_was_lost_is_found_again() -> None:
    issuer = world.organisation()
    award = world.issued_award(issuer)
    withdraw(award)
    SigningOrder.objects.filter(kind="status_list").update(state=SigningOrder.State.FAILED)
    assert signing.renew_status_lists(NOW) == 1
    world.sign_orders()
    assert checked(read(award), issuer).outcome is Outcome.WITHDRAWN


def test_lists_are_signed_anew_when_a_key_was_given_up() -> None:
    issuer = world.organisation()
    world.issued_award(issuer)
    assert signing.order_lists_anew(issuer, NOW) == 1
    world.sign_orders()
    assert StatusList.objects.get().version == 2


def test_a_corrected_address_gives_a_new_credential_and_withdraws_the_old() -> None:
    issuer = world.organisation()
    award = world.issued_award(issuer, email="old@example.org")
    old = read(award)
    actor = world.member(issuer, Role.AWARDER)
    services.correct_address(award=award, email="new@example.org", actor=actor, now=NOW)
    world.sign_orders()
    award.refresh_from_db()
    assert award.state == Award.State.ISSUED
    new = read(award)
    assert json.loads(new)["id"] != json.loads(old)["id"]
    assert checked(new, issuer).outcome is Outcome.IN_FORCE
    # Who has the old one is not told of the new one.
    assert checked(old, issuer).outcome is Outcome.WITHDRAWN
    assert (events("credential.issued"), events("award.address_corrected")) == (2, 1)


def test_a_credential_past_its_months_is_expired() -> None:
    issuer = world.organisation(time_zone="Europe/Paris")
    version = world.published_version(issuer, valid_for_months=1)
    award = world.issued_award(issuer, version)
    assert document_of(award)["validUntil"] == "2026-07-01T21:59:59Z"
    report = checked(read(award), issuer, NOW + timedelta(days=40))
    assert CheckId.VALIDITY in {c.id for c in report.checks if c.result is Result.FAIL}


def test_an_organisation_that_changes_its_name_signs_with_the_new_one() -> None:
    issuer = world.organisation()
    award = world.planned_award(issuer)
    Organisation.objects.filter(pk=issuer.pk).update(name="New University")
    world.sign_orders()
    assert document_of(award)["issuer"]["name"] == "New University"
