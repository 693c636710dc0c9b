"""A table of people as a spreadsheet exports it: bytes in, numbered rows of cells out.

Source: RFC 4180, and what Excel, LibreOffice and Numbers write besides: semicolons, tabs, a first
line `sep=;`, byte order marks, UTF-16, the Windows code page.  Which column means what belongs to
`columns`.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from cairn.core.errors import Malformed

MAX_BYTES = 64 * 2**20
MAX_ROWS = 100_000
MAX_COLUMNS = 200
MAX_CELL = 10_000  # characters
_SEPARATORS = ",;\t|"
_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_SEP_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
_QUOTED = re.compile(r'"(?:[^"]|"")*"')


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend in the file; `row` as the spreadsheet counts, the header being row 1.

    `column` is its heading in the file, "" for the row as a whole.
    """

    row: int
    column: str
    value: str
    problem: str
    mend: str


@dataclass(frozen=True, slots=True)
class TableRow:
    """The cells of one row, as many as the header has, without white space around them."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A decoded table; rows with problems are left out of `rows` and stand in `problems`.

    `encoding` is "utf-8", "utf-16" or, where it could only be guessed, "cp1252".
    """

    header: tuple[str, ...]
    rows: tuple[TableRow, ...]
    problems: tuple[Problem, ...]
    encoding: str
    separator: str


def decode_table(data: bytes) -> Table:
    """Read `data` as CSV; blank rows are skipped but counted.

    Raises `Malformed` if no table can be made out, or one too large.
    """
    if len(data) > MAX_BYTES:
        raise Malformed(f"{len(data)} bytes of table; at most {MAX_BYTES} are read, split the file")
    text, encoding = _decoded(data)
    told = _SEP_LINE.match(text)
    separator = told[1] if told and told[1] in _SEPARATORS else _sniffed(text)
    records = _records(text, separator)
    if told:
        next(records)
    header: tuple[str, ...] = ()
    rows: list[TableRow] = []
    problems: list[Problem] = []
    for number, cells in records:
        if not any(cells):
            continue
        if not header:
            header = _checked_header(cells)
        elif problem := _row_problem(number, cells, header):
            problems.append(problem)
        else:
            rows.append(TableRow(number, cells[: len(header)]))
        if len(rows) + len(problems) > MAX_ROWS:
            raise Malformed(f"more than {MAX_ROWS} rows; split the file")
    if not header:
        raise Malformed("the table is empty; give it a first row that names the columns")
    return Table(header, tuple(rows), tuple(problems), encoding, separator)


def _decoded(data: bytes) -> tuple[str, str]:
    codec = next((name for mark, name in _MARKS.items() if data.startswith(mark)), "utf-8")
    try:
        return data.decode(codec), codec.removesuffix("-sig")
    except UnicodeDecodeError as err:
        if codec != "utf-8" or b"\0" in data:
            raise Malformed(f"byte {err.start} is not {codec}; save the file as UTF-8") from err
    try:
        return data.decode("cp1252"), "cp1252"
    except UnicodeDecodeError as err:
        raise Malformed(f"byte {err.start} is not text; save the file as CSV in UTF-8") from err


def _sniffed(text: str) -> str:
    """The separator that the first line with anything in it has most of, outside quotes."""
    line = next((line for line in _QUOTED.sub("", text[:65_536]).split("\n") if line.strip()), "")
    return max(_SEPARATORS, key=line.count)  # the first of equals: a comma if there is none


def _records(text: str, separator: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as err:
            raise Malformed(
                f"row {number} is no CSV: {err}; check its quotation marks, or save it again"
            ) from err
        yield number, tuple(cell.strip() for cell in cells)


def _checked_header(cells: tuple[str, ...]) -> tuple[str, ...]:
    while cells and not cells[-1]:  # spreadsheets export empty columns to the right
        cells = cells[:-1]
    if len(cells) > MAX_COLUMNS:
        raise Malformed(f"{len(cells)} columns; at most {MAX_COLUMNS} are read")
    return cells


def _row_problem(number: int, cells: tuple[str, ...], header: tuple[str, ...]) -> Problem | None:
    wanted = len(header)
    if any(cells[wanted:]):
        extra = next(cell for cell in cells[wanted:] if cell)
        return Problem(
            number,
            "",
            extra[:100],
            f"has {len(cells)} cells, but the header names {wanted} columns",
            "put quotation marks around cells that contain the separator",
        )
    if len(cells) < wanted:
        return Problem(
            number,
            "",
            "",
            f"has {len(cells)} cells, but the header names {wanted} columns",
            "add the cells that are missing, empty if need be",
        )
    for heading, cell in zip(header, cells, strict=False):
        if len(cell) > MAX_CELL:
            return Problem(
                number,
                heading,
                cell[:100],
                f"is {len(cell)} characters long",
                f"shorten it to {MAX_CELL}",
            )
    return None
