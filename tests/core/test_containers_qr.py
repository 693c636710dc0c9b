"""QR codes in images: kinds, sizes, transparency, attacks."""

import io
import struct
import sys
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from cairn.core.containers import image_size, qr
from cairn.core.containers.recognise import Kind
from cairn.core.errors import Malformed, Unobtainable
from tests.core.container_files import (
    LINK,
    TOKEN,
    png_chunk,
    png_image,
    qr_image,
    saved,
    within_a_second,
)

pytestmark = pytest.mark.timed

KINDS = {Kind.PNG: "PNG", Kind.JPEG: "JPEG", Kind.WEBP: "WEBP", Kind.GIF: "GIF"}
each_kind = pytest.mark.parametrize("kind", KINDS)


@each_kind
def test_a_code_is_read(kind: Kind) -> None:
    assert qr.codes_in(saved(qr_image(), KINDS[kind]), kind) == (LINK,)


@each_kind
def test_a_small_code_in_a_large_photograph_is_read(kind: Kind) -> None:
    photograph = Image.new("RGB", (4000, 4000), (250, 240, 230))
    photograph.paste(qr_image(scale=12).rotate(7, expand=True, fillcolor="white"), (2500, 3000))
    assert qr.codes_in(saved(photograph, KINDS[kind]), kind) == (LINK,)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_a_code_is_read_in_any_mode(mode: str) -> None:
    assert qr.codes_in(saved(qr_image().convert(mode), "PNG"), Kind.PNG) == (LINK,)


def test_a_code_drawn_on_nothing_is_read_as_on_white() -> None:
    clear = Image.new("RGBA", qr_image().size, (0, 0, 0, 0))
    clear.paste((0, 0, 0, 255), mask=qr_image().point(lambda p: 255 - p))
    assert qr.codes_in(saved(clear, "PNG"), Kind.PNG) == (LINK,)
    assert qr.codes_in(saved(clear, "WEBP", lossless=True), Kind.WEBP) == (LINK,)


def test_a_long_token_is_read() -> None:
    token = TOKEN.decode() + "a" * 1500
    assert qr.codes_in(saved(qr_image(token), "PNG"), Kind.PNG) == (token,)


def test_several_codes_are_read_each_once() -> None:
    page = Image.new("L", (900, 600), 255)
    for number, text in enumerate(
        ("https://a.example/", "https://b.example/", "https://a.example/")
    ):
        page.paste(qr_image(text), (40 + 280 * number, 40 + 90 * number))
    found = qr.codes_in(saved(page, "PNG"), Kind.PNG)
    assert sorted(found) == ["https://a.example/", "https://b.example/"]


@each_kind
def test_an_image_without_a_code_has_none(kind: Kind) -> None:
    assert qr.codes_in(saved(Image.effect_noise((300, 300), 90), KINDS[kind]), kind) == ()


def _png(width: int, height: int, *chunks: bytes) -> bytes:
    header = png_chunk(b"IHDR", struct.pack(">II5B", width, height, 1, 0, 0, 0, 0))
    pixels = png_chunk(b"IDAT", zlib.compress(b""))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + pixels + png_chunk(b"IEND", b"")


def _jpeg(width: int, height: int) -> bytes:
    frame = struct.pack(">BHHBBBB", 8, height, width, 1, 1, 0x11, 0)
    return b"\xff\xd8\xff\xc0" + struct.pack(">H", 2 + len(frame)) + frame


def _webp(form: bytes, header: bytes) -> bytes:
    body = b"WEBP" + form + struct.pack("<L", len(header)) + header
    return b"RIFF" + struct.pack("<L", len(body)) + body


def _gif(width: int, height: int) -> bytes:
    image = bytearray(saved(qr_image(), "GIF"))
    image[6:10] = struct.pack("<HH", width, height)
    return bytes(image)


def _gif_with_a_frame(width: int, height: int) -> bytes:
    image = bytearray(saved(Image.new("L", (8, 8)), "GIF"))
    at = image.index(b",\0\0\0\0\x08\0\x08\0")
    image[at + 5 : at + 9] = struct.pack("<HH", width, height)
    return bytes(image)


