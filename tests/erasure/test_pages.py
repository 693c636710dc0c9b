"""Pages of erasure: what a registrar and a learner see and do, without JavaScript."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client, TestCase
from django.utils import timezone

from cairn.erasure import letters
from cairn.erasure.carrying_out import carry_out
from cairn.erasure.choices import Decision
from cairn.erasure.models import Case, PrivacySettings
from cairn.issuing.models import Award, Credential, Removal
from cairn.organisations.models import Organisation, Role
from cairn.people.models import User
from cairn.wallet.models import Holding
from tests import world
from tests.erasure import office

pytestmark = pytest.mark.django_db
RULING = {
    "decision": "erase",
    "basis": "consent",
    "reasons": "",
    "identity": "document",
    "identity_note": "",
}


def _client(user: User) -> Client:
    client = Client()
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def ours() -> Organisation:
    return world.organisation()


@pytest.fixture
def registrar(ours: Organisation) -> Client:
    return _client(world.member(ours, Role.REGISTRAR))


def _held(ours: Organisation) -> tuple[Award, User]:
    learner = world.user(name="Zoë Quillfeather")
    award = world.issued_award(ours, email=learner.email, name=learner.name)
    Holding.objects.create(award=award, holder=learner, claimed_at=world.NOW)
    return award, learner


def test_a_request_goes_from_the_learner_to_a_decision_and_is_carried_out(
    ours: Organisation, registrar: Client
) -> None:
    award, learner = _held(ours)
    own = _client(learner)
    assert ours.name in own.get("/me/erasure/").content.decode()
    asked = own.post(f"/me/erasure/ask/{ours.slug}", {"wants": "erase", "wish": "Please."})
    case = Case.objects.get()
    assert asked["Location"] == f"/me/erasure/{case.id}/"

    here = f"/console/{ours.slug}/erasure/{case.id}/"
    assert "Please." in registrar.get(here).content.decode()
    preview = registrar.post(here, RULING)
    assert preview.status_code == 200
    assert "What goes" in preview.content.decode()
    assert Case.objects.get().state == Case.State.OPEN  # a preview decides nothing
    digest = preview.context["digest"]
    with TestCase.captureOnCommitCallbacks(execute=True):
        registrar.post(here, {**RULING, "step": "confirm", "digest": digest})
    case.refresh_from_db()
    assert case.state == Case.State.DECIDED
    assert mail.outbox[-1].to == [learner.email]

    registrar.post(f"{here}carry-out")
    assert Removal.objects.get().award_id == award.id
    assert "Erased on" in own.get(f"/me/erasure/{case.id}/").content.decode()
    assert learner.name not in registrar.get(here).content.decode()


def test_an_address_of_an_erased_credential_says_so_and_names_nobody(ours: Organisation) -> None:
    award, learner = _held(ours)
    credential = Credential.objects.get(award=award)
    case = office.decided(office.entered(ours, email=learner.email))
    carry_out(case_id=case.id, actor=None, now=office.SOON)
    for address in (f"/c/{credential.id}", f"/c/{credential.id}/credential.json"):
        answer = Client().get(address)
        assert answer.status_code == 410
        assert "erased at the learner’s request" in answer.content.decode()
        assert learner.name not in answer.content.decode()
    assert Client().get(f"/c/{credential.id}/newest").status_code == 410


def test_a_restricted_credential_looks_like_none(ours: Organisation) -> None:
    award, learner = _held(ours)
    credential = Credential.objects.get(award=award)
    office.decided(office.entered(ours, email=learner.email), Decision.RESTRICT)
    assert _client(learner).get(f"/c/{credential.id}").status_code == 404


def test_the_letter_leads_to_a_page_with_everything_as_one_file(ours: Organisation) -> None:
    _award, learner = _held(ours)
    case = office.decided(office.entered(ours, email=learner.email))
    address = letters.page_url(case.id).removeprefix("https://cairn.test")
    assert letters.page_url(case.id) in mail.outbox[-1].body
    assert "Save everything" in Client().get(address).content.decode()
    archive = zipfile.ZipFile(io.BytesIO(Client().get(f"{address}credentials.zip").content))
    names = [name.partition("/")[2] for name in archive.namelist()]
    assert {"credential.json", "credential.jwt", "credential.vc.jwt", "credential.pdf"} == set(
        names
    )
    assert Client().get(f"/erasure/{case.id}/{'x' * 43}/").status_code == 404


def test_by_the_letter_the_learner_takes_it_back_or_has_it_done_after_asking_once_more(
    ours: Organisation,
) -> None:
    _award, learner = _held(ours)
    case = office.decided(office.entered(ours, email=learner.email))
    address = letters.page_url(case.id).removeprefix("https://cairn.test")
    asks = Client().post(address, {"act": "ask_now"})
    assert "Nobody can bring it back" in asks.content.decode()
    assert not Removal.objects.exists()
    Client().post(address, {"act": "back"})
    assert Case.objects.get().state == Case.State.TAKEN_BACK
    again = office.decided(office.entered(ours, email=learner.email))
    address = letters.page_url(again.id).removeprefix("https://cairn.test")
    Client().post(address, {"act": "now"})
    assert Removal.objects.exists()
    assert Client().get(f"{address}credentials.zip").status_code == 404


def test_a_decision_without_its_ground_or_reasons_is_told_at_the_field(
    ours: Organisation, registrar: Client
) -> None:
    _award, learner = _held(ours)
    case = office.entered(ours, email=learner.email)
    here = f"/console/{ours.slug}/erasure/{case.id}/"
    answer = registrar.post(here, {**RULING, "decision": "refuse"})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"basis", "reasons"}


def test_a_case_that_waits_too_long_is_marked(ours: Organisation, registrar: Client) -> None:
    _award, learner = _held(ours)
    office.entered(ours, email=learner.email)
    page = registrar.get(f"/console/{ours.slug}/erasure/").content.decode()
    assert "1 July 2026" in page
    assert "Overdue" in page  # the clock of the test is the real one


def test_a_request_by_mail_is_entered_with_the_day_it_came(
    ours: Organisation, registrar: Client
) -> None:
    _award, learner = _held(ours)
    address = f"/console/{ours.slug}/erasure/new"
    said = {
        "email": learner.email,
        "received_on": "2026-06-03",
        "wants": "erase",
        "identity": "known",
    }
    wrong = registrar.post(address, {**said, "email": "nobody@example.net"})
    assert wrong.status_code == 422
    assert "No award of yours went to this address." in wrong.content.decode()
    registrar.post(address, said)
    assert Case.objects.get().asked_at.date().isoformat() == "2026-06-03"


def test_what_is_over_is_proposed_and_goes_only_if_somebody_ticks_it(
    ours: Organisation, registrar: Client
) -> None:
    award, learner = _held(ours)
    kept, _other = _held(ours)
    long_ago = timezone.now() - timedelta(days=4000)
    Award.objects.filter(pk=award.pk).update(awarded_at=long_ago)
    registrar.post(f"/console/{ours.slug}/erasure/settings", {"retention_years": "10"})
    assert PrivacySettings.objects.get().retention_years == 10
    page = f"/console/{ours.slug}/erasure/over"
    listed = registrar.get(page)
    assert [each for each, _title in listed.context["awards"]] == [award]
    assert "Tick the awards" in registrar.post(page).content.decode()
    chosen = registrar.post(page, {"award": [str(award.id)]})
    assert not Case.objects.exists()
    with TestCase.captureOnCommitCallbacks(execute=True):
        registrar.post(
            page,
            {"award": [str(award.id)], "step": "confirm", "digest": chosen.context["digest"]},
        )
    case = Case.objects.get()
    assert (case.origin, case.state, case.email) == ("retention", "decided", learner.email)
    assert mail.outbox[-1].to == [learner.email]
    carry_out(case_id=case.id, actor=None, now=timezone.now())
    award.refresh_from_db()
    kept.refresh_from_db()
    assert (award.recipient_name, award.state) == ("", Award.State.ISSUED)  # not withdrawn
    assert kept.recipient_name == learner.name


@pytest.mark.parametrize("role", [Role.AWARDER, Role.VIEWER, Role.DESIGNER])
def test_only_registrars_and_owners_see_cases(ours: Organisation, role: Role) -> None:
    assert (
        _client(world.member(ours, role)).get(f"/console/{ours.slug}/erasure/").status_code == 403
    )
