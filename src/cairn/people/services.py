"""What people change about themselves, and the learners that issuers write to."""

from datetime import datetime
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.translation import gettext as _

from cairn.core.errors import Conflict
from cairn.people.addresses import canonical_address
from cairn.people.models import Learner, User


def learner_with_address(*, email: str, now: datetime) -> Learner:
    """The learner whom issuers know by this address, made when first awarded.

    Raises `Malformed` for what is no address.
    """
    learner, _made = Learner.objects.get_or_create(
        email=canonical_address(email), defaults={"created_at": now}
    )
    return learner


@transaction.atomic
def claim_learner(*, learner_id: UUID, actor: User) -> Learner:
    """Say that `actor` is the learner.  Raises `Conflict` if somebody else is."""
    learner = Learner.objects.select_for_update().get(id=learner_id)
    if learner.user_id not in (None, actor.id):
        raise Conflict(_("these credentials were already claimed by somebody else"))
    if learner.user_id is None:
        learner.user = actor
        learner.save(update_fields=["user"])
    return learner


@transaction.atomic
def create_user(
    *, email: str, name: str = "", password: str | None = None, language: str = "en"
) -> User:
    """A person with a verified address, made by an operator or a demo and not by signing up.

    Raises `Malformed` for what is no address, `Conflict` if it is somebody's already.
    """
    address = canonical_address(email)
    if EmailAddress.objects.filter(email=address, verified=True).exists() or (
        User.objects.filter(email__iexact=address).exists()
    ):
        raise Conflict(_("somebody signs in with %(address)s already") % {"address": address})
    user = User.objects.create_user(address, password, name=name, language=language)
    EmailAddress.objects.create(user=user, email=address, verified=True, primary=True)
    return user


@transaction.atomic
def user_with_address(*, email: str, language: str = "en") -> User:
    """The person who reads this address, made if there is none.  Raises `Malformed`."""
    address = canonical_address(email)
    known = EmailAddress.objects.filter(email=address, verified=True).select_related("user").first()
    if known is not None:
        person: User = known.user
        return person
    return create_user(email=address, language=language)


@transaction.atomic
def edit_profile(*, actor: User, name: str, language: str, time_zone: str) -> User:
    """How the person is called and in which language and time zone they read."""
    user = User.objects.select_for_update().get(id=actor.id)
    user.name, user.language, user.time_zone = name.strip(), language, time_zone
    user.save(update_fields=["name", "language", "time_zone"])
    return user
