"""Put right what a credential says: a new one in its place, the old one revoked.

A signed document never changes.  The award stays the same decision, and whoever holds it goes on
holding it; `/c/<old>` and the check of an old file say that it was replaced.  For locks see
`status_lists`: the bits of the old are written before entries for the new are taken.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from cairn.catalogue.content import Content
from cairn.catalogue.models import AchievementVersion
from cairn.catalogue.openbadges import result_id
from cairn.core.codec.strict_json import Json
from cairn.core.errors import Conflict, Malformed
from cairn.issuing import acts, bits, permissions, selectors, status_lists
from cairn.issuing.acts import Order
from cairn.issuing.documents import languages_of
from cairn.issuing.models import Award, Credential
from cairn.issuing.recipients import clean_name
from cairn.issuing.services import Achieved, plan_credential
from cairn.organisations.access import require
from cairn.organisations.models import Organisation
from cairn.people.models import User
from cairn.platform import outbox

MOVED_AT_MOST = 500  # awards, each with a new credential
_SIGNED = (  # of an award
    "version_id",
    "recipient_name",
    "narrative",
    "evidence_url",
    "evidence_name",
    "results",
    "valid_from",
    "valid_until",
)


@dataclass(frozen=True, slots=True)
class Correction:
    """What the new credential of one award says; what it was earned in stays."""

    version: AchievementVersion
    name: str
    achieved: Achieved
    valid_from: datetime
    valid_until: datetime | None

    def __post_init__(self) -> None:
        if self.valid_until is not None and self.valid_until <= self.valid_from:
            raise Malformed("is before the day from which it holds; write a later one", "/until")


@transaction.atomic
def replace_award(
    *, award: Award, correction: Correction, order: Order, actor: User, now: datetime
) -> Award:
    """Have one award say `correction`; an order that was carried out comes back as it was.

    Raises `NotAllowed`, `Conflict` if it can't be replaced as it is now, and `Malformed` for what
    cannot be signed or changes nothing.
    """
    require(actor, permissions.REPLACE, award.issuer)
    (found,) = acts.locked(award.issuer, [award.id])
    if acts.was_done(found.issuer, order.act_id):
        return found
    refuse_replacement(found)
    refuse_version(found, correction.version)
    before = [getattr(found, name) for name in _SIGNED]
    achieved = correction.achieved
    found.version, found.recipient_name = correction.version, clean_name(correction.name)
    found.narrative = achieved.narrative.replace("\r\n", "\n").strip()
    found.evidence_url, found.evidence_name = achieved.evidence_url, achieved.evidence_name
    found.results = list(achieved.results)
    found.valid_from, found.valid_until = correction.valid_from, correction.valid_until
    if before == [getattr(found, name) for name in _SIGNED]:
        raise Malformed(_("this is what the credential says now; change something"))
    replace_all([found], order, actor, now)
    return found


@transaction.atomic
def move_awards(
    *,
    issuer: Organisation,
    award_ids: Iterable[UUID],
    version: AchievementVersion,
    order: Order,
    actor: User,
    now: datetime,
) -> list[Award]:
    """Have these awards say what another version of their achievement says; the rest stays.

    Raises as `replace_award` does; then nothing is done to any.
    """
    require(actor, permissions.REPLACE, issuer)
    awards = acts.locked(issuer, award_ids)
    if acts.was_done(issuer, order.act_id):
        return awards
    if len(awards) > MOVED_AT_MOST:
        raise Malformed(_("choose %(most)s awards at most") % {"most": MOVED_AT_MOST})
    for award in awards:
        refuse_replacement(award)
        refuse_version(award, version)
        if award.version_id == version.id:
            raise Malformed("is the version that it has; choose another", "/version")
        award.results = moved_results(award, version)
        award.version = version
    replace_all(awards, order, actor, now)
    return awards


def refuse_replacement(award: Award) -> None:
    """Raise `Conflict`, saying why, if `award` can't be replaced as it is now."""
    if award.state != Award.State.ISSUED:
        raise Conflict(
            _("its state is “%(state)s”; look at it again") % {"state": award.get_state_display()}
        )
    if selectors.is_handed_back(award):
        raise Conflict(_("it was handed back; send it to another address instead"))


def refuse_version(award: Award, version: AchievementVersion) -> None:
    """Raise, saying why, if `award` can't say what `version` says."""
    if version.achievement_id != award.version.achievement_id:
        raise Malformed("is of another achievement; choose a version of the same", "/version")
    if version.state != AchievementVersion.State.PUBLISHED:
        raise Conflict(_("this version is not published; have it approved first"))
    if version.number < award.version.number:
        raise Malformed("is older than the one it has; choose a newer one", "/version")
    if award.language not in languages_of(version):
        raise Malformed(f"was not written in {award.language}; choose another one", "/version")


def moved_results(award: Award, version: AchievementVersion) -> list[dict[str, Json]]:
    """The results of `award` as results of `version`, whose ids of them are its own.

    Raises `Conflict` if it does not describe one of them in the same place under the same name.
    """
    if version.id == award.version_id:
        return list(award.results)
    before = Content.of(award.version).result_descriptions
    after = Content.of(version).result_descriptions
    ids: Mapping[str, str] = {
        result_id(award.version, index): result_id(version, index)
        for index, (old, new) in enumerate(zip(before, after, strict=False))
        if old.get("name") == new.get("name") and old.get("resultType") == new.get("resultType")
    }
    moved: list[dict[str, Json]] = []
    for result in award.results:
        said = result.get("resultDescription")
        if said is not None and said not in ids:
            raise Conflict(
                _("the newer version asks for other results; correct this one by itself")
            )
        moved.append({**result, "resultDescription": ids[said]} if said is not None else result)
    return moved


def replace_all(awards: Sequence[Award], order: Order, actor: User, now: datetime) -> None:
    """Sign new credentials of these locked awards, as changed in memory, in place of the old ones.

    In the caller's transaction, after it asked whether each can be replaced.
    """
    ids = [award.id for award in awards]
    current = Credential.objects.filter(award__in=ids, is_current=True)
    old: dict[UUID, UUID] = dict(current.values_list("award_id", "id"))
    lists = bits.write(old.values(), status_lists.REVOCATION, is_set=True, now=now)
    replacements: dict[UUID, tuple[UUID, UUID]] = {}
    for award in awards:
        award.state = Award.State.PLANNED
        try:
            with transaction.atomic():
                award.save(update_fields=["state", *_SIGNED])
        except IntegrityError as err:
            raise Conflict(
                f"{award.learner.email} has an award of that version and run already"
            ) from err
        new = plan_credential(award, requester=actor, now=now)
        replacements[award.id] = (old[award.id], new.id)
    # After the new ones: while an old one is published as revoked, there is something newer.
    bits.order(lists, requester=actor, now=now)
    acts.record(awards, order, actor, now, replacements)
    outbox.emit_each(
        "award.replaced",
        organisation_id=awards[0].issuer_id,
        subjects=[
            (award_id, {"replaced": str(before), "successor": str(after), "reason": order.reason})
            for award_id, (before, after) in replacements.items()
        ],
        at=now,
    )
