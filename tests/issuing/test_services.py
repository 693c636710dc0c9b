"""`cairn.issuing.services`: who may award what, once; withdrawing for good; another address."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction

from cairn.catalogue.models import Achievement, AchievementVersion, Offering
from cairn.core.errors import Conflict, Malformed, NotAllowed
from cairn.core.status.allocation import MAX_FILL
from cairn.core.status.bitstring import StatusList as Bits
from cairn.issuing import services
from cairn.issuing.models import Award, Credential, StatusEntry, StatusList
from cairn.organisations.models import Role
from cairn.people.models import Learner
from cairn.platform import outbox
from cairn.platform.models import AuditEntry, OutboxEvent
from cairn.signing.models import SigningOrder
from tests import world

pytestmark = pytest.mark.django_db
NOW = world.NOW


def withdraw(award: Award, **changes: Any) -> Award:
    actor = changes.pop("actor", None) or world.member(award.issuer, Role.REGISTRAR)
    values = {"reason": Award.Reason.ERROR, "note": "", "now": NOW, **changes}
    return services.withdraw_award(award=award, actor=actor, **values)


def correct(award: Award, email: str, **changes: Any) -> Award:
    actor = changes.pop("actor", None) or world.member(award.issuer, Role.AWARDER)
    return services.correct_address(award=award, email=email, actor=actor, now=NOW)


def tell(kind: str, award: Award) -> None:
    """Say what the wallet says."""
    with transaction.atomic():
        outbox.emit(kind, organisation_id=award.issuer_id, subject_id=award.id, at=NOW)


def nothing_is_left() -> bool:
    models = (Award, Credential, StatusEntry, StatusList, Learner, SigningOrder)
    return not any(model._default_manager.exists() for model in models)


@pytest.mark.parametrize("role", list(Role))
def test_awarders_registrars_and_owners_award_and_nobody_else(role: Role) -> None:
    issuer = world.organisation()
    actor = world.member(issuer, role)
    if role in (Role.AWARDER, Role.REGISTRAR, Role.OWNER):
        assert world.planned_award(issuer, actor=actor).awarded_by == actor
    else:
        with pytest.raises(NotAllowed):
            world.planned_award(issuer, actor=actor)
        assert nothing_is_left()


def test_a_member_of_another_organisation_may_not_award() -> None:
    stranger = world.member(world.organisation(), Role.OWNER)
    with pytest.raises(NotAllowed):
        world.planned_award(world.organisation(), actor=stranger)


def test_one_learner_is_one_row_however_the_address_is_written() -> None:
    issuer = world.organisation()
    first = world.planned_award(issuer, email="Ada@Example.org")
    second = world.planned_award(issuer, email=" ada@example.ORG ")
    assert first.learner == second.learner
    assert Learner.objects.get().email == "ada@example.org"


def test_each_run_awards_once() -> None:
    issuer = world.organisation()
    version = world.published_version(issuer)
    spring, autumn = world.offering(version), world.offering(version)
    for run in (None, spring, autumn):
        world.planned_award(issuer, version, offering=run, email="ada@example.org")
        with pytest.raises(Conflict, match="already"):
            world.planned_award(issuer, version, offering=run, email="ADA@example.org")
    assert Award.objects.count() == Credential.objects.count() == 3
    assert SigningOrder.objects.count() == 3


def test_a_form_sent_twice_awards_once() -> None:
    issuer = world.organisation()
    version = world.published_version(issuer)
    values: dict[str, Any] = {"email": "ada@example.org", "award_id": uuid4()}
    first = world.planned_award(issuer, version, **values)
    assert world.planned_award(issuer, version, **values) == first
    assert Credential.objects.count() == 1
    with pytest.raises(Conflict, match="another award"):
        world.planned_award(issuer, version, **{**values, "email": "alan@example.org"})


def test_only_what_is_published_active_and_ones_own_is_awarded() -> None:
    issuer, other = world.organisation(), world.organisation()
    draft = world.published_version(
        issuer, state=AchievementVersion.State.DRAFT, published_at=None, approval=""
    )
    with pytest.raises(Conflict, match="not published"):
        world.planned_award(issuer, draft)
    retired = world.published_version(issuer)
    Achievement.objects.filter(pk=retired.achievement_id).update(state=Achievement.State.RETIRED)
    retired.refresh_from_db()
    with pytest.raises(Conflict, match="retired"):
        world.planned_award(issuer, retired)
    with pytest.raises(Malformed, match="not of this organisation"):
        world.planned_award(issuer, world.published_version(other))
    assert nothing_is_left()


def test_a_run_must_be_open_and_of_the_version() -> None:
    issuer = world.organisation()
    version = world.published_version(issuer)
    closed = world.offering(version, state=Offering.State.CLOSED)
    with pytest.raises(Conflict, match="closed"):
        world.planned_award(issuer, version, offering=closed)
    foreign = world.offering(world.published_version(issuer))
    with pytest.raises(Malformed, match="another version"):
        world.planned_award(issuer, version, offering=foreign)
    assert nothing_is_left()


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"language": "de"}, "/language"),
        ({"email": "ada@example.org\r\nBcc: eve@example.org"}, "/email"),
        ({"email": "ada"}, "/email"),
        ({"name": "Ada\u202eLovelace"}, "/name"),
        ({"name": ""}, "/name"),
        (
            {"achieved": services.Achieved(results=[{"type": ["Result"], "score": "1"}])},
            "/results/0",
        ),
        (
            {
                "achieved": services.Achieved(
                    results=[
                        {
                            "type": ["Result"],
                            "resultDescription": "https://cairn.test/other",
                            "value": "1",
                        }
                    ]
                )
            },
            "/credentialSubject/result/0/resultDescription",
        ),
        (
            {"achieved": services.Achieved(narrative="bell \x07")},
            "/narrative",
        ),
        (
            {"achieved": services.Achieved(evidence_url="not an address")},
            "/id",
        ),
    ],
)
def test_what_could_not_be_signed_is_refused_and_nothing_is_left(
    changes: dict[str, Any], path: str
) -> None:
    issuer = world.organisation()
    with pytest.raises(Malformed) as refusal:
        world.planned_award(issuer, **changes)
    assert refusal.value.path == path
    assert nothing_is_left()


def test_rows_of_audit_and_outbox_name_no_person() -> None:
    issuer = world.organisation()
    award = world.issued_award(issuer, email="zora@example.org", name="Zora Lovelace")
    withdraw(award, note="Zora asked for it")
    rows = [*AuditEntry.objects.values_list("details"), *OutboxEvent.objects.values_list("payload")]
    assert "zora" not in str(rows).lower()  # a name that no hexadecimal id spells
    kinds = list(OutboxEvent.objects.filter(subject_id=award.id).values_list("kind", flat=True))
    assert kinds == ["credential.issued", "credential.withdrawn"]


def test_what_is_planned_is_all_but_the_signature() -> None:
    issuer = world.organisation(time_zone="America/New_York")
    version = world.published_version(issuer, valid_for_months=12, is_suspendable=True)
    award = world.planned_award(issuer, version)
    credential = Credential.objects.get(award=award)
    assert award.state == Award.State.PLANNED
    assert (award.valid_from, str(award.valid_until)) == (NOW, "2027-06-02 03:59:59+00:00")
    assert len(credential.salt) == 32
    entries = credential.status_entries.order_by("status_list__purpose")
    assert [entry.status_list.purpose for entry in entries] == ["revocation", "suspension"]
    order = SigningOrder.objects.get()
    assert (order.kind, order.subject_id) == ("credential", credential.id)
    assert order.requester_id == award.awarded_by_id


def test_salts_and_ids_are_drawn_anew_for_each_credential() -> None:
    issuer = world.organisation()
    made = [world.planned_award(issuer, email="ada@example.org") for _ in range(3)]
    credentials = Credential.objects.filter(award__in=made)
    assert len({credential.salt for credential in credentials}) == 3
    assert all(credential.id.version == 4 for credential in credentials)


def test_entries_are_random_and_noted_as_taken() -> None:
    issuer = world.organisation()
    version = world.published_version(issuer)
    for _ in range(12):
        world.planned_award(issuer, version)
    listed = StatusList.objects.get()
    indices = list(StatusEntry.objects.order_by("id").values_list("index", flat=True))
    taken = Bits(bytes(listed.taken))
    assert len(taken) >= 131_072
    assert taken.count() == len(set(indices)) == 12
    assert all(taken[index] for index in indices)
    assert indices != sorted(indices)
    assert max(indices) > 10_000  # 12 draws below that: once in 10^13
    assert Bits(bytes(listed.bits)).count() == 0


def test_lists_of_issuers_and_purposes_are_their_own() -> None:
    for _ in range(2):
        issuer = world.organisation()
        version = world.published_version(issuer, is_suspendable=True)
        world.planned_award(issuer, version)
        world.planned_award(issuer, version)
    assert StatusList.objects.count() == 4


def test_a_full_list_is_closed_and_another_begun() -> None:
    issuer = world.organisation()
    world.planned_award(issuer)
    first = StatusList.objects.get()
    full = int(len(Bits.empty()) * MAX_FILL) // 8
    first.taken = b"\xff" * full + bytes(len(first.taken) - full)
    first.save()
    award = world.planned_award(issuer)
    second = StatusList.objects.get(is_open=True)
    first.refresh_from_db()
    assert not first.is_open
    assert second != first
    assert StatusEntry.objects.get(credential__award=award).status_list == second


def test_the_first_withdrawal_stands() -> None:
    issuer = world.organisation()
    award = world.issued_award(issuer)
    withdraw(award, reason=Award.Reason.MISCONDUCT, note="see file 7")
    with pytest.raises(Conflict, match="1 June 2026"):
        withdraw(award, reason=Award.Reason.REQUEST, now=NOW + timedelta(days=1))
    award.refresh_from_db()
    assert (award.withdrawn_reason, award.withdrawn_note) == ("misconduct", "see file 7")
    assert award.withdrawn_at == NOW
    assert OutboxEvent.objects.filter(kind="credential.withdrawn").count() == 1


def test_a_withdrawal_sets_its_own_bit_alone() -> None:
    issuer = world.organisation()
    version = world.published_version(issuer, is_suspendable=True)
    award = world.issued_award(issuer, version)
    world.issued_award(issuer, version)
    withdraw(award)
    entry = StatusEntry.objects.get(credential__award=award, status_list__purpose="revocation")
    revocations = Bits(bytes(StatusList.objects.get(purpose="revocation").bits))
    assert (revocations.count(), revocations[entry.index]) == (1, True)
    suspensions = StatusList.objects.get(purpose="suspension")
    assert Bits(bytes(suspensions.bits)).count() == 0
    assert not suspensions.is_changed


@pytest.mark.parametrize("role", [Role.VIEWER, Role.DESIGNER, Role.ASSESSOR])
def test_who_may_not_withdraw_changes_nothing(role: Role) -> None:
    award = world.issued_award(world.organisation())
    actor = world.member(award.issuer, role)
    with pytest.raises(NotAllowed):
        withdraw(award, actor=actor)
    with pytest.raises(NotAllowed):
        correct(award, "new@example.org", actor=actor)
    award.refresh_from_db()
    assert award.state == Award.State.ISSUED


def test_what_somebody_claimed_keeps_its_address_until_it_is_handed_back() -> None:
    award = world.issued_award(world.organisation(), email="old@example.org")
    tell("credential.claimed", award)
    with pytest.raises(Conflict, match="claimed"):
        correct(award, "new@example.org")
    tell("credential.handed_back", award)
    assert correct(award, "new@example.org").learner.email == "new@example.org"


def test_an_address_is_corrected_once_it_is_signed_and_while_it_stands() -> None:
    issuer = world.organisation()
    planned = world.planned_award(issuer)
    with pytest.raises(Conflict, match="being signed"):
        correct(planned, "new@example.org")
    world.sign_orders()
    withdraw(planned)
    with pytest.raises(Conflict, match="withdrawn on"):
        correct(planned, "new@example.org")


def test_an_address_is_not_corrected_to_whom_has_the_award_or_to_itself() -> None:
    issuer = world.organisation()
    version = world.published_version(issuer)
    award = world.issued_award(issuer, version, email="old@example.org")
    world.issued_award(issuer, version, email="new@example.org")
    with pytest.raises(Conflict, match="already"):
        correct(award, "NEW@example.org")
    with pytest.raises(Malformed, match="the address it has"):
        correct(award, "OLD@example.org")
    award.refresh_from_db()
    assert (award.learner.email, award.state) == ("old@example.org", "issued")
    assert Credential.objects.filter(award=award).count() == 1
