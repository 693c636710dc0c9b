"""Seeds the installation of `test_pages` and prints the session of a person in each role."""

import json
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cairn.config.settings")
django.setup()

from django.test import Client  # noqa: E402 - after the set-up

from cairn.people.operators import add_operator  # noqa: E402
from tests import world  # noqa: E402
from tests.tenants import tenant  # noqa: E402


def main() -> None:
    """Print who can be signed in as whom, and where."""
    made = tenant()
    people = {role.value: user for role, user in made.members.items()} | {"holder": made.holder}
    people["operator"] = add_operator(email="operator@example.org", now=world.NOW)
    sessions = {}
    for name, user in people.items():
        client = Client()
        client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
        sessions[name] = client.cookies["sessionid"].value
    samples = {name: str(value) for name, value in made.samples.items()} | {
        f"{route} {name}": str(value)
        for route, own in made.of_routes.items()
        for name, value in own.items()
    }
    print(json.dumps({"sessions": sessions, "samples": samples}))  # noqa: T201 - it is the answer


if __name__ == "__main__":
    main()
