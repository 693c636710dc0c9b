"""Awards on their way to a learner: issued, mailed, claimed; and the mail that came."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.core import mail
from django.test import Client, TestCase

from cairn.issuing.models import Award
from cairn.organisations.models import Organisation
from cairn.people.models import User
from cairn.wallet import services
from cairn.wallet.claimants import new_account
from cairn.wallet.models import Holding
from tests import world


@contextmanager
def committed() -> Iterator[None]:
    """What runs after a commit runs at the end, though the test's transaction never commits."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        yield


def offered(
    organisation: Organisation | None = None, *, now: datetime = world.NOW, **changes: Any
) -> tuple[Award, str]:
    """An award that was issued and mailed at `now`, and the token of its link."""
    award = world.issued_award(organisation or world.organisation(), now=now, **changes)
    with committed():
        services.prepare_claim(award_id=award.id, now=now)
    return award, newest_token()


def held(
    organisation: Organisation | None = None, *, now: datetime = world.NOW, **changes: Any
) -> Holding:
    """An award that its learner claimed with the link."""
    _, token = offered(organisation, now=now, **changes)
    holding, _ = services.claim(token=token, user=None, adds_address=False, browser="", now=now)
    return holding


def newest_token() -> str:
    """The token in the newest mail."""
    found = re.search(r"https://cairn\.test/claim/([\w-]+)\s", str(mail.outbox[-1].body))
    assert found is not None
    return found[1]


def account(address: str) -> User:
    """Somebody whose account has proved this address."""
    return new_account(address=address, name="Someone", language="en")


def signed_in(user: User) -> Client:
    """A browser of this person."""
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client
