"""The life of a version: written, submitted, decided about, published for good.

draft → submitted → published, or back to draft when changes are asked for; a draft can be
withdrawn.  Lock order: the achievement, then its versions.  A published version never changes: no
service writes to one, and a trigger of the database refuses.
"""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from cairn.catalogue.completeness import flaws
from cairn.catalogue.content import Content
from cairn.catalogue.models import Achievement, AchievementVersion, Decision
from cairn.catalogue.openbadges import achievement
from cairn.catalogue.permissions import APPROVE, EDIT, REQUEST_CHANGES, RETIRE
from cairn.catalogue.records import note, tell
from cairn.catalogue.selectors import approvers, contributor_ids
from cairn.catalogue.slugs import free_slug
from cairn.core.errors import Conflict, Malformed, NotAllowed
from cairn.organisations.access import require, require_capability
from cairn.organisations.models import Capability, Organisation
from cairn.people.models import User

_STATE = AchievementVersion.State


class StaleEdit(Conflict):
    """Somebody else saved the draft meanwhile; show what was typed, and how things stand."""


class Incomplete(Malformed):
    """Facts are missing before it can be submitted; `flaws` names field and sentence of each."""

    def __init__(self, missing: list[tuple[str, str]]) -> None:
        super().__init__("; ".join(sentence for _field, sentence in missing))
        self.flaws = missing


@transaction.atomic
def create_achievement(
    *,
    organisation: Organisation,
    content: Content,
    actor: User,
    now: datetime,
    achievement_id: UUID | None = None,
) -> AchievementVersion:
    """A new achievement, with its version 1 as a draft.

    A caller that chose `achievement_id` may ask twice (a double click), and gets the same draft.
    Raises `StaleEdit` if that draft says something else: the form was sent from an old page.
    """
    require(actor, EDIT, organisation)
    require_capability(organisation, Capability.ISSUE)
    made = Achievement(creator=organisation, created_at=now)
    if achievement_id is not None:
        made.id = achievement_id
        known = AchievementVersion.objects.filter(achievement_id=achievement_id).first()
        if known is not None:
            if known.achievement.creator_id != organisation.id or known.author_id != actor.id:
                raise Conflict(_("this achievement exists already"))
            if Content.of(known) != content:
                raise StaleEdit(_("this achievement was saved before, and says something else"))
            return known
    made.slug = free_slug(content.name[content.language], made.id)
    made.save(force_insert=True)
    return _draft(made, 1, content, actor, now)


@transaction.atomic
def edit_draft(
    *, version_id: UUID, content: Content, seen: datetime, actor: User, now: datetime
) -> AchievementVersion:
    """Write `content` to a draft; who does so will not approve it.

    `seen` is the `edited_at` of what was on the screen.  Raises `StaleEdit` if it changed since.
    """
    version = _locked(version_id)
    require(actor, EDIT, version.achievement.creator)
    _require_state(version, _STATE.DRAFT)
    if version.edited_at != seen:
        raise StaleEdit(_("somebody else saved this draft while you were writing"))
    content.write_to(version)
    version.edited_at = now
    version.save()
    version.contributors.add(actor)
    note("achievement.edit", version, actor, now)
    return version


@transaction.atomic
def submit_version(*, version_id: UUID, actor: User, now: datetime) -> AchievementVersion:
    """Hand a draft to those who decide.  Raises `Incomplete` while facts are missing."""
    version = _locked(version_id)
    organisation = version.achievement.creator
    require(actor, EDIT, organisation)
    _require_state(version, _STATE.DRAFT)
    _require_active(version.achievement)
    content = Content.of(version)
    missing = flaws(content, organisation)
    if missing:
        raise Incomplete([(field, str(sentence)) for field, sentence in missing])
    for language in content.languages():
        achievement(version, language)  # raises `Malformed` for what could not be signed
    version.state, version.submitted_at = _STATE.SUBMITTED, now
    version.save()
    note("achievement.submit", version, actor, now)
    tell("version.submitted", version, now)
    return version


@transaction.atomic
def request_changes(
    *, version_id: UUID, reasons: str, seen_sha256: str, actor: User, now: datetime
) -> Decision:
    """Send a submitted version back to its author, with reasons."""
    version = _locked(version_id)
    require(actor, REQUEST_CHANGES, version.achievement.creator)
    _require_submitted_as_seen(version, seen_sha256)
    version.state = _STATE.DRAFT
    version.save()
    return _decide(version, Decision.Outcome.CHANGES, reasons, actor, now)


