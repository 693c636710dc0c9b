"""One university with one member in each role that the catalogue knows."""

from dataclasses import dataclass

import pytest

from cairn.organisations.models import Organisation, Role
from cairn.people.models import User
from tests.catalogue.making import member, organisation


@dataclass(frozen=True, slots=True)
class House:
    """An organisation and its people."""

    organisation: Organisation
    owner: User
    designer: User
    reviewer: User
    approver: User
    viewer: User


@pytest.fixture
def house(db: None) -> House:
    """A university."""
    of = organisation()
    roles = (Role.OWNER, Role.DESIGNER, Role.REVIEWER, Role.APPROVER, Role.VIEWER)
    return House(of, *(member(of, role) for role in roles))
