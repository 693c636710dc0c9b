"""Signed approvals as the page of them shows them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from allauth.mfa.models import Authenticator

from cairn.catalogue.models import Achievement, AchievementVersion
from cairn.issuing.approvals import ApproverKey
from cairn.issuing.approver_keys import fingerprint, is_withdrawn, may_approve, open_keys
from cairn.issuing.documents import title_of
from cairn.issuing.high_stakes import is_in_force, rules_of
from cairn.organisations.models import Organisation, Role
from cairn.people.models import User

_SHOWN = 200


@dataclass(frozen=True, slots=True)
class ShownRule:
    """An achievement, and whether its awards need a signed approval."""

    achievement: Achievement
    title: str
    is_required: bool
    is_ending: bool  # lifted, and still in force


@dataclass(frozen=True, slots=True)
class ShownKey:
    """A passkey that may approve, or waits for an owner, or did once."""

    key: ApproverKey
    fingerprint: str
    state: Literal["waits", "confirmed", "withdrawn"]
    may_confirm: bool
    may_withdraw: bool


def rules(organisation: Organisation, language: str, now: datetime) -> list[ShownRule]:
    """The achievements that are awarded, by their newest published version: 2 queries."""
    published = AchievementVersion.objects.filter(
        achievement__creator=organisation,
        achievement__state=Achievement.State.ACTIVE,
        state=AchievementVersion.State.PUBLISHED,
    ).select_related("achievement")
    newest = {version.achievement_id: version for version in published.order_by("number")[:_SHOWN]}
    known = rules_of(organisation)
    shown = [
        ShownRule(
            version.achievement,
            title_of(version, language),
            bool((rule := known.get(achievement_id)) and rule.is_required),
            bool(rule and not rule.is_required and is_in_force(rule, now)),
        )
        for achievement_id, version in newest.items()
    ]
    return sorted(shown, key=lambda one: one.title)


def keys(
    organisation: Organisation, viewer: User, roles: Collection[Role], now: datetime
) -> list[ShownKey]:
    """All keys ever registered here, newest first; 2 queries for each."""
    found = organisation.approver_keys.select_related("user").order_by("-registered_at")
    return [_shown(key, viewer, Role.OWNER in roles, now) for key in found[:_SHOWN]]


def passkeys_to_register(user: User) -> list[Authenticator]:
    """The passkeys of `user` that are registered nowhere: 2 queries."""
    known = {bytes(key.credential_id) for key in open_keys(user)}
    own = Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN)
    return [
        one
        for one in own
        if one.data["credential"]
        and one.wrap().authenticator_data.credential_data.credential_id not in known
    ]


def _shown(key: ApproverKey, viewer: User, is_owner: bool, now: datetime) -> ShownKey:
    state: Literal["waits", "confirmed", "withdrawn"] = "waits"
    if is_withdrawn(key):
        state = "withdrawn"
    elif may_approve(key, at=now):
        state = "confirmed"
    is_own = key.user_id == viewer.id
    return ShownKey(
        key,
        fingerprint(key),
        state,
        may_confirm=is_owner and state == "waits",
        may_withdraw=(is_owner or is_own) and state != "withdrawn",
    )
