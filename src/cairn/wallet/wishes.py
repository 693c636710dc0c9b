"""What holders ask their issuer for: another name in what they hold, or to have one renewed.

A wish is met by what the issuer does to the award, whoever asked; or declined.  Either way the name
that it asked for is emptied.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from cairn.core.errors import Conflict, NotAllowed
from cairn.issuing import permissions as issuing
from cairn.issuing.changes import RENEWED
from cairn.issuing.models import Award
from cairn.issuing.recipients import clean_name
from cairn.issuing.renaming import NAME
from cairn.organisations.access import require
from cairn.organisations.models import Organisation
from cairn.people.models import User
from cairn.platform import audit
from cairn.wallet import selectors
from cairn.wallet.ending import may_ask
from cairn.wallet.models import Wish

_KIND_OF_REASON = {NAME: Wish.Kind.NAME, RENEWED: Wish.Kind.RENEWAL}


@transaction.atomic
def ask(*, holding_id: UUID, kind: Wish.Kind, name: str, actor: User, now: datetime) -> Wish:
    """Ask the issuer of what `actor` holds for `name`, or to have it renewed.

    Raises `NotAllowed` if it is not theirs, `Malformed` (path /name), and `Conflict` if that was
    asked for already or can't be asked now.
    """
    holding = selectors.held_by(actor, holding_id)
    if holding is None:
        raise NotAllowed(_("this is not one of your credentials"))
    award = holding.award
    if kind == Wish.Kind.RENEWAL and not may_ask(award, now):
        raise Conflict(_("it can't be renewed now"))
    try:
        with transaction.atomic():
            wish = Wish.objects.create(
                organisation_id=award.issuer_id,
                award=award,
                by=actor,
                kind=kind,
                name=clean_name(name) if kind == Wish.Kind.NAME else "",
                made_at=now,
            )
    except IntegrityError as err:
        raise Conflict(_("you asked for this already; the issuer has not answered yet")) from err
    audit.record(
        "wish.make",
        organisation_id=award.issuer_id,
        actor_id=actor.id,
        subject_kind="award",
        subject_id=award.id,
        at=now,
        wish=str(kind),
    )
    return wish


@transaction.atomic
def meet(*, award_id: UUID, reason: str, now: datetime) -> int:
    """The award was replaced for this reason: what its holder asked for is met.

    Another name is met in all that its issuer awarded them.
    """
    kind = _KIND_OF_REASON.get(reason)
    if kind is None:
        return 0
    award = Award.objects.get(pk=award_id)
    wishes = Wish.objects.filter(organisation=award.issuer_id, state=Wish.State.OPEN, kind=kind)
    if kind == Wish.Kind.NAME:
        asked = wishes.filter(by__holdings__award=award)
    else:
        asked = wishes.filter(award=award)
    ids = list(asked.values_list("id", flat=True))
    return Wish.objects.filter(id__in=ids).update(state=Wish.State.MET, name="", answered_at=now)


@transaction.atomic
def decline(*, organisation: Organisation, wish_id: UUID, actor: User, now: datetime) -> Wish:
    """Say no: its learner reads that on the page of the credential.

    Raises `NotAllowed`, and `Conflict` if it was answered meanwhile.
    """
    require(actor, issuing.REPLACE, organisation)
    wishes = Wish.objects.select_for_update().filter(organisation=organisation)
    wish = wishes.filter(pk=wish_id, state=Wish.State.OPEN).first()
    if wish is None:
        raise Conflict(_("this was answered meanwhile"))
    wish.state, wish.name, wish.answered_at = Wish.State.DECLINED, "", now
    wish.save(update_fields=["state", "name", "answered_at"])
    audit.record(
        "wish.decline",
        organisation_id=organisation.id,
        actor_id=actor.id,
        subject_kind="award",
        subject_id=wish.award_id,
        at=now,
        wish=str(wish.kind),
    )
    return wish


def open_wishes(award: Award) -> Sequence[Wish]:
    """What is asked for about an award.  1 query."""
    return list(Wish.objects.filter(award=award, state=Wish.State.OPEN).order_by("made_at"))


def wishes_to(organisation: Organisation) -> Sequence[Wish]:
    """What waits for an answer of an organisation, a hundred at most, oldest first.  1 query."""
    found = Wish.objects.filter(organisation=organisation, state=Wish.State.OPEN)
    return list(found.select_related("award__version").order_by("made_at", "id")[:100])


def last_wishes(award: Award, by: User) -> dict[str, Wish]:
    """By kind, what its holder asked for last.  1 query."""
    found = Wish.objects.filter(award=award, by=by).order_by("made_at")
    return {wish.kind: wish for wish in found}
