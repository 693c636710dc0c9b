"""Reads of organisations, their members and invitations."""

from django.db.models import QuerySet

from cairn.organisations.models import Membership
from cairn.people.models import User


def memberships_of(user: User) -> QuerySet[Membership]:
    """Whom `user` acts for, by name.  One query."""
    return (
        Membership.objects.filter(user=user)
        .select_related("organisation")
        .order_by("organisation__name")
    )
