"""`cairn issue`: a table of people and an achievement become a folder of signed credentials.

Nothing is written before every row has been read, built and found to be covered by a signature; the
folder appears at the end, whole.  What is written was read back and verified first.
"""

import csv
import io
import secrets
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from cairn.cli.files import read_file, whole_folder
from cairn.cli.issuer import Issuer, locked, purposes_of, sign, take_entries
from cairn.cli.own_credential import read_own_credential
from cairn.core.codec import strict_json, timestamps
from cairn.core.codec.strict_json import Json
from cairn.core.errors import Malformed
from cairn.core.openbadges.achievement import Achievement
from cairn.core.openbadges.achievement_file import ReadAchievement, read_achievement
from cairn.core.openbadges.award import Award
from cairn.core.openbadges.columns import AwardRow, read_rows
from cairn.core.openbadges.credential import Status, achievement_credential
from cairn.core.openbadges.headings import read_header
from cairn.core.openbadges.table import MAX_BYTES, Problem, decode_table
from cairn.core.proofs.batch import (
    CRYPTOSUITE,
    Batch,
    Signer,
    prepare_batch,
    varying_between,
)
from cairn.core.proofs.vc_jwt_w3c import sign_credential
from cairn.core.rdf.document import Vocabulary, to_quads
from cairn.core.rdf.outline import Uncovered
from cairn.core.status.credential import status_entry
from cairn.core.wording.names import hidden

Progress = Callable[[Iterable[AwardRow], int, str], Iterable[AwardRow]]
_MAX_ACHIEVEMENT_BYTES = 2**20
TOKEN = "vc+jwt"  # noqa: S105 - a format, not a secret; named where a cryptosuite may be
_INDEX = ("row", "name", "email", "file", "id")


@dataclass(frozen=True, slots=True)
class Order:
    """What to issue: one achievement to the people of a table."""

    achievement: Achievement
    rows: tuple[AwardRow, ...]
    problems: tuple[Problem, ...]
    suite: str = "eddsa-rdfc-2022"
    is_suspendable: bool = False


def read_achievement_file(path: Path) -> ReadAchievement:
    """The achievement in `path`.  Raises `CairnError` naming the file and the place in it."""
    data = read_file(path, max_bytes=_MAX_ACHIEVEMENT_BYTES)
    try:
        return read_achievement(strict_json.read(data))
    except Malformed as err:
        raise Malformed(f"{path}: {err}") from err


def read_order(
    issuer: Issuer,
    achievement: Achievement,
    people: Path,
    *,
    now: datetime,
    mapping: Mapping[str, str],
    suite: str,
    is_suspendable: bool,
    vocabulary: Vocabulary,
) -> Order:
    """Read and try every row; each that can't be issued is a problem, and no credential is kept."""
    try:
        table = decode_table(read_file(people, max_bytes=MAX_BYTES))
    except Malformed as err:
        raise Malformed(f"{people}: {err}") from err
    rows = read_rows(
        table.rows,
        table.header,
        achievement=achievement,
        valid_from=timestamps.write(now),
        salt=lambda: secrets.token_hex(16),
        mapping=mapping,
    )
    order = Order(achievement, (), (), suite, is_suspendable)
    good: list[AwardRow] = []
    problems = [*table.problems, *rows.problems]
    columns, _ = read_header(table.header, achievement, mapping)
    named = next((column.heading for column in columns if column.field == "name"), "")
    for row in rows.awards:
        problem = _hidden(row, named) or _try(issuer, order, row, vocabulary)
        if problem is None:
            good.append(row)
        else:
            problems.append(problem)
    problems.sort(key=lambda problem: problem.row)
    return replace(order, rows=tuple(good), problems=tuple(problems))


def issue(
    issuer: Issuer,
    order: Order,
    out: Path,
    *,
    now: datetime,
    vocabulary: Vocabulary,
    progress: Progress,
) -> int:
    """Sign a credential for each row of `order` into the new folder `out`; how many there are.

    Raises `CairnError`; then `out` does not exist.
    """
    with locked(issuer.folder), whole_folder(out) as folder:
        entries = _entries(issuer, order, vocabulary, now)
        index = io.StringIO()
        writer = csv.writer(index)
        writer.writerow(_INDEX)
        signing = Signing(issuer, order.suite, vocabulary, now)
        shown = progress(order.rows, len(order.rows), "Signing")
        for row, status in zip(shown, entries, strict=True):
            name = str(uuid.uuid4())
            credential_id = f"{issuer.base_url}/c/{name}"
            unsigned = build(issuer, order.achievement, row.award, credential_id, status)
            file = f"{name}{'.jwt' if order.suite == TOKEN else '.json'}"
            data = signing.signed(unsigned)
            # Its bytes, not our values, are what others get: read back what is about to be written.
            read_own_credential(data, issuer, vocabulary)
            (folder / file).write_bytes(data)
            cells = (row.row, _cell(row.name), _cell(row.email), file, credential_id)
            writer.writerow(cells)
        (folder / "index.csv").write_text(index.getvalue(), encoding="utf-8")
    return len(order.rows)


