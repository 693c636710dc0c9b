"""A workbook (XLSX) as a table of people, read as a stream and within bounds.

Source: ECMA-376 parts 1 and 2.  Own reader: those at hand first build the whole sheet, so that a
file of 5 kB with a cell in its last corner asks for half a terabyte.  What formulas say was
reckoned by whoever saved the file; nothing is reckoned, fetched or run here.
"""

import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from posixpath import join, normpath
from typing import IO
from zipfile import BadZipFile, ZipFile, ZipInfo

from cairn.core.errors import Malformed
from cairn.core.openbadges.records import Source
from cairn.core.openbadges.worksheet import Attributes, Sheet, Styles, parse, shared_strings

MAX_MEMBERS = 2000
MAX_INFLATED_BYTES = 256 * 2**20  # of all that is read of it
MAX_RATIO = 200  # inflated to deflated, beyond `_FREE_BYTES`; sheets stay under 50
_FREE_BYTES = 2**20
_MAX_DIRECTORY = 2**20  # bytes
_MAX_SHEETS = 200
_CHUNK = 2**16
_END = struct.Struct("<4s4H2LH")
# What the library raises for what is no archive, or no longer one.
_DAMAGED = (BadZipFile, zlib.error, struct.error, ValueError, EOFError, NotImplementedError)
_OLE = b"\xd0\xcf\x11\xe0"
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_AS_XLSX = "save it as an Excel workbook (.xlsx) or as CSV"


@dataclass(slots=True)
class _Budget:
    left: int = field(default_factory=lambda: MAX_INFLATED_BYTES)


@dataclass(frozen=True, slots=True)
class _Book:
    sheets: dict[str, str]  # member by name, in their order; the visible ones first
    strings: str  # member, "" if there is none
    styles: str
    since_1904: bool


def open_workbook(file: IO[bytes], sheet: str = "") -> Source:
    """The records of `sheet`, or of the first sheet.

    Raises `Malformed` for what is no XLSX, saying what to do, and for one over a bound.
    """
    file.seek(0)
    if file.read(4) == _OLE:
        raise Malformed(_why_not_ole(file))
    _refuse_large_directory(file)
    try:
        archive = ZipFile(file)
    except _DAMAGED as err:
        raise Malformed("this is no workbook, or a damaged one; save it again") from err
    if len(archive.infolist()) > MAX_MEMBERS:
        raise Malformed(f"more than {MAX_MEMBERS} members in the workbook; {_AS_XLSX}")
    budget = _Budget()
    book = _book(archive, budget)
    wanted = sheet or next(iter(book.sheets), "")
    if wanted not in book.sheets:
        raise Malformed(f"there is no sheet {sheet[:40]!r} in it; choose another")
    strings = shared_strings(_chunks(archive, book.strings, budget)) if book.strings else []
    styles = Styles()
    if book.styles:
        styles.read(_chunks(archive, book.styles, budget))
    reader = Sheet(strings, styles, since_1904=book.since_1904)
    records = reader.records(_chunks(archive, book.sheets[wanted], budget))
    return Source("xlsx", records, sheet=wanted, sheets=tuple(book.sheets))


def _why_not_ole(file: IO[bytes]) -> str:
    before = b""
    while chunk := file.read(_CHUNK):
        if _LOCKED in before + chunk:
            return "the workbook is locked with a password; take the password off and save it"
        before = chunk[-len(_LOCKED) :]
    return f"this is a workbook of the old kind (.xls); {_AS_XLSX}"


