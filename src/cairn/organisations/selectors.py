"""Reads of organisations, their members and invitations."""

from datetime import datetime

from django.db.models import QuerySet
from django.db.models.functions import Lower

from cairn.organisations.invitations import digest
from cairn.organisations.models import Invitation, Membership, Organisation
from cairn.people.models import User


def memberships_of(user: User) -> QuerySet[Membership]:
    """Whom `user` acts for, by name.  One query."""
    found = Membership.objects.filter(user=user).select_related("organisation")
    return found.order_by(Lower("organisation__name"))


def members(organisation: Organisation) -> QuerySet[Membership]:
    """Who acts for the organisation, by name.  One query."""
    found = Membership.objects.filter(organisation=organisation).select_related("user")
    return found.order_by(Lower("user__name"), "user__email")


def open_invitations(organisation: Organisation, now: datetime) -> QuerySet[Invitation]:
    """Invitations that can still be accepted, the newest first.  One query."""
    found = Invitation.objects.filter(
        organisation=organisation, state=Invitation.State.OPEN, expires_at__gt=now
    )
    return found.order_by("-created_at", "id")


def invitation_with(token: str) -> Invitation | None:
    """The invitation whose mail held `token`, in whatever state; None for a made-up one."""
    found = Invitation.objects.filter(token_sha256=digest(token))
    return found.select_related("organisation", "invited_by").first()


def is_member(organisation: Organisation, address: str) -> bool:
    """Whether somebody who reads this address acts for the organisation already.  One query."""
    users = User.objects.filter(emailaddress__email=address, emailaddress__verified=True)
    return organisation.memberships.filter(user__in=users).exists()
