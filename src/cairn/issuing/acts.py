"""Withdraw, suspend, reinstate: one award or many, all of them in one transaction or none.

Suspending can be undone, withdrawing never: a revoked bit stays.  For locks see `status_lists`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cairn.core.errors import Conflict, Malformed
from cairn.core.status.credential import Purpose
from cairn.issuing import bits, permissions
from cairn.issuing.changes import REASONS, Act, Change
from cairn.issuing.models import Award, Credential
from cairn.organisations.access import require
from cairn.organisations.models import Organisation
from cairn.people.models import User
from cairn.platform import audit, outbox

AT_MOST = 2000  # awards in one act
MAX_NOTE = 2000  # characters
_STATE = Award.State
# From which states an act is possible, and to which it leads.
_FROM = {
    Act.WITHDRAW: (_STATE.PLANNED, _STATE.ISSUED, _STATE.SUSPENDED),
    Act.SUSPEND: (_STATE.ISSUED,),
    Act.REINSTATE: (_STATE.SUSPENDED,),
}
_TO = {
    Act.WITHDRAW: _STATE.WITHDRAWN,
    Act.SUSPEND: _STATE.SUSPENDED,
    Act.REINSTATE: _STATE.ISSUED,
}
_TOLD = {
    Act.WITHDRAW: "credential.withdrawn",
    Act.SUSPEND: "award.suspended",
    Act.REINSTATE: "award.reinstated",
}


@dataclass(frozen=True, slots=True)
class Order:
    """What to do and why.  `act_id` is drawn once a form; `note` stays inside."""

    act: Act
    act_id: UUID
    reason: str
    note: str = ""

    def __post_init__(self) -> None:
        if self.reason not in dict(REASONS[self.act]):
            raise Malformed("is no reason for this; choose one of the list", "/reason")
        if len(self.note) > MAX_NOTE:
            raise Malformed(f"is longer than {MAX_NOTE} characters; shorten it", "/note")


def is_possible(act: Act, award: Award) -> bool:
    """Whether `act` can be done to `award` as it is now.  No query if its version came along."""
    if act is Act.SUSPEND and not award.version.is_suspendable:
        return False
    return award.state in _FROM[act]


def refuse(act: Act, award: Award) -> None:
    """Raise `Conflict`, saying why, if `act` can't be done to `award` as it is now."""
    if act is Act.SUSPEND and not award.version.is_suspendable:
        raise Conflict(_("credentials of this version can't be suspended; withdraw it instead"))
    if award.state not in _FROM[act]:
        raise Conflict(
            _("its state is “%(state)s”; look at it again") % {"state": award.get_state_display()}
        )


@transaction.atomic
def act_on(
    *, issuer: Organisation, award_ids: Iterable[UUID], order: Order, actor: User, now: datetime
) -> list[Award]:
    """Do `order` to all of these awards; an order that was carried out comes back as it was.

    Raises `NotAllowed`, `Malformed` for too many, and `Conflict` if one of them is not there or
    not in a state for it: then nothing is done to any.
    """
    require(actor, permissions.OF_ACT[order.act], issuer)
    awards = locked(issuer, award_ids)
    if was_done(issuer, order.act_id):
        return awards
    for award in awards:
        refuse(order.act, award)
    signed = _change_bits(awards, order.act, actor, now)
    _change_awards(awards, order, now)
    record(awards, order, actor, now)
    outbox.emit_each(
        _TOLD[order.act],
        organisation_id=issuer.id,
        subjects=[
            (award.id, {"reason": order.reason}) for award in awards if award.id in signed
        ],  # of the others nobody was told
        at=now,
    )
    return awards


def locked(issuer: Organisation, award_ids: Iterable[UUID]) -> list[Award]:
    """These awards as they are now, locked in the order of their ids.

    Raises `Malformed` for none or too many, `Conflict` if one is not of `issuer`.
    """
    wanted = frozenset(award_ids)
    if not 1 <= len(wanted) <= AT_MOST:
        raise Malformed(_("choose 1 to %(most)s awards") % {"most": AT_MOST})
    awards = Award.objects.select_for_update(of=("self",)).filter(issuer=issuer, pk__in=wanted)
    related = awards.select_related(
        "issuer", "version__achievement__creator", "version__achievement__renewal_rule", "learner"
    )
    # In one order: two sets that share awards wait for each other and never deadlock.
    found = list(related.order_by("id"))
    if len(found) != len(wanted):
        raise Conflict("one of these awards is not there; look at the list again")
    return found


def was_done(issuer: Organisation, act_id: UUID) -> bool:
    """Whether the form with this id was carried out; ask under the lock of its awards."""
    return Change.objects.filter(issuer=issuer, act_id=act_id).exists()


def record(
    awards: Sequence[Award],
    order: Order,
    actor: User,
    now: datetime,
    replacements: dict[UUID, tuple[UUID, UUID]] | None = None,
) -> None:
    """Write the change of each award, and its row in the audit.

    `replacements`: by award, the credential that was replaced and its successor.
    """
    nothing = (None, None)
    changes = []
    for award in awards:
        replaced, successor = (replacements or {}).get(award.id, nothing)
        changes.append(
            Change(
                issuer_id=award.issuer_id,
                award=award,
                act=order.act,
                act_id=order.act_id,
                reason=order.reason,
                note=order.note.strip(),
                by=actor,
                at=now,
                replaced_id=replaced,
                successor_id=successor,
            )
        )
    Change.objects.bulk_create(changes, batch_size=500)
    audit.record_each(
        permissions.OF_ACT[order.act].name,
        organisation_id=awards[0].issuer_id,
        actor_id=actor.id,
        subject_kind="award",
        subjects=[
            (award.id, {"reason": order.reason, "act": str(order.act_id)}) for award in awards
        ],
        at=now,
    )


def _change_bits(awards: Sequence[Award], act: Act, actor: User, now: datetime) -> set[UUID]:
    """Set or clear the bits; the awards of which a credential was signed."""
    credentials = Credential.objects.filter(award__in=[award.id for award in awards])
    if act is not Act.WITHDRAW:
        credentials = credentials.filter(is_current=True)
    found = list(credentials.values_list("id", "award_id", "signed_at"))
    purpose: Purpose = "revocation" if act is Act.WITHDRAW else "suspension"
    lists = bits.write(
        [each for each, _, _ in found], purpose, is_set=act is not Act.REINSTATE, now=now
    )
    bits.order(lists, requester=actor, now=now)
    return {award_id for _, award_id, signed_at in found if signed_at is not None}


def _change_awards(awards: Sequence[Award], order: Order, now: datetime) -> None:
    for award in awards:
        award.state = _TO[order.act]
        if order.act is Act.WITHDRAW:
            award.withdrawn_at, award.withdrawn_reason = now, order.reason
            award.withdrawn_note = order.note.strip()
    Award.objects.bulk_update(
        awards,
        ["state", "withdrawn_at", "withdrawn_reason", "withdrawn_note"],
        batch_size=200,
    )
