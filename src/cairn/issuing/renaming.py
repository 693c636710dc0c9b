"""A learner has another name: all that one issuer awarded them says the new one, nothing the old.

Credentials in force are replaced; the records of all others take the new name too, so that no page
of ours shows the old one.  What was signed and is out of force can't be changed: whoever has such a
file reads the name in it.  The audit and the public reason name nobody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from cairn.core.errors import Conflict, Malformed
from cairn.issuing import acts, permissions, replacing, selectors
from cairn.issuing.acts import Order
from cairn.issuing.changes import Act
from cairn.issuing.models import Award
from cairn.issuing.recipients import clean_name
from cairn.organisations.access import require
from cairn.organisations.models import Organisation
from cairn.people.models import Learner, User
from cairn.platform import audit

NAME: Literal["name"] = "name"  # the public reason: "The learner has another name"
MOST = 200  # awards of one person


@dataclass(frozen=True, slots=True)
class Renaming:
    """What another name changes: new credentials for some, only our records for the others."""

    replaced: Sequence[Award]
    recorded: Sequence[Award]


def awards_of_person(issuer: Organisation, learner: Learner) -> list[Award]:
    """What `issuer` awarded this person, at any of their addresses, newest first.  1 query.

    Who they are is known once they claimed; until then they are the address.
    """
    who = Q(learner=learner)
    if learner.user_id is not None:
        who |= Q(learner__user=learner.user_id)
    found = selectors.awards_of(issuer).filter(who)
    return list(found[: MOST + 1])


def planned_renaming(awards: Sequence[Award], name: str) -> Renaming:
    """What would happen to `awards`, that are all of one person.  1 query.

    Raises `Malformed` for a name that can't be signed or changes nothing, and `Conflict` while one
    is being signed.
    """
    name = clean_name(name)
    if len(awards) > MOST:
        raise Malformed(_("this person has more than %(most)s awards") % {"most": MOST})
    if any(award.state == Award.State.PLANNED for award in awards):
        raise Conflict(_("it is being signed; look again in a moment"))
    differing = [award for award in awards if award.recipient_name != name]
    if not differing:
        raise Malformed(_("This is the name that all of them have. Write another."), "/name")
    returned = selectors.handed_back([award.id for award in differing])
    # A credential without a name in it needs no other for another name.
    replaced = [
        award
        for award in differing
        if award.state == Award.State.ISSUED
        and award.id not in returned
        and award.version.names_learner
    ]
    ids = {award.id for award in replaced}
    return Renaming(replaced, [award for award in differing if award.id not in ids])


@transaction.atomic
def rename(
    *,
    issuer: Organisation,
    learner: Learner,
    name: str,
    order: Order,
    actor: User,
    now: datetime,
) -> Renaming:
    """Have all awards of this person say `name`; an order that was carried out does nothing.

    Raises `NotAllowed`, and as `planned_renaming` does.
    """
    require(actor, permissions.REPLACE, issuer)
    if order.act is not Act.REPLACE or order.reason != NAME:
        raise Malformed("is not the reason for another name", "/reason")
    found = awards_of_person(issuer, learner)
    if not found:
        raise Conflict(_("nothing was awarded to this person"))
    awards = acts.locked(issuer, [award.id for award in found])
    if acts.was_done(issuer, order.act_id):
        return Renaming((), ())
    planned = planned_renaming(awards, name)
    for award in (*planned.replaced, *planned.recorded):
        award.recipient_name = clean_name(name)
    Award.objects.bulk_update(planned.recorded, ["recipient_name"])
    if planned.replaced:
        replacing.replace_all(planned.replaced, order, actor, now)
    # Those that were replaced have their rows already; neither kind says a name.
    audit.record_each(
        "award.rename",
        organisation_id=issuer.id,
        actor_id=actor.id,
        subject_kind="award",
        subjects=[(award.id, {"act": str(order.act_id)}) for award in planned.recorded],
        at=now,
    )
    return planned
