"""Which passkeys may approve: registered by their owner, confirmed by an owner of the organisation.

A confirmation is sealed under a key of the master key, so that a row written into the database by
other means confirms nothing.  After a change of the master key, owners confirm anew.
"""

import hashlib
import hmac
from datetime import datetime, timedelta
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext as _
from fido2 import cbor

from cairn.core.codec import timestamps
from cairn.core.codec.jcs import canonicalize
from cairn.core.errors import Conflict, Malformed, NotAllowed
from cairn.issuing import permissions
from cairn.issuing.approvals import ApproverKey, ApproverKeyDecision
from cairn.organisations.access import Action, require, roles_of
from cairn.organisations.models import Membership, Organisation, Role
from cairn.people.models import User
from cairn.platform import audit, outbox
from cairn.signing.wrapping import master_key

ALONE_AFTER = timedelta(hours=24)  # an only owner confirms their own key, but not at once
_Kind = ApproverKeyDecision.Kind


@transaction.atomic
def register_key(
    *, organisation: Organisation, passkey_id: int, actor: User, now: datetime
) -> ApproverKey:
    """Ask that a passkey of `actor`'s account may approve; the owners are told.

    Raises `NotAllowed`, `Malformed` for a passkey that is not theirs, `Conflict` if it was asked.
    """
    require(actor, permissions.REGISTER_KEY, organisation)
    found = Authenticator.objects.filter(
        pk=passkey_id, user=actor, type=Authenticator.Type.WEBAUTHN
    ).first()
    if found is None:
        raise Malformed(_("choose one of your passkeys"), "/passkey")
    credential = found.wrap().authenticator_data.credential_data
    if any(bytes(one.credential_id) == credential.credential_id for one in open_keys(actor)):
        raise Conflict(_("this passkey is registered already"))
    key = ApproverKey.objects.create(
        issuer=organisation,
        user=actor,
        name=found.wrap().name[:200],
        credential_id=credential.credential_id,
        public_key=_encoded(credential.public_key),
        registered_at=now,
    )
    _record(permissions.REGISTER_KEY, key, actor, now)
    outbox.emit(
        "approver.key_registered", organisation_id=organisation.id, subject_id=key.id, at=now
    )
    return key


@transaction.atomic
def confirm_key(*, key_id: UUID, actor: User, now: datetime) -> None:
    """Let a key approve.  An owner other than its holder does it; an only owner waits a day.

    Raises `NotAllowed`, and `Conflict` if it was withdrawn or the day is not over.
    """
    key = ApproverKey.objects.select_related("issuer").get(pk=key_id)
    require(actor, permissions.CONFIRM_KEY, key.issuer)
    if is_withdrawn(key):
        raise Conflict(_("it was withdrawn; register the passkey again"))
    if key.user_id == actor.id:
        if _other_owners(key.issuer, actor):
            raise NotAllowed(_("this is your own passkey, so another owner confirms it"))
        if now < key.registered_at + ALONE_AFTER:
            raise Conflict(_("nobody else can confirm it, so it takes a day; come back after that"))
    ApproverKeyDecision.objects.create(
        key=key,
        kind=_Kind.CONFIRMED,
        decided_by=actor,
        decided_at=now,
        seal=_seal(key, actor.id, now),
    )
    _record(permissions.CONFIRM_KEY, key, actor, now)


@transaction.atomic
def withdraw_key(*, key_id: UUID, actor: User, now: datetime) -> None:
    """Let a key approve no more, for good; its holder may, and every owner."""
    key = ApproverKey.objects.select_related("issuer").get(pk=key_id)
    require(actor, permissions.WITHDRAW_KEY, key.issuer)
    if key.user_id != actor.id and Role.OWNER not in roles_of(actor, key.issuer):
        raise Conflict(_("only its holder and owners may withdraw it"))
    if is_withdrawn(key):
        return
    ApproverKeyDecision.objects.create(
        key=key, kind=_Kind.WITHDRAWN, decided_by=actor, decided_at=now
    )
    _record(permissions.WITHDRAW_KEY, key, actor, now)


def open_keys(user: User) -> list[ApproverKey]:
    """The keys of `user` that nobody withdrew: 1 query."""
    withdrawn = ApproverKeyDecision.objects.filter(kind=_Kind.WITHDRAWN).values("key")
    return list(ApproverKey.objects.filter(user=user).exclude(pk__in=withdrawn))


def keys_that_may_approve(user: User, issuer: Organisation, now: datetime) -> list[ApproverKey]:
    """The keys of `user` that approve for `issuer`, and that the account still has."""
    own = Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN)
    kept = {one.wrap().authenticator_data.credential_data.credential_id for one in own}
    return [
        key
        for key in open_keys(user)
        if key.issuer_id == issuer.id
        and bytes(key.credential_id) in kept
        and may_approve(key, at=now)
    ]


def may_approve(key: ApproverKey, *, at: datetime) -> bool:
    """Whether `key` was confirmed by then, and nobody withdrew it since: 1 query."""
    decisions = list(key.decisions.all())
    if any(one.kind == _Kind.WITHDRAWN for one in decisions):
        return False
    return any(
        one.decided_at <= at
        and hmac.compare_digest(one.seal, _seal(key, one.decided_by_id, one.decided_at))
        for one in decisions
    )


def is_withdrawn(key: ApproverKey) -> bool:
    """Whether somebody withdrew `key`, which is final: 1 query."""
    return key.decisions.filter(kind=_Kind.WITHDRAWN).exists()


def fingerprint(key: ApproverKey) -> str:
    """What two people compare to see that they speak of one key: eight hexadecimal digits."""
    digits = hashlib.sha256(bytes(key.public_key)).hexdigest()[:8].upper()
    return f"{digits[:4]}-{digits[4:]}"


def _seal(key: ApproverKey, confirmed_by: UUID, confirmed_at: datetime) -> str:
    said = {
        "key": str(key.id),
        "issuer": str(key.issuer_id),
        "user": str(key.user_id),
        "credentialId": bytes(key.credential_id).hex(),
        "publicKey": bytes(key.public_key).hex(),
        "registeredAt": timestamps.write(key.registered_at),
        "confirmedBy": str(confirmed_by),
        "confirmedAt": timestamps.write(confirmed_at),
    }
    own = hmac.new(master_key().secret, b"cairn approver keys", hashlib.sha256).digest()
    return hmac.new(own, canonicalize({**said}), hashlib.sha256).hexdigest()


def _encoded(public_key: object) -> bytes:
    return bytes(cbor.encode(dict(public_key)))  # type: ignore[call-overload] # a CoseKey is a dict


def _other_owners(organisation: Organisation, actor: User) -> bool:
    members = Membership.objects.filter(organisation=organisation, user__is_active=True)
    return any(Role.OWNER in one.roles for one in members.exclude(user=actor))


def _record(action: Action, key: ApproverKey, actor: User, now: datetime) -> None:
    audit.record(
        action.name,
        organisation_id=key.issuer_id,
        actor_id=actor.id,
        subject_kind="approver_key",
        subject_id=key.id,
        at=now,
        fingerprint=fingerprint(key),
    )
