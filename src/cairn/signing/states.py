"""The states of keys, and the steps between them: next → active → retired, compromised from any.

The caller checked that the actor may, and holds the lock of the organisation's keys (`locked`).
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from cairn.organisations.models import Organisation
from cairn.platform import audit, outbox
from cairn.signing.custody import Algorithm, same_role
from cairn.signing.models import SigningKey, WantedKey

# Others may keep our DID document for a day: a key must be in it for that long before it signs.
PUBLISHED_AHEAD = timedelta(hours=24)
_State = SigningKey.State


def locked(organisation: Organisation) -> None:
    """One change to the keys of an organisation at a time."""
    Organisation.objects.select_for_update().get(id=organisation.id)


def next_of(organisation: Organisation, algorithm: str) -> SigningKey | None:
    """The key that takes over from those of the role of `algorithm`."""
    return organisation.signing_keys.filter(
        algorithm__in=same_role(algorithm), state=_State.NEXT
    ).first()


def activate(key: SigningKey, now: datetime) -> bool:
    """Let `key` sign; whether there was one before it, which is retired."""
    retired = SigningKey.objects.filter(
        organisation=key.organisation_id,
        algorithm__in=same_role(key.algorithm),
        state=_State.ACTIVE,
    ).update(state=_State.RETIRED, retired_at=now)
    key.state, key.activated_at = _State.ACTIVE, now
    key.save(update_fields=["state", "activated_at"])
    return bool(retired)


def take_over(keys: Iterable[SigningKey], actor_id: UUID | None, now: datetime) -> int:
    """Let these keys of one organisation sign instead of the active ones; how many there were."""
    taken = list(keys)
    for key in taken:
        activate(key, now)
        record("keys.activate", key, actor_id, now)
    if taken:
        emit("key.rotated", taken[0].organisation, now)
    return len(taken)


def want(
    organisation: Organisation,
    algorithm: Algorithm,
    actor_id: UUID | None,
    now: datetime,
    *,
    is_at_once: bool,
) -> None:
    """Have the signer job make a key in the security module; a waiting wish becomes this one."""
    wanted = WantedKey.objects.filter(
        organisation=organisation, algorithm__in=same_role(algorithm)
    ).first()
    if wanted is None:
        wanted = WantedKey.objects.create(
            organisation=organisation,
            algorithm=algorithm,
            is_at_once=is_at_once,
            requester_id=actor_id,
            wanted_at=now,
        )
    elif is_at_once and not wanted.is_at_once:
        wanted.is_at_once = True
        wanted.save(update_fields=["is_at_once"])
    audit.record(
        "keys.order",
        organisation_id=organisation.id,
        actor_id=wanted.requester_id,
        subject_kind="signing_key",
        subject_id=wanted.id,
        at=now,
        algorithm=wanted.algorithm,
    )
    outbox.emit("key.wanted", organisation_id=organisation.id, subject_id=wanted.id, at=now)


def record(action: str, key: SigningKey, actor_id: UUID | None, now: datetime) -> None:
    """Write an act on `key` into the audit."""
    audit.record(
        action,
        organisation_id=key.organisation_id,
        actor_id=actor_id,
        subject_kind="signing_key",
        subject_id=key.id,
        at=now,
        algorithm=key.algorithm,
        fragment=key.fragment,
    )


def emit(kind: str, organisation: Organisation, now: datetime) -> None:
    """Tell of a change to the keys of `organisation`."""
    outbox.emit(kind, organisation_id=organisation.id, subject_id=organisation.id, at=now)
