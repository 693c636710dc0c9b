"""What an issuer does with awards: give, withdraw, send to another address.

Each is one transaction.  Signing is only ordered here; see `signing`.  For the order of locks see
`status_lists`.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cairn.catalogue.models import Achievement, AchievementVersion, Offering
from cairn.core.codec.strict_json import Json
from cairn.core.errors import Conflict, Malformed
from cairn.core.rdf.document import Vocabulary, to_quads
from cairn.core.rdf.outline import Uncovered
from cairn.issuing import acts, permissions, selectors, status_lists
from cairn.issuing.changes import Act
from cairn.issuing.documents import languages_of, unsigned_document
from cairn.issuing.high_stakes import refuse_single
from cairn.issuing.models import Award, Credential
from cairn.issuing.recipients import clean_email, clean_name
from cairn.issuing.validity import end_of_validity
from cairn.organisations.access import require, require_capability
from cairn.organisations.models import Capability, Organisation
from cairn.people.models import Learner, User
from cairn.platform import audit, outbox
from cairn.signing import orders

_SALT_BYTES = 16


@dataclass(frozen=True, slots=True)
class Achieved:
    """What one learner did for the award; "" and none where nothing is said."""

    narrative: str = ""  # Markdown
    evidence_url: str = ""
    evidence_name: str = ""
    results: Sequence[dict[str, Json]] = ()  # of Open Badges Result's terms


@transaction.atomic
def award(
    *,
    issuer: Organisation,
    version: AchievementVersion,
    offering: Offering | None,
    email: str,
    name: str,
    language: str,
    actor: User,
    now: datetime,
    achieved: Achieved | None = None,
    valid_from: datetime | None = None,
    award_id: UUID | None = None,
) -> Award:
    """Give `version` to one learner: planned, with its credential, and ordered to be signed.

    With the `award_id` of an award that was made, that one comes back and nothing is done: a form
    sent twice gives once.

    Raises `NotAllowed`, `Malformed` (with the field as path) for what cannot be signed, and
    `Conflict` if the learner has it, as of this run, already.
    """
    require(actor, permissions.AWARD, issuer)
    email, name = clean_email(email), clean_name(name)
    award_id = award_id or uuid4()
    if done := Award.objects.filter(pk=award_id).first():
        return _same(done, issuer=issuer, version=version, email=email)
    refuse_unawardable(issuer, version, offering, language)
    achieved = achieved or Achieved()
    since = (valid_from or now).replace(microsecond=0)
    months = version.valid_for_months
    planned = _create(
        Award(
            id=award_id,
            issuer=issuer,
            version=version,
            offering=offering,
            learner=_learner(email, now),
            recipient_name=name,
            language=language,
            narrative=achieved.narrative.replace("\r\n", "\n").strip(),
            evidence_url=achieved.evidence_url,
            evidence_name=achieved.evidence_name,
            results=list(achieved.results),
            valid_from=since,
            valid_until=end_of_validity(since, months, issuer.time_zone) if months else None,
            awarded_by=actor,
            awarded_at=now.replace(microsecond=0),
        )
    )
    _record(permissions.AWARD.name, planned, actor, now)
    plan_credential(planned, requester=actor, now=now)
    return planned


@transaction.atomic
def withdraw_award(
    *, award: Award, reason: Award.Reason, note: str, actor: User, now: datetime
) -> Award:
    """Withdraw for good: the award, its bit and the outbox agree, or nothing changes.

    `note` stays inside.  Raises `NotAllowed`, and `Conflict` if it was withdrawn: the first reason
    and date stand.
    """
    require(actor, permissions.WITHDRAW, award.issuer)
    refuse_withdrawal(selectors.locked(award))
    (withdrawn,) = acts.act_on(
        issuer=award.issuer,
        award_ids=[award.id],
        order=acts.Order(Act.WITHDRAW, uuid4(), str(reason), note),
        actor=actor,
        now=now,
    )
    return withdrawn


@transaction.atomic
def correct_address(*, award: Award, email: str, actor: User, now: datetime) -> Award:
    """Send an award that nobody holds to another address: a new credential, the old one revoked.

    A signed document never changes, and it names the learner by the address.  Raises `NotAllowed`,
    `Malformed` (path /email), and `Conflict` if somebody claimed it or it is not in force.
    """
    require(actor, permissions.CORRECT, award.issuer)
    email = clean_email(email)
    locked = selectors.locked(award)
    refuse_correction(locked)
    if locked.learner.email == email:
        raise Malformed("is the address it has; write another", "/email")
    old = list(selectors.planned_credentials(locked))
    locked.learner, locked.state = _learner(email, now), Award.State.PLANNED
    try:
        with transaction.atomic():
            locked.save(update_fields=["learner", "state"])
    except IntegrityError as err:
        raise Conflict(str(_TWICE)) from err
    for credential in old:
        status_lists.mark(credential, status_lists.REVOCATION, requester=actor, now=now)
    _record(permissions.CORRECT.name, locked, actor, now)
    _emit("award.address_corrected", locked, now)
    plan_credential(locked, requester=actor, now=now)
    return locked


def refuse_unawardable(
    issuer: Organisation, version: AchievementVersion, offering: Offering | None, language: str
) -> None:
    """Raise `Malformed` or `Conflict`, saying why, if `issuer` can't award this now."""
    require_capability(issuer, Capability.ISSUE)
    if version.achievement.creator_id != issuer.id:
        raise Malformed("is not of this organisation; choose one of your own", "/version")
    if version.state != AchievementVersion.State.PUBLISHED:
        raise Conflict(_("this version is not published; have it approved first"))
    if version.achievement.state != Achievement.State.ACTIVE:
        raise Conflict(_("it was retired; nothing more is awarded for it"))
    if offering is not None and offering.version_id != version.id:
        raise Malformed("is a run of another version; choose one of this version", "/offering")
    if offering is not None and offering.state != Offering.State.OPEN:
        raise Conflict(_("this run is closed; choose an open one"))
    if language not in languages_of(version):
        raise Malformed(f"was not written in {language}; choose another language", "/language")


