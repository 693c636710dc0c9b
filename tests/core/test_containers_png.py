"""Open Badges in PNG images: round trips, images by others, attacks."""

import contextlib
import io
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from cairn.core.containers import carriers, png
from cairn.core.containers.carriers import CARRIERS, OPEN_BADGES_2, OPEN_BADGES_3, Carrier
from cairn.core.errors import Malformed
from tests.core.container_files import (
    CREDENTIAL,
    LINK,
    TOKEN,
    png_chunk,
    png_image,
    png_with,
    saved,
    within_a_second,
    within_memory,
)

pytestmark = pytest.mark.timed

IMAGE = png_image(name="a text that is not ours")
KEYWORD = b"openbadgecredential"
SPACE = " \t\r\n"
payloads = st.text(st.characters(exclude_characters="\0", codec="utf-8"), min_size=1).filter(
    lambda text: text == text.strip(SPACE)
)


def itxt(
    text: bytes, keyword: bytes = KEYWORD, *, flag: bytes = b"\0", method: bytes = b"\0"
) -> bytes:
    return png_chunk(b"iTXt", keyword + b"\0" + flag + method + b"\0\0" + text)


@given(payloads, st.sampled_from(CARRIERS))
def test_unbake_undoes_bake(text: str, carrier: Carrier) -> None:
    baked = png.bake(IMAGE, text.encode(), carrier)
    assert png.unbake(baked) == {carrier: text.encode()}


@given(payloads, payloads)
def test_baking_again_replaces_and_changes_nothing_else(first: str, second: str) -> None:
    twice = png.bake(png.bake(IMAGE, first.encode()), second.encode())
    assert twice == png.bake(IMAGE, second.encode())


def test_the_two_versions_live_in_one_image() -> None:
    both = png.bake(png.bake(IMAGE, TOKEN, OPEN_BADGES_2), CREDENTIAL)
    assert png.unbake(both) == {OPEN_BADGES_2: TOKEN, OPEN_BADGES_3: CREDENTIAL}


def test_all_else_is_kept_byte_for_byte() -> None:
    tail = b"what some programs write after the end"
    baked = png.bake(IMAGE + tail, CREDENTIAL)
    head, _, rest = baked.partition(png.written_chunk(b"iTXt", KEYWORD + bytes(5) + CREDENTIAL))
    assert head + rest == IMAGE + tail


def test_another_program_reads_what_we_bake_and_sees_the_same_picture() -> None:
    image = Image.open(io.BytesIO(png.bake(IMAGE, CREDENTIAL)))
    assert isinstance(image, Image.Image)
    assert image.info[KEYWORD.decode()] == CREDENTIAL.decode()
    assert image.tobytes() == Image.open(io.BytesIO(IMAGE)).tobytes()


@pytest.mark.parametrize("is_compressed", [False, True])
def test_reads_what_another_program_bakes(is_compressed: bool) -> None:
    info = PngInfo()
    info.add_itxt(KEYWORD.decode(), CREDENTIAL.decode(), "fr", "insigne", zip=is_compressed)
    image = saved(Image.new("L", (3, 3)), "PNG", pnginfo=info)
    assert png.unbake(image) == {OPEN_BADGES_3: CREDENTIAL}


@pytest.mark.parametrize("is_compressed", [False, True], ids=["tEXt", "zTXt"])
def test_reads_the_link_of_a_badge_of_2012(is_compressed: bool) -> None:
    info = PngInfo()
    info.add_text("openbadges", LINK, zip=is_compressed)
    image = saved(Image.new("L", (3, 3)), "PNG", pnginfo=info)
    assert png.unbake(image) == {OPEN_BADGES_2: LINK.encode()}


def test_an_image_without_a_credential_is_no_error() -> None:
    assert png.unbake(IMAGE) == {}


@given(st.binary(max_size=200), st.integers(0, len(IMAGE)))
def test_arbitrary_bytes_are_malformed_or_hold_nothing(junk: bytes, at: int) -> None:
    for data in (junk, png.SIGNATURE + junk, IMAGE[:at] + junk + IMAGE[at:]):
        with contextlib.suppress(Malformed):
            assert png.unbake(data) == {}


def _deflated(size: int) -> bytes:
    return zlib.compress(bytes(size), 9)


