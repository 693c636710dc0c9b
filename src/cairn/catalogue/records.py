"""Rows of the audit and the outbox about versions: ids and numbers, no texts, no names."""

from datetime import datetime

from cairn.catalogue.models import AchievementVersion
from cairn.people.models import User
from cairn.platform import audit, outbox
from cairn.platform.outbox import Plain


def note(
    action: str, version: AchievementVersion, actor: User, now: datetime, **details: Plain
) -> None:
    """Record that `actor` did `action` to `version`."""
    audit.record(
        action,
        organisation_id=version.achievement.creator_id,
        actor_id=actor.id,
        subject_kind="achievement_version",
        subject_id=version.id,
        at=now,
        number=version.number,
        **details,
    )


def tell(kind: str, version: AchievementVersion, now: datetime) -> None:
    """Let other rooms know of `kind`."""
    outbox.emit(
        kind,
        organisation_id=version.achievement.creator_id,
        subject_id=version.id,
        at=now,
        achievement_id=str(version.achievement_id),
        number=version.number,
    )
