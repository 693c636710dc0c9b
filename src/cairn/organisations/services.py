"""What is done to an organisation and its settings; members are in `membership`."""

from collections.abc import Iterable
from datetime import datetime
from uuid import uuid4

from django.db import transaction
from django.utils.text import slugify

from cairn.core.errors import Conflict, Malformed
from cairn.organisations.access import require
from cairn.organisations.models import Capability, Kind, Membership, Organisation, Role
from cairn.organisations.permissions import EDIT
from cairn.people.models import User
from cairn.platform import audit


@transaction.atomic
def create_organisation(
    *,
    name: str,
    owner: User,
    now: datetime,
    slug: str = "",
    kinds: Iterable[Kind] = (),
    capabilities: Iterable[Capability] = (Capability.ISSUE,),
    url: str = "",
    email: str = "",
    country: str = "",
    language: str = "en",
    time_zone: str = "UTC",
) -> Organisation:
    """A new tenant with its first owner.  Whoever calls it makes the keys next.

    Raises `Malformed` without a name, `Conflict` if the slug is taken.
    """
    if not name.strip():
        raise Malformed("an organisation needs a name")
    slug = slug or slugify(name) or str(uuid4())
    if Organisation.objects.filter(slug=slug).exists():
        raise Conflict(f"another organisation has the address {slug}; give one with --slug")
    organisation = Organisation.objects.create(
        name=name.strip(),
        slug=slug,
        kinds=[kind.value for kind in kinds],
        capabilities=[capability.value for capability in capabilities],
        url=url,
        email=email,
        country=country,
        language=language,
        time_zone=time_zone,
        created_at=now,
    )
    Membership.objects.create(
        organisation=organisation, user=owner, roles=[Role.OWNER.value], created_at=now
    )
    _record("organisation.create", organisation, None, now)
    return organisation


@transaction.atomic
def edit_organisation(
    *,
    organisation: Organisation,
    actor: User,
    now: datetime,
    name: str,
    description: str,
    url: str,
    email: str,
    country: str,
    language: str,
    time_zone: str,
) -> Organisation:
    """Change what the organisation says about itself, its description in its own language."""
    require(actor, EDIT, organisation)
    changed = Organisation.objects.select_for_update().get(id=organisation.id)
    changed.name, changed.url, changed.email, changed.country = name, url, email, country
    changed.language, changed.time_zone = language, time_zone
    changed.description = {**changed.description, language: description}
    changed.save()
    _record(EDIT.name, changed, actor, now)
    return changed


def _record(action: str, organisation: Organisation, actor: User | None, now: datetime) -> None:
    audit.record(
        action,
        organisation_id=organisation.id,
        actor_id=actor.id if actor else None,
        subject_kind="organisation",
        subject_id=organisation.id,
        at=now,
    )
