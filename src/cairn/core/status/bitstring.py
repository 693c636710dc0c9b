"""Bitstring status list: a bit or a few per credential, published as one compressed string.

Source: W3C "Bitstring Status List v1.0", sections 3.2 to 3.4.  Index 0 is the left-most bit: the
top bit of the first byte.  The IETF Token Status List counts the other way round.

Values only.  Which bit a credential gets is in `allocation`, how lists are published in
`credential`; who may set a bit belongs to issuing.
"""

import base64
import binascii
import re
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from cairn.core.errors import Malformed

MIN_ENTRIES = 131_072  # entries (16 KiB): below this a holder is too easy to single out
MAX_BYTES = 16 * 2**20  # once inflated; our own cap, the list comes off the network
MAX_ENCODED = 24 * 2**20  # characters: incompressible bits of MAX_BYTES, in base64, fit
MAX_STATUS_SIZE = 8  # bits of one status: more messages than 256 nobody reads
_ENCODED = re.compile(r"u[A-Za-z0-9_-]+")  # multibase base64url; b64decode alone lets "+/=" in
_ENCODED_2021 = re.compile(r"[A-Za-z0-9_-]+={0,2}")  # its editors' own library leaves padding out
_GZIP = 16 + zlib.MAX_WBITS


@dataclass(frozen=True, slots=True)
class StatusList:
    """An immutable list of one-bit statuses, `len(bits) * 8` entries long."""

    bits: bytes

    def __post_init__(self) -> None:
        if not MIN_ENTRIES <= len(self) <= MAX_BYTES * 8:
            raise Malformed(
                f"status list of {len(self)} entries; need {MIN_ENTRIES} to {MAX_BYTES * 8}"
            )

    @classmethod
    def empty(cls, entries: int = MIN_ENTRIES) -> Self:
        """A list of at least `entries` clear bits, rounded up to whole bytes."""
        return cls(bytes(-(-entries // 8)))

    @classmethod
    def decode(cls, encoded: str) -> Self:
        """Read an `encodedList`.  Raises `Malformed` on anything but one whole GZIP member."""
        if len(encoded) > MAX_ENCODED:
            raise Malformed(f"encodedList of {len(encoded)} characters; at most {MAX_ENCODED}")
        if not _ENCODED.fullmatch(encoded):
            raise Malformed("encodedList must be 'u' and base64url without padding")
        return cls._inflated(encoded[1:])

    @classmethod
    def decode_2021(cls, encoded: str) -> Self:
        """Read an `encodedList` of StatusList2021: base64url of GZIP, without a multibase letter.

        Raises `Malformed` on anything else.
        """
        if len(encoded) > MAX_ENCODED:
            raise Malformed(f"encodedList of {len(encoded)} characters; at most {MAX_ENCODED}")
        if not _ENCODED_2021.fullmatch(encoded):
            raise Malformed("encodedList must be base64url")
        return cls._inflated(encoded.rstrip("="))

    @classmethod
    def _inflated(cls, text: str) -> Self:
        try:
            packed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
            inflater = zlib.decompressobj(_GZIP)
            bits = inflater.decompress(packed, MAX_BYTES + 1)
        except (binascii.Error, zlib.error) as err:
            raise Malformed(f"encodedList is not base64url of GZIP: {err}") from err
        if not inflater.eof or inflater.unused_data:
            raise Malformed("encodedList is cut short, over-long or has trailing bytes")
        return cls(bits)

    def encode(self) -> str:
        """The `encodedList` string; equal lists give equal strings within one zlib build."""
        deflater = zlib.compressobj(level=9, wbits=_GZIP)
        packed = deflater.compress(self.bits) + deflater.flush()
        return "u" + base64.urlsafe_b64encode(packed).rstrip(b"=").decode()

    def marked(self, indices: Iterable[int]) -> Self:
        """A copy with `indices` set; copies the list once, so pass a batch, do not loop."""
        bits = bytearray(self.bits)
        for index in indices:
            byte, mask = self._locate(index)
            bits[byte] |= mask
        return type(self)(bytes(bits))

    def cleared(self, indices: Iterable[int]) -> Self:
        """A copy with `indices` clear; copies the list once, as `marked` does."""
        bits = bytearray(self.bits)
        for index in indices:
            byte, mask = self._locate(index)
            bits[byte] &= ~mask
        return type(self)(bytes(bits))

    def count(self) -> int:
        """How many bits are set."""
        return int.from_bytes(self.bits, "big").bit_count()

    def value(self, index: int, size: int) -> int:
        """The status at `index` of a list whose statuses have `size` bits, first bit highest.

        Raises `Malformed` past either end, and if so few statuses fit that a holder stands out.
        """
        if size == 1:  # nearly always
            return int(self[index])
        if not 1 <= size <= MAX_STATUS_SIZE or len(self) // size < MIN_ENTRIES:
            raise Malformed(f"status list of {len(self)} bits is too short for {size} bits each")
        if not 0 <= index < len(self) // size:
            raise Malformed(f"status index {index} is outside 0..{len(self) // size - 1}")
        found = 0
        for place in range(index * size, (index + 1) * size):
            found = found << 1 | self[place]
        return found

    def __getitem__(self, index: int) -> bool:
        """The status at `index`, counted from 0.  Raises `Malformed` past either end."""
        byte, mask = self._locate(index)
        return bool(self.bits[byte] & mask)

    def __len__(self) -> int:
        return len(self.bits) * 8

    def _locate(self, index: int) -> tuple[int, int]:
        if not 0 <= index < len(self):  # a negative index would read another holder's bit
            raise Malformed(f"status index {index} is outside 0..{len(self) - 1}")
        return index >> 3, 0x80 >> (index & 7)
