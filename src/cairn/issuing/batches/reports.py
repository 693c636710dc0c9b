"""Tables to download: an empty one to fill, the uploaded one with its problems, the report.

All are CSV in UTF-8 with a byte order mark, as spreadsheets want it.  A cell that a spreadsheet
would run as a formula gets an apostrophe in front, which is taken off again when it is uploaded.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from django.db.models import F

from cairn.catalogue import openbadges
from cairn.catalogue.models import AchievementVersion
from cairn.core.openbadges.headings import FIELDS
from cairn.issuing.addresses import credential_url
from cairn.issuing.batches.reading import HINT_COLUMNS
from cairn.issuing.models import Award, Batch, BatchRow, Credential

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
_ALWAYS = ("email", "name")
_OFTEN = ("narrative", "evidence_url", "evidence_name")
_AT_ONCE = 2000


def guarded(text: str) -> str:
    """`text` as a cell that no spreadsheet runs."""
    return f"'{text}" if text.startswith(_DANGEROUS) else text


def without_guard(text: str) -> str:
    """The cell that `guarded` made `text` of."""
    return text[1:] if text[:1] == "'" and text[1:].startswith(_DANGEROUS) else text


def template(version: AchievementVersion, language: str) -> bytes:
    """A table with the headings for `version` and nobody in it."""
    described = openbadges.achievement(version, language).result_description
    results = [f"result:{description.name}" for description in described]
    return _csv([[*_ALWAYS, *results, *_OFTEN]])


def fields_of(version: AchievementVersion, language: str) -> list[tuple[str, str]]:
    """What a column can be chosen to fill, as heading and explanation."""
    described = openbadges.achievement(version, language).result_description
    plain = [
        (name, about.description)
        for name, about in FIELDS.items()
        if not name.endswith(":") and name not in ("did", "result")
    ]
    results = [
        (f"{kind}:{description.name}", description.name)
        for description in described
        for kind in ("result", "status", "level")
    ]
    return plain + results


def annotated(batch: Batch) -> bytes:
    """The rows that won't be awarded as they were uploaded, each with what is wrong with it."""
    wanted = (BatchRow.State.UNREAD, BatchRow.State.PROBLEM, BatchRow.State.DUPLICATE)
    lines: list[Sequence[str]] = [[*batch.header, *HINT_COLUMNS]]
    for row in batch.rows.filter(state__in=wanted).order_by("number").iterator(_AT_ONCE):
        cells = row.cells or [""] * len(batch.header)
        problems = row.problems or batch.header_problems
        lines.append([*cells, *_told(row.number, problems)])
    return _csv(lines)


def report(batch: Batch) -> bytes:
    """What became of each row, with the addresses of the credentials."""
    lines: list[Sequence[str]] = [
        ["row", "state", "name", "email", "credential", "problem", "mend"]
    ]
    rows = batch.rows.order_by("number")
    known = {
        award_id: (name, email, credential_id)
        for award_id, credential_id, name, email in Credential.objects.filter(
            issuer=batch.issuer,
            is_current=True,
            award__in=Award.objects.filter(issuer=batch.issuer, pk__in=rows.values("pk")),
        ).values_list("award_id", "id", F("award__recipient_name"), F("award__learner__email"))
    }
    for row in rows.iterator(_AT_ONCE):
        name, email, credential_id = known.get(row.id, (row.name, row.email, None))
        address = credential_url(credential_id) if credential_id else ""
        problem, mend = _told(None, row.problems)
        state = BatchRow.State(row.state).label
        lines.append([str(row.number), str(state), name, email, address, problem, mend])
    return _csv(lines)


def _told(number: int | None, problems: Iterable[dict[str, str]]) -> tuple[str, str]:
    def sentences(name: str) -> Iterator[str]:
        for problem in problems:
            column = f"{problem['column']}: " if problem["column"] else ""
            yield f"{column}{problem[name]}"

    where = f"row {number}: " if number is not None else ""
    return where + "; ".join(sentences("problem")), "; ".join(sentences("mend"))


def _csv(lines: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    for line in lines:
        writer.writerow([guarded(cell) for cell in line])
    return text.getvalue().encode("utf-8-sig")
