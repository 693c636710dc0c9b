"""Carry out what was decided: one transaction a case, so it happens whole or not at all.

Whoever dies in the middle leaves everything as it was, and the next run of the schedule does it.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from cairn.core.errors import Conflict
from cairn.erasure import selectors
from cairn.erasure.choices import Decision
from cairn.erasure.models import Case
from cairn.issuing import acts
from cairn.issuing import erasing as issuing
from cairn.issuing.batches import files
from cairn.issuing.models import Award, Batch, Removal
from cairn.people.erasing import forget_learners
from cairn.people.models import User
from cairn.platform import audit
from cairn.platform.outbox import Plain
from cairn.wallet import erasing as wallet

_State = Case.State


@transaction.atomic
def carry_out(*, case_id: UUID, actor: User | None, now: datetime) -> Case:
    """Erase what a case decided on; a second time nothing happens.

    `actor`: None for the schedule, and for whoever came by the link in the letter.  Raises
    `Conflict` if it was not decided to erase, or a table of the organisation is being read.
    """
    found = Case.objects.select_for_update(of=("self",)).select_related("organisation")
    case = found.get(pk=case_id)
    if case.state == _State.DONE and case.decision == Decision.ERASE:
        return case
    if case.state != _State.DECIDED:
        raise Conflict(_("nothing was decided that could be carried out"))
    _refuse_while_reading(case)
    awards = [
        award
        for award in selectors.awards_of_case(case)
        if getattr(award, "removal", None) is None or award.removal.kind != Removal.Kind.ERASED
    ]
    if awards:
        _erase(case, awards, actor, now)
    case.email, case.wish, case.identity_note, case.learner = "", "", "", None
    case.letter_due_at = None  # nobody could be told any more
    close(case, removed=len(awards), now=now)
    record("erasure.carry_out", case, actor, now, awards=len(awards))
    return case


def carry_out_due(now: datetime) -> int:
    """Carry out what is due; how many cases.  One that can't be yet is tried at the next run."""
    due = Case.objects.filter(state=_State.DECIDED, erase_on__lte=now)
    done = 0
    for case_id in list(due.order_by("erase_on").values_list("id", flat=True)):
        try:
            carry_out(case_id=case_id, actor=None, now=now)
        except Conflict:
            continue
        done += 1
    return done


def close(case: Case, *, removed: int, now: datetime) -> None:
    """Nothing is left to do but to tell the learner."""
    case.state, case.closed_at, case.awards_removed = _State.DONE, now, removed
    case.save()


def record(action: str, case: Case, actor: User | None, now: datetime, **details: Plain) -> None:
    """A row of the audit about `case`: who decided what, never on whom."""
    audit.record(
        action,
        organisation_id=case.organisation_id,
        actor_id=actor.id if actor else None,
        subject_kind="erasure_case",
        subject_id=case.id,
        at=now,
        **details,
    )


def _erase(case: Case, awards: Sequence[Award], actor: User | None, now: datetime) -> None:
    locked = acts.locked(case.organisation, [award.id for award in awards])
    ids = [award.id for award in locked]
    emails = {award.learner.email for award in locked} | wallet.addresses_of(ids)
    _forget_rows(case, locked, emails)
    wallet.forget(ids)
    origin = Removal.Origin(case.origin)
    case.awards.all().delete()
    Case.objects.filter(pk=case.pk).update(learner=None)
    _forget_earlier(case, emails)
    issuing.erase(locked, origin=origin, actor=actor, now=now)
    forget_learners(emails)


def _forget_rows(case: Case, awards: Sequence[Award], emails: set[str]) -> None:
    """Rows of tables that became no award, and the tables that they came from."""
    names = {award.recipient_name for award in awards} | issuing.earlier_names(awards)
    known = {
        "emails": emails,
        "numbers": {award.student_number for award in awards} - {""},
    }
    # What rows are sure to be theirs call them finds those that say a name and nothing else.
    sure = list(issuing.rows_about(case.organisation, names=(), **known))
    names |= {row.name for row in sure} - {""}
    for row in list(issuing.rows_about(case.organisation, names=names, **known)):
        files.discard_on_commit(row.batch_id)
        row.delete()
    tables = Batch.objects.filter(issuer=case.organisation, rows__in=[each.id for each in awards])
    for batch_id in tables.values_list("id", flat=True).distinct():
        files.discard_on_commit(batch_id)


def _forget_earlier(case: Case, emails: set[str]) -> None:
    """What earlier cases of this organisation say of the person."""
    theirs = Q(learner__email__in=emails) | Q(user=case.user_id, user__isnull=False)
    closed = Case.objects.filter(theirs, organisation=case.organisation, closed_at__isnull=False)
    closed.filter(letter_due_at=None).update(email="", wish="", identity_note="", learner=None)


def _refuse_while_reading(case: Case) -> None:
    reading = Batch.objects.filter(issuer=case.organisation, state=Batch.State.READING)
    if reading.exists():
        raise Conflict(_("a table is being read; this is done as soon as that ends"))
