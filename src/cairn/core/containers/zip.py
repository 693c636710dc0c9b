"""The members of a ZIP archive, read within bounds and never written anywhere.

Source: APPNOTE.TXT 6.3.10, sections 4.3 and 4.4.  Own reader: the standard library's reads a
directory of any size first, and follows it wherever it points.
"""

import re
import struct
import unicodedata
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from cairn.core.containers.display import shown
from cairn.core.containers.recognise import Kind, kind_of
from cairn.core.errors import Malformed

MAX_MEMBERS = 10_000
MAX_MEMBER_BYTES = 4 * 2**20  # inflated
MAX_TOTAL_BYTES = 256 * 2**20  # inflated, all members together
MAX_RATIO = 200  # inflated to deflated, beyond FREE_BYTES; credentials stay under 20
FREE_BYTES = 64 * 2**10
MAX_NESTING = 1  # archives inside an archive are opened, archives inside those are not

_END = struct.Struct("<4s4H2LH")
_ENTRY = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_MAX_COMMENT_BYTES = 65_535
_STORED, _DEFLATED = 0, 8
_IS_ENCRYPTED, _IS_UTF_8 = 1, 0x800
_LINK_MODE, _MODE_MASK = 0o120000, 0o170000
_UNIX, _MAC = 3, 19
_ABSENT = 0xFFFFFFFF
_ZIP64_EXTRA = 1
_UNSAFE = re.compile(r"(?:^|/)\.\.(?:/|$)|^/|^[A-Za-z]:|[\x00-\x1f]")
_CLUTTER = ("__MACOSX/",)  # what a Mac adds to each archive


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a member was not read."""

    message: str


@dataclass(frozen=True, slots=True)
class Member:
    """One file in an archive; `name` is fit to be shown, with the path inside the archive."""

    name: str
    content: bytes | Problem


@dataclass(slots=True)
class _Budget:
    """What may still be read, over an archive and those inside it."""

    members: int = MAX_MEMBERS
    total_bytes: int = MAX_TOTAL_BYTES


@dataclass(frozen=True, slots=True)
class _Entry:
    """One line of the directory."""

    raw_name: bytes
    name: str
    flags: int
    method: int
    checksum: int
    deflated_bytes: int
    inflated_bytes: int
    offset: int
    is_link: bool


def members(data: bytes) -> Iterator[Member]:
    """The files in an archive, in the order of its directory; folders are left out.

    Raises `Malformed` (before the first member) if the directory cannot be read or is over a
    bound.  What is wrong with one member is its `Problem`.
    """
    return _members(data, "", _Budget(), nesting=0)


def _members(data: bytes, folder: str, budget: _Budget, *, nesting: int) -> Iterator[Member]:
    entries = _directory(data, budget)
    names = Counter(_folded(entry.name) for entry in entries)
    for entry in entries:
        if entry.name.endswith("/") or entry.name.startswith(_CLUTTER):
            continue
        name = folder + shown(entry.name)
        flaw = _flaw(entry)
        if names[_folded(entry.name)] > 1:
            flaw = "another member has the same name; which one is meant cannot be told"
        content = Problem(flaw) if flaw else _read(data, entry, budget)
        if isinstance(content, Problem) or kind_of(content) is not Kind.ZIP:
            yield Member(name, content)
        elif nesting == MAX_NESTING:
            yield Member(name, Problem("an archive in an archive in an archive is not opened"))
        else:
            yield from _nested(content, name, budget, nesting)


def _nested(data: bytes, name: str, budget: _Budget, nesting: int) -> Iterator[Member]:
    try:
        yield from _members(data, f"{name}/", budget, nesting=nesting + 1)
    except Malformed as err:
        yield Member(name, Problem(str(err)))


def _directory(data: bytes, budget: _Budget) -> list[_Entry]:
    tail = max(0, len(data) - _END.size - _MAX_COMMENT_BYTES)
    at = data.rfind(b"PK\x05\x06", tail)
    if at < 0 or at + _END.size > len(data):
        raise Malformed("the ZIP archive is cut short: its directory is missing; get it again")
    _, disk, _, here, count, length, start, comment = _END.unpack_from(data, at)
    if at + _END.size + comment != len(data):
        # two readers would find two directories
        raise Malformed("the ZIP archive has bytes after its end; pack the files again")
    if disk or here != count:
        raise Malformed("a ZIP archive in several parts is not read; pack the files again")
    if count > budget.members:
        raise Malformed(f"more than {MAX_MEMBERS:,} members in the ZIP archive; split it")
    if start + length != at:
        raise Malformed("the directory of the ZIP archive is not where it should be")
    budget.members -= count
    entries = []
    place = start
    for _ in range(count):
        if place + _ENTRY.size > at or data[place : place + 4] != b"PK\x01\x02":
            raise Malformed("the directory of the ZIP archive is damaged; get it again")
        entry, place = _entry(data, place)
        entries.append(entry)
    if place != at:
        raise Malformed("the directory of the ZIP archive has more entries than it counts")
    _refuse_overlaps(entries, start)
    return entries


def _entry(data: bytes, place: int) -> tuple[_Entry, int]:
    (_, made_by, _, flags, method, _, _, checksum, deflated, inflated) = _ENTRY.unpack_from(
        data, place
    )[:10]
    name_length, extra_length, comment_length, _, _, attributes, offset = _ENTRY.unpack_from(
        data, place
    )[10:]
    start = place + _ENTRY.size
    raw_name = data[start : start + name_length]
    extra = data[start + name_length : start + name_length + extra_length]
    inflated, deflated, offset = _widened(extra, inflated, deflated, offset)
    try:
        name = raw_name.decode("utf-8" if flags & _IS_UTF_8 else "cp437")
    except UnicodeDecodeError:
        name = raw_name.decode("utf-8", "replace")
    entry = _Entry(
        raw_name,
        name.replace("\\", "/"),
        flags,
        method,
        checksum,
        deflated,
        inflated,
        offset,
        is_link=made_by >> 8 in (_UNIX, _MAC) and attributes >> 16 & _MODE_MASK == _LINK_MODE,
    )
    return entry, start + name_length + extra_length + comment_length


def _widened(extra: bytes, *sizes: int) -> tuple[int, int, int]:
    """Inflated, deflated and offset, with what a ZIP64 field says where they do not fit."""
    wide = b""
    at = 0
    while at + 4 <= len(extra):
        tag, length = struct.unpack_from("<2H", extra, at)
        if tag == _ZIP64_EXTRA:
            wide = extra[at + 4 : at + 4 + length]
            break
        at += 4 + length
    widened = []
    for size in sizes:
        if size == _ABSENT and len(wide) >= 8:
            size, wide = int.from_bytes(wide[:8], "little"), wide[8:]
        widened.append(size)
    inflated, deflated, offset = widened
    return inflated, deflated, offset


def _refuse_overlaps(entries: list[_Entry], directory: int) -> None:
    """Members that share bytes are how a small archive becomes a huge one."""
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.offset):
        if entry.offset < end:
            raise Malformed("members of the ZIP archive share the same bytes; it is a trap")
        end = entry.offset + _LOCAL.size + len(entry.raw_name) + entry.deflated_bytes
    if end > directory:
        raise Malformed("the ZIP archive is cut short in the middle; get it again")


def _flaw(entry: _Entry) -> str:
    """Why a member is not read, as far as the directory says; "" for none."""
    if _UNSAFE.search(entry.name):
        return "its name points outside the archive"
    if entry.is_link:
        return "it is a link to another file"
    if entry.flags & _IS_ENCRYPTED:
        return "it is protected with a password; pack the files again without"
    if entry.method not in (_STORED, _DEFLATED):
        return f"it is compressed in a way that is not read (method {entry.method})"
    if entry.inflated_bytes > MAX_MEMBER_BYTES:
        return f"it holds {entry.inflated_bytes} bytes; at most {MAX_MEMBER_BYTES} are read"
    if entry.inflated_bytes > max(FREE_BYTES, MAX_RATIO * entry.deflated_bytes):
        return f"it inflates to more than {MAX_RATIO} times its size; it is a trap"
    return ""


def _read(data: bytes, entry: _Entry, budget: _Budget) -> bytes | Problem:
    if entry.inflated_bytes > budget.total_bytes:
        return Problem(f"the archive inflates to more than {MAX_TOTAL_BYTES} bytes; split it")
    budget.total_bytes -= entry.inflated_bytes
    at = entry.offset
    if at + _LOCAL.size > len(data) or data[at : at + 4] != b"PK\x03\x04":
        return Problem("it is not where the directory says; get the archive again")
    *_, name_length, extra_length = _LOCAL.unpack_from(data, at)
    flags, method = _LOCAL.unpack_from(data, at)[2:4]
    name_at = at + _LOCAL.size
    if data[name_at : name_at + name_length] != entry.raw_name or method != entry.method:
        return Problem("it is called one thing in the directory and another where it stands")
    if flags & _IS_ENCRYPTED:
        return Problem("it is protected with a password; pack the files again without")
    start = name_at + name_length + extra_length
    packed = data[start : start + entry.deflated_bytes]
    content = packed if entry.method == _STORED else _inflated(packed, entry.inflated_bytes)
    if content is None or len(content) != entry.inflated_bytes:
        return Problem("it is cut short, damaged, or longer than the directory says")
    if zlib.crc32(content) != entry.checksum:
        return Problem("it is damaged (its checksum is wrong); get the archive again")
    return content


def _inflated(packed: bytes, most: int) -> bytes | None:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        content = inflater.decompress(packed, most + 1)
    except zlib.error:
        return None
    return content if inflater.eof and not inflater.unused_data else None


def _folded(name: str) -> str:
    """A name as the least careful file system compares it."""
    return unicodedata.normalize("NFC", name).casefold()
