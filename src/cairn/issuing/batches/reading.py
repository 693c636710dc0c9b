"""The dry run: each row of a table becomes ready, or says what is wrong and how to mend it.

Which heading means what, and what a cell may hold, is the core's (`core.openbadges`), as for
`cairn issue`; here is what an award on the web asks besides: a name and an address of everybody,
no learner twice, nobody who has it already.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from itertools import islice
from uuid import UUID

from cairn.core.codec import timestamps
from cairn.core.codec.strict_json import Json
from cairn.core.errors import Malformed
from cairn.core.openbadges.columns import AwardRow, read_rows
from cairn.core.openbadges.headings import Column, read_header
from cairn.core.openbadges.table import Problem, TableRow
from cairn.core.rdf.document import Vocabulary, to_quads
from cairn.core.rdf.outline import Uncovered
from cairn.issuing.batches.rows import award_of, said_of
from cairn.issuing.documents import Described, Entry
from cairn.issuing.models import Award, Batch, BatchRow
from cairn.issuing.recipients import clean_email, clean_name
from cairn.people.models import Learner

MAX_ROWS = 20_000  # in one batch: one transaction plans them
HINT_COLUMNS = ("cairn: problem", "cairn: mend")  # what the annotated file adds; left out
_MAX_NUMBER = 200  # characters of a student number
_PLACEHOLDER = "0" * 32  # for a salt, while nothing is signed
_NOWHERE = UUID(int=0)
_AT_ONCE = 500
_State = BatchRow.State


@dataclass(frozen=True, slots=True)
class Header:
    """The columns of a table, and what is wrong with them."""

    columns: tuple[Column, ...]
    problems: tuple[Problem, ...]

    def heading(self, field: str) -> str:
        """The heading of the column that fills `field`, "" if none does."""
        return next((one.heading for one in self.columns if one.field == field), "")

    def cell(self, field: str, cells: Sequence[str]) -> str:
        """What `cells` hold for `field`."""
        return next((cells[one.index] for one in self.columns if one.field == field), "")


def read_columns(batch: Batch, described: Described) -> Header:
    """What each column of `batch` fills, by its mapping."""
    mapping = {**dict.fromkeys(HINT_COLUMNS, "-"), **batch.mapping}
    columns, flaws = read_header(batch.header, described.achievement, mapping)
    # On a page one chooses from a list, instead of writing a name.
    mend = "choose below what it holds, or leave it out"
    problems = [replace(flaw, mend=mend) for flaw in flaws if flaw.column]
    found = {column.field for column in columns}
    for field, what in (("name", "the name"), ("email", "the e-mail address")):
        if field not in found:
            problem = f"no column holds {what} of the learner"
            problems.append(Problem(1, "", "", problem, f"choose the column that holds {field}"))
    for column in columns:
        if column.field == "did":
            problem = "is the DID of a wallet, which a bulk award does not carry"
            problems.append(Problem(1, column.heading, "", problem, "leave the column out"))
    return Header(tuple(columns), tuple(problems))


def examine(batch: Batch, rows: Sequence[BatchRow], now: datetime) -> list[dict[str, str]]:
    """Read `rows`, all of a batch in their order, by its mapping, in place; problems of the header.

    A row without cells was no row of the table, and keeps the problem it came with.  Rows stay
    unread while the header has problems.  One query for each 500 rows.
    """
    described = Described.of(batch.version, batch.language, batch.issuer)
    header = read_columns(batch, described)
    readable = [row for row in rows if row.cells]
    for row in readable:
        row.state, row.problems = _State.UNREAD, []
        row.email = row.name = row.student_number = ""
        row.said = {}
    if not header.problems:
        candidates = list(_without_twins(readable, header))
        _read(batch, candidates, header, described, now)
        mark_held(batch, candidates)
    return [as_json(problem) for problem in header.problems]


def mark_held(batch: Batch, rows: Iterable[BatchRow]) -> list[BatchRow]:
    """The ready ones of `rows` whose learner has this award, as of this run, already; now held."""
    ready = iter([row for row in rows if row.state == _State.READY])
    found = []
    while part := list(islice(ready, _AT_ONCE)):
        held = set(
            Award.objects.filter(
                issuer=batch.issuer,
                version=batch.version,
                offering=batch.offering,
                learner__email__in=[row.email for row in part],
            ).values_list("learner__email", flat=True)
        )
        for row in part:
            if row.email in held:
                row.state = _State.HELD
                found.append(row)
    return found


def as_json(problem: Problem) -> dict[str, str]:
    """A problem as a batch keeps it."""
    return {name: str(value) for name, value in asdict(problem).items() if name != "row"}


def _without_twins(rows: Iterable[BatchRow], header: Header) -> Iterator[BatchRow]:
    first_with: dict[str, int] = {}
    for row in rows:
        address = header.cell("email", row.cells).strip().lower()
        earlier = first_with.setdefault(address, row.number) if address else row.number
        if earlier == row.number:
            yield row
        else:
            row.state, row.email = _State.DUPLICATE, address[:254]
            problem = f"is the address of row {earlier} too, which is the one that counts"
            heading = header.heading("email")
            found = Problem(row.number, heading, address[:100], problem, "delete one of the two")
            row.problems = [as_json(found)]


def _read(
    batch: Batch, rows: list[BatchRow], header: Header, described: Described, now: datetime
) -> None:
    read = read_rows(
        [TableRow(row.number, tuple(row.cells)) for row in rows],
        batch.header,
        achievement=described.achievement,
        valid_from=timestamps.write(now),
        salt=lambda: _PLACEHOLDER,
        mapping={**dict.fromkeys(HINT_COLUMNS, "-"), **batch.mapping},
    )
    flaws: dict[int, list[Problem]] = {}
    for problem in read.problems:
        flaws.setdefault(problem.row, []).append(problem)
    awards = {found.row: found for found in read.awards}
    trial = _Trial(batch, described, now)
    for row in rows:
        problems = flaws.get(row.number, [])
        if not problems:
            problems = _fill(row, awards[row.number], header) or trial.problems(row)
        row.state = _State.PROBLEM if problems else _State.READY
        row.problems = [as_json(problem) for problem in problems]


def _fill(row: BatchRow, found: AwardRow, header: Header) -> list[Problem]:
    """Take the fields of a row that the core could read; what is wrong for an award on the web."""
    problems = []
    for field, clean in (("name", clean_name), ("email", clean_email)):
        text = header.cell(field, row.cells)
        try:
            setattr(row, field, clean(text))
        except Malformed as err:
            problem, _, mend = str(err.args[0]).partition(". ")
            problems.append(Problem(row.number, header.heading(field), text[:100], problem, mend))
    row.student_number = header.cell("student_id", row.cells)
    if len(row.student_number) > _MAX_NUMBER:
        flaw = f"is {len(row.student_number)} characters long"
        heading, shown = header.heading("student_id"), row.student_number[:100]
        mend = f"shorten it to {_MAX_NUMBER}"
        problems.append(Problem(row.number, heading, shown, flaw, mend))
    has_own_start = bool(header.cell("valid_from", row.cells))
    row.said = said_of(found.award, has_own_start=has_own_start)
    return problems


class _Trial:
    """Makes the document of each row as it will be, and sees each shape of it covered once."""

    def __init__(self, batch: Batch, described: Described, now: datetime) -> None:
        self._batch, self._described, self._now = batch, described, now
        self._vocabulary = Vocabulary()
        self._covered: set[tuple[str, ...]] = set()

    def problems(self, row: BatchRow) -> list[Problem]:
        """What would keep `row` from being signed; what only a value breaks is parked later."""
        try:
            document = trial_document(self._batch, self._described, row, self._now)
            subject = document["credentialSubject"]
            shape = (*document, *(subject if isinstance(subject, dict) else ()))
            if shape not in self._covered:
                to_quads(document, self._vocabulary)
                self._covered.add(shape)
        except Malformed as err:
            problem, _, mend = str(err.args[0]).partition("; ")
            return [Problem(row.number, "", err.path, problem, mend or "correct the row")]
        except Uncovered as err:
            return [Problem(row.number, "", err.path, err.problem, "correct the row")]
        return []


def trial_document(
    batch: Batch, described: Described, row: BatchRow, now: datetime
) -> dict[str, Json]:
    """The document of `row`, but for its id, salt and entries.  Raises `Malformed`."""
    purposes = ("revocation", "suspension") if batch.version.is_suspendable else ("revocation",)
    entries: list[Entry] = [(_NOWHERE, index, purpose) for index, purpose in enumerate(purposes)]
    award = award_of(row, batch, Learner(email=row.email), now)
    return described.document(award, row.id, _PLACEHOLDER, entries)
