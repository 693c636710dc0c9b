"""What tables say: an empty one to fill, the uploaded one with its problems, the report."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext as _

from cairn.catalogue import openbadges
from cairn.catalogue.models import AchievementVersion
from cairn.core.openbadges.headings import FIELDS
from cairn.issuing.addresses import credential_url
from cairn.issuing.batches.reading import HINT_COLUMNS
from cairn.issuing.batches.tables import Kind, Lines, Sheet, written
from cairn.issuing.models import Award, Batch, BatchRow, Credential

_FIRST = ("email", "name", "student_id")
_UNFIT = frozenset({"did", "result"})  # of a wallet; only in tables of one result
_AT_ONCE = 2000
REPORT = ("row", "state", "name", "email", "credential", "problem", "mend")


@dataclass(frozen=True, slots=True)
class Column:
    """A heading of the empty table, what it holds, and an example."""

    heading: str
    text: str
    example: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one row."""

    row: int
    state: str
    name: str
    email: str
    credential: UUID | None
    problems: list[dict[str, str]]


def template(version: AchievementVersion, language: str, kind: Kind) -> bytes:
    """A table with the headings for `version` and nobody in it; a workbook explains them."""
    columns = template_columns(version, language)
    people = Sheet(_("People"), [[column.heading for column in columns]])
    said = [(column.heading, column.text, column.example) for column in columns]
    told = Sheet(_("Columns"), [(_("Column"), _("What it holds"), _("Example")), *said])
    return written(kind, people, told)


def template_columns(version: AchievementVersion, language: str) -> list[Column]:
    """The headings of the empty table: all that an award of `version` can say."""
    described = openbadges.achievement(version, language).result_description
    results = [Column(f"result:{each.name}", each.name, "") for each in described]
    fields = {name: about for name, about in FIELDS.items() if not name.endswith(":")}
    first = [Column(name, fields[name].description, fields[name].example) for name in _FIRST]
    others = [
        Column(name, about.description, about.example)
        for name, about in fields.items()
        if name not in _UNFIT and name not in _FIRST
    ]
    return [*first, *results, *others]


def fields_of(version: AchievementVersion, language: str) -> list[tuple[str, str]]:
    """What a column can be chosen to fill, as heading and explanation."""
    described = openbadges.achievement(version, language).result_description
    plain = [
        (name, about.description)
        for name, about in FIELDS.items()
        if not name.endswith(":") and name not in _UNFIT
    ]
    results = [
        (f"{kind}:{description.name}", description.name)
        for description in described
        for kind in ("result", "status", "level")
    ]
    return plain + results


def annotated(batch: Batch, kind: Kind) -> bytes:
    """The rows that won't be awarded as they were uploaded, each with what is wrong with it."""
    return written(kind, Sheet(_("To mend"), _annotated(batch)))


def report(batch: Batch, kind: Kind) -> bytes:
    """What became of each row, with the addresses of the credentials."""
    return written(kind, Sheet(_("Report"), _report(batch)))


def outcomes(batch: Batch, after: int = 0, most: int | None = None) -> Iterator[Outcome]:
    """What became of the rows after the one numbered `after`, in their order.

    2 queries for each 2,000 rows.
    """
    left = most
    while left is None or left > 0:
        count = _AT_ONCE if left is None else min(left, _AT_ONCE)
        rows = list(batch.rows.filter(number__gt=after).order_by("number")[:count])
        yield from _outcomes(batch, rows)
        if len(rows) < count:
            return
        after, left = rows[-1].number, None if left is None else left - count


def _annotated(batch: Batch) -> Iterator[Sequence[str]]:
    states = BatchRow.State
    wanted = (states.UNREAD, states.PROBLEM, states.DUPLICATE, states.UNSURE)
    yield [*batch.header, *HINT_COLUMNS]
    for row in batch.rows.filter(state__in=wanted).order_by("number").iterator(_AT_ONCE):
        cells = row.cells or [""] * len(batch.header)
        yield [*cells, *told(row.problems or batch.header_problems, row.number)]


def _report(batch: Batch) -> Lines:
    yield REPORT
    for each in outcomes(batch):
        address = credential_url(each.credential) if each.credential else ""
        state = str(BatchRow.State(each.state).label)
        yield [str(each.row), state, each.name, each.email, address, *told(each.problems)]


def _outcomes(batch: Batch, rows: Sequence[BatchRow]) -> Iterator[Outcome]:
    known = {
        award_id: (name, email, credential_id)
        for award_id, credential_id, name, email in Credential.objects.filter(
            issuer=batch.issuer,
            is_current=True,
            award__in=Award.objects.filter(issuer=batch.issuer, pk__in=[row.pk for row in rows]),
        ).values_list("award_id", "id", F("award__recipient_name"), F("award__learner__email"))
    }
    for row in rows:
        name, email, credential = known.get(row.id, (row.name, row.email, None))
        yield Outcome(row.number, row.state, name, email, credential, row.problems)


def told(problems: Iterable[dict[str, str]], number: int | None = None) -> tuple[str, str]:
    """Problems and what to do about them, each as one text."""
    found = list(problems)
    where = f"row {number}: " if number is not None else ""
    return where + _sentences(found, "problem"), _sentences(found, "mend")


def _sentences(problems: Sequence[dict[str, str]], name: str) -> str:
    return "; ".join(
        f"{problem['column']}: {problem[name]}" if problem["column"] else problem[name]
        for problem in problems
    )
