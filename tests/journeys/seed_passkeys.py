"""Seeds the installation of the journeys with passkeys: an issuer, and sessions of its people."""

import json
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cairn.config.settings")
django.setup()

from django.test import Client  # noqa: E402 - after the set-up

from cairn.organisations.models import Role  # noqa: E402
from tests import world  # noqa: E402


def main() -> None:
    """Print the organisation, its version, and the session of each person."""
    organisation = world.organisation()
    version = world.published_version(organisation)
    roles = {"awarder": [Role.AWARDER], "approver": [Role.APPROVER], "owner": [Role.OWNER]}
    sessions = {}
    for name, held in roles.items():
        client = Client()
        user = world.member(organisation, *held, name=name.title())
        client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
        sessions[name] = client.cookies["sessionid"].value
    found = {"slug": organisation.slug, "version": str(version.id), "sessions": sessions}
    print(json.dumps(found))  # noqa: T201 - it is the answer


if __name__ == "__main__":
    main()
