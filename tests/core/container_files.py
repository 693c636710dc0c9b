"""Files for the tests of containers, made by other means than the code under test."""

import io
import struct
import tracemalloc
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

import zxingcpp
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from pypdf import PdfWriter
from pypdf.annotations import Link
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)

from tests.timing import cpu_within

CREDENTIAL = b'{"@context": ["https://www.w3.org/ns/credentials/v2"], "name": "\xc3\x89t\xc3\xa9"}'
TOKEN = b"eyJhbGciOiJFZERTQSJ9.eyJpc3MiOiJkaWQ6a2V5OnoifQ.c2lnbmF0dXJl"
LINK = "https://badges.example.org/c/4711"
CPU_SECONDS = 1.0  # for whatever a stranger sends


def within_a_second() -> AbstractContextManager[None]:
    return cpu_within(CPU_SECONDS)


@contextmanager
def within_memory(most_bytes: int) -> Iterator[None]:
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < most_bytes
    finally:
        tracemalloc.stop()


def png_image(width: int = 8, height: int = 8, **texts: str) -> bytes:
    info = PngInfo()
    for keyword, text in texts.items():
        info.add_itxt(keyword, text)
    return saved(Image.new("RGB", (width, height), "white"), "PNG", pnginfo=info)


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_with(*chunks: bytes, head: bytes = b"") -> bytes:
    """A small image with further chunks before its pixels (or `head` in place of its header)."""
    image = png_image()
    return image[:8] + (head or image[8:33]) + b"".join(chunks) + image[33:]


def qr_image(text: str = LINK, scale: int = 4) -> Image.Image:
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode)
    # a buffer, though its stub does not say so
    pixels = memoryview(code.to_image(scale=scale))  # type: ignore[arg-type]
    assert pixels.shape is not None
    height, width = pixels.shape
    return Image.frombytes("L", (width, height), bytes(pixels))


def pdf_document(
    *attached: tuple[str, bytes], links: tuple[str, ...] = (), pages: int = 1
) -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(200, 200)
    for link in links:
        writer.add_annotation(0, Link(rect=(0, 0, 9, 9), url=link))
    for name, data in attached:
        writer.add_attachment(name, data)
    return written(writer)


def written(writer: PdfWriter) -> bytes:
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def stream_of(data: bytes, **entries: object) -> StreamObject:
    stream = DecodedStreamObject()
    stream.set_data(data)
    stream.update(dictionary_of(**entries))
    return stream


def dictionary_of(**entries: object) -> DictionaryObject:
    """A PDF dictionary: text that starts with "/" is a name, integers and lists are meant so."""
    return DictionaryObject({NameObject(f"/{key}"): _pdf(value) for key, value in entries.items()})


def _pdf(value: object) -> object:
    if isinstance(value, str):
        return NameObject(value) if value.startswith("/") else TextStringObject(value)
    if isinstance(value, int):
        return NumberObject(value)
    return ArrayObject(_pdf(item) for item in value) if isinstance(value, list) else value


def pdf_with_image(stream: StreamObject) -> bytes:
    writer = PdfWriter()
    page = writer.add_blank_page(200, 200)
    images = DictionaryObject({NameObject("/Im0"): writer._add_object(stream)})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): images})
    return written(writer)


def raw_pdf(*objects: bytes, root: int = 1) -> bytes:
    """A document of objects as they are, numbered from 1, with a table that finds them."""
    body = b"%PDF-1.7\n"
    offsets = []
    for number, content in enumerate(objects, 1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    count = len(objects) + 1
    return body + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root %d 0 R >>\n"
        b"startxref\n%d\n%%%%EOF\n" % (count, table, count, root, len(body))
    )


def zip_archive(*files: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in files:
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return file.getvalue()