def _scans(count: int) -> bytes:
    image = saved(Image.effect_noise((64, 64), 50), "JPEG", progressive=True)
    start = image.index(b"\xff\xda")
    end = image.index(b"\xff", start + 2)
    while image[end + 1] == 0:
        end = image.index(b"\xff", end + 1)
    return image[:end] + image[start:end] * (count - image.count(b"\xff\xda")) + image[end:]


LARGE = 60_000
REFUSED = {
    "png_bomb": (Kind.PNG, _png(LARGE, LARGE), "at most"),
    "png_of_one_line": (Kind.PNG, _png(2**31 - 1, 1), "at most"),
    "jpeg_bomb": (Kind.JPEG, _jpeg(LARGE, LARGE), "at most"),
    "gif_bomb": (Kind.GIF, _gif(LARGE, LARGE), "at most"),
    "gif_bomb_in_a_frame": (Kind.GIF, _gif_with_a_frame(LARGE, LARGE), "at most|damaged"),
    "webp_bomb": (Kind.WEBP, _webp(b"VP8 ", bytes(3) + b"\x9d\x01\x2a\xff\x3f\xff\x3f"), "at most"),
    "webp_lossless_bomb": (Kind.WEBP, _webp(b"VP8L", b"\x2f" + b"\xff" * 4 + bytes(5)), "at most"),
    "webp_canvas_bomb": (Kind.WEBP, _webp(b"VP8X", bytes(4) + b"\xff" * 6), "at most"),
    "jpeg_scan_bomb": (Kind.JPEG, _scans(200), "scans"),
    "png_without_size": (Kind.PNG, _png(0, 9), "how large"),
    "png_of_text": (Kind.PNG, b"\x89PNG\r\n\x1a\nhello", "how large"),
    "jpeg_without_frame": (Kind.JPEG, b"\xff\xd8\xff\xd9", "how large"),
    "jpeg_with_scan_first": (Kind.JPEG, b"\xff\xd8\xff\xda\0\2", "how large"),
    "jpeg_of_filling_bytes": (Kind.JPEG, b"\xff\xd8" + b"\xff" * 9_000_000, "how large"),
    "jpeg_of_restart_marks": (Kind.JPEG, b"\xff\xd8" + b"\xff\xd0" * 4_000_000, "how large"),
    "jpeg_of_empty_segments": (Kind.JPEG, b"\xff\xd8" + b"\xff\xe0\0\2" * 2_000_000, "how large"),
    "jpeg_segment_of_no_length": (Kind.JPEG, b"\xff\xd8" + b"\xff\xe0\0\0" * 2_000, "how large"),
    "webp_cut_short": (Kind.WEBP, b"RIFF\0\0\0\0WEBPVP8 ", "how large"),
    "webp_of_an_unknown_form": (Kind.WEBP, _webp(b"VP9 ", bytes(10)), "how large"),
    "gif_cut_short": (Kind.GIF, b"GIF89a\1\0\1\0", "damaged"),
    "jpeg_cut_short": (Kind.JPEG, saved(qr_image(), "JPEG")[:700], "damaged"),
    "png_cut_short": (Kind.PNG, saved(qr_image(), "PNG")[:-40], "cut short"),
    "png_without_pixels": (Kind.PNG, _png(8, 8), "damaged"),
    "webp_damaged": (Kind.WEBP, saved(qr_image(), "WEBP")[:60], "damaged"),
    "png_called_jpeg": (Kind.JPEG, png_image(), "how large"),
    "not_an_image": (Kind.PDF, b"%PDF-1.7", "not looked for"),
}  # fmt: skip


@pytest.mark.parametrize("attack", REFUSED)
def test_refuses(attack: str) -> None:
    kind, data, reason = REFUSED[attack]
    with within_a_second(), pytest.raises(Malformed, match=reason):
        qr.codes_in(data, kind)


@pytest.mark.parametrize(
    "chunk",
    [
        pytest.param(png_chunk(b"zTXt", b"x\0\0" + zlib.compress(bytes(99 * 2**20))), id="zTXt"),
        pytest.param(
            png_chunk(b"iTXt", b"x\0\1\0\0\0" + zlib.compress(bytes(99 * 2**20))), id="iTXt"
        ),
        pytest.param(png_chunk(b"iCCP", b"x\0\0" + zlib.compress(bytes(99 * 2**20))), id="iCCP"),
    ],
)
def test_a_bomb_beside_the_picture_is_not_even_looked_at(chunk: bytes) -> None:
    image = saved(qr_image(), "PNG")
    with within_a_second():
        assert qr.codes_in(image[:33] + chunk + image[33:], Kind.PNG) == (LINK,)