@dataclass(slots=True)
class Signing:
    """Signs one document after the other; what varies is learnt from the first two."""

    issuer: Issuer
    suite: str
    vocabulary: Vocabulary
    now: datetime
    _first: dict[str, Json] | None = None
    _has_tried: bool = False
    _batch: Batch | None = None

    def signed(self, unsigned: dict[str, Json]) -> bytes:
        """The signed JSON of `unsigned`, or the token that stands for it."""
        if self.suite == TOKEN:
            method = self.issuer.method_id
            token = sign_credential(unsigned, self.issuer.key, verification_method=method)
            return token.encode()
        data = self._batch.issue_document(unsigned) if self._batch else None
        if data is not None:
            return data
        if self._first is None:
            self._first = unsigned
        elif not self._has_tried and self.suite == CRYPTOSUITE:
            self._has_tried = True
            varying = varying_between(self._first, unsigned, self.vocabulary)
            signer = Signer(self.issuer.key, self.issuer.method_id, timestamps.write(self.now))
            self._batch = prepare_batch(unsigned, varying, signer, self.vocabulary)
        return strict_json.write(sign(self.issuer, unsigned, self.vocabulary, self.now, self.suite))


def build(
    issuer: Issuer, achievement: Achievement, award: Award, credential_id: str, status: Status
) -> dict[str, Json]:
    """The unsigned credential of one award."""
    # No credentialSchema: it would bring a third context, which not every wallet knows.
    return achievement_credential(
        achievement,
        award,
        issuer.profile,
        credential_id=credential_id,
        status=status,
        credential_schema=False,
    )


def problems_as_csv(problems: Iterable[Problem]) -> bytes:
    """The problems as a table that opens in a spreadsheet, safe from formulas."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(("row", "column", "value", "problem", "mend"))
    for problem in problems:
        cells = (problem.column, problem.value, problem.problem, problem.mend)
        writer.writerow((problem.row, *map(_cell, cells)))
    return text.getvalue().encode("utf-8-sig")


def _hidden(row: AwardRow, column: str) -> Problem | None:
    """What the name of `row` hides: every verifier would warn of it, for ever."""
    found = hidden(row.name)
    if not found:
        return None
    problem = f"holds what nobody can see: {', '.join(found[:5])}"
    return Problem(row.row, column, row.name, problem, "type the name anew")


def _try(issuer: Issuer, order: Order, row: AwardRow, vocabulary: Vocabulary) -> Problem | None:
    """Build the credential of `row` with entries as they will be, and see it covered."""
    url = f"{issuer.base_url}/status/{uuid.UUID(int=0)}"
    purposes = enumerate(purposes_of(order.is_suspendable))
    status = _status([(url, index, purpose) for index, purpose in purposes])
    try:
        unsigned = build(issuer, order.achievement, row.award, f"{issuer.base_url}/c/x", status)
        to_quads(unsigned, vocabulary)
    except Malformed as err:
        return Problem(row.row, "", err.path, err.args[0], "correct the row or the achievement")
    except Uncovered as err:
        return Problem(row.row, "", err.path, err.problem, "correct the row or the achievement")
    return None


def _entries(
    issuer: Issuer, order: Order, vocabulary: Vocabulary, now: datetime
) -> Iterable[Status]:
    taken = []
    for purpose in purposes_of(order.is_suspendable):
        url, indices = take_entries(issuer, purpose, len(order.rows), vocabulary, now)
        taken.append([(url, index, purpose) for index in indices])
    return map(_status, zip(*taken, strict=True))


def _status(entries: Iterable[tuple[str, int, str]]) -> Status:
    made = [
        status_entry(list_url=url, index=index, purpose=purpose)  # type: ignore[arg-type]  # a Literal from purposes_of
        for url, index, purpose in entries
    ]
    return made[0] if len(made) == 1 else made


def _cell(text: str) -> str:
    # A spreadsheet would run a cell that begins so as a formula.
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
