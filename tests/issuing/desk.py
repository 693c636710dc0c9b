"""An organisation at work: who awards, who looks, and a version to award."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.test import Client

from cairn.catalogue.models import AchievementVersion
from cairn.organisations.models import Organisation, Role
from cairn.people.models import User
from tests import world


@dataclass(frozen=True, slots=True)
class Desk:
    """Pages of one organisation, opened by one of its members."""

    organisation: Organisation
    version: AchievementVersion
    awarder: User
    client: Client

    def url(self, rest: str = "") -> str:
        return f"/console/{self.organisation.slug}/awards/{rest}"

    @property
    def award_url(self) -> str:
        return self.url(f"new/{self.version.id}/")

    def answers(self, **changes: Any) -> dict[str, Any]:
        """A filled form."""
        return {
            "award_id": str(uuid4()),
            "email": "ada@example.org",
            "name": "Ada Lovelace",
            "offering": "",
            "language": "en",
            **changes,
        }


def desk(**of_version: Any) -> Desk:
    """A desk with a signed-in awarder."""
    organisation = world.organisation()
    awarder = world.member(organisation, Role.AWARDER, name="Grace Hopper")
    client = Client()
    client.force_login(awarder)
    return Desk(organisation, world.published_version(organisation, **of_version), awarder, client)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client