def test_a_picture_with_more_pixels_than_it_says_is_cut() -> None:
    image = saved(qr_image(), "PNG")
    start = image.index(b"IDAT") - 4
    extra = png_chunk(b"IDAT", zlib.compress(bytes(99 * 2**20), 9))
    with within_a_second():
        assert qr.codes_in(image[:-12] + extra + image[-12:], Kind.PNG) == (LINK,)
    assert start > 0


@each_kind
def test_as_many_pixels_as_the_bound_and_one_more(kind: Kind) -> None:
    most = Image.new("L", (4000, qr.MAX_PIXELS // 4000), 255)
    more = Image.new("L", (4000, qr.MAX_PIXELS // 4000 + 1), 255)
    with within_a_second():
        assert qr.codes_in(saved(most, KINDS[kind]), kind) == ()
    with pytest.raises(Malformed, match="at most 16,000,000 pixels"):
        qr.codes_in(saved(more, KINDS[kind]), kind)


def test_as_many_scans_as_the_bound_and_one_more() -> None:
    assert qr.codes_in(_scans(qr.MAX_SCANS), Kind.JPEG) == ()
    with pytest.raises(Malformed, match="scans"):
        qr.codes_in(_scans(qr.MAX_SCANS + 1), Kind.JPEG)


def test_as_many_bytes_as_the_bound_and_one_more() -> None:
    image = saved(qr_image(), "PNG")
    most = image + bytes(qr.MAX_BYTES - len(image))
    assert qr.codes_in(most, Kind.PNG) == (LINK,)
    with pytest.raises(Malformed, match="at most"):
        qr.codes_in(most + b"\0", Kind.PNG)


def test_as_many_segments_as_the_bound_and_one_more() -> None:
    def jpeg(segments: int) -> bytes:
        return b"\xff\xd8" + b"\xff\xe0\0\2" * (segments - 1) + _jpeg(7, 9)[2:]

    assert image_size.size_of(jpeg(image_size.MAX_SEGMENTS), Kind.JPEG) == (7, 9)
    with pytest.raises(Malformed, match="how large"):
        image_size.size_of(jpeg(image_size.MAX_SEGMENTS + 1), Kind.JPEG)


@each_kind
@given(width=st.integers(1, 300), height=st.integers(1, 300))
def test_the_size_is_read_as_another_program_reads_it(kind: Kind, width: int, height: int) -> None:
    image = Image.new("RGB", (width, height))
    assert image_size.size_of(saved(image, KINDS[kind]), kind) == (width, height)


def test_the_size_of_other_sorts_of_webp_is_read() -> None:
    image = Image.new("RGBA", (33, 22), (1, 2, 3, 4))
    for file in (saved(image, "WEBP", lossless=True), saved(image, "WEBP", exif=b"Exif\0\0x")):
        assert image_size.size_of(file, Kind.WEBP) == (33, 22)


@each_kind
@given(junk=st.binary(max_size=40), at=st.integers(0, 400), cut=st.integers(0, 40))
def test_damaged_images_are_malformed_or_hold_nothing(
    kind: Kind, junk: bytes, at: int, cut: int
) -> None:
    image = saved(qr_image(), KINDS[kind])
    for data in (image[:8] + junk, image[:at] + junk + image[at + cut :]):
        try:
            assert set(qr.codes_in(data, kind)) <= {LINK}
        except Malformed:
            continue


def test_without_the_extra_the_answer_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "zxingcpp", None)
    with pytest.raises(Unobtainable, match=r"install .*images"):
        qr.codes_in(saved(qr_image(), "PNG"), Kind.PNG)


def test_nothing_of_the_image_library_is_changed() -> None:
    before = Image.MAX_IMAGE_PIXELS
    qr.codes_in(saved(qr_image(), "PNG"), Kind.PNG)
    assert before == Image.MAX_IMAGE_PIXELS
    assert Image.open(io.BytesIO(png_image())).size == (8, 8)
