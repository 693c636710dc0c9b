"""Change a register and have it signed anew, in one transaction."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from cairn.organisations import registers
from cairn.organisations.models import Organisation, Register, RegisterEntry
from cairn.people.models import User
from cairn.signing.orders import place


@transaction.atomic
def open_register(*, organisation: Organisation, name: str, actor: User, now: datetime) -> Register:
    """Open a register, and sign it without entries.  Raises as `registers.open_register`."""
    register = registers.open_register(organisation=organisation, name=name, actor=actor, now=now)
    _order(register.id, organisation, actor, now)
    return register


@transaction.atomic
def add_entry(
    *,
    organisation: Organisation,
    register_id: UUID,
    issuer_did: str,
    name: str,
    actor: User,
    now: datetime,
) -> RegisterEntry:
    """Name an issuer.  Raises as `registers.add_entry`."""
    entry = registers.add_entry(
        organisation=organisation,
        register_id=register_id,
        issuer_did=issuer_did,
        name=name,
        actor=actor,
        now=now,
    )
    _order(entry.register_id, organisation, actor, now)
    return entry


@transaction.atomic
def remove_entry(
    *, organisation: Organisation, entry_id: UUID, actor: User, now: datetime
) -> RegisterEntry:
    """Take an issuer out.  Raises as `registers.remove_entry`."""
    entry = registers.remove_entry(
        organisation=organisation, entry_id=entry_id, actor=actor, now=now
    )
    _order(entry.register_id, organisation, actor, now)
    return entry


def _order(register_id: UUID, organisation: Organisation, actor: User, now: datetime) -> None:
    place(
        organisation=organisation,
        kind="register",
        subject_id=register_id,
        requester=actor,
        now=now,
    )
