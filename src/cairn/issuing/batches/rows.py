"""A row of a batch and the award that it becomes: the one place that turns one into the other."""

from collections.abc import Mapping
from datetime import datetime
from typing import cast

from cairn.core.codec import timestamps
from cairn.core.codec.strict_json import Json
from cairn.core.openbadges.award import Award as CoreAward
from cairn.core.openbadges.award import Evidence
from cairn.core.openbadges.terms import to_json
from cairn.issuing.documents import FURTHER_TERMS
from cairn.issuing.models import Award, Batch, BatchRow
from cairn.issuing.validity import end_of_validity
from cairn.people.models import Learner

_MAX_ADDRESS, _MAX_EVIDENCE_NAME = 500, 200  # of the columns of `Award`


def said_of(award: CoreAward, *, has_own_start: bool) -> dict[str, Json]:
    """What a row says besides who it is about, as `BatchRow.said` keeps it."""
    first = next((one for one in award.evidence if _fits(one)), None)
    terms = {name: value for name, value in to_json(award).items() if name in FURTHER_TERMS}
    if first and award.evidence == (Evidence(first.id, first.name),):
        del terms["evidence"]
    said: dict[str, Json] = {
        "narrative": award.narrative,
        "evidence_url": first.id if first else "",
        "evidence_name": first.name if first else "",
        "results": [to_json(result) for result in award.result],
        "valid_from": award.valid_from if has_own_start else "",
        "valid_until": award.valid_until,
        "terms": terms,
    }
    return {name: value for name, value in said.items() if value}


def award_of(row: BatchRow, batch: Batch, learner: Learner, now: datetime) -> Award:
    """The award that `row` becomes if it is planned `now`; it has the id of the row.  No query."""
    said = cast(Mapping[str, str], row.said)
    since = _moment(said.get("valid_from", "")) or now.replace(microsecond=0)
    until = _moment(said.get("valid_until", ""))
    months = batch.version.valid_for_months
    if until is None and months:
        until = end_of_validity(since, months, batch.issuer.time_zone)
    return Award(
        id=row.id,
        issuer=batch.issuer,
        version=batch.version,
        offering=batch.offering,
        learner=learner,
        recipient_name=row.name,
        language=batch.language,
        narrative=said.get("narrative", ""),
        evidence_url=said.get("evidence_url", ""),
        evidence_name=said.get("evidence_name", ""),
        results=row.said.get("results", []),
        student_number=row.student_number,
        terms=row.said.get("terms", {}),
        valid_from=since,
        valid_until=until,
        awarded_at=now.replace(microsecond=0),
    )


def _fits(evidence: Evidence) -> bool:
    is_web = evidence.id.startswith(("https://", "http://"))
    is_short = len(evidence.id) <= _MAX_ADDRESS and len(evidence.name) <= _MAX_EVIDENCE_NAME
    return is_web and is_short


def _moment(text: str) -> datetime | None:
    return timestamps.parse(text) if text else None
