"""Make, replace and give up the keys of an organisation.  Nothing here opens a private key."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from cairn.core.errors import Conflict
from cairn.organisations.access import require
from cairn.organisations.models import Organisation
from cairn.people.models import User
from cairn.platform import audit, outbox
from cairn.signing.generation import ALGORITHMS, Algorithm, new_key
from cairn.signing.models import SigningKey
from cairn.signing.permissions import KEYS_MANAGE
from cairn.signing.wrapping import MasterKey, master_key

# Others may keep our DID document for a day: a key must be in it for that long before it signs.
PUBLISHED_AHEAD = timedelta(hours=24)
_State = SigningKey.State


def create_keys(*, organisation: Organisation, actor: User | None, now: datetime) -> None:
    """The first keys of a new organisation, active at once: nobody can know an older document.

    Whoever founds an organisation may call it.  Raises `Conflict` if there are keys already.
    """
    master = master_key()
    with transaction.atomic():
        _locked(organisation)
        if organisation.signing_keys.exists():
            raise Conflict(
                _("%(name)s has keys already; replace them instead") % {"name": organisation}
            )
        for algorithm in ALGORITHMS:
            key = _add(organisation, algorithm, master, now)
            _activate(key, now)
            _record("keys.create", key, actor, now)


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
    master = master_key()
    with transaction.atomic():
        _locked(organisation)
        waiting = {key.algorithm for key in organisation.signing_keys.filter(state=_State.NEXT)}
        if waiting and not is_forced:
            raise Conflict(_("new keys are published already and take over within a day"))
        for algorithm in ALGORITHMS:
            if algorithm not in waiting:
                key = _add(organisation, algorithm, master, now)
                _record("keys.prepare", key, actor, now)
        if is_forced:
            _take_over(organisation, actor, now)
            return now
        _emit("key.prepared", organisation, now)
        return now + PUBLISHED_AHEAD


def activate_next_keys(*, organisation: Organisation, now: datetime) -> int:
    """Let keys sign that were published long enough; how many there were.

    Safe to call at any time, and twice.
    """
    with transaction.atomic():
        _locked(organisation)
        return _take_over(organisation, None, now, published_before=now - PUBLISHED_AHEAD)


def mark_compromised(
    *, organisation: Organisation, fragment: str, actor: User | None, now: datetime
) -> None:
    """Give up a key that others may have: what it signed counts no more, anywhere.

    If it was active, a new one signs at once.  Raises `NotAllowed`, `Conflict` if it was given up
    already, `SigningKey.DoesNotExist`.
    """
    if actor is not None:
        require(actor, KEYS_MANAGE, organisation)
    master = master_key()
    with transaction.atomic():
        _locked(organisation)
        key = organisation.signing_keys.get(fragment=fragment)
        if key.state == _State.COMPROMISED:
            raise Conflict(_("this key was given up already"))
        was_active = key.state == _State.ACTIVE
        key.state, key.compromised_at = _State.COMPROMISED, now
        key.save(update_fields=["state", "compromised_at"])
        _record("keys.mark_compromised", key, actor, now)
        _emit("key.compromised", organisation, now)
        if was_active:
            algorithm = next(name for name in ALGORITHMS if name == key.algorithm)
            replacement = organisation.signing_keys.filter(
                algorithm=algorithm, state=_State.NEXT
            ).first() or _add(organisation, algorithm, master, now)
            _activate(replacement, now)
            _record("keys.activate", replacement, actor, now)


def _locked(organisation: Organisation) -> None:
    """One change to the keys of an organisation at a time."""
    Organisation.objects.select_for_update().get(id=organisation.id)


def _take_over(
    organisation: Organisation,
    actor: User | None,
    now: datetime,
    published_before: datetime | None = None,
) -> int:
    """Retire active keys for which there is a next one, and activate that."""
    ready = organisation.signing_keys.filter(state=_State.NEXT)
    if published_before is not None:
        ready = ready.filter(created_at__lte=published_before)
    keys = list(ready)
    for key in keys:
        organisation.signing_keys.filter(algorithm=key.algorithm, state=_State.ACTIVE).update(
            state=_State.RETIRED, retired_at=now
        )
        _activate(key, now)
        _record("keys.activate", key, actor, now)
    if keys:
        _emit("key.rotated", organisation, now)
    return len(keys)


def _add(
    organisation: Organisation, algorithm: Algorithm, master: MasterKey, now: datetime
) -> SigningKey:
    key = new_key(organisation, algorithm, master, now)
    key.save(force_insert=True)
    return key


def _activate(key: SigningKey, now: datetime) -> None:
    key.state, key.activated_at = _State.ACTIVE, now
    key.save(update_fields=["state", "activated_at"])


def _record(action: str, key: SigningKey, actor: User | None, now: datetime) -> None:
    audit.record(
        action,
        organisation_id=key.organisation_id,
        actor_id=actor.id if actor else None,
        subject_kind="signing_key",
        subject_id=key.id,
        at=now,
        algorithm=key.algorithm,
        fragment=key.fragment,
    )


def _emit(kind: str, organisation: Organisation, now: datetime) -> None:
    outbox.emit(kind, organisation_id=organisation.id, subject_id=organisation.id, at=now)
