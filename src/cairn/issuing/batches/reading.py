"""The dry run: each row of a table becomes ready, or says what is wrong and how to mend it.

Which heading means what, and what a cell may hold, is the core's (`core.openbadges`), as for
`cairn issue`; here is what an award on the web asks besides: a name and an address of everybody,
no learner twice, nobody who has it already.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from itertools import islice
from uuid import UUID

from cairn.core.codec import timestamps
from cairn.core.codec.strict_json import Json
from cairn.core.errors import Malformed
from cairn.core.openbadges import table
from cairn.core.openbadges.columns import AwardRow, read_rows
from cairn.core.openbadges.headings import read_header
from cairn.core.openbadges.table import Problem, TableRow
from cairn.core.rdf.document import Vocabulary, to_quads
from cairn.core.rdf.outline import Uncovered
from cairn.issuing.batches import matching
from cairn.issuing.batches.matching import MAX_NUMBER, Header, Known
from cairn.issuing.batches.rows import award_of, said_of
from cairn.issuing.documents import Described, Entry
from cairn.issuing.models import Award, Batch, BatchRow
from cairn.issuing.recipients import clean_email, clean_name
from cairn.people.models import Learner

MAX_ROWS = table.MAX_ROWS
HINT_COLUMNS = ("cairn: problem", "cairn: mend")  # what the annotated file adds; left out
_SETTLED = ("cairn: email", "cairn: name")  # columns for what a number tells, if there are none
_PLACEHOLDER = "0" * 32  # for a salt, while nothing is signed
_NOWHERE = UUID(int=0)
_AT_ONCE = 500
_State = BatchRow.State


def read_columns(batch: Batch, described: Described) -> Header:
    """What each column of `batch` fills, by its mapping."""
    mapping = {**dict.fromkeys(HINT_COLUMNS, "-"), **batch.mapping}
    columns, flaws = read_header(batch.header, described.achievement, mapping)
    # On a page one chooses from a list, instead of writing a name.
    mend = "choose below what it holds, or leave it out"
    problems = [replace(flaw, mend=mend) for flaw in flaws if flaw.column]
    found = {column.field for column in columns}
    for field, what in (("name", "the name"), ("email", "the e-mail address")):
        # A number that was awarded before tells both.
        if not {field, "student_id"} & found:
            problem = f"no column holds {what} of the learner"
            problems.append(Problem(1, "", "", problem, f"choose the column that holds {field}"))
    for column in columns:
        if column.field == "did":
            problem = "is the DID of a wallet, which a bulk award does not carry"
            problems.append(Problem(1, column.heading, "", problem, "leave the column out"))
    return Header(tuple(columns), tuple(problems))


def examine(batch: Batch, rows: Sequence[BatchRow], now: datetime) -> list[dict[str, str]]:
    """Read `rows`, in their order, by the mapping of `batch`, in place; problems of the header.

    They may be a part of the batch: rows in the database that were read before come before them.
    A row without cells was no row of the table, and keeps the problem it came with.  Rows stay
    unread while the header has problems.  Queries: see `matching`, and one for each 500 rows.
    """
    described = Described.of(batch.version, batch.language, batch.issuer)
    header = read_columns(batch, described)
    readable = [row for row in rows if row.cells]
    for row in readable:
        unread(row)
    if not header.problems:
        candidates = list(matching.identify(batch, readable, header))
        _read(batch, candidates, header, described, now)
        mark_held(batch, (row for row, _who in candidates))
    return [as_json(problem) for problem in header.problems]


def unread(row: BatchRow) -> None:
    """Take back what was made out of a row; its cells and what somebody chose stay."""
    row.state, row.problems, row.said = _State.UNREAD, [], {}
    row.email = row.name = row.student_number = ""


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


def _read(
    batch: Batch,
    candidates: Sequence[tuple[BatchRow, Known | None]],
    header: Header,
    described: Described,
    now: datetime,
) -> None:
    settled = dict(zip(("email", "name"), _SETTLED, strict=True))
    added = [heading for field, heading in settled.items() if not header.heading(field)]
    mapping = {**dict.fromkeys(HINT_COLUMNS, "-"), **batch.mapping}
    read = read_rows(
        [TableRow(row.number, _settled(row, who, header)) for row, who in candidates],
        [*batch.header, *added],
        achievement=described.achievement,
        valid_from=timestamps.write(now),
        salt=lambda: _PLACEHOLDER,
        mapping=mapping | {heading: field for field, heading in settled.items()},
    )
    flaws: dict[int, list[Problem]] = {}
    for problem in read.problems:
        flaws.setdefault(problem.row, []).append(problem)
    awards = {found.row: found for found in read.awards}
    trial = _Trial(batch, described, now)
    for row, who in candidates:
        problems = _nobody(row, who, header) or flaws.get(row.number, [])
        if not problems:
            problems = _fill(row, awards[row.number], header) or trial.problems(row)
        row.state = _State.PROBLEM if problems else _State.READY
        row.problems = [as_json(problem) for problem in problems]


def _settled(row: BatchRow, who: Known | None, header: Header) -> tuple[str, ...]:
    """The cells of `row` with the address that counts, and the name that is known if it has none.

    Columns that the table lacks come at its end.
    """
    cells = list(row.cells)
    for field, known in (("email", who.email if who else ""), ("name", who.name if who else "")):
        place = next((one.index for one in header.columns if one.field == field), None)
        if place is None:
            cells.append(known)
        elif known and (field == "email" or not cells[place]):
            cells[place] = known
    return tuple(cells)


def _nobody(row: BatchRow, who: Known | None, header: Header) -> list[Problem]:
    """Whether `row` names its learner by a number alone, and one that nobody here has."""
    if row.email or who or not row.student_number:
        return []
    problem = "is a number that no award has yet"
    heading, shown = header.heading("student_id"), row.student_number[:100]
    return [Problem(row.number, heading, shown, problem, "add the e-mail address of this learner")]


def _fill(row: BatchRow, found: AwardRow, header: Header) -> list[Problem]:
    """Take the fields of a row that the core could read; what is wrong for an award on the web."""
    problems = []
    said = (("name", found.name, clean_name), ("email", found.email, clean_email))
    for field, text, clean in said:
        try:
            setattr(row, field, clean(text))
        except Malformed as err:
            problem, _, mend = str(err.args[0]).partition(". ")
            problems.append(Problem(row.number, header.heading(field), text[:100], problem, mend))
    number = header.cell("student_id", row.cells)
    if len(number) > MAX_NUMBER:
        flaw, mend = f"is {len(number)} characters long", f"shorten it to {MAX_NUMBER}"
        heading = header.heading("student_id")
        problems.append(Problem(row.number, heading, number[:100], flaw, mend))
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
