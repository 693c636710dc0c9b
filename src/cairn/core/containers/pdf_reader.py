"""A reader of PDF documents that counts its work and stops.

pypdf repairs what is broken, and looks through the whole file for each missing object: a document
of a few kilobytes can ask for hours.  So the bytes read, the objects built and the bytes inflated
are counted here.  Over a bound the document is `Malformed`, as it is where pypdf trips.
"""

import io
import logging
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise

from pypdf import Configuration, PasswordType, PdfReader, apply_configuration
from pypdf.errors import DependencyError, PdfReadError, PyPdfError
from pypdf.generic import (
    DictionaryObject,
    IndirectObject,
    PdfObject,
    StreamObject,
    read_object,
)

from cairn.core.containers.display import shown
from cairn.core.errors import Malformed

MAX_BYTES = 16 * 2**20  # of the document
MAX_INFLATED_BYTES = 4 * 2**20  # of one stream
MAX_OBJECTS = 20_000  # built, of which a page of text and pictures needs about 20
MAX_OBJECT_STREAM_BYTES = 4 * 2**20  # inflated, all together
MAX_READ_BYTES = 256 * 2**20  # by all reads together, each counted as at least READ_COST_BYTES
READ_COST_BYTES = 1024  # a read of one byte costs as much time as one of a thousand
MAX_END_BYTES = 1024  # between the last address of the table and the end mark
MAX_PAGES = 50
MAX_PAGE_NODES = 1_000  # of the page tree

_BOUNDS = Configuration(
    maximum_declared_stream_length=MAX_BYTES,
    array_based_stream_maximum_output_length=MAX_INFLATED_BYTES,
    array_maximum_element_count=100_000,
    dictionary_maximum_element_count=10_000,
    jbig2_maximum_output_length=0,
    lzw_maximum_output_length=MAX_INFLATED_BYTES,
    run_length_maximum_output_length=MAX_INFLATED_BYTES,
    zlib_maximum_output_length=MAX_INFLATED_BYTES,
    zlib_maximum_recovery_input_length=0,  # repaired bytes are not what was signed
    brotli_maximum_output_length=MAX_INFLATED_BYTES,
    stream_filters_maximum_length=4,
    stream_decoding_work_maximum_length=4 * MAX_INFLATED_BYTES,
    jbig2dec_binary=None,  # pypdf would run a program
    disable_legacy_handling=True,
)
# Broken structure surfaces as whatever the parser happened to do with it.
TRIPS = (
    PyPdfError,
    DependencyError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)


class OverBound(PyPdfError):
    """The document asks for more work than is done for a stranger."""


@dataclass(slots=True)
class _Budget:
    """What may still be read of one document."""

    left: int

    def spend(self, count: int) -> None:
        self.left -= max(count, READ_COST_BYTES)
        if self.left < 0:
            raise OverBound("reading it takes too much work")


class _CountedBytes(io.BytesIO):
    """A file in memory that counts what is read."""

    def __init__(self, data: bytes, budget: _Budget) -> None:
        super().__init__(data)
        self._budget = budget

    def read(self, size: int | None = -1, /) -> bytes:
        found = super().read(size)
        self._budget.spend(len(found))
        return found

    def readline(self, size: int | None = -1, /) -> bytes:
        found = super().readline(size)
        self._budget.spend(len(found))
        return found

    def seek(self, offset: int, whence: int = 0, /) -> int:
        self._budget.spend(0)
        return super().seek(offset, whence)

    def getbuffer(self) -> memoryview:
        whole = super().getbuffer()
        self._budget.spend(4 * len(whole))  # copied, then searched, at the pace of a regex
        return whole


class BoundedReader(PdfReader):
    """A `PdfReader` that does a limited amount of work."""

    def __init__(self, pdf: bytes) -> None:
        self._budget = _Budget(MAX_READ_BYTES)
        self._objects_left = MAX_OBJECTS
        self._object_stream_bytes_left = MAX_OBJECT_STREAM_BYTES
        self._object_streams: dict[int, dict[int, bytes]] = {}
        super().__init__(
            _CountedBytes(pdf, self._budget),
            root_object_recovery_limit=1_000,
            xref_stream_maximum_entries=100_000,
        )

    def get_object(self, indirect_reference: int | IndirectObject) -> PdfObject | None:
        self._objects_left -= 1
        if self._objects_left < 0:
            raise OverBound(f"more than {MAX_OBJECTS} objects would have to be read")
        return super().get_object(indirect_reference)

    def _get_object_from_stream(self, indirect_reference: IndirectObject) -> PdfObject:
        """One object of an object stream, from its own bytes alone.

        pypdf parses all objects of the stream, each as far as it reaches: n objects inside one
        another would be parsed n times over.
        """
        stream = self.xref_objStm[indirect_reference.idnum][0]
        if stream in self.xref_objStm:
            raise PdfReadError("an object stream inside an object stream")
        if stream not in self._object_streams:
            self._object_streams[stream] = self._objects_of(stream)
        data = self._object_streams[stream].get(indirect_reference.idnum, b"null")
        found = read_object(_CountedBytes(data, self._budget), self)
        self.cache_indirect_object(0, indirect_reference.idnum, found)
        return found

    def _objects_of(self, number: int) -> dict[int, bytes]:
        """The bytes of each object in an object stream (ISO 32000-2, section 7.5.7)."""
        stream = self.get_object(number)
        if not isinstance(stream, StreamObject) or stream.get("/Type") != "/ObjStm":
            raise PdfReadError(f"object {number} is no object stream")
        data = stream_bytes(stream)
        self._object_stream_bytes_left -= len(data)
        if self._object_stream_bytes_left < 0:
            raise OverBound(f"its objects inflate to more than {MAX_OBJECT_STREAM_BYTES} bytes")
        first = resolved(stream.get("/First"))
        if not isinstance(first, int) or not 0 <= first <= len(data):
            raise PdfReadError(f"object stream {number} does not say where its objects start")
        index = [
            int(word) for word in data[:first].split(maxsplit=2 * MAX_OBJECTS)[: 2 * MAX_OBJECTS]
        ]
        starts = [first + offset for offset in index[1::2]]
        if any(start >= end for start, end in pairwise(starts)):
            raise PdfReadError(f"object stream {number} does not hold its objects in order")
        ends = [*starts[1:], len(data)]
        return {
            name: data[start:end].strip() + b" "
            for name, start, end in zip(index[::2], starts, ends, strict=False)
        }


