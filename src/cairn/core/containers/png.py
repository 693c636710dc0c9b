"""Open Badges in PNG images: read the credential, or write one in.

Source: PNG (Third Edition), sections 5 and 11.3.3; `carriers` has the names.  Chunks only: no
pixel is decoded here, so the size of the picture does not matter.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from cairn.core.containers.carriers import (
    CARRIERS,
    MAX_PAYLOAD_BYTES,
    OPEN_BADGES_3,
    Carrier,
    checked_payload,
)
from cairn.core.errors import Malformed

SIGNATURE = b"\x89PNG\r\n\x1a\n"
MAX_CHUNKS = 20_000  # chunks: at 8 KiB of pixels in each, a file of 160 MiB
MAX_DEFLATED_TEXT_BYTES = 8 * 2**20  # of compressed text, before it is inflated
_AROUND_BYTES = 12  # of each chunk: length, type and checksum
_TEXT_CHUNKS = (b"iTXt", b"tEXt", b"zTXt")
_PICTURE = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")
_ANOTHER_COPY = "ask for another copy of the image"


@dataclass(frozen=True, slots=True)
class Chunk:
    """One chunk: its type, its data, and where it stands in the file."""

    type: bytes
    data: bytes
    start: int
    end: int

    @property
    def keyword(self) -> bytes:
        """The keyword of a text chunk, b"" of others."""
        return self.data[:80].partition(b"\0")[0] if self.type in _TEXT_CHUNKS else b""


def chunks(png: bytes) -> Iterator[Chunk]:
    """The chunks of an image up to its end mark; what follows that is not read.

    Raises `Malformed` where the file is cut short, damaged or over a bound.
    """
    if not png.startswith(SIGNATURE):
        raise Malformed("not a PNG image")
    at = len(SIGNATURE)
    for _ in range(MAX_CHUNKS):
        length = int.from_bytes(png[at : at + 4])
        end = at + _AROUND_BYTES + length
        if end > len(png):
            raise Malformed(f"the PNG image is cut short at byte {len(png)}; {_ANOTHER_COPY}")
        kind, data = png[at + 4 : at + 8], png[at + 8 : end - 4]
        if zlib.crc32(data, zlib.crc32(kind)) != int.from_bytes(png[end - 4 : end]):
            raise Malformed(f"the PNG image is damaged near byte {at}; {_ANOTHER_COPY}")
        if at == len(SIGNATURE) and kind != b"IHDR":
            raise Malformed("the PNG image does not start with its header (IHDR)")
        yield Chunk(kind, data, at, end)
        if kind == b"IEND":
            return
        at = end
    raise Malformed(f"the PNG image has more than {MAX_CHUNKS} chunks")


def written_chunk(kind: bytes, data: bytes) -> bytes:
    """The bytes of one chunk."""
    checksum = zlib.crc32(data, zlib.crc32(kind))
    return len(data).to_bytes(4) + kind + data + checksum.to_bytes(4)


def unbake(png: bytes) -> dict[Carrier, bytes]:
    """What is baked in, by carrier: JSON, a token, or (2.0, before 2013) the URL of an assertion.

    Raises `Malformed` where a reader would have to choose: two chunks of one carrier.
    """
    found: dict[Carrier, bytes] = {}
    for it in chunks(png):
        for carrier in CARRIERS:
            if it.keyword != carrier.keyword:
                continue
            if carrier in found:
                raise Malformed(
                    f'the PNG image has two "{carrier.keyword.decode()}" chunks; '
                    "one of them may have been added to mislead"
                )
            found[carrier] = _text(it)
    return found


def bake(png: bytes, payload: bytes, carrier: Carrier = OPEN_BADGES_3) -> bytes:
    """`png` with `payload` in it, in place of what `carrier` held; all else byte for byte.

    Raises `Malformed` for an image or a payload that `unbake` would not read.
    """
    text = checked_payload(payload)
    body = carrier.keyword + bytes(5) + text  # not compressed; no language, no translation
    header, *others = chunks(png)
    parts = [
        png[: header.end],
        written_chunk(b"iTXt", body),
    ]  # first, so that a reader of a stream meets it early
    parts += [png[it.start : it.end] for it in others if it.keyword != carrier.keyword]
    parts.append(png[others[-1].end if others else header.end :])
    return b"".join(parts)


def picture_only(png: bytes) -> bytes:
    """`png` without all that is not needed to see it: text, profiles, thumbnails, animation."""
    return SIGNATURE + b"".join(png[it.start : it.end] for it in chunks(png) if it.type in _PICTURE)


def _text(chunk: Chunk) -> bytes:
    rest = chunk.data[len(chunk.keyword) + 1 :]
    is_deflated, method = False, b"\0"
    if chunk.type == b"zTXt":
        is_deflated, method, rest = True, rest[:1], rest[1:]
    elif chunk.type == b"iTXt":
        flag, method = rest[:1], rest[1:2]
        _language, has_language, rest = rest[2:].partition(b"\0")
        _translated, has_translated, rest = rest.partition(b"\0")
        if flag not in (b"\0", b"\1") or not has_language or not has_translated:
            raise _unreadable(chunk, "is not built as PNG says")
        is_deflated = flag == b"\1"
    if is_deflated:
        if method != b"\0":
            raise _unreadable(chunk, "is compressed in an unknown way")
        return _inflated(chunk, rest)
    if len(rest) > MAX_PAYLOAD_BYTES:
        raise _unreadable(chunk, f"is longer than {MAX_PAYLOAD_BYTES} bytes")
    return rest


def _inflated(chunk: Chunk, packed: bytes) -> bytes:
    if len(packed) > MAX_DEFLATED_TEXT_BYTES:
        raise _unreadable(chunk, f"is longer than {MAX_DEFLATED_TEXT_BYTES} bytes")
    inflater = zlib.decompressobj()
    try:
        text = inflater.decompress(packed, MAX_PAYLOAD_BYTES + 1)
    except zlib.error as err:
        raise _unreadable(chunk, "is damaged") from err
    if len(text) > MAX_PAYLOAD_BYTES:
        raise _unreadable(chunk, f"inflates to more than {MAX_PAYLOAD_BYTES} bytes")
    if not inflater.eof or inflater.unused_data:
        raise _unreadable(chunk, "is cut short or has bytes after its end")
    return text


def _unreadable(chunk: Chunk, flaw: str) -> Malformed:
    return Malformed(f'the text chunk "{chunk.keyword.decode("ascii", "replace")}" {flaw}')
