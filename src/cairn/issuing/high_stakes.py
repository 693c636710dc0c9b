"""Achievements whose awards need a signed approval: an owner says so, and not of single batches.

Lifting such a rule takes a day and is told to all owners, so that nobody lifts it for one batch.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cairn.catalogue.models import Achievement
from cairn.core.errors import Conflict, Malformed
from cairn.issuing import permissions
from cairn.issuing.approvals import ApprovalRule
from cairn.organisations.access import require
from cairn.organisations.models import Organisation
from cairn.people.models import User
from cairn.platform import audit, outbox

LIFTED_AFTER = timedelta(hours=24)


@transaction.atomic
def set_rule(
    *,
    organisation: Organisation,
    achievement: Achievement,
    is_required: bool,
    actor: User,
    now: datetime,
) -> None:
    """Say whether awards of `achievement` need a signed approval; said twice, it is said once."""
    require(actor, permissions.SET_RULE, organisation)
    if achievement.creator_id != organisation.id:
        raise Malformed("is not of this organisation; choose one of your own", "/achievement")
    newest = rules_of(organisation).get(achievement.id)
    if (newest is not None and newest.is_required) is is_required:
        return
    rule = ApprovalRule.objects.create(
        issuer=organisation,
        achievement=achievement,
        is_required=is_required,
        changed_by=actor,
        changed_at=now,
    )
    audit.record(
        permissions.SET_RULE.name,
        organisation_id=organisation.id,
        actor_id=actor.id,
        subject_kind="achievement",
        subject_id=achievement.id,
        at=now,
        is_required=is_required,
    )
    outbox.emit("approval.rule_set", organisation_id=organisation.id, subject_id=rule.id, at=now)


def rules_of(organisation: Organisation) -> Mapping[UUID, ApprovalRule]:
    """The newest rule of each achievement that ever had one: 1 query."""
    found = ApprovalRule.objects.filter(issuer=organisation).order_by("changed_at")
    return {rule.achievement_id: rule for rule in found}


def is_in_force(rule: ApprovalRule | None, now: datetime) -> bool:
    """Whether `rule` asks for a signed approval: a lifted one still does for a day."""
    return rule is not None and (rule.is_required or now < rule.changed_at + LIFTED_AFTER)


def needs_signed_approval(issuer_id: UUID, achievement_id: UUID, now: datetime) -> bool:
    """Whether awards of the achievement need a signed approval now: 1 query."""
    newest = (
        ApprovalRule.objects.filter(issuer=issuer_id, achievement=achievement_id)
        .order_by("-changed_at")
        .first()
    )
    return is_in_force(newest, now)


def refuse_single(issuer_id: UUID, achievement_id: UUID, now: datetime) -> None:
    """Raise `Conflict` if a credential of the achievement may only come out of an approved batch.

    The job that signs asks it too, so that no other way leads around the approval.
    """
    if needs_signed_approval(issuer_id, achievement_id, now):
        raise Conflict(
            _("awards of it are approved with a passkey, so they are given from a table only")
        )
