"""Renew what ends: a new credential of the same award, with a later end, in place of the old one.

The award is the same decision; its credential said until when it stands, and a signed document
never changes.  So renewing is a replacement for the reason "renewed": the old one says that it was
replaced, and leads to the new one.  Renewed before its end the new one holds since the same day;
after it, from the day of renewal, so that no credential claims the time between.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import models, transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from cairn.catalogue.models import Achievement
from cairn.core.errors import Conflict, Malformed
from cairn.issuing import acts, permissions, replacing
from cairn.issuing.acts import Order
from cairn.issuing.models import Award
from cairn.issuing.renewal_rules import RenewalRule
from cairn.issuing.validity import end_of_validity
from cairn.organisations.access import require
from cairn.organisations.models import Organisation
from cairn.people.models import User
from cairn.platform import audit


@dataclass(frozen=True, slots=True)
class Term:
    """From when and until when a credential holds."""

    first: datetime
    last: datetime


def renewed_term(award: Award, now: datetime) -> Term:
    """The term of the new credential.  Raises `Conflict`, saying why, if it can't be renewed now.

    No query if version, achievement, rule and issuer came along.
    """
    months, last = award.version.valid_for_months, award.valid_until
    rule = rule_of(award.version.achievement)
    if last is None or not months:
        raise Conflict(_("it has no end; there is nothing to renew"))
    if rule is None or not rule.how:
        raise Conflict(_("this achievement is not renewed; write how under Renewals first"))
    if now < last - timedelta(days=rule.days_before):
        raise Conflict(_("it ends too late to be renewed now"))
    zone = award.issuer.time_zone
    if now <= last:
        return Term(award.valid_from, end_of_validity(last, months, zone))
    first = now.replace(microsecond=0)
    return Term(first, end_of_validity(first, months, zone))


def rule_of(achievement: Achievement) -> RenewalRule | None:
    """The rule of an achievement, if it has one.  At most 1 query."""
    return getattr(achievement, "renewal_rule", None)


@transaction.atomic
def renew_awards(
    *, issuer: Organisation, award_ids: Iterable[UUID], order: Order, actor: User, now: datetime
) -> list[Award]:
    """Renew these awards; an order that was carried out comes back as it was.

    Raises `NotAllowed`, `Malformed` for too many, and `Conflict` if one can't be renewed as it is
    now: then nothing is done to any.
    """
    require(actor, permissions.REPLACE, issuer)
    awards = acts.locked(issuer, award_ids)
    if acts.was_done(issuer, order.act_id):
        return awards
    if len(awards) > replacing.MOVED_AT_MOST:
        raise Malformed(_("choose %(most)s awards at most") % {"most": replacing.MOVED_AT_MOST})
    for award in awards:
        replacing.refuse_replacement(award)
        term = renewed_term(award, now)
        award.valid_from, award.valid_until = term.first, term.last
    replacing.replace_all(awards, order, actor, now)
    return awards


@transaction.atomic
def set_rule(*, rule: RenewalRule, actor: User, now: datetime) -> None:
    """Have the credentials of an achievement renewed as `rule` says.  Raises `NotAllowed`."""
    creator = rule.achievement.creator
    require(actor, permissions.EDIT_RENEWAL, creator)
    RenewalRule.objects.update_or_create(
        achievement=rule.achievement,
        defaults={
            "how": rule.how,
            "days_before": rule.days_before,
            "texts": rule.texts,
            "edited_at": now,
        },
    )
    audit.record(
        permissions.EDIT_RENEWAL.name,
        organisation_id=creator.id,
        actor_id=actor.id,
        subject_kind="achievement",
        subject_id=rule.achievement_id,
        at=now,
        how=str(rule.how),
    )


def renewable(organisation: Organisation, now: datetime) -> QuerySet[Award]:
    """The awards of an issuer that can be renewed now, those that end first first.  1 query.

    What ended more than a year ago is left out: somebody would start anew.
    """
    # Compared by day: the databases add days to a moment each in its own way.
    rules = RenewalRule.objects.filter(achievement__creator=organisation).exclude(how="")
    windows = models.Q(pk=None)
    for rule in rules:
        windows |= models.Q(
            version__achievement=rule.achievement_id,
            valid_until__lte=now + timedelta(days=rule.days_before),
        )
    return (
        Award.objects.filter(
            windows,
            issuer=organisation,
            removal=None,
            state=Award.State.ISSUED,
            valid_until__gt=now - timedelta(days=365),
            version__valid_for_months__isnull=False,
        )
        .select_related("issuer", "learner", "offering", "version__achievement__renewal_rule")
        .order_by(F("valid_until").asc(), "id")
    )
