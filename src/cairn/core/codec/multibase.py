"""Multibase: text whose first letter says how the rest encodes bytes.

Source: W3C Controlled Identifiers 1.0, section 2.4, which allows two of the many bases:
'z' base58btc (keys, Ed25519 proofs) and 'u' base64url without padding.
"""

from cairn.core.codec import base64url
from cairn.core.errors import Malformed

MAX_LENGTH = 4096  # characters; base58 costs the square of its length
_DIGITS = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_FOREIGN = b"\xff"
_VALUES = bytes(_DIGITS.find(chr(byte)) % 256 for byte in range(256))  # of a byte; _FOREIGN if none
_PAIRS = [high + low for high in _DIGITS for low in _DIGITS]
# Ten digits fit a machine word: one long division for ten short ones.
_CHUNK = 10
_CHUNK_BASE = 58**_CHUNK
_PAIR_BASE, _FOUR_BASE = 58**2, 58**4
_DIGITS_AT_ONCE = 128
# Of 128 digits: bits of a lane, the base of what lanes hold, and every second lane.
_LANES = [
    (8 * count, 58**count, int.from_bytes((bytes(count) + b"\xff" * count) * (64 // count)))
    for count in (1, 2, 4, 8, 16, 32, 64)
]


def encode_base58btc(data: bytes) -> str:
    """'z' and the base58 text of `data`; leading zero bytes become leading ones."""
    number = int.from_bytes(data)
    pairs: list[str] = []  # least first; written out, as a signature is one of these
    while number:
        number, chunk = divmod(number, _CHUNK_BASE)
        chunk, low = divmod(chunk, _FOUR_BASE)
        high, middle = divmod(chunk, _FOUR_BASE)
        pairs += (
            _PAIRS[low % _PAIR_BASE],
            _PAIRS[low // _PAIR_BASE],
            _PAIRS[middle % _PAIR_BASE],
            _PAIRS[middle // _PAIR_BASE],
            _PAIRS[high],
        )
    pairs.reverse()
    digits = "".join(pairs).lstrip("1")
    return "z" + "1" * (len(data) - len(data.lstrip(b"\0"))) + digits


def encode_base64url(data: bytes) -> str:
    """'u' and the base64url text of `data`, without padding."""
    return "u" + base64url.encode(data)


def decode(text: str, *, max_length: int = MAX_LENGTH) -> bytes:
    """The bytes that `text` encodes, of at most `max_length` characters.

    Raises `Malformed` for another base, a foreign character, or text that no encoder writes.
    """
    if len(text) > max_length:
        raise Malformed(f"multibase text of {len(text)} characters; at most {max_length} are read")
    match text[:1]:
        case "z":
            return _decode_base58(text[1:])
        case "u":
            return base64url.decode(text[1:])
    raise Malformed("multibase text must start with 'z' (base58btc) or 'u' (base64url)")


def _decode_base58(digits: str) -> bytes:
    values = digits.encode("ascii", "replace").translate(_VALUES)
    if _FOREIGN in values:
        foreign = digits[values.index(_FOREIGN)]
        raise Malformed(f"{foreign!r} is not a base58 digit (no 0, O, I, l)")
    number = 0
    for start in range(0, len(values), _DIGITS_AT_ONCE):
        part = values[start : start + _DIGITS_AT_ONCE]
        number = number * 58 ** len(part) + _number_of(part)
    zeros = len(digits) - len(digits.lstrip("1"))
    return bytes(zeros) + number.to_bytes(-(-number.bit_length() // 8))


def _number_of(values: bytes) -> int:
    """The number that digits make, at most 128 of them, one a byte and the least last.

    Neighbours are put together, all pairs at once: two digits in a lane of 16 bits, four in one of
    32, and so on, each lane wide enough for what it holds.
    """
    number = int.from_bytes(values)
    for width, base, mask in _LANES:
        number = (number >> width & mask) * base + (number & mask)
    return number
