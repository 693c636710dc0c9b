"""Accounts of people who claim.  What a link proves about its reader is said in `claims`."""

from allauth.account.models import EmailAddress
from django.utils.translation import gettext as _

from cairn.core.errors import Conflict
from cairn.people.models import User


def owner_of(address: str) -> User | None:
    """The account that has proved `address`.  One query."""
    found = EmailAddress.objects.filter(email__iexact=address, verified=True)
    proved = found.select_related("user").first()
    return proved.user if proved else None


def new_account(*, address: str, name: str, language: str) -> User:
    """An account with `address` proved, without a password.  In the caller's transaction.

    An account that asked for the address and never proved it could never be signed in to and holds
    nothing: it becomes this person's, without whatever password a stranger gave it in advance.
    Raises `Conflict` if it is not one of those.
    """
    user = User.objects.select_for_update().filter(email__iexact=address).first()
    if user is None:
        user = User.objects.create_user(address, None, name=name, language=language)
    elif user.is_staff or not user.is_active or _has_proved_any(user):
        raise Conflict(_("an account has this address already; sign in to it first"))
    else:
        EmailAddress.objects.filter(user=user).delete()
        user.email, user.name, user.language = address, name, language
        user.set_unusable_password()
        user.save()
    EmailAddress.objects.create(user=user, email=address, verified=True, primary=True)
    return user


def add_address(*, user: User, address: str) -> None:
    """Give `user` one more proved address.  In the caller's transaction.

    Raises `Conflict` if an account has it: accounts are never merged by a link.
    """
    if owner_of(address) is not None:
        raise Conflict(_("an account has this address already; sign in to it instead"))
    EmailAddress.objects.filter(user=user, email__iexact=address).delete()
    EmailAddress.objects.create(user=user, email=address, verified=True, primary=False)


def _has_proved_any(user: User) -> bool:
    return bool(EmailAddress.objects.filter(user=user, verified=True).exists())