ATTACKS = {
    "empty": (b"", "not a PNG"),
    "signature_only": (png.SIGNATURE, "cut short"),
    "cut_in_the_header": (IMAGE[:20], "cut short"),
    "cut_in_the_pixels": (IMAGE[:-30], "cut short"),
    "cut_before_the_end_mark": (IMAGE[:-12], "cut short"),
    "cut_in_the_end_mark": (IMAGE[:-2], "cut short"),
    "damaged_header": (IMAGE[:20] + b"\xff" + IMAGE[21:], "damaged"),
    "damaged_pixels": (IMAGE[:-20] + b"\xff\xff" + IMAGE[-18:], "damaged"),
    "altered_text_with_old_checksum": (
        png.bake(IMAGE, CREDENTIAL).replace(b"name", b"nome"),
        "damaged",
    ),
    "length_beyond_the_file": (png_with(b"\x7f\xff\xff\xffiTXt"), "cut short"),
    "length_of_four_gigabytes": (png_with(b"\xff\xff\xff\xffiTXt"), "cut short"),
    "apple_crushed_image": (
        png.SIGNATURE + png_chunk(b"CgBI", bytes(4)) + IMAGE[8:],
        "does not start with its header",
    ),
    "second_credential_chunk": (png_with(itxt(CREDENTIAL), itxt(TOKEN)), "two"),
    "same_credential_twice": (png_with(itxt(TOKEN), itxt(TOKEN)), "two"),
    "second_credential_in_another_chunk_type": (
        png_with(itxt(TOKEN), png_chunk(b"tEXt", KEYWORD + b"\0" + CREDENTIAL)),
        "two",
    ),
    "itxt_bomb": (png_with(itxt(_deflated(200 * 2**20), flag=b"\1")), "inflates to more"),
    "ztxt_bomb": (
        png_with(png_chunk(b"zTXt", b"openbadges\0\0" + _deflated(200 * 2**20))),
        "inflates to more",
    ),
    "deflated_text_cut_short": (png_with(itxt(_deflated(99)[:-5], flag=b"\1")), "cut short"),
    "deflated_text_with_a_tail": (png_with(itxt(_deflated(9) + b"x", flag=b"\1")), "after its end"),
    "deflated_text_is_not_zlib": (png_with(itxt(b"not zlib", flag=b"\1")), "damaged"),
    "unknown_compression_flag": (png_with(itxt(TOKEN, flag=b"\2")), "not built"),
    "unknown_compression_method": (
        png_with(itxt(_deflated(9), flag=b"\1", method=b"\1")),
        "unknown way",
    ),
    "itxt_without_separators": (png_with(png_chunk(b"iTXt", KEYWORD + b"\0\0\0abc")), "not built"),
    "itxt_of_the_keyword_alone": (png_with(png_chunk(b"iTXt", KEYWORD)), "not built"),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_refuses(attack: str) -> None:
    data, reason = ATTACKS[attack]
    with within_a_second(), pytest.raises(Malformed, match=reason):
        png.unbake(data)


def test_a_picture_of_sixty_thousand_by_sixty_thousand_is_read_without_its_pixels() -> None:
    header = png_chunk(b"IHDR", struct.pack(">II5B", 60_000, 60_000, 8, 2, 0, 0, 0))
    with within_a_second():
        assert png.unbake(png_with(itxt(TOKEN), head=header)) == {OPEN_BADGES_3: TOKEN}


def test_a_bomb_takes_no_more_memory_than_the_bound() -> None:
    with within_memory(4 * carriers.MAX_PAYLOAD_BYTES), pytest.raises(Malformed):
        png.unbake(ATTACKS["itxt_bomb"][0])


def test_a_keyword_that_only_starts_like_ours_is_another() -> None:
    assert png.unbake(png_with(itxt(TOKEN, KEYWORD + b"s"), itxt(TOKEN, b"open"))) == {}


def test_as_many_chunks_as_the_bound_and_one_more() -> None:
    def image(count: int) -> bytes:
        return png_with(png_chunk(b"teSt", b"") * (count - len(list(png.chunks(png_image())))))

    with within_a_second():
        assert len(list(png.chunks(image(png.MAX_CHUNKS)))) == png.MAX_CHUNKS
        with pytest.raises(Malformed, match="more than"):
            png.unbake(image(png.MAX_CHUNKS + 1))


@pytest.mark.parametrize("pack", [lambda b: itxt(b), lambda b: itxt(zlib.compress(b), flag=b"\1")])
def test_as_long_a_text_as_the_bound_and_one_more(pack) -> None:  # type: ignore[no-untyped-def]
    most = bytes(carriers.MAX_PAYLOAD_BYTES)
    assert png.unbake(png_with(pack(most))) == {OPEN_BADGES_3: most}
    with pytest.raises(Malformed, match=r"more|longer"):
        png.unbake(png_with(pack(most + b"x")))


def test_as_much_compressed_text_as_the_bound_and_one_more() -> None:
    # stored blocks of nothing: long without holding much
    def packed(size: int) -> bytes:
        blocks, rest = divmod(size - 2 - 5 - 4, 5)
        head = b"\x78\x01" + b"\0\0\0\xff\xff" * blocks
        tail = b"\1" + struct.pack("<HH", rest, rest ^ 0xFFFF) + b"x" * rest
        return head + tail + struct.pack(">I", zlib.adler32(b"x" * rest))

    most = png.MAX_DEFLATED_TEXT_BYTES
    assert len(packed(most)) == most
    png.unbake(png_with(itxt(packed(most), flag=b"\1")))
    with pytest.raises(Malformed, match="longer"):
        png.unbake(png_with(itxt(packed(most + 1), flag=b"\1")))


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        pytest.param(b"", "empty", id="nothing"),
        pytest.param(b" {}", "white space", id="white space around it"),
        pytest.param(b"{\0}", "NUL", id="a NUL"),
        pytest.param(b"\xff", "UTF-8", id="not UTF-8"),
        pytest.param(b"x" * (carriers.MAX_PAYLOAD_BYTES + 1), "at most", id="too long"),
    ],
)
def test_refuses_to_bake(payload: bytes, reason: str) -> None:
    with pytest.raises(Malformed, match=reason):
        png.bake(IMAGE, payload)


def test_the_longest_payload_can_be_baked() -> None:
    most = b"x" * carriers.MAX_PAYLOAD_BYTES
    assert png.unbake(png.bake(IMAGE, most)) == {OPEN_BADGES_3: most}


def test_a_picture_for_the_eye_has_no_text_profile_or_animation() -> None:
    image = png_with(
        itxt(TOKEN), png_chunk(b"iCCP", b"x\0\0" + _deflated(9)), png_chunk(b"acTL", b"")
    )
    assert {it.type for it in png.chunks(png.picture_only(image))} == {b"IHDR", b"IDAT", b"IEND"}
