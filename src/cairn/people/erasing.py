"""Learners of whom nothing is to be known any more."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db.models import ProtectedError

from cairn.people.models import Learner

# RFC 2606: nobody ever has an address here.
_NOBODYS = "erased.invalid"


def nobody(now: datetime) -> Learner:
    """A learner who is nobody, in whose place an erased award stands."""
    return Learner.objects.create(email=f"{uuid.uuid4()}@{_NOBODYS}", created_at=now)


def is_nobody(learner: Learner) -> bool:
    """Whether this one was put in the place of somebody."""
    return learner.email.endswith(f"@{_NOBODYS}")


def forget_learners(emails: Iterable[str]) -> int:
    """Delete the learners with these addresses whom no issuer knows any more; how many.

    An address that another organisation awarded something to is theirs to decide on.
    """
    gone = 0
    for learner in Learner.objects.filter(email__in=[email.lower() for email in emails]):
        try:
            gone += learner.delete()[0]
        except ProtectedError:  # something still refers to them
            continue
    return gone