@contextmanager
def opened(pdf: bytes) -> Iterator[BoundedReader]:
    """A reader of `pdf`, within bounds while the block runs.

    Raises `Malformed`, also from inside the block, for a document that is damaged, over a bound
    or protected with a password.
    """
    if len(pdf) > MAX_BYTES:
        raise Malformed(f"a PDF document of {len(pdf)} bytes; at most {MAX_BYTES} are read")
    end = pdf.rfind(b"%%EOF") + len(b"%%EOF")
    if pdf.rfind(b"startxref", max(0, end - MAX_END_BYTES), end) < 0:
        raise Malformed("the PDF document is cut short: its end is missing; get it again")
    # what it would log are a stranger's words
    logging.getLogger("pypdf").addHandler(_SILENT)
    try:
        with apply_configuration(_BOUNDS):
            reader = BoundedReader(pdf[:end])
            if reader.is_encrypted and reader.decrypt("") is PasswordType.NOT_DECRYPTED:
                raise Malformed(
                    "the PDF document is protected with a password; save it without and try again"
                )
            yield reader
    except Malformed:
        raise
    except OverBound as err:
        raise Malformed(f"the PDF document is too complicated: {err}") from err
    except TRIPS as err:
        why = shown(str(err)) or type(err).__name__
        raise Malformed(f"the PDF document cannot be read: {why}") from err


def pages(reader: BoundedReader) -> Iterator[DictionaryObject]:
    """The first `MAX_PAGES` pages, in order."""
    stack: list[object] = [reader.root_object.get("/Pages")]
    nodes = found = 0
    while stack and found < MAX_PAGES:
        node = dictionary(stack.pop())
        nodes += 1
        if nodes > MAX_PAGE_NODES:
            raise OverBound(f"its page tree has more than {MAX_PAGE_NODES} nodes")
        if not node:
            continue
        kids = array(node.get("/Kids"))
        if kids:
            stack.extend(reversed(kids[: MAX_PAGE_NODES + 1]))
        else:
            found += 1
            yield node


def resolved(value: object) -> object:
    """What `value` refers to, or itself."""
    return value.get_object() if isinstance(value, IndirectObject) else value


def dictionary(value: object) -> DictionaryObject:
    """`value` as a dictionary, an empty one if it is none."""
    target = resolved(value)
    return target if isinstance(target, DictionaryObject) else DictionaryObject()


def array(value: object) -> list[object]:
    """The items of `value`, none if it is no array."""
    target = resolved(value)
    return list(target) if isinstance(target, list) else []


def stream_bytes(stream: StreamObject) -> bytes:
    """The decoded bytes of a stream.  Raises `Malformed` over `MAX_INFLATED_BYTES`."""
    names = [resolved(stream.get("/Filter"))]
    if isinstance(names[0], list):
        names = [resolved(name) for name in names[0]]
    if names == ["/FlateDecode"] and not stream.get("/DecodeParms"):
        data = inflated(raw_bytes(stream), MAX_INFLATED_BYTES)
    else:
        data = stream.get_data()
    if len(data) > MAX_INFLATED_BYTES:
        raise Malformed(f"it holds more than {MAX_INFLATED_BYTES} bytes")
    return data


def raw_bytes(stream: StreamObject) -> bytes:
    """The bytes of a stream as they stand in the document, decrypted."""
    # pypdf has no public name for them
    return stream._data


def inflated(packed: bytes, most: int) -> bytes:
    """`packed` inflated, up to `most` bytes and one more."""
    inflater = zlib.decompressobj()
    data = inflater.decompress(packed, most + 1)
    if not inflater.eof and len(data) <= most:
        raise Malformed("it is cut short")
    return data


_SILENT = logging.NullHandler()
