"""What learners and registrars do with a case: ask, enter, decide, take back.

Each is one transaction.  Carrying out is another module, and another moment: before data is erased
its learner has some days to save what they have.  Locks: case, then awards.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from cairn.catalogue.presentation import interface_language
from cairn.core.errors import Conflict, Malformed
from cairn.erasure import letters, permissions, selectors
from cairn.erasure.carrying_out import close, record
from cairn.erasure.choices import BASES, Decision, Identity
from cairn.erasure.models import Case, CaseAward
from cairn.issuing import erasing as issuing
from cairn.issuing.models import Award, Removal
from cairn.issuing.recipients import clean_email
from cairn.issuing.validity import end_of_validity
from cairn.organisations.access import require
from cairn.organisations.models import Organisation
from cairn.people.models import Learner, User
from cairn.wallet import erasing as wallet

TIME_TO_SAVE = timedelta(days=7)  # between the decision to erase and the deed
MAX_TEXT = 4000  # characters of a wish, a note or reasons
_State = Case.State
_WAITING = (_State.OPEN, _State.DECIDED)


@dataclass(frozen=True, slots=True)
class Ruling:
    """A decision with its ground, its reasons, and how it is known who asks."""

    decision: Decision
    basis: str
    reasons: str
    identity: Identity
    identity_note: str = ""

    def __post_init__(self) -> None:
        if self.basis not in dict(BASES[self.decision]):
            raise Malformed("is no ground for this decision; choose one of its own", "/basis")
        if not self.reasons.strip() and self.decision != Decision.ERASE:
            raise Malformed("is missing; the learner has a right to the reasons", "/reasons")
        _refuse_long(self.reasons, "/reasons")
        _refuse_long(self.identity_note, "/identity_note")


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody asked of an organisation, as its office writes it down."""

    email: str
    received_at: datetime
    wants: Decision
    identity: Identity
    wish: str = ""
    identity_note: str = ""


@transaction.atomic
def ask(
    *, user: User, organisation: Organisation, wants: Decision, wish: str, now: datetime
) -> Case:
    """A learner who is signed in asks; the case that waits already comes back as it is.

    Raises `Conflict` if the organisation has nothing of theirs, `Malformed` (path /wish).
    """
    _refuse_long(wish, "/wish")
    waiting = Case.objects.filter(organisation=organisation, user=user, state__in=_WAITING)
    if found := waiting.filter(origin=Case.Origin.REQUEST).first():
        return found
    if not selectors.awards_of_user(organisation, user).exists():
        raise Conflict(_("this organisation has no award of yours"))
    case = Case.objects.create(
        organisation=organisation,
        user=user,
        email=user.email,
        language=user.language,
        wants=wants,
        wish=wish.strip(),
        asked_at=now,
        due_at=_due(organisation, now),
        identity=Identity.SIGNED_IN,
    )
    record("erasure.ask", case, user, now, wants=str(wants))
    return case


@transaction.atomic
def enter(*, organisation: Organisation, request: Request, actor: User, now: datetime) -> Case:
    """The office writes down what a learner asked by mail or in person.

    The month runs from the day on which it was received.  Raises `NotAllowed`, `Malformed` (paths
    /email, /received_at), and `Conflict` if a case of this learner waits already.
    """
    require(actor, permissions.HANDLE, organisation)
    _refuse_long(request.wish, "/wish")
    if request.received_at > now:
        raise Malformed("is in the future; write the day on which it came", "/received_at")
    learner = Learner.objects.filter(email=clean_email(request.email)).first()
    awards = Award.objects.filter(issuer=organisation, learner=learner).exclude(
        removal__kind=Removal.Kind.ERASED
    )
    newest = awards.order_by("-awarded_at").first() if learner else None
    if learner is None or newest is None:
        raise Malformed(_("No award of yours went to this address."), "/email")
    same = Q(learner=learner) | Q(user=learner.user_id, user__isnull=False)
    waiting = Case.objects.filter(same, organisation=organisation, state__in=_WAITING)
    if waiting.exists():
        raise Conflict(_("a case of this learner waits already; look at the list"))
    case = Case.objects.create(
        organisation=organisation,
        user=learner.user,
        learner=learner,
        email=learner.email,
        language=interface_language(newest.language),
        wants=request.wants,
        wish=request.wish.strip(),
        asked_at=request.received_at,
        entered_by=actor,
        due_at=_due(organisation, request.received_at),
        identity=request.identity,
        identity_note=request.identity_note.strip(),
    )
    record("erasure.enter", case, actor, now, wants=str(request.wants))
    return case


