"""The rows of one sheet of a workbook, as its XML comes: what was read is not kept.

Source: ECMA-376 part 1, sections 18.3.1 (sheets), 18.4 (shared strings) and 18.8 (styles); by local
names, so that the strict form is read too.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from xml.parsers import expat

from cairn.core.errors import Malformed
from cairn.core.openbadges.cell_formats import Look, look_of, shown
from cairn.core.openbadges.records import Record

MAX_STRINGS = 1_000_000  # texts that cells share
MAX_COLUMNS = 16_384  # of any sheet
MAX_FILLED = 1000  # columns that are kept of a row; the table takes fewer
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_PLAIN_LOOK = (Look.NUMBER, 0)
_ERROR = ("is an error of a formula", "mend the formula, or write its value")
_UNRECKONED = (
    "is a formula without its value",
    "open the file in a spreadsheet program and save it again",
)
Attributes = Mapping[str, str]


def parse(
    chunks: Iterable[bytes],
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None],
    text: Callable[[str], None],
) -> Iterator[None]:
    """Call back for each element, by its local name, and pause after each chunk.

    Raises `Malformed` for what is no XML, and for a document type, which no workbook has.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = lambda name, found: start(name.rpartition(" ")[2], found)
    parser.EndElementHandler = lambda name: end(name.rpartition(" ")[2])
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
            yield
        parser.Parse(b"", True)
        yield
    except expat.ExpatError as err:
        raise Malformed("the workbook is damaged; save it again") from err


def _refuse_doctype(*_: object) -> None:
    raise Malformed("the workbook declares a document type, as none does; save it again")


@dataclass(slots=True)
class Styles:
    """How cells of each style look."""

    looks: list[tuple[Look, int]] = field(default_factory=list)

    def read(self, chunks: Iterable[bytes]) -> None:
        """Take the styles of a workbook."""
        codes: dict[int, str] = {}
        path: list[str] = []

        def start(name: str, found: Attributes) -> None:
            if name == "numFmt":
                codes[_count(found.get("numFmtId", ""))] = found.get("formatCode", "")
            elif name == "xf" and path[-1:] == ["cellXfs"]:
                number = _count(found.get("numFmtId", "0"))
                self.looks.append(look_of(number, codes.get(number, "general")))
            path.append(name)

        def end(_name: str) -> None:
            path.pop()

        for _ in parse(chunks, start, end, lambda _text: None):
            pass

    def look(self, style: str) -> tuple[Look, int]:
        """How a cell of `style` looks."""
        index = _count(style) if style else 0
        return self.looks[index] if index < len(self.looks) else _PLAIN_LOOK


def shared_strings(chunks: Iterable[bytes]) -> list[str]:
    """The texts that cells share, by their place; how they are read aloud is left out."""
    strings: list[str] = []
    parts: list[str] = []
    inside: list[str] = []

    def start(name: str, _found: Attributes) -> None:
        inside.append(name)
        if name == "si":
            parts.clear()

    def end(name: str) -> None:
        inside.pop()
        if name == "si":
            strings.append("".join(parts))

    def text(said: str) -> None:
        if inside[-1] == "t" and "rPh" not in inside:
            parts.append(said)

    for _ in parse(chunks, start, end, text):
        if len(strings) > MAX_STRINGS:
            raise Malformed(f"more than {MAX_STRINGS:,} texts in the workbook; save it as CSV")
    return strings


class Sheet:
    """Reads the cells of one sheet into records."""

    def __init__(self, strings: Sequence[str], styles: Styles, *, since_1904: bool) -> None:
        self._strings, self._styles, self._since_1904 = strings, styles, since_1904
        self._done: list[Record] = []
        self._number = self._column = 0  # of the row and cell being read; columns from 0
        self._cells: dict[int, str] = {}
        self._flaws: list[tuple[int, str, str]] = []
        self._kind = self._style = ""
        self._parts: list[str] = []
        self._takes = self._has_formula = self._is_aloud = False

    def records(self, chunks: Iterable[bytes]) -> Iterator[Record]:
        """The rows with anything in them, in their order.  Raises `Malformed`."""
        for _ in parse(chunks, self._start, self._end, self._text):
            yield from self._done
            self._done.clear()

    def _start(self, name: str, found: Attributes) -> None:
        if name == "c":
            self._begin_cell(found)
        elif name in ("v", "t"):
            self._takes = not self._is_aloud
        elif name == "f":
            self._has_formula = True
        elif name == "rPh":
            self._is_aloud = True
        elif name == "row":
            number = _count(found["r"]) if "r" in found else self._number + 1
            if number <= self._number:
                raise Malformed(f"row {number} of the sheet stands there twice; save it again")
            self._number, self._column = number, -1
            self._cells, self._flaws = {}, []

    def _end(self, name: str) -> None:
        if name in ("v", "t"):
            self._takes = False
        elif name == "c":
            self._end_cell()
        elif name == "rPh":
            self._is_aloud = False
        elif name == "row" and (self._cells or self._flaws):
            width = max([*self._cells, *(flaw[0] for flaw in self._flaws)]) + 1
            cells = tuple(self._cells.get(index, "") for index in range(width))
            self._done.append(Record(self._number, cells, tuple(self._flaws)))

    def _text(self, said: str) -> None:
        if self._takes:
            self._parts.append(said)

    def _begin_cell(self, found: Attributes) -> None:
        reference = found.get("r")
        self._column = self._column + 1 if reference is None else _column(reference)
        if self._column >= MAX_COLUMNS:
            raise Malformed("the sheet is wider than any; save it again")
        self._kind, self._style = found.get("t", "n"), found.get("s", "")
        self._parts, self._has_formula = [], False

    def _end_cell(self) -> None:
        said = "".join(self._parts)
        if not said:
            if self._has_formula and self._kind != "str":
                self._flaws.append((self._column, *_UNRECKONED))
            return
        try:
            text = self._value(said).strip()
        except Malformed as err:
            problem, _, mend = str(err.args[0]).partition("; ")
            text = said
            self._flaws.append((self._column, problem, mend))
        if text:
            if self._column >= MAX_FILLED:
                raise Malformed(
                    f"a cell beyond column {MAX_FILLED} is filled; save the table alone"
                )
            self._cells[self._column] = text

    def _value(self, said: str) -> str:
        match self._kind:
            case "s":
                index = _count(said)
                if index >= len(self._strings):
                    raise Malformed("names a text that is not there; save the file again")
                return self._strings[index]
            case "b":
                return "true" if said == "1" else "false"
            case "e":
                raise Malformed("; ".join(_ERROR))
            case "n":
                look, width = self._styles.look(self._style)
                return shown(said, look, width, since_1904=self._since_1904)
        return said


def _column(reference: str) -> int:
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        raise Malformed(f"{reference[:20]!r} is no place in a sheet; save the workbook again")
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return column - 1


def _count(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise Malformed("the workbook is damaged: a number in it is none; save it again")
    return int(text)
