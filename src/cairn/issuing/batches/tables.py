"""Tables to download, as CSV or as a workbook; nothing in them runs.

CSV is UTF-8 with a byte order mark, as spreadsheets want it.  A cell that a spreadsheet would run
as a formula gets an apostrophe in front, in both kinds, which is taken off again on upload.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

Lines = Iterable[Sequence[str]]

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
# What XML can't say; openpyxl refuses it.
_UNSAYABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_MAX_CELL = 32_767  # characters; a spreadsheet takes no more
_MAX_TITLE = 31
_TEXT = "@"  # a number format: numbers of registers keep their zeros
_WIDTH = 22


class Kind(StrEnum):
    """The kinds of table that are written."""

    CSV = "csv"
    XLSX = "xlsx"

    @property
    def media_type(self) -> str:
        """As a browser is told."""
        workbook = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        return "text/csv; charset=utf-8" if self is Kind.CSV else workbook


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook: its first line is the heading."""

    title: str
    lines: Lines


def written(kind: Kind, *sheets: Sheet) -> bytes:
    """The sheets in one file; CSV has room for the first alone."""
    return _csv(sheets[0].lines) if kind is Kind.CSV else _xlsx(sheets)


def guarded(text: str) -> str:
    """`text` as a cell that no spreadsheet runs."""
    return f"'{text}" if text.startswith(_DANGEROUS) else text


def without_guard(text: str) -> str:
    """The cell that `guarded` made `text` of."""
    return text[1:] if text[:1] == "'" and text[1:].startswith(_DANGEROUS) else text


def _csv(lines: Lines) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    for line in lines:
        writer.writerow([guarded(cell) for cell in line])
    return text.getvalue().encode("utf-8-sig")


def _xlsx(sheets: Iterable[Sheet]) -> bytes:
    # Imported when one is wanted: it is large.
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    bold = Font(bold=True)
    for sheet in sheets:
        made = book.create_sheet(sheet.title[:_MAX_TITLE])
        made.freeze_panes = "A2"
        for column in range(1, 41):
            made.column_dimensions[get_column_letter(column)].width = _WIDTH
        for number, line in enumerate(sheet.lines):
            cells = []
            for text in line:
                cell = WriteOnlyCell(made, _UNSAYABLE.sub("", guarded(text))[:_MAX_CELL])
                cell.data_type, cell.number_format = "s", _TEXT
                if number == 0:
                    cell.font = bold
                cells.append(cell)
            made.append(cells)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()
