"""How many pixels an image claims to have, from its header alone.

Sources: PNG 11.2.1; GIF89a, section 18; RFC 9649 (WebP); ITU-T T.81, annex B (JPEG).
"""

from cairn.core.containers.recognise import Kind
from cairn.core.errors import Malformed

MAX_SEGMENTS = 1_000  # of a JPEG, before its picture
_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_JPEG_ALONE = frozenset(range(0xD0, 0xD9)) | {0x01}  # markers without a length
_JPEG_SCAN, _JPEG_END = 0xDA, 0xD9


def size_of(data: bytes, kind: Kind) -> tuple[int, int]:
    """Width and height in pixels.  Raises `Malformed` where the header does not say."""
    width = height = 0
    if kind is Kind.PNG and data[12:16] == b"IHDR":
        width, height = int.from_bytes(data[16:20]), int.from_bytes(data[20:24])
    elif kind is Kind.GIF:
        width, height = int.from_bytes(data[6:8], "little"), int.from_bytes(data[8:10], "little")
    elif kind is Kind.WEBP:
        width, height = _webp(data)
    elif kind is Kind.JPEG:
        width, height = _jpeg(data)
    if not width or not height:
        raise Malformed(f"the {kind} does not say how large it is; ask for another copy")
    return width, height


def _webp(data: bytes) -> tuple[int, int]:
    form, header = data[12:16], data[20:30]
    if len(header) < 10:
        return 0, 0
    if form == b"VP8X":
        return 1 + int.from_bytes(header[4:7], "little"), 1 + int.from_bytes(header[7:10], "little")
    if form == b"VP8L" and header[0] == 0x2F:
        bits = int.from_bytes(header[1:5], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if form == b"VP8 " and header[3:6] == b"\x9d\x01\x2a":
        width, height = (int.from_bytes(header[at : at + 2], "little") for at in (6, 8))
        return width & 0x3FFF, height & 0x3FFF
    return 0, 0


def _jpeg(data: bytes) -> tuple[int, int]:
    at = 2
    for _ in range(MAX_SEGMENTS):
        marker = data[at + 1 : at + 2]
        if data[at : at + 1] != b"\xff" or not marker or marker[0] in (_JPEG_SCAN, _JPEG_END):
            return 0, 0
        if marker == b"\xff":
            at += 1  # a filling byte
        elif marker[0] in _JPEG_ALONE:
            at += 2
        elif marker[0] in _JPEG_FRAMES:
            height, width = (int.from_bytes(data[i : i + 2]) for i in (at + 5, at + 7))
            return width, height
        else:
            at += 2 + int.from_bytes(data[at + 2 : at + 4])
    return 0, 0
