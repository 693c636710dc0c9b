"""The records of a CSV file, read as a stream: encoding and separator are found out or told.

Source: RFC 4180, and what Excel, LibreOffice and Numbers write besides: semicolons, tabs, a first
line `sep=;`, byte order marks, UTF-16, code pages.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from typing import IO, Any

from cairn.core.errors import Malformed
from cairn.core.openbadges.records import Record, Source

# By the name of a codec; only the first two can be found out, a code page is a guess.
ENCODINGS = ("utf-8", "utf-16", "cp1252", "cp1250", "cp1254", "mac-roman")
SEPARATORS = ",;\t|"
_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_GUESS = "cp1252"
_SEP_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
_QUOTED = re.compile(r'"(?:[^"]|"")*"')
_HEAD = 65_536  # characters in which the separator is looked for
_AT_ONCE = 2**20  # bytes


def open_csv(file: IO[bytes], encoding: str = "", separator: str = "") -> Source:
    """The records of `file`; what is "" is found out.  Raises `Malformed` for what is no text."""
    if encoding and encoding not in ENCODINGS:
        raise Malformed(f"{encoding!r} is not an encoding that is read; choose one of the list")
    if separator and (len(separator) != 1 or separator not in SEPARATORS):
        raise Malformed(f"{separator!r} is not a separator; choose one of the list")
    codec = _codec(file, encoding)
    _require_text(file, codec)
    head = _text_of(file, codec).read(_HEAD)
    told = _SEP_LINE.match(head)
    if not separator:
        separator = told[1] if told and told[1] in SEPARATORS else _sniffed(head)
    text = _text_of(file, codec)
    return Source(
        kind="csv",
        encoding=codec.removesuffix("-sig"),
        separator=separator,
        records=_records(text, separator, skips_first=told is not None),
    )


def _text_of(file: IO[bytes], codec: str) -> io.TextIOWrapper:
    file.seek(0)
    return io.TextIOWrapper(io.BufferedReader(_Unclosed(file)), encoding=codec, newline="")


class _Unclosed(io.RawIOBase):
    """A view of `file` that leaves it open when a text reader over it goes."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def _codec(file: IO[bytes], encoding: str) -> str:
    file.seek(0)
    start = file.read(4)
    marked = next((name for mark, name in _MARKS.items() if start.startswith(mark)), "")
    if not encoding:
        return marked or ("utf-8" if _flaw(file, "utf-8") is None else _guessed(file))
    return "utf-8-sig" if encoding == "utf-8" else encoding


def _guessed(file: IO[bytes]) -> str:
    """The code page, unless a NUL shows that it is no text of one byte a character."""
    at = _flaw(file, "utf-8")
    file.seek(0)
    while chunk := file.read(_AT_ONCE):
        if b"\0" in chunk:
            raise Malformed(f"byte {at} is not utf-8; save the file as UTF-8")
    return _GUESS


def _require_text(file: IO[bytes], codec: str) -> None:
    at = _flaw(file, codec)
    if at is None:
        return
    name = codec.removesuffix("-sig")
    mend = "save the file as CSV in UTF-8" if codec == _GUESS else "save the file as UTF-8"
    flaw = "text" if codec == _GUESS else name
    raise Malformed(f"byte {at} is not {flaw}; {mend}")


def _flaw(file: IO[bytes], codec: str) -> int | None:
    """The byte at which `file` stops being of this encoding, None if all of it is."""
    decoder = codecs.getincrementaldecoder(codec)()
    file.seek(0)
    chunk, read = b"", 0
    try:
        while chunk := file.read(_AT_ONCE):
            decoder.decode(chunk)
            read += len(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as err:  # of `chunk` and what was left of the one before
        return read + len(chunk) - len(err.object) + err.start
    except UnicodeError:  # UTF-16 without its mark
        return 0
    return None


def _sniffed(head: str) -> str:
    """The separator that the first line with anything in it has most of, outside quotes."""
    line = next((line for line in _QUOTED.sub("", head).split("\n") if line.strip()), "")
    return max(SEPARATORS, key=line.count)  # the first of equals: a comma if there is none


def _records(text: io.TextIOWrapper, separator: str, *, skips_first: bool) -> Iterator[Record]:
    reader = csv.reader(text, delimiter=separator, strict=True)
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
        if number > 1 or not skips_first:
            yield Record(number, tuple(cell.strip() for cell in cells))
