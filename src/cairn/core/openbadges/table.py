"""A table of people as a spreadsheet keeps or exports it: a file in, numbered rows of cells out.

What kind of file it is, its first bytes say.  `csv_file` and `workbook` read the two kinds; which
column means what belongs to `columns`.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Literal

from cairn.core.errors import Malformed
from cairn.core.openbadges.csv_file import open_csv
from cairn.core.openbadges.records import Record, Source

MAX_BYTES = 64 * 2**20
MAX_ROWS = 100_000
MAX_COLUMNS = 200
MAX_CELL = 10_000  # characters
_WORKBOOKS = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0")  # XLSX; XLS, and locked ones


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
class ReadAs:
    """How a file shall be read; what is "" is found out: the first sheet, the likely encoding."""

    encoding: str = ""
    separator: str = ""
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class OpenTable:
    """A table whose rows come one by one, once; blank ones are skipped but counted.

    `encoding` and `separator` are those of CSV, `sheet` and `sheets` those of a workbook.
    """

    kind: Literal["csv", "xlsx"]
    header: tuple[str, ...]
    rows: Iterator[TableRow | Problem]
    encoding: str
    separator: str
    sheet: str
    sheets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A decoded table; rows with problems are left out of `rows` and stand in `problems`.

    `encoding` is "utf-8", "utf-16" or, where it could only be guessed, "cp1252"; "" of a workbook.
    """

    header: tuple[str, ...]
    rows: tuple[TableRow, ...]
    problems: tuple[Problem, ...]
    encoding: str
    separator: str


def open_table(file: IO[bytes], read_as: ReadAs | None = None) -> OpenTable:
    """Begin to read `file`, which can seek and stays open while the rows come.

    Raises `Malformed` if no table can be made out, or one too large; so may the rows.
    """
    size = file.seek(0, io.SEEK_END)
    if size > MAX_BYTES:
        raise Malformed(f"{size} bytes of table; at most {MAX_BYTES} are read, split the file")
    source = _source(file, read_as or ReadAs())
    records = source.records
    first = next((record for record in records if any(record.cells)), None)
    if first is None:
        raise Malformed("the table is empty; give it a first row that names the columns")
    for _index, flaw, mend in first.flaws:
        raise Malformed(f"a heading in row {first.number} {flaw}; {mend}")
    header = _checked_header(first.cells)
    return OpenTable(
        source.kind,
        header,
        _rows(source, header),
        source.encoding,
        source.separator,
        source.sheet,
        source.sheets,
    )


def decode_table(data: bytes) -> Table:
    """Read all of `data`, CSV or a workbook.

    Raises `Malformed` if no table can be made out, or one too large.
    """
    table = open_table(io.BytesIO(data))
    found = list(table.rows)
    rows = tuple(each for each in found if isinstance(each, TableRow))
    problems = tuple(each for each in found if isinstance(each, Problem))
    return Table(table.header, rows, problems, table.encoding, table.separator)


def _source(file: IO[bytes], read_as: ReadAs) -> Source:
    file.seek(0)
    start = file.read(8)
    if start.startswith(_WORKBOOKS):
        from cairn.core.openbadges.workbook import open_workbook  # parsers only when one comes

        return open_workbook(file, read_as.sheet)
    return open_csv(file, read_as.encoding, read_as.separator)


def _rows(source: Source, header: tuple[str, ...]) -> Iterator[TableRow | Problem]:
    is_csv = source.kind == "csv"
    count = 0
    for record in source.records:
        if not any(record.cells) and not record.flaws:
            continue
        count += 1
        if count > MAX_ROWS:
            raise Malformed(f"more than {MAX_ROWS} rows; split the file")
        # In a workbook the cells after the last one that is filled are not there.
        lacking = 0 if is_csv else max(0, len(header) - len(record.cells))
        cells = record.cells + ("",) * lacking
        problem = _flaw_of(record, header) or _width_problem(record.number, cells, header, is_csv)
        yield problem or TableRow(record.number, cells[: len(header)])


def _checked_header(cells: tuple[str, ...]) -> tuple[str, ...]:
    while cells and not cells[-1]:  # spreadsheets export empty columns to the right
        cells = cells[:-1]
    if len(cells) > MAX_COLUMNS:
        raise Malformed(f"{len(cells)} columns; at most {MAX_COLUMNS} are read")
    return cells


def _flaw_of(record: Record, header: tuple[str, ...]) -> Problem | None:
    for index, flaw, mend in record.flaws:
        if index < len(header):
            return Problem(record.number, header[index], record.cells[index][:100], flaw, mend)
    return None


def _width_problem(
    number: int, cells: tuple[str, ...], header: tuple[str, ...], is_csv: bool
) -> Problem | None:
    wanted = len(header)
    flaw = f"has {len(cells)} cells, but the header names {wanted} columns"
    if any(cells[wanted:]):
        extra = next(cell for cell in cells[wanted:] if cell)
        mend = "name that column in the first row, or delete what stands in it"
        if is_csv:
            mend = "put quotation marks around cells that contain the separator"
        return Problem(number, "", extra[:100], flaw, mend)
    if len(cells) < wanted:
        return Problem(number, "", "", flaw, "add the cells that are missing, empty if need be")
    for heading, cell in zip(header, cells, strict=False):
        if len(cell) > MAX_CELL:
            long = f"is {len(cell)} characters long"
            return Problem(number, heading, cell[:100], long, f"shorten it to {MAX_CELL}")
    return None