def refuse_withdrawal(award: Award) -> None:
    """Raise `Conflict`, saying why, if `award` can't be withdrawn as it is now."""
    if not award.can_be_withdrawn:
        raise Conflict(_why_not(award))


def refuse_correction(award: Award) -> None:
    """Raise `Conflict`, saying why, if the address of `award` can't be corrected as it is now."""
    if award.state != Award.State.ISSUED:
        raise Conflict(_why_not(award))
    if selectors.is_claimed(award):
        raise Conflict(_("the learner has claimed it; withdraw it instead"))


def plan_credential(award: Award, *, requester: User, now: datetime) -> Credential:
    """Fix all of a credential but its signature, and order it; in the caller's transaction.

    Raises `Malformed` for what a signature could not cover, `Conflict` if only an approved batch
    may give it.
    """
    refuse_single(award.issuer_id, award.version.achievement_id, now)
    Credential.objects.filter(award=award, is_current=True).update(is_current=False)
    credential = Credential.objects.create(
        issuer=award.issuer, award=award, salt=secrets.token_hex(_SALT_BYTES), planned_at=now
    )
    status_lists.take_entries(credential, is_suspendable=award.version.is_suspendable, now=now)
    try:
        to_quads(unsigned_document(credential), Vocabulary())
    except Uncovered as err:
        raise Malformed(err.problem, err.path) from err
    orders.place(
        organisation=award.issuer,
        kind="credential",
        subject_id=credential.id,
        requester=requester,
        now=now,
    )
    return credential


_TWICE = gettext_lazy("this learner has this award, as of this run, already; each run awards once")


def _create(planned: Award) -> Award:
    try:
        with transaction.atomic():
            planned.save(force_insert=True)
    except IntegrityError as err:
        raise Conflict(str(_TWICE)) from err
    return planned


def _learner(email: str, now: datetime) -> Learner:
    return Learner.objects.get_or_create(email=email, defaults={"created_at": now})[0]


def _same(done: Award, *, issuer: Organisation, version: AchievementVersion, email: str) -> Award:
    if (done.issuer_id, done.version_id, done.learner.email) != (issuer.id, version.id, email):
        raise Conflict(_("this form was sent before, for another award; open it again"))
    return done


def _why_not(award: Award) -> str:
    if award.state == Award.State.WITHDRAWN and award.withdrawn_at:
        day = date_format(award.withdrawn_at, "j F Y")
        return _("it was withdrawn on %(day)s; that is final") % {"day": day}
    if award.state == Award.State.PLANNED:
        return _("it is being signed; look again in a moment")
    return _("its state is “%(state)s”; look at it again") % {"state": award.get_state_display()}


def _record(action: str, award: Award, actor: User, now: datetime, **details: str) -> None:
    audit.record(
        action,
        organisation_id=award.issuer_id,
        actor_id=actor.id,
        subject_kind="award",
        subject_id=award.id,
        at=now,
        **details,
    )


def _emit(kind: str, award: Award, now: datetime, **payload: str) -> None:
    outbox.emit(kind, organisation_id=award.issuer_id, subject_id=award.id, at=now, **payload)
