"""`cairn.issuing.acts`: suspend, reinstate and withdraw, one award or many, once."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import pytest

from cairn.core.errors import Conflict, Malformed, NotAllowed
from cairn.core.status.bitstring import StatusList as Bits
from cairn.issuing import acts
from cairn.issuing.acts import Order
from cairn.issuing.changes import Act, Change
from cairn.issuing.models import Award, StatusEntry, StatusList
from cairn.organisations.models import Organisation, Role
from cairn.platform.models import AuditEntry, OutboxEvent
from cairn.signing.models import SigningOrder
from tests import world

pytestmark = pytest.mark.django_db
NOW = world.NOW
_REASON = {Act.WITHDRAW: "error", Act.SUSPEND: "review", Act.REINSTATE: "settled"}


def ordered(act: Act, **changes: Any) -> Order:
    return Order(act, **{"act_id": uuid4(), "reason": _REASON[act], **changes})


def do(awards: Sequence[Award], order: Order, **changes: Any) -> list[Award]:
    issuer: Organisation = changes.pop("issuer", awards[0].issuer)
    actor = changes.pop("actor", None) or world.member(issuer, Role.REGISTRAR)
    ids = [award.id for award in awards]
    return acts.act_on(issuer=issuer, award_ids=ids, order=order, actor=actor, now=NOW)


def several(count: int, issuer: Organisation | None = None) -> list[Award]:
    issuer = issuer or world.organisation()
    version = world.published_version(issuer, is_suspendable=True)
    return [world.issued_award(issuer, version) for _ in range(count)]


def bit(award: Award, purpose: str) -> bool:
    """What the published list says."""
    world.sign_orders(now=NOW)
    entry = StatusEntry.objects.get(
        credential__award=award, credential__is_current=True, status_list__purpose=purpose
    )
    status_list = StatusList.objects.get(pk=entry.status_list_id)
    assert not status_list.is_changed
    return Bits(bytes(status_list.bits))[entry.index]


def state(award: Award) -> str:
    award.refresh_from_db()
    return award.state


def told(award: Award) -> list[str]:
    kinds = OutboxEvent.objects.filter(subject_id=award.id).order_by("id")
    return list(kinds.values_list("kind", flat=True))


def test_what_is_suspended_comes_back_into_force() -> None:
    (award,) = several(1)
    do([award], ordered(Act.SUSPEND))
    assert (state(award), bit(award, "suspension")) == ("suspended", True)
    do([award], ordered(Act.REINSTATE))
    assert (state(award), bit(award, "suspension")) == ("issued", False)
    assert not bit(award, "revocation")
    assert told(award)[-2:] == ["award.suspended", "award.reinstated"]
    assert [change.act for change in award.changes.order_by("id")] == ["suspend", "reinstate"]


def test_what_was_withdrawn_while_suspended_stays_withdrawn() -> None:
    (award,) = several(1)
    do([award], ordered(Act.SUSPEND))
    do([award], ordered(Act.WITHDRAW))
    with pytest.raises(Conflict):
        do([award], ordered(Act.REINSTATE))
    assert (state(award), bit(award, "revocation")) == ("withdrawn", True)


def test_only_what_has_a_second_entry_is_suspended() -> None:
    award = world.issued_award(world.organisation())
    with pytest.raises(Conflict, match="withdraw it instead"):
        do([award], ordered(Act.SUSPEND))


def test_a_set_is_one_write_a_list_one_order_and_a_row_for_each() -> None:
    awards = several(5)
    before = SigningOrder.objects.count()
    do(awards, ordered(Act.WITHDRAW, note="wrong cohort"))
    assert SigningOrder.objects.filter(kind="status_list").count() == 1
    assert SigningOrder.objects.count() == before + 1
    assert {state(award) for award in awards} == {"withdrawn"}
    assert all(bit(award, "revocation") for award in awards)
    rows = AuditEntry.objects.filter(action="award.withdraw")
    assert {row.subject_id for row in rows} == {award.id for award in awards}
    assert {award.withdrawn_note for award in awards} == {"wrong cohort"}


def test_neighbours_of_a_set_keep_their_bits() -> None:
    issuer = world.organisation()
    chosen, others = several(3, issuer), several(3, issuer)
    do(chosen, ordered(Act.SUSPEND))
    assert not any(bit(award, "suspension") for award in others)
    do(others, ordered(Act.SUSPEND))
    do(chosen, ordered(Act.REINSTATE))
    assert all(bit(award, "suspension") for award in others)


def test_an_order_sent_twice_is_carried_out_once() -> None:
    awards, order = several(2), ordered(Act.WITHDRAW)
    do(awards, order)
    do(awards, order)
    assert told(awards[0]).count("credential.withdrawn") == 1
    assert Change.objects.count() == 2


def test_a_set_with_one_that_cannot_is_left_alone() -> None:
    awards = several(3)
    do(awards[:1], ordered(Act.WITHDRAW))
    with pytest.raises(Conflict):
        do(awards, ordered(Act.SUSPEND))
    assert [state(award) for award in awards] == ["withdrawn", "issued", "issued"]


@pytest.mark.parametrize("act", list(_REASON))
def test_who_may_not_changes_nothing(act: Act) -> None:
    awards = several(1)
    for role in (Role.VIEWER, Role.DESIGNER, Role.APPROVER):
        with pytest.raises(NotAllowed):
            do(awards, ordered(act), actor=world.member(awards[0].issuer, role))
    assert state(awards[0]) == "issued"


def test_awards_of_another_issuer_are_not_there() -> None:
    with pytest.raises(Conflict):
        do(several(1), ordered(Act.WITHDRAW), issuer=world.organisation())


def test_sets_and_notes_have_bounds_and_reasons_are_of_the_act(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(acts, "AT_MOST", 1)
    with pytest.raises(Malformed):
        do(several(2), ordered(Act.WITHDRAW))
    with pytest.raises(Malformed):
        ordered(Act.WITHDRAW, note="x" * (acts.MAX_NOTE + 1))
    with pytest.raises(Malformed):
        ordered(Act.WITHDRAW, reason="settled")


def test_nobody_is_told_of_what_was_never_signed() -> None:
    award = world.planned_award(world.organisation())
    do([award], ordered(Act.WITHDRAW))
    assert "credential.withdrawn" not in told(award)


def test_rows_name_no_person_and_hold_no_note() -> None:
    (award,) = several(1)
    do([award], ordered(Act.SUSPEND, note="Ada was seen"))
    said = [str(row.details) for row in AuditEntry.objects.all()]
    said += [str(event.payload) for event in OutboxEvent.objects.all()]
    assert not any("Ada" in text for text in said)
