"""Reads of people."""

from allauth.account.models import EmailAddress

from cairn.people.models import User


def verified_addresses(user: User) -> frozenset[str]:
    """The addresses of which `user` has shown that they read their mail, in lower case."""
    found = EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    return frozenset(address.lower() for address in found)
