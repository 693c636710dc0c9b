"""Who may see how the installation does.  Nobody, until its command line says so."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from cairn.core.errors import Malformed
from cairn.people.addresses import canonical_address
from cairn.people.models import User
from cairn.people.services import user_with_address
from cairn.platform import audit


def operators() -> QuerySet[User]:
    """Who may, by address."""
    return User.objects.filter(is_staff=True).order_by("email")


@transaction.atomic
def add_operator(*, email: str, now: datetime) -> User:
    """Let the person who reads this address see; made if there is none.  Raises `Malformed`."""
    user = user_with_address(email=email)
    _set(user, is_operator=True, now=now)
    return user


@transaction.atomic
def remove_operator(*, email: str, now: datetime) -> User:
    """Let this person no longer.  Raises `Malformed` if they may not anyway."""
    address = canonical_address(email)
    found = operators().filter(emailaddress__email=address, emailaddress__verified=True).first()
    if found is None:
        raise Malformed(f"{address} is no operator's address; see cairn operators list")
    _set(found, is_operator=False, now=now)
    return found


def _set(user: User, *, is_operator: bool, now: datetime) -> None:
    if user.is_staff == is_operator:
        return
    user.is_staff = is_operator
    user.save(update_fields=["is_staff"])
    audit.record(
        "operator.add" if is_operator else "operator.remove",
        organisation_id=None,
        actor_id=None,  # whoever has a shell there
        subject_kind="user",
        subject_id=user.id,
        at=now,
    )