@transaction.atomic
def approve_version(
    *, version_id: UUID, reasons: str, seen_sha256: str, actor: User, now: datetime
) -> AchievementVersion:
    """Publish a submitted version for good.

    Nobody approves what they wrote on, unless they alone may approve in the organisation: then it
    is published as not independently approved.  `seen_sha256` is the digest of what was on the
    screen; of two approvers the second gets `Conflict`.
    """
    version = _locked(version_id)
    require(actor, APPROVE, version.achievement.creator)
    _require_submitted_as_seen(version, seen_sha256)
    _require_active(version.achievement)
    version.approval = approval_by(actor, version)
    version.state, version.published_at, version.approved_by = _STATE.PUBLISHED, now, actor
    version.content_sha256 = seen_sha256
    version.save()
    _decide(version, Decision.Outcome.APPROVED, reasons, actor, now)
    tell("version.published", version, now)
    return version


def approval_by(actor: User, version: AchievementVersion) -> AchievementVersion.Approval:
    """What an approval by `actor` is worth.  Raises `NotAllowed` if another must give it."""
    if actor.id not in contributor_ids(version):
        return AchievementVersion.Approval.SECOND_PERSON
    if [who.id for who in approvers(version.achievement.creator)] == [actor.id]:
        return AchievementVersion.Approval.NOT_INDEPENDENT
    raise NotAllowed(_("you wrote on this version, so another approver decides about it"))


@transaction.atomic
def withdraw_draft(*, version_id: UUID, actor: User, now: datetime) -> AchievementVersion:
    """Give up a draft, or one that was submitted.  Its number is not used again."""
    version = _locked(version_id)
    require(actor, EDIT, version.achievement.creator)
    _require_state(version, _STATE.DRAFT, _STATE.SUBMITTED)
    version.state = _STATE.WITHDRAWN
    version.save()
    note("achievement.withdraw", version, actor, now)
    return version


@transaction.atomic
def new_version(*, achievement_id: UUID, actor: User, now: datetime) -> AchievementVersion:
    """A draft that begins as the newest published version says.

    Raises `Conflict` while another draft is open: the page of that one is where to go on.
    """
    of = Achievement.objects.select_for_update().select_related("creator").get(pk=achievement_id)
    require(actor, EDIT, of.creator)
    _require_active(of)
    newest = of.versions.filter(state=_STATE.PUBLISHED).order_by("-number").first()
    if newest is None:
        raise Conflict(_("no version of this achievement is published yet"))
    last = of.versions.order_by("-number").values_list("number", flat=True)[0]
    return _draft(of, last + 1, Content.of(newest), actor, now)


@transaction.atomic
def retire_achievement(*, achievement_id: UUID, actor: User, now: datetime) -> Achievement:
    """Award no more of it.  What was awarded keeps its validity and its pages."""
    of = Achievement.objects.select_for_update().select_related("creator").get(pk=achievement_id)
    require(actor, RETIRE, of.creator)
    _require_active(of)
    of.state = Achievement.State.RETIRED
    of.save()
    newest = of.versions.order_by("-number")[0]
    note("achievement.retire", newest, actor, now)
    return of


def _locked(version_id: UUID) -> AchievementVersion:
    found = AchievementVersion.objects.select_related("achievement__creator")
    return found.select_for_update(of=("self",)).get(pk=version_id)


def _draft(
    of: Achievement, number: int, content: Content, actor: User, now: datetime
) -> AchievementVersion:
    version = AchievementVersion(
        achievement=of, number=number, author=actor, created_at=now, edited_at=now
    )
    content.write_to(version)
    try:
        with transaction.atomic():
            version.save(force_insert=True)
    except IntegrityError as err:
        raise Conflict(_("a draft of this achievement is open already")) from err
    version.contributors.add(actor)
    note("achievement.create", version, actor, now)
    return version


def _require_state(version: AchievementVersion, *states: str) -> None:
    if version.state not in states:
        raise Conflict(
            _("version %(number)s is %(state)s, so this cannot be done any more")
            % {"number": version.number, "state": version.get_state_display().lower()}
        )


def _require_active(of: Achievement) -> None:
    if of.state == Achievement.State.RETIRED:
        raise Conflict(_("this achievement is retired"))


def _require_submitted_as_seen(version: AchievementVersion, seen_sha256: str) -> None:
    _require_state(version, _STATE.SUBMITTED)
    if Content.of(version).sha256() != seen_sha256:
        raise Conflict(_("the text was changed since you opened this page; read it again"))


def _decide(
    version: AchievementVersion, outcome: Decision.Outcome, reasons: str, actor: User, now: datetime
) -> Decision:
    if not reasons.strip():
        raise Malformed(_("give your reasons"), "/reasons")
    made = Decision.objects.create(
        version=version, decided_by=actor, outcome=outcome, reasons=reasons.strip(), at=now
    )
    action = "approve" if outcome == Decision.Outcome.APPROVED else "request_changes"
    note(f"achievement.{action}", version, actor, now)
    return made
