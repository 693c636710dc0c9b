"""Uploaded pictures, made anew: a square PNG of pixels alone, whatever came.

Nothing of the file is kept but what is seen, so no metadata (a photograph tells where it was
taken), no script and no second format rides along.  Bounds stand before decoding.
"""

import io
import struct
import zlib

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from cairn.core.errors import Malformed

MAX_BYTES = 10 * 2**20
MAX_PIXELS = 16_000_000
MAX_SIDE = 1_024  # of what is kept
MIN_SIDE = 64
MAX_SCANS = 100  # of a JPEG; each is decoded over the whole picture
MAX_RATIO = 3  # of the longer side to the shorter one

_FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
# What Pillow raises for files that are none of these or break off.
_DAMAGED = (OSError, SyntaxError, ValueError, EOFError, struct.error, zlib.error, IndexError)
_BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)
_PNG = b"\x89PNG\r\n\x1a\n"


def square_png(data: bytes) -> bytes:
    """The first frame of a PNG, JPEG, WebP or GIF as a square PNG, at most 1,024 pixels a side.

    A picture that is not square is set in the middle of a transparent one.  Raises `Malformed`
    with a sentence for the person who chose the file.
    """
    if len(data) > MAX_BYTES:
        raise Malformed(_("The file is larger than 10 MB. Choose a smaller picture."))
    if _is_svg(data):
        raise Malformed(
            _("SVG drawings are not taken, because they can hold scripts. Save it as PNG.")
        )
    if data.startswith(b"\xff\xd8") and data.count(b"\xff\xda") > MAX_SCANS:
        raise Malformed(_("The JPEG file is built in an unusual way. Save it as PNG."))
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
            _check_size(*image.size)
            return _written(image)
    except Malformed:
        raise
    except _BOMBS as err:
        raise _too_many_pixels() from err
    except _DAMAGED as err:
        raise Malformed(
            _("This is no picture that can be read. Choose a PNG, JPEG, WebP or GIF file.")
        ) from err


def is_png(data: bytes) -> bool:
    """Whether `data` begins as a PNG does."""
    return data.startswith(_PNG)


def _is_svg(data: bytes) -> bool:
    head = data[:4_096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return head.startswith(b"<") and b"<svg" in head


def _check_size(width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        raise _too_many_pixels()
    shorter, longer = sorted((width, height))
    if shorter < MIN_SIDE:
        raise Malformed(
            _("The picture is %(width)s by %(height)s pixels. It needs %(side)s on each side.")
            % {"width": width, "height": height, "side": MIN_SIDE}
        )
    if longer > MAX_RATIO * shorter:
        raise Malformed(
            _("The picture is too long and narrow for a badge. Cut it nearer to a square.")
        )


def _too_many_pixels() -> Malformed:
    return Malformed(_("The picture has more than 16 million pixels. Make it smaller."))


def _written(image: Image.Image) -> bytes:
    image.seek(0)
    upright = ImageOps.exif_transpose(image).convert("RGBA")
    upright.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS)
    side = max(upright.size)
    square = Image.new("RGBA", (side, side))
    square.paste(upright, ((side - upright.width) // 2, (side - upright.height) // 2))
    out = io.BytesIO()
    square.save(out, "PNG", optimize=True)
    return out.getvalue()
