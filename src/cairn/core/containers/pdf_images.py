"""The pictures in a PDF document, each as a PNG or JPEG file of its own.

Source: ISO 32000-2, section 8.9.5.  Nothing is decoded to pixels: a deflated picture is a PNG
without its headers, and a JPEG picture is a JPEG file.
"""

import zlib
from collections.abc import Iterable, Iterator
from itertools import islice
from math import prod

from pypdf.generic import DictionaryObject, StreamObject

from cairn.core.containers import png
from cairn.core.containers.image_size import size_of
from cairn.core.containers.pdf_reader import (
    array,
    dictionary,
    inflated,
    opened,
    pages,
    raw_bytes,
    resolved,
)
from cairn.core.containers.recognise import Kind, kind_of
from cairn.core.errors import Malformed

MAX_IMAGES = 16
MAX_IMAGE_PAGES = 10
MAX_PIXELS = 16_000_000
MAX_TOTAL_PIXELS = 32_000_000  # of all pictures together
MAX_SAMPLE_BYTES = 48 * 2**20  # three bytes a pixel
_PNG_PREDICTORS = range(10, 16)
_GREY, _COLOUR, _PALETTE = 0, 2, 3  # colour types of PNG
_CHANNELS = {"/DeviceGray": 1, "/CalGray": 1, "/DeviceRGB": 3, "/CalRGB": 3}


def images(pdf: bytes) -> tuple[bytes, ...]:
    """The pictures on the first pages, each once, in the order of use, masks after their picture.

    What cannot be put into a PNG (four colours, JPEG 2000, fax) is left out.  Raises `Malformed`
    if the document is damaged, over a bound or protected with a password.
    """
    found: dict[int, bytes] = {}
    left = MAX_TOTAL_PIXELS
    with opened(pdf) as reader:
        for stream in _streams_of(islice(pages(reader), MAX_IMAGE_PAGES)):
            if id(stream) in found or not (file := _file(stream)):
                continue
            left -= prod(size_of(file, kind_of(file)))
            if left < 0 or len(found) == MAX_IMAGES:
                break
            found[id(stream)] = file
    return tuple(found.values())


def _streams_of(some: Iterable[DictionaryObject]) -> Iterator[StreamObject]:
    for page in some:
        yield from _streams(page)


def _streams(page: DictionaryObject) -> Iterator[StreamObject]:
    """The pictures a page uses, also one form deep, as printing programs wrap them."""
    for stream in _objects(page):
        if stream.get("/Subtype") == "/Form":
            yield from (it for it in _objects(stream) if it.get("/Subtype") == "/Image")
        elif stream.get("/Subtype") == "/Image":
            yield stream
            mask = resolved(stream.get("/SMask"))
            if isinstance(mask, StreamObject):
                yield mask


def _objects(owner: DictionaryObject) -> Iterator[StreamObject]:
    inherited = owner.get("/Resources") or dictionary(owner.get("/Parent")).get("/Resources")
    resources = dictionary(inherited)
    for value in list(dictionary(resources.get("/XObject")).values())[: 4 * MAX_IMAGES]:
        target = resolved(value)
        if isinstance(target, StreamObject):
            yield target


def _file(stream: StreamObject) -> bytes | None:
    names = resolved(stream.get("/Filter"))
    filters = [str(resolved(name)) for name in names] if isinstance(names, list) else [str(names)]
    try:
        if filters == ["/DCTDecode"]:
            size_of(raw_bytes(stream), Kind.JPEG)
            return raw_bytes(stream)
        return _png(stream) if filters == ["/FlateDecode"] else None
    except (Malformed, zlib.error):
        return None


def _png(stream: StreamObject) -> bytes | None:
    """A deflated picture as a PNG file, or None if PNG has no such picture."""
    width, height, bits = (
        _number(stream, name) for name in ("/Width", "/Height", "/BitsPerComponent")
    )
    colour, channels, palette = _colours(stream)
    if not channels or bits not in (1, 2, 4, 8) or (channels == 3 and bits != 8):
        return None
    if not 0 < width * height <= MAX_PIXELS or width <= 0:
        return None
    parameters = dictionary(stream.get("/DecodeParms"))
    if isinstance(resolved(stream.get("/DecodeParms")), list):
        parameters = dictionary(array(stream.get("/DecodeParms"))[0])
    predictor = _number(parameters, "/Predictor")
    if predictor in _PNG_PREDICTORS:
        packed = raw_bytes(stream)
    elif predictor <= 1:
        row = (width * channels * bits + 7) // 8
        samples = inflated(raw_bytes(stream), min(row * height, MAX_SAMPLE_BYTES))
        rows = (b"\0" + samples[at : at + row] for at in range(0, row * height, row))
        packed = zlib.compress(b"".join(rows), 0)
    else:
        return None
    header = width.to_bytes(4) + height.to_bytes(4) + bytes([bits, colour, 0, 0, 0])
    chunks = [(b"IHDR", header), (b"PLTE", palette), (b"IDAT", packed), (b"IEND", b"")]
    return png.SIGNATURE + b"".join(
        png.written_chunk(kind, data) for kind, data in chunks if data or kind == b"IEND"
    )


def _colours(stream: StreamObject) -> tuple[int, int, bytes]:
    """Colour type of PNG, channels (0 for what PNG has not) and palette."""
    if stream.get("/ImageMask"):
        return _GREY, 1, b""
    space = resolved(stream.get("/ColorSpace"))
    parts = array(space)
    if parts and resolved(parts[0]) == "/Indexed" and len(parts) == 4:
        palette = _palette(parts[3]) if _channels(parts[1]) == 3 else b""
        return _PALETTE, 1 if palette else 0, palette
    channels = _channels(space)
    return (_COLOUR if channels == 3 else _GREY), channels, b""


def _channels(space: object) -> int:
    """How many samples make a pixel: 1 or 3, and 0 for what PNG has not."""
    parts = array(space)
    name = str(resolved(parts[0] if parts else space))
    if name == "/ICCBased" and len(parts) == 2:
        count = _number(dictionary(parts[1]), "/N")
        return count if count in (1, 3) else 0
    return _CHANNELS.get(name, 0)


def _palette(value: object) -> bytes:
    table = resolved(value)
    if isinstance(table, StreamObject):
        table = table.get_data()
    elif isinstance(table, str):
        table = getattr(table, "original_bytes", b"")
    data = table if isinstance(table, bytes) else b""
    return data[: min(len(data) // 3, 256) * 3]


def _number(source: object, name: str) -> int:
    value = resolved(source.get(name)) if isinstance(source, dict) else None
    return value if isinstance(value, int) else 0
