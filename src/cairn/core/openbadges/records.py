"""What any kind of file gives when it is read as a table: numbered rows of cells."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Record:
    """One row of a file, counted as its spreadsheet does; cells without white space around them.

    `flaws` says of cells, by their place, why what a reader sees could not be read: problem, mend.
    """

    number: int
    cells: tuple[str, ...]
    flaws: tuple[tuple[int, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """An opened file: its records come once, in their order, and may raise `Malformed`."""

    kind: Literal["csv", "xlsx"]
    records: Iterator[Record]
    encoding: str = ""  # of CSV
    separator: str = ""
    sheet: str = ""  # of a workbook: the one that is read
    sheets: tuple[str, ...] = ()
