"""`platform.images`: an upload becomes a square PNG of pixels alone, or a sentence."""

import io
import zlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from cairn.core.errors import Malformed
from cairn.platform.images import MAX_BYTES, is_png, square_png


def picture(kind: str, size: tuple[int, int] = (200, 100), **options: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "#14513f").save(out, kind, **options)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_four_formats_become_a_square_png(kind: str) -> None:
    made = square_png(picture(kind))
    assert is_png(made)
    image = opened(made)
    assert (image.format, image.size) == ("PNG", (200, 200))
    corner = image.convert("RGBA").getpixel((0, 0))
    assert corner == (0, 0, 0, 0)  # transparent, where the picture does not reach


def test_a_large_picture_is_made_smaller() -> None:
    assert opened(square_png(picture("JPEG", (3000, 2000)))).size == (1024, 1024)


def test_metadata_does_not_survive() -> None:
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", "Grace")
    for data in (picture("JPEG", exif=exif), picture("PNG", pnginfo=info, exif=exif)):
        made = square_png(data)
        assert b"taken at home" not in made
        assert b"Grace" not in made
        assert set(opened(made).info) <= {"transparency"}


def test_the_first_frame_of_an_animation_is_kept() -> None:
    red, blue = (Image.new("RGB", (100, 100), colour) for colour in ("red", "blue"))
    out = io.BytesIO()
    red.save(out, "GIF", save_all=True, append_images=[blue])
    assert opened(square_png(out.getvalue())).convert("RGB").getpixel((50, 50)) == (255, 0, 0)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "SVG"),
        (b"\xef\xbb\xbf <?xml version='1.0'?>\n<svg/>", "SVG"),
        (b"", "no picture"),
        (b"%PDF-1.7", "no picture"),
        (picture("BMP"), "no picture"),
        (picture("PNG")[:60], "no picture"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "no picture"),
        (picture("PNG", (40, 40)), "64 on each side"),
        (picture("PNG", (800, 100)), "long and narrow"),
        (b"\0" * (MAX_BYTES + 1), "larger than 10 MB"),
    ],
)
def test_anything_else_is_refused_with_a_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(Malformed, match=sentence):
        square_png(data)


@pytest.mark.parametrize("side", [4_001, 12_000, 60_000])
def test_a_bomb_is_refused_before_it_is_decoded(side: int) -> None:
    head = side.to_bytes(4) * 2 + b"\x08\x02\0\0\0"
    chunk = b"IHDR" + head
    data = b"\x89PNG\r\n\x1a\n" + (13).to_bytes(4) + chunk + zlib.crc32(chunk).to_bytes(4)
    body = b"IDAT" + zlib.compress(b"")
    data += (len(body) - 4).to_bytes(4) + body + zlib.crc32(body).to_bytes(4)
    with pytest.raises(Malformed, match="16 million"):
        square_png(data)


@given(st.integers(0, 2**16), st.binary(min_size=1, max_size=20))
def test_a_damaged_file_gives_a_sentence_or_a_picture(at: int, noise: bytes) -> None:
    data = bytearray(picture("PNG"))
    where = at % len(data)
    data[where : where + len(noise)] = noise
    with suppress(Malformed):
        assert is_png(square_png(bytes(data)))
