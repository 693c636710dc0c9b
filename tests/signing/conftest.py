"""An organisation with keys, and somebody who owns it."""

import gc
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from pytest_django import Settings

from cairn.organisations.models import Membership, Organisation
from cairn.people.models import User
from cairn.signing.services import create_keys
from tests.signing.softhsm import PIN, Token, make_token

NOW = datetime(2026, 9, 1, 10, 0, tzinfo=UTC)


@pytest.fixture
def organisation(db: None) -> Organisation:
    return Organisation.objects.create(slug="north", name="North University", created_at=NOW)


@pytest.fixture
def owner(organisation: Organisation) -> User:
    user = User.objects.create_user("owner@north.example")
    Membership.objects.create(organisation=organisation, user=user, roles=["owner"], created_at=NOW)
    return user


@pytest.fixture
def issuer(organisation: Organisation, owner: User) -> Organisation:
    """The organisation, with its first keys."""
    create_keys(organisation=organisation, actor=owner, now=NOW)
    return organisation


@pytest.fixture(scope="session")
def plugged_token(tmp_path_factory: pytest.TempPathFactory) -> Token:
    return make_token(tmp_path_factory.mktemp("softhsm"))


@pytest.fixture
def token(plugged_token: Token, settings: Settings) -> Iterator[Token]:
    """A token of SoftHSM in which this installation makes new keys."""
    settings.CAIRN = plugged_token.settings()
    yield plugged_token
    plugged_token.bring_back()
    plugged_token.say_pin(PIN)
    gc.collect()  # searches that began in a session that is gone complain here, and not elsewhere