def _refuse_large_directory(file: IO[bytes]) -> None:
    """Before `ZipFile` reads the directory of an archive, whatever its size."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _END.size - 65_535))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or at + _END.size > len(tail):
        raise Malformed("this is no workbook, or one cut short; get it again")
    length = _END.unpack_from(tail, at)[5]
    if length > _MAX_DIRECTORY:
        raise Malformed(f"too many members in the workbook; {_AS_XLSX}")
    file.seek(0)


def _book(archive: ZipFile, budget: _Budget) -> _Book:
    names = set(archive.namelist())
    if "[Content_Types].xml" not in names:
        raise Malformed(_why_not_zip(archive, names))
    root = _relations(archive, "", budget)
    member = next((to for kind, to in root.values() if kind == "officeDocument"), "")
    if not member.endswith(".xml") or "workbook" not in member:
        raise Malformed(f"there is no sheet in this file; {_AS_XLSX}")
    related = _relations(archive, member, budget)
    shown: dict[str, str] = {}
    hidden: dict[str, str] = {}
    flags: set[str] = set()

    def start(name: str, found: Attributes) -> None:
        if name == "workbookPr" and found.get("date1904") in ("1", "true"):
            flags.add("1904")
        if name == "sheet":
            key = next((value for at, value in found.items() if at.endswith(" id")), "")
            kind, target = related.get(key, ("", ""))
            if kind == "worksheet" and len(shown) + len(hidden) < _MAX_SHEETS:
                is_shown = found.get("state", "visible") == "visible"
                (shown if is_shown else hidden)[found.get("name", "")] = target

    _read_all(archive, member, budget, start)
    kinds = dict(related.values())
    return _Book(
        shown | hidden, kinds.get("sharedStrings", ""), kinds.get("styles", ""), "1904" in flags
    )


def _why_not_zip(archive: ZipFile, names: set[str]) -> str:
    if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
        kind = b"".join(_chunks(archive, "mimetype", _Budget()))
        if b"opendocument" in kind:
            return f"this is an OpenDocument file (.ods); {_AS_XLSX}"
    if any(name.startswith("Index/") for name in names):
        return "this is a Numbers document; export it as an Excel workbook or as CSV"
    return "this is an archive (ZIP), not a workbook; upload the table itself"


def _relations(archive: ZipFile, member: str, budget: _Budget) -> dict[str, tuple[str, str]]:
    """Kind and member of what `member` relates to, by id."""
    folder, _, name = member.rpartition("/")
    file = join(folder, "_rels", f"{name}.rels")
    found: dict[str, tuple[str, str]] = {}

    def start(name: str, said: Attributes) -> None:
        if name == "Relationship" and said.get("TargetMode") != "External":
            target = said.get("Target", "")
            inside = target.lstrip("/") if target.startswith("/") else join(folder, target)
            kind = said.get("Type", "").rpartition("/")[2]
            found[said.get("Id", "")] = kind, normpath(inside)

    _read_all(archive, file, budget, start)
    return found


def _read_all(
    archive: ZipFile, member: str, budget: _Budget, start: Callable[[str, Attributes], None]
) -> None:
    for _ in parse(_chunks(archive, member, budget), start, _nothing, _nothing):
        pass


def _nothing(_said: str) -> None:
    return None


def _chunks(archive: ZipFile, member: str, budget: _Budget) -> Iterator[bytes]:
    """A member piece by piece, as long as `budget` lasts.  Raises `Malformed`."""
    try:
        entry = archive.getinfo(member)
    except KeyError as err:
        raise Malformed("the workbook is damaged: a part of it is missing; save it again") from err
    if entry.flag_bits & 1:
        raise Malformed("the workbook is locked with a password; take the password off and save it")
    if entry.compress_type not in (0, 8):
        raise Malformed(f"the workbook is packed in an unusual way; {_AS_XLSX}")
    inflated = 0
    for chunk in _inflated(archive, entry):
        inflated += len(chunk)
        budget.left -= len(chunk)
        _refuse_bomb(entry, inflated, budget)
        yield chunk


def _inflated(archive: ZipFile, entry: ZipInfo) -> Iterator[bytes]:
    try:
        with archive.open(entry) as opened:
            while chunk := opened.read(_CHUNK):
                yield chunk
    except _DAMAGED as err:
        raise Malformed("the workbook is damaged; save it again") from err


def _refuse_bomb(entry: ZipInfo, inflated: int, budget: _Budget) -> None:
    ratio = MAX_RATIO * max(1, entry.compress_size)
    if budget.left < 0 or inflated > _FREE_BYTES + ratio:
        most = MAX_INFLATED_BYTES // 2**20
        raise Malformed(f"the workbook holds over {most} MB or is packed too tightly; split it")
