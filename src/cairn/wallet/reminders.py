"""Learners are reminded of what they have not claimed, and holders of what ends: few times.

Looked for by the clock.  An occasion that was missed, as by an installation that stood still or a
rule that is new, is made up for within `GRACE` and else left alone, so that nobody gets letters
about last year.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from cairn.issuing.models import Award, Credential
from cairn.issuing.renewal_rules import RenewalRule
from cairn.organisations.models import Organisation
from cairn.wallet.mailing import new_link
from cairn.wallet.models import ClaimLink, Holding, Mail, MailSettings, reminder_days

AT_ONCE = 500  # letters of one turn and occasion
GRACE = timedelta(days=14)
APART = timedelta(days=3)  # no reminder so soon after another letter with a link
ENDING_AGAIN = timedelta(days=7)  # the second letter, before the end
_WITH_LINK = (Mail.Kind.CLAIM, Mail.Kind.AGAIN, Mail.Kind.REMINDER)


def remind_unclaimed(now: datetime) -> int:
    """Order the reminders that are due; how many.  A few queries an organisation that has any."""
    waiting = Holding.objects.filter(_UNCLAIMED).values("award__issuer")
    chosen = dict(MailSettings.objects.values_list("organisation_id", "reminder_days"))
    ordered = 0
    for organisation in Organisation.objects.filter(id__in=waiting).only("id"):
        days = chosen.get(organisation.id, reminder_days())
        for nth, after in enumerate(days):
            ordered += _remind(organisation, nth, now - timedelta(days=after), now)
    return ordered


def remind_ending(now: datetime) -> int:
    """Order the letters about credentials that end soon and can be renewed; how many.

    Two each: when their window opens, and a week before the end.
    """
    ordered = 0
    for rule in RenewalRule.objects.exclude(how="").select_related("achievement"):
        window = timedelta(days=rule.days_before)
        ordered += _warn(rule, "window", now + window, now)
        if window > ENDING_AGAIN + APART:
            ordered += _warn(rule, "week", now + ENDING_AGAIN, now)
    return ordered


_UNCLAIMED = Q(holder=None, handed_back_at=None, award__state=Award.State.ISSUED)


@transaction.atomic
def _remind(organisation: Organisation, nth: int, sent_by: datetime, now: datetime) -> int:
    """The letters to those whose first letter went out by `sent_by`, and not long before."""
    about = Mail.objects.filter(award=OuterRef("pk"))
    first = about.filter(
        kind=Mail.Kind.CLAIM,
        link__credential__is_current=True,
        sent_at__range=(sent_by - GRACE, sent_by),
    )
    same = about.filter(
        kind=Mail.Kind.REMINDER, link__credential__is_current=True, occasion__endswith=f":{nth}"
    )
    lately = about.filter(kind__in=_WITH_LINK, created_at__gt=now - APART)
    found = (
        _locked(Award.objects.filter(issuer=organisation, state=Award.State.ISSUED))
        .filter(holding__holder=None, holding__isnull=False, holding__handed_back_at=None)
        .filter(Exists(first), ~Exists(same), ~Exists(lately))
    )
    awards = {award.id: award for award in found.select_related("learner")[:AT_ONCE]}
    current = Credential.objects.filter(award__in=awards, is_current=True)
    links = [new_link(awards[each.award_id], each, now) for each in current]
    ClaimLink.objects.bulk_create(links)
    Mail.objects.bulk_create(
        Mail(
            organisation=organisation,
            award_id=link.award_id,
            link=link,
            kind=Mail.Kind.REMINDER,
            occasion=f"{link.credential_id}:{nth}",
            created_at=now,
            due_at=now,
        )
        for link in links
    )
    return len(links)


@transaction.atomic
def _warn(rule: RenewalRule, occasion: str, ends_by: datetime, now: datetime) -> int:
    """The letters about credentials that end by then, and not long before."""
    # Of one credential: what takes its place ends later, and is told of again.
    same = Mail.objects.filter(
        award=OuterRef("pk"),
        kind=Mail.Kind.ENDING,
        occasion__endswith=f":{occasion}",
        created_at__gte=OuterRef("credentials__planned_at"),
    )
    found = (
        _locked(Award.objects.filter(version__achievement=rule.achievement_id))
        .filter(
            state=Award.State.ISSUED,
            holding__holder__isnull=False,
            valid_until__gt=max(now, ends_by - GRACE),
            valid_until__lte=ends_by,
            credentials__is_current=True,
        )
        .filter(~Exists(same))
        .annotate(credential=F("credentials__id"))
    )
    letters = [
        Mail(
            organisation_id=award.issuer_id,
            award=award,
            kind=Mail.Kind.ENDING,
            occasion=f"{award.credential}:{occasion}",
            created_at=now,
            due_at=now,
        )
        for award in found[:AT_ONCE]
    ]
    Mail.objects.bulk_create(letters)
    return len(letters)


def _locked(awards: QuerySet[Award]) -> QuerySet[Award]:
    """In one order, as everywhere: their issuer may be acting on them, their learner claiming."""
    return awards.select_for_update(of=("self",)).order_by("id")
