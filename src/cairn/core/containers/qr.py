"""What the QR codes in an image say.

Needs the extra `images` (Pillow, zxing-cpp), imported only here.  The size of an image is read
from its header by code of our own first: some decoders take their memory as soon as they open it.
"""

import io
import struct
from typing import TYPE_CHECKING

from cairn.core.containers import png
from cairn.core.containers.image_size import size_of
from cairn.core.containers.recognise import Kind
from cairn.core.errors import Malformed, Unobtainable

if TYPE_CHECKING:
    from PIL.Image import Image as PillowImage

MAX_BYTES = 16 * 2**20
MAX_PIXELS = 16_000_000
MAX_SEARCHED_PIXELS = 4_000_000  # larger images are made smaller before the search
MAX_SCANS = 24  # of a progressive JPEG; each costs a pass over all pixels
MAX_CODES = 8
MAX_CODE_CHARACTERS = 8_000  # the largest QR code holds 7,089 digits
INSTALL = 'QR codes were not looked for; install "cairn-credentials[images]"'

_FORMATS = {Kind.PNG: "PNG", Kind.JPEG: "JPEG", Kind.WEBP: "WEBP", Kind.GIF: "GIF"}
_TRIPS = (  # what decoders raise for damaged images
    ArithmeticError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
)


def codes_in(data: bytes, kind: Kind) -> tuple[str, ...]:
    """The texts of the QR codes in an image of that kind, each once.

    Raises `Malformed` for an image that is damaged or over a bound, `Unobtainable` (with what to
    install) where the extra is missing: QR codes then are not checked, rather than absent.
    """
    _check(data, kind)
    try:
        from PIL import Image
        from zxingcpp import BarcodeFormat, BarcodeFormats, TextMode, read_barcodes
    except ImportError as err:
        raise Unobtainable(INSTALL) from err
    if kind is Kind.PNG:
        data = png.picture_only(data)
    try:
        with Image.open(io.BytesIO(data), formats=[_FORMATS[kind]]) as image:
            _check_pixels(*image.size, kind)
            grey = _searchable(image)
    except Malformed:
        raise
    # A warning where warnings are errors; elsewhere the pixels are counted next, before decoding.
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, *_TRIPS) as err:
        raise Malformed(f"the {kind} is damaged; ask for another copy") from err
    found = read_barcodes(
        grey, formats=BarcodeFormats(BarcodeFormat.QRCode), text_mode=TextMode.Plain
    )
    texts = dict.fromkeys(code.text for code in found)
    return tuple(text for text in texts if 0 < len(text) <= MAX_CODE_CHARACTERS)[:MAX_CODES]


def _check(data: bytes, kind: Kind) -> None:
    if kind not in _FORMATS:
        raise Malformed(f"QR codes are not looked for in a {kind}")
    if len(data) > MAX_BYTES:
        raise Malformed(f"a {kind} of {len(data)} bytes; at most {MAX_BYTES} are read")
    _check_pixels(*size_of(data, kind), kind)
    if kind is Kind.JPEG and data.count(b"\xff\xda") > MAX_SCANS:
        raise Malformed(f"the {kind} has more than {MAX_SCANS} scans; save it as PNG")


def _check_pixels(width: int, height: int, kind: Kind) -> None:
    if width * height > MAX_PIXELS:
        raise Malformed(
            f"a {kind} of {width} x {height} pixels; at most {MAX_PIXELS:,} pixels are read"
        )


def _searchable(image: "PillowImage") -> "PillowImage":
    """Shades of grey on white, small enough to be searched."""
    # a JPEG can be decoded at a half, a quarter or an eighth
    image.draft("L", (image.width // 2, image.height // 2) if _is_large(image) else image.size)
    if image.has_transparency_data:
        coloured = image.convert("RGBA")
        white = coloured.copy()
        white.paste((255, 255, 255, 255), (0, 0, *coloured.size))
        white.alpha_composite(coloured)
        image = white
    grey = image.convert("L")
    while _is_large(grey):
        grey = grey.reduce(2)
    return grey


def _is_large(image: "PillowImage") -> bool:
    return image.width * image.height > MAX_SEARCHED_PIXELS
