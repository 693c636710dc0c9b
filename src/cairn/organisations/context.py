"""What templates may show of the organisations a person acts for."""

from django.http import HttpRequest

from cairn.organisations.access import organisations_of
from cairn.people.models import User


def memberships(request: HttpRequest) -> dict[str, object]:
    """The organisations of who is signed in, and in the console the one whose console it is.

    The database is asked only where a template looks.
    """
    user = getattr(request, "user", None)
    found: dict[str, object] = {
        "my_organisations": organisations_of(user) if isinstance(user, User) else ()
    }
    if organisation := getattr(request, "organisation", None):
        found |= {"organisation": organisation, "section": "issue"}
    return found
