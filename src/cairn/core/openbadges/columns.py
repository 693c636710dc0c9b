"""From a table of people to awards, with every problem in it found at once.

Values only: when a credential begins by default and what it is salted with are the caller's.  A day
without a time is a day in UTC: `valid_until` ends with its last second, all others begin with their
first.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from cairn.core.codec import timestamps
from cairn.core.errors import Malformed
from cairn.core.openbadges.achievement import Achievement
from cairn.core.openbadges.award import (
    Award,
    Evidence,
    IdentityObject,
    email_identity,
    hashed_identity,
)
from cairn.core.openbadges.headings import MAX_EVIDENCE, Column, read_header
from cairn.core.openbadges.results import (
    Result,
    ResultDescription,
    check_result,
    is_numeric,
)
from cairn.core.openbadges.table import Problem, TableRow
from cairn.core.openbadges.vocabulary import RESULT_STATUSES

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_COMMA_DECIMAL = re.compile(r"(-?[0-9]+),([0-9]{1,2})")  # 7,5 but not 1,500
_WEB = re.compile(r"https?://.+", re.IGNORECASE)
_MOMENTS = ("valid_from", "valid_until", "awarded_date", "activity_start", "activity_end")
_FIELD_OF = {  # where the term that an award complains about has another name than its field
    "id": "did",
    "validFrom": "valid_from",
    "validUntil": "valid_until",
    "activityEndDate": "activity_end",
    "licenseNumber": "license_number",
    "creditsEarned": "credits_earned",
}
_SHOWN = 100  # characters of a cell in a problem


@dataclass(frozen=True, slots=True)
class AwardRow:
    """The award of one row; `name` and `email` in clear, for the letter and never for the log."""

    row: int
    award: Award
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Rows:
    """What a table holds; a row with a problem has no award, so issue only if there is none."""

    awards: tuple[AwardRow, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Cell:
    column: Column
    text: str


def read_rows(
    rows: Iterable[TableRow],
    header: Sequence[str],
    *,
    achievement: Achievement,
    valid_from: str,
    salt: Callable[[], str],
    mapping: Mapping[str, str] | None = None,
) -> Rows:
    """The awards of `achievement` in `rows`; `valid_from` fills rows that have none of their own.

    `mapping` goes from headings to fields, "-" to leave a column out.  `salt` is called once for
    each hashed identity.
    """
    columns, problems = read_header(header, achievement, mapping or {})
    awards: list[AwardRow] = []
    first_with: dict[str, int] = {}
    for row in rows:
        cells = {
            (c.field, c.description.id if c.description else ""): _Cell(c, row.cells[c.index])
            for c in columns
            if row.cells[c.index]
        }
        reader = _Row(row.number, tuple(cells.values()), [])
        made = reader.award(achievement, valid_from, salt)
        reader.refuse_twin(first_with)
        problems += reader.problems
        if made is not None and not reader.problems:
            awards.append(AwardRow(row.number, made, reader.text("name"), reader.text("email")))
    return Rows(tuple(awards), tuple(sorted(problems, key=lambda problem: problem.row)))


@dataclass(frozen=True, slots=True)
class _Row:
    """One row while it is read; `problems` collects."""

    number: int
    cells: tuple[_Cell, ...]
    problems: list[Problem]

    def text(self, field: str) -> str:
        return next((cell.text for cell in self.cells if cell.column.field == field), "")

    def award(
        self, achievement: Achievement, valid_from: str, salt: Callable[[], str]
    ) -> Award | None:
        """The award, None if a problem was found in the row."""
        moments = {field: self._moment(field) for field in _MOMENTS}
        identities = self._identities(salt)
        credits_earned = self._credits()
        evidence = self._evidence()
        result = tuple(r for cell in self.cells for r in self._result(cell, achievement))
        if self.text("did") and not self.text("did").startswith("did:"):
            self._add("did", Malformed("is not a DID; write one such as did:key:z6Mk…"))
        if self.problems:
            return None
        try:
            return Award(
                valid_from=moments["valid_from"] or valid_from,
                valid_until=moments["valid_until"],
                awarded_date=moments["awarded_date"],
                activity_start_date=moments["activity_start"],
                activity_end_date=moments["activity_end"],
                role=self.text("role"),
                term=self.text("term"),
                license_number=self.text("license_number"),
                narrative=self.text("narrative"),
                id=self.text("did"),
                identifier=identities,
                credits_earned=credits_earned,
                evidence=evidence,
                result=result,
            )
        except Malformed as err:
            term = err.path.split("/")[1]
            self._add(_FIELD_OF.get(term, term), err)
            return None

    def refuse_twin(self, first_with: dict[str, int]) -> None:
        """Add a problem if an earlier row has the same e-mail address."""
        email = self.text("email").lower()
        earlier = first_with.setdefault(email, self.number) if email else self.number
        if earlier != self.number:
            flaw = f"is the address of row {earlier} too; delete one of the two rows"
            self._add("email", Malformed(flaw))

    def _add(self, field: str, err: Malformed) -> None:
        cell = next((c for c in self.cells if c.column.field == field), None)
        self._add_to(cell, str(err.args[0]))

    def _add_to(self, cell: _Cell | None, flaw: str) -> None:
        problem, _, mend = flaw.partition("; ")
        heading, text = (cell.column.heading, cell.text[:_SHOWN]) if cell else ("", "")
        self.problems.append(Problem(self.number, heading, text, problem, mend))

    def _identities(self, salt: Callable[[], str]) -> tuple[IdentityObject, ...]:
        name, email, number = map(self.text, ("name", "email", "student_id"))
        if not (name or email):
            self._add_to(None, "names nobody; give a name or an e-mail address")
        makers: list[tuple[str, Callable[[], IdentityObject]]] = [
            ("name", lambda: IdentityObject(False, name, "name")),
            ("email", lambda: email_identity(email, salt())),
            ("student_id", lambda: hashed_identity(number, "identifier", salt())),
        ]
        made: list[IdentityObject] = []
        for field, make in makers:
            if self.text(field):
                try:
                    made.append(make())
                except Malformed as err:
                    self._add(field, err)
        return tuple(made)

    def _moment(self, field: str) -> str:
        text = self.text(field)
        if _DAY.fullmatch(text):
            text += "T23:59:59Z" if field == "valid_until" else "T00:00:00Z"
        try:
            return timestamps.write(timestamps.parse(text)) if text else ""
        except Malformed:
            self._add(field, Malformed("is not a date that exists; write it as 2026-05-14"))
            return ""

    def _credits(self) -> float | None:
        text = _with_point(self.text("credits_earned"))
        if not text:
            return None
        try:
            return int(text) if text.isdecimal() and text.isascii() else _decimal(text)
        except ValueError:
            self._add("credits_earned", Malformed("is not a number; write one such as 2.5"))
            return None

    def _evidence(self) -> tuple[Evidence, ...]:
        made: list[Evidence] = []
        for number in range(1, MAX_EVIDENCE + 1):
            prefix = "evidence_" if number == 1 else f"evidence{number}_"
            url = self.text(prefix + "url")
            if url and not _WEB.fullmatch(url):
                flaw = "is not a web address; write it whole, from https:// on"
                self._add(prefix + "url", Malformed(flaw))
                continue
            terms = {name: self.text(prefix + name) for name in ("name", "narrative", "genre")}
            if url or any(terms.values()):
                try:
                    made.append(Evidence(id=url, **terms))
                except Malformed as err:
                    term = err.path.removeprefix("/")
                    self._add(prefix + ("url" if term == "id" else term), err)
        return tuple(made)

    def _result(self, cell: _Cell, achievement: Achievement) -> list[Result]:
        description = cell.column.description
        if description is None:
            return []
        try:
            result = _result_of(cell.column.field, cell.text, description)
            check_result(achievement.result_description, result)
        except Malformed as err:
            self._add_to(cell, str(err.args[0]))
            return []
        return [result]


def _result_of(kind: str, text: str, description: ResultDescription) -> Result:
    """The result that a cell means: a status, a level by id or name, or a plain value."""
    levels = description.rubric_criterion_level
    if kind == "status" or (kind == "result" and description.result_type == "Status"):
        return Result(description.id, status=_status(text))
    matching = [x.id for x in levels if text.casefold() in _labels(x.id, x.name, x.level)]
    if matching and (kind == "level" or not description.allowed_value):
        return Result(description.id, achieved_level=matching[0])
    if kind == "level" or (levels and not _takes_values(description)):
        names = ", ".join(level.name for level in levels) or "none, it has no levels"
        raise Malformed(f"is no level of the rubric; write one of: {names}")
    value = _with_point(text) if is_numeric(description) else text
    return Result(description.id, value=value)


def _labels(*labels: str) -> set[str]:
    return {label.casefold() for label in labels if label}


def _takes_values(description: ResultDescription) -> bool:
    return bool(description.allowed_value) or is_numeric(description)


def _status(text: str) -> str:
    known = {status.casefold(): status for status in RESULT_STATUSES}
    return known.get(re.sub(r"[\s_-]+", "", text.casefold()), text)


def _with_point(text: str) -> str:
    """A decimal as half of Europe writes it, `7,5`, with a point; all else as it is."""
    return _COMMA_DECIMAL.sub(r"\1.\2", text) if _COMMA_DECIMAL.fullmatch(text) else text


def _decimal(text: str) -> float:
    if not re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,15})?", text):
        raise ValueError(text)
    return float(text)
