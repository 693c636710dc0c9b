"""Which learner a row speaks of: by the office's own number first, then by the e-mail address.

No learner is made here, and none twice: a number that is known under another address waits until
somebody chose.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cairn.core.openbadges.headings import Column
from cairn.core.openbadges.table import Problem
from cairn.issuing.models import Award, Batch, BatchRow

MAX_NUMBER = 200  # characters of a student number
_State = BatchRow.State
_MAX_EMAIL = 254
_Address = BatchRow.Address


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


@dataclass(frozen=True, slots=True)
class Known:
    """A learner whom the issuer awarded under this number before."""

    email: str
    name: str


def identify(
    batch: Batch, rows: Sequence[BatchRow], header: Header
) -> Iterator[tuple[BatchRow, Known | None]]:
    """The rows that shall be read on, each with who it is if its number says so.

    The others become duplicates, of the row that came first, or unsure.  Rows of the batch that
    were read before count as earlier.  4 queries.
    """
    for row in rows:
        row.student_number = header.cell("student_id", row.cells).strip()[:MAX_NUMBER]
        row.email = header.cell("email", row.cells).strip().lower()[:_MAX_EMAIL]
    known = _known(batch, {row.student_number for row in rows} - {""})
    found = [(row, _who(row, known.get(row.student_number, ()), header)) for row in rows]
    by_number = _earlier(batch, "student_number", (row.student_number for row in rows))
    by_email = _earlier(batch, "email", (row.email for row in rows))
    for row, who in found:
        if row.state == _State.UNSURE:
            continue
        if _is_twin(row, header, by_number, by_email):
            row.state = _State.DUPLICATE
            continue
        by_number.setdefault(row.student_number, row.number)
        by_email.setdefault(row.email, row.number)
        yield row, who


def known_address(row: BatchRow) -> str:
    """The address under which the number of an unsure row is known."""
    found = _known(row.batch, {row.student_number}).get(row.student_number, ())
    return found[0].email if found else ""


def _known(batch: Batch, numbers: set[str]) -> dict[str, list[Known]]:
    """Whom the issuer awarded under each number, newest first."""
    found: dict[str, list[Known]] = {}
    if numbers:
        awards = Award.objects.filter(issuer=batch.issuer_id, student_number__in=numbers)
        told = awards.order_by("-awarded_at", "id").values_list(
            "student_number", "learner__email", "recipient_name"
        )
        for number, email, name in told:
            found.setdefault(number, []).append(Known(email, name))
    return found


def _who(row: BatchRow, known: Sequence[Known], header: Header) -> Known | None:
    """Who has the number of `row`; its address is settled, or it becomes unsure."""
    if not known:
        return None
    same = next((each for each in known if each.email == row.email), None)
    if same or row.address == _Address.TABLE:
        return same
    if row.email and row.address != _Address.KNOWN:
        row.state = _State.UNSURE
        problem = f"the number {row.student_number} is known under {known[0].email}"
        mend = "choose below which address counts"
        row.problems = [_told(row, header, "email", row.email, problem, mend)]
        return None
    row.email = known[0].email
    return known[0]


def _earlier(batch: Batch, field: str, values: Iterable[str]) -> dict[str, int]:
    """By value, the first row of the batch that was read before and has it."""
    wanted = set(values) - {""}
    if not wanted:
        return {}
    read = batch.rows.filter(**{f"{field}__in": wanted}).exclude(
        state__in=(_State.UNREAD, _State.DUPLICATE, _State.UNSURE)
    )
    return dict(read.order_by("-number").values_list(field, "number"))


def _is_twin(
    row: BatchRow, header: Header, by_number: Mapping[str, int], by_email: Mapping[str, int]
) -> bool:
    for field, value, first, what in (
        ("student_id", row.student_number, by_number, "number"),
        ("email", row.email, by_email, "address"),
    ):
        earlier = first.get(value) if value else None
        if earlier is not None and earlier != row.number:
            problem = f"is the {what} of row {earlier} too, which is the one that counts"
            row.problems = [_told(row, header, field, value, problem, "delete one of the two")]
            return True
    return False


def _told(
    row: BatchRow, header: Header, field: str, value: str, problem: str, mend: str
) -> dict[str, str]:
    return {
        "column": header.heading(field) or header.heading("student_id"),
        "value": value[:100],
        "problem": problem,
        "mend": mend,
    }
