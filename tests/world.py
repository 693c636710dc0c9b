"""People, organisations, published versions and awards that tests of several rooms start from.

Each function makes one thing with what it needs, by the services of the rooms.
"""

import itertools
from datetime import UTC, datetime
from typing import Any

from cairn.catalogue.models import Achievement, AchievementVersion, Offering
from cairn.issuing import services as issuing
from cairn.issuing.models import Award
from cairn.issuing.signing import sign_credential, sign_status_list
from cairn.organisations.models import Capability, Kind, Membership, Organisation, Role
from cairn.people import services as people
from cairn.people.models import User
from cairn.signing import services as signing
from cairn.signing.models import SigningOrder
from cairn.signing.opening import open_signer

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
_numbers = itertools.count(1)


def count_from(number: int) -> None:
    """Begin the numbers in names at `number`: for processes that fill one database in turn."""
    global _numbers
    _numbers = itertools.count(number)


def user(**changes: Any) -> User:
    """A person who can sign in, with an address that is theirs."""
    values = {"email": f"person{next(_numbers)}@example.org", "name": "Grace Hopper", **changes}
    return people.create_user(**values)


def organisation(*, has_keys: bool = True, **changes: Any) -> Organisation:
    """An issuer with keys."""
    number = next(_numbers)
    values = {
        "slug": f"university-{number}",
        "name": f"University {number}",
        "kinds": [Kind.UNIVERSITY],
        "capabilities": [Capability.ISSUE],
        "url": "https://university.example",
        "country": "IE",
        "created_at": NOW,
        **changes,
    }
    made = Organisation.objects.create(**values)
    if has_keys:
        signing.create_keys(organisation=made, actor=member(made, Role.OWNER), now=NOW)
    return made


def member(organisation: Organisation, *roles: Role, **changes: Any) -> User:
    """A person who acts for `organisation` in these roles."""
    made = user(**changes)
    Membership.objects.create(
        organisation=organisation, user=made, roles=list(roles), created_at=NOW
    )
    return made


def published_version(organisation: Organisation, **changes: Any) -> AchievementVersion:
    """A version that a second person approved, of an achievement of its own."""
    achievement = Achievement.objects.create(
        creator=organisation, slug=f"achievement-{next(_numbers)}", created_at=NOW
    )
    values = {
        "achievement": achievement,
        "number": 1,
        "state": AchievementVersion.State.PUBLISHED,
        "author": user(name="Ada Author"),
        "name": {"en": "Air Quality Basics", "fr": "Bases de la qualité de l’air"},
        "description": {"en": "Measures air.", "fr": "Mesure l’air."},
        "criteria": {"en": "Pass the test.", "fr": "Réussir l’épreuve."},
        "outcomes": [{"en": "Read a sensor.", "fr": "Lire un capteur."}],
        "workload_hours": 25,
        "eqf_level": 6,
        "created_at": NOW,
        "edited_at": NOW,
        "submitted_at": NOW,
        "published_at": NOW,
        "approved_by": user(name="Alan Approver"),
        "approval": AchievementVersion.Approval.SECOND_PERSON,
        **changes,
    }
    return AchievementVersion.objects.create(**values)


def offering(version: AchievementVersion, **changes: Any) -> Offering:
    """An open run of `version`."""
    values = {
        "version": version,
        "name": f"Spring {next(_numbers)}",
        "starts_on": NOW.date(),
        "ends_on": NOW.date(),
        "created_at": NOW,
        **changes,
    }
    return Offering.objects.create(**values)


def planned_award(
    organisation: Organisation, version: AchievementVersion | None = None, **changes: Any
) -> Award:
    """An award that waits for the signer."""
    values = {
        "issuer": organisation,
        "version": version or published_version(organisation),
        "offering": None,
        "email": f"learner{next(_numbers)}@example.org",
        "name": "Ada Lovelace",
        "language": "en",
        "now": NOW,
        **changes,
    }
    actor = values.pop("actor", None) or member(organisation, Role.AWARDER)
    return issuing.award(**values, actor=actor)


def issued_award(
    organisation: Organisation, version: AchievementVersion | None = None, **changes: Any
) -> Award:
    """An award whose credential is signed, and nothing more: no mail was sent."""
    made = planned_award(organisation, version, **changes)
    sign_orders(now=changes.get("now", NOW))
    made.refresh_from_db()
    return made


def sign_orders(*, now: datetime = NOW) -> None:
    """Carry out all orders that wait, in the order in which they were placed."""
    handlers = {"credential": sign_credential, "status_list": sign_status_list}
    waiting = SigningOrder.objects.filter(state=SigningOrder.State.PLACED, kind__in=handlers)
    for order in waiting.order_by("placed_at", "id").select_related("organisation"):
        handlers[order.kind](order, open_signer(order.organisation, now), now)
        order.state, order.done_at = SigningOrder.State.DONE, now
        order.save(update_fields=["state", "done_at"])