@transaction.atomic
def decide(*, case_id: UUID, ruling: Ruling, digest: str, actor: User, now: datetime) -> Case:
    """Decide, on the awards that the preview showed; decided twice the first decision stands.

    To refuse and to restrict is done at once; to erase is only decided here.  The learner is told
    in each case.  Raises `NotAllowed`, and `Conflict` if the awards changed since the preview.
    """
    case = locked(case_id)
    require(actor, permissions.HANDLE, case.organisation)
    if case.state != _State.OPEN:
        return case
    awards = list(selectors.awards_of_case(case))
    if selectors.digest_of(awards) != digest:
        raise Conflict(_("its awards changed since you looked; look at the case again"))
    case.decision, case.basis, case.reasons = ruling.decision, ruling.basis, ruling.reasons.strip()
    case.identity, case.identity_note = ruling.identity, ruling.identity_note.strip()
    case.decided_by, case.decided_at = actor, now
    record("erasure.decide", case, actor, now, decision=str(case.decision), basis=case.basis)
    _follow(case, awards, actor, now)
    letters.order(case, now)
    return case


@transaction.atomic
def take_back(*, case_id: UUID, actor: User | None, now: datetime) -> Case:
    """The learner would rather keep it; done twice it is done once.

    `actor`: None for whoever came by the link in the letter.  Raises `Conflict` if it is too late.
    """
    case = locked(case_id)
    if case.state == _State.TAKEN_BACK:
        return case
    if case.state not in _WAITING:
        raise Conflict(_("this was carried out already"))
    case.state, case.closed_at, case.erase_on = _State.TAKEN_BACK, now, None
    case.letter_due_at = None
    case.save()
    case.awards.all().delete()
    record("erasure.take_back", case, actor, now)
    return case


def locked(case_id: UUID) -> Case:
    """The case as it is now, locked to the end of the transaction.  One query."""
    found = Case.objects.select_for_update(of=("self",)).select_related("organisation", "user")
    return found.get(pk=case_id)


def schedule_erasure(case: Case, awards: list[Award], now: datetime) -> None:
    """Keep what was decided on, and from when it may be carried out."""
    CaseAward.objects.bulk_create(CaseAward(case=case, award=award) for award in awards)
    case.state, case.erase_on = _State.DECIDED, now + TIME_TO_SAVE
    case.save()


def _follow(case: Case, awards: list[Award], actor: User, now: datetime) -> None:
    match Decision(case.decision):
        case Decision.ERASE:
            schedule_erasure(case, awards, now)
        case Decision.RESTRICT:
            standing = [award for award in awards if not hasattr(award, "removal")]
            if standing:
                origin = Removal.Origin.REQUEST
                issuing.restrict(standing, origin=origin, actor=actor, now=now)
                wallet.withhold([award.id for award in standing])
            close(case, removed=len(standing), now=now)
        case Decision.REFUSE:
            close(case, removed=0, now=now)


def _due(organisation: Organisation, received: datetime) -> datetime:
    """Within one month: Art. 12(3) of the GDPR."""
    return end_of_validity(received, 1, organisation.time_zone)


def _refuse_long(text: str, path: str) -> None:
    if len(text) > MAX_TEXT:
        raise Malformed(f"is longer than {MAX_TEXT} characters; shorten it", path)
