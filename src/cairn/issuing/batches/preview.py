"""What the first credentials of a batch will say, before anything is signed."""

import json
from dataclasses import dataclass
from datetime import datetime

from cairn.issuing.batches.reading import trial_document
from cairn.issuing.batches.rows import award_of
from cairn.issuing.documents import Described, further_in_words, results_in_words
from cairn.issuing.models import Award, Batch, BatchRow
from cairn.people.models import Learner

SHOWN = 3


@dataclass(frozen=True, slots=True)
class Preview:
    """One credential in words, and as the document that will be signed."""

    award: Award
    results: list[tuple[str, str]]
    further: list[tuple[str, str]]
    document: str  # laid out; id, salt and status entries are drawn when it is planned


def previews(batch: Batch, now: datetime) -> list[Preview]:
    """The first three rows that are ready: 1 query."""
    described = Described.of(batch.version, batch.language, batch.issuer)
    rows = batch.rows.filter(state=BatchRow.State.READY).order_by("number")[:SHOWN]
    return [_preview(batch, described, row, now) for row in rows]


def _preview(batch: Batch, described: Described, row: BatchRow, now: datetime) -> Preview:
    award = award_of(row, batch, Learner(email=row.email), now)
    document = trial_document(batch, described, row, now)
    return Preview(
        award,
        results_in_words(batch.version, award.results),
        further_in_words(award),
        json.dumps(document, ensure_ascii=False, indent=2),
    )
