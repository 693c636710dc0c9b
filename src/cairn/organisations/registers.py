"""Registers of issuers: who is named in them, since when, and who may change that.

An organisation with the capability "register" keeps them.  The page that changes one places the
order to sign it anew in the same transaction (`cairn.signing.registers` signs).
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from cairn.core.did.syntax import MAX_LENGTH
from cairn.core.did.web import document_url
from cairn.core.errors import Conflict, Malformed, NotAllowed
from cairn.core.wording.names import flags
from cairn.organisations.access import require
from cairn.organisations.models import Capability, Organisation, Register, RegisterEntry
from cairn.organisations.permissions import EDIT_REGISTER
from cairn.people.models import User
from cairn.platform import audit

MAX_ENTRIES = 900  # a signed document holds about a thousand objects
_MAX_NAME = 200


def registers_of(organisation: Organisation) -> QuerySet[Register]:
    """The registers that `organisation` keeps, the oldest first."""
    return Register.objects.filter(operator=organisation).order_by("created_at", "id")


def standing_entries(register: Register) -> QuerySet[RegisterEntry]:
    """Who is named in `register` now, by name."""
    return register.entries.filter(removed_at=None).order_by("name", "id")


def former_entries(register: Register) -> QuerySet[RegisterEntry]:
    """Who was named in it and no longer is, the latest first."""
    return register.entries.exclude(removed_at=None).order_by("-removed_at", "id")


def entries_naming(issuer_did: str) -> QuerySet[RegisterEntry]:
    """Where an issuer is named now, with register and operator."""
    found = RegisterEntry.objects.filter(issuer_did=issuer_did, removed_at=None)
    return found.select_related("register__operator").order_by("added_at", "id")


@transaction.atomic
def open_register(*, organisation: Organisation, name: str, actor: User, now: datetime) -> Register:
    """A new register without entries.  Raises `NotAllowed`, and `Malformed` for its name."""
    _require_registrar(organisation, actor)
    register = Register.objects.create(
        operator=organisation, name=_plain_name(name), created_at=now
    )
    _record("register.open", register, actor, now, register.id)
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
    """Name an issuer in a register of `organisation`.

    Raises `NotAllowed`, `Malformed` for a doubtful identifier or name, `Conflict` if the issuer is
    named already or the register is full.
    """
    _require_registrar(organisation, actor)
    register = _locked(organisation, register_id)
    identifier = _issuer(issuer_did)
    standing = register.entries.filter(removed_at=None)
    if standing.filter(issuer_did=identifier).exists():
        raise Conflict(_("this issuer is in the register already; remove the entry to change it"))
    if standing.count() >= MAX_ENTRIES:
        raise Conflict(
            _("a register holds at most %(most)s issuers; open another one") % {"most": MAX_ENTRIES}
        )
    entry = RegisterEntry.objects.create(
        register=register, issuer_did=identifier, name=_plain_name(name), added_at=now
    )
    _changed(register)
    _record("register.add_entry", register, actor, now, entry.id)
    return entry


@transaction.atomic
def remove_entry(
    *, organisation: Organisation, entry_id: UUID, actor: User, now: datetime
) -> RegisterEntry:
    """Take an issuer out of a register; the entry stays, with its dates.

    Raises `NotAllowed`, and `Conflict` if it was taken out already.
    """
    _require_registrar(organisation, actor)
    entry = RegisterEntry.objects.select_related("register").get(
        id=entry_id, register__operator=organisation
    )
    register = _locked(organisation, entry.register_id)
    removed = RegisterEntry.objects.filter(id=entry_id, removed_at=None).update(removed_at=now)
    if not removed:
        raise Conflict(_("this issuer was taken out of the register already"))
    _changed(register)
    _record("register.remove_entry", register, actor, now, entry.id)
    entry.refresh_from_db()
    return entry


def _require_registrar(organisation: Organisation, actor: User) -> None:
    require(actor, EDIT_REGISTER, organisation)
    if Capability.REGISTER not in organisation.capabilities:
        raise NotAllowed(
            _("%(name)s keeps no register on this installation") % {"name": organisation}
        )


def _locked(organisation: Organisation, register_id: UUID) -> Register:
    return Register.objects.select_for_update().get(id=register_id, operator=organisation)


def _changed(register: Register) -> None:
    Register.objects.filter(id=register.id).update(revision=F("revision") + 1)


def _issuer(text: str) -> str:
    """An identifier in the one spelling that credentials use.  Raises `Malformed`."""
    identifier = text.strip()
    if identifier.startswith("did:web:"):
        document_url(identifier)
    elif not identifier.startswith(("did:key:", "https://")) or not identifier.isprintable():
        raise Malformed(
            _("“%(seen)s” is no issuer; give a did:web, did:key or https address")
            % {"seen": identifier[:80]}
        )
    longest = RegisterEntry._meta.get_field("issuer_did").max_length or MAX_LENGTH
    if len(identifier) > longest or " " in identifier or not identifier.isascii():
        raise Malformed(
            _("an identifier of an issuer has at most %(most)s plain characters")
            % {"most": longest}
        )
    return identifier


def _plain_name(text: str) -> str:
    """A name that looks like what it is: a register vouches for it.  Raises `Malformed`."""
    name = " ".join(text.split())
    odd = flags(name)
    if not name or len(name) > _MAX_NAME or odd:
        raise Malformed(
            _("the name has letters that deceive; write it in plain letters of one script")
            if odd
            else _("the name has no letters or more than %(most)s") % {"most": _MAX_NAME}
        )
    return name


def _record(action: str, register: Register, actor: User, now: datetime, subject_id: UUID) -> None:
    audit.record(
        action,
        organisation_id=register.operator_id,
        actor_id=actor.id,
        subject_kind="register",
        subject_id=subject_id,
        at=now,
        register=str(register.id),
    )
