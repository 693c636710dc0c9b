"""Make, replace and give up the keys of an organisation.  Nothing here opens a private key."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from cairn.core.errors import Conflict
from cairn.organisations.access import require
from cairn.organisations.models import Organisation
from cairn.people.models import User
from cairn.signing import states
from cairn.signing.custody import Algorithm, same_role
from cairn.signing.generation import new_key
from cairn.signing.models import SigningKey
from cairn.signing.permissions import KEYS_MANAGE
from cairn.signing.states import PUBLISHED_AHEAD as PUBLISHED_AHEAD
from cairn.signing.wrapping import master_key

_State = SigningKey.State


def create_keys(*, organisation: Organisation, actor: User | None, now: datetime) -> None:
    """The first keys of a new organisation, active at once: nobody can know an older document.

    In a security module they are made by the signer job, soon after.  Whoever founds an
    organisation may call it.  Raises `Conflict` if there are keys already.
    """
    with transaction.atomic():
        states.locked(organisation)
        if organisation.signing_keys.exists() or organisation.wanted_keys.exists():
            raise Conflict(
                _("%(name)s has keys already; replace them instead") % {"name": organisation}
            )
        for algorithm in settings.CAIRN.custody.algorithms:
            key = _brought(organisation, algorithm, _id(actor), now, is_at_once=True)
            if key is not None:
                states.activate(key, now)
                states.record("keys.create", key, _id(actor), now)


def rotate_keys(
    *, organisation: Organisation, actor: User | None, now: datetime, is_forced: bool = False
) -> datetime:
    """Replace the active keys; the moment from which the new ones sign.

    The new keys are published now and sign `PUBLISHED_AHEAD` later, when the job calls
    `activate_next_keys`; `is_forced` lets them sign at once, and whoever keeps an older DID
    document cannot check what they sign until they look again.  Raises `NotAllowed`, and
    `Conflict` if a rotation is under way already, unless it is forced.
    """
    if actor is not None:
        require(actor, KEYS_MANAGE, organisation)
    with transaction.atomic():
        states.locked(organisation)
        waiting = {key.algorithm for key in organisation.signing_keys.filter(state=_State.NEXT)}
        waiting |= set(organisation.wanted_keys.values_list("algorithm", flat=True))
        if waiting and not is_forced:
            raise Conflict(_("new keys are published already and take over within a day"))
        for algorithm in settings.CAIRN.custody.algorithms:
            if states.next_of(organisation, algorithm) is None:
                key = _brought(organisation, algorithm, _id(actor), now, is_at_once=is_forced)
                if key is not None:
                    states.record("keys.prepare", key, _id(actor), now)
        prepared = organisation.signing_keys.filter(state=_State.NEXT)
        if is_forced:
            states.take_over(prepared.select_related("organisation"), _id(actor), now)
            return now
        if prepared.exists():
            states.emit("key.prepared", organisation, now)
        return now + PUBLISHED_AHEAD


def activate_next_keys(*, organisation: Organisation, now: datetime) -> int:
    """Let keys sign that were published long enough; how many there were.

    Safe to call at any time, and twice.
    """
    with transaction.atomic():
        states.locked(organisation)
        ready = organisation.signing_keys.filter(
            state=_State.NEXT, created_at__lte=now - PUBLISHED_AHEAD
        )
        return states.take_over(ready.select_related("organisation"), None, now)


def mark_compromised(
    *, organisation: Organisation, fragment: str, actor: User | None, now: datetime
) -> None:
    """Give up a key that others may have: what it signed counts no more, anywhere.

    If it was active, a new one signs at once.  Raises `NotAllowed`, `Conflict` if it was given up
    already, `SigningKey.DoesNotExist`.
    """
    if actor is not None:
        require(actor, KEYS_MANAGE, organisation)
    with transaction.atomic():
        states.locked(organisation)
        key = organisation.signing_keys.get(fragment=fragment)
        if key.state == _State.COMPROMISED:
            raise Conflict(_("this key was given up already"))
        was_active = key.state == _State.ACTIVE
        key.state, key.compromised_at = _State.COMPROMISED, now
        key.save(update_fields=["state", "compromised_at"])
        states.record("keys.mark_compromised", key, _id(actor), now)
        if was_active:
            _replace(organisation, key.algorithm, _id(actor), now)
        states.emit("key.compromised", organisation, now)


def _replace(
    organisation: Organisation, algorithm: str, actor_id: UUID | None, now: datetime
) -> None:
    """Let another key sign instead of an active one that was given up."""
    wanted = settings.CAIRN.custody.algorithms
    successor = states.next_of(organisation, algorithm) or _brought(
        organisation,
        next(name for name in wanted if name in same_role(algorithm)),
        actor_id,
        now,
        is_at_once=True,
    )
    if successor is not None:
        states.activate(successor, now)
        states.record("keys.activate", successor, actor_id, now)


def _brought(
    organisation: Organisation,
    algorithm: Algorithm,
    actor_id: UUID | None,
    now: datetime,
    *,
    is_at_once: bool,
) -> SigningKey | None:
    """A new key in the state `next`; None where the signer job makes it, in a security module."""
    if settings.CAIRN.custody.is_in_module:
        states.want(organisation, algorithm, actor_id, now, is_at_once=is_at_once)
        return None
    key = new_key(organisation, algorithm, master_key(), now)
    key.save(force_insert=True)
    return key


def _id(actor: User | None) -> UUID | None:
    return actor.id if actor else None
