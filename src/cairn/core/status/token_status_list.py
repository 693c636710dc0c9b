"""IETF Token Status List: the status of tokens, one to eight bits each, in a signed token.

Source: IETF "Token Status List" (draft-ietf-oauth-status-list-21), sections 4.1 to 5.1, 6.2, 7.1
and 8.3.  Within a byte the first status stands in the *least* significant bits: the reverse of
W3C's Bitstring Status List, and ZLIB where that has GZIP.

Decoding and claims only.  Fetching, the signature, its key and whose it is belong to the caller.
Times are seconds since 1970, as JWT has them.
"""

import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from cairn.core.codec import base64url
from cairn.core.codec.strict_json import Json
from cairn.core.errors import Malformed

TOKEN_TYPE = "statuslist+jwt"  # noqa: S105 - the `typ` of the header
MEDIA_TYPE = "application/statuslist+jwt"
MAX_BYTES = 16 * 2**20  # once inflated; our own cap, the list comes off the network
MAX_ENCODED = 24 * 2**20  # characters
MAX_URI_CHARACTERS = 2048
VALID, INVALID, SUSPENDED = 0x00, 0x01, 0x02
_SIZES = (1, 2, 4, 8)
_URI = re.compile(r"https?://[^\x00-\x20\x7f]+")


@dataclass(frozen=True, slots=True)
class StatusReference:
    """Where a token's status stands: entry `index` of the list at `uri`."""

    index: int
    uri: str


@dataclass(frozen=True, slots=True)
class TokenStatuses:
    """The decoded list: statuses of `bits` bits, packed from the least significant bit up."""

    bits: int
    packed: bytes

    @classmethod
    def decode(cls, bits: Json, encoded: Json) -> Self:
        """Read `bits` and `lst` of a `status_list` claim.

        Raises `Malformed` on another size, on anything but one whole ZLIB stream, and on a list
        over `MAX_BYTES`, however small it is packed.
        """
        if isinstance(bits, bool) or bits not in _SIZES or not isinstance(bits, int):
            raise Malformed("the size of a status is 1, 2, 4 or 8 bits", "/status_list/bits")
        if not isinstance(encoded, str) or not encoded or len(encoded) > MAX_ENCODED:
            raise Malformed("need the list as base64url text", "/status_list/lst")
        packed = base64url.decode(encoded)
        inflater = zlib.decompressobj()
        try:
            found = inflater.decompress(packed, MAX_BYTES + 1)
        except zlib.error as err:
            raise Malformed(f"lst is not base64url of ZLIB: {err}", "/status_list/lst") from err
        if len(found) > MAX_BYTES or not inflater.eof or inflater.unused_data:
            raise Malformed("lst is cut short, over-long or has trailing bytes", "/status_list/lst")
        return cls(bits, found)

    def __len__(self) -> int:
        return len(self.packed) * 8 // self.bits

    def __getitem__(self, index: int) -> int:
        """The status at `index`, counted from 0.  Raises `Malformed` past either end."""
        if not 0 <= index < len(self):
            raise Malformed(f"status index {index} is outside 0..{len(self) - 1}")
        place = index * self.bits
        return self.packed[place >> 3] >> (place & 7) & ((1 << self.bits) - 1)


@dataclass(frozen=True, slots=True)
class TokenStatusList:
    """What a status list token says; true only once its signature and key are checked."""

    statuses: TokenStatuses
    issued_at: int
    expires_at: int | None
    ttl_seconds: int | None
    issuer_id: str | None  # `iss`, which the specification does not ask for


def read_reference(claims: Mapping[str, Json]) -> StatusReference | None:
    """The reference in the `status` claim of a token; None if there is no `status_list` in it.

    Raises `Malformed` for one that cannot be followed.
    """
    status = claims.get("status")
    if status is None:
        return None
    if not isinstance(status, dict):
        raise Malformed("need an object", "/status")
    if "status_list" not in status:
        return None
    found = status["status_list"]
    if not isinstance(found, dict):
        raise Malformed("need an object", "/status/status_list")
    index, uri = found.get("idx"), found.get("uri")
    if isinstance(index, bool) or not isinstance(index, int) or index < 0:
        raise Malformed("need a whole number of 0 or more", "/status/status_list/idx")
    if not isinstance(uri, str) or len(uri) > MAX_URI_CHARACTERS or not _URI.fullmatch(uri):
        raise Malformed("need an http or https address", "/status/status_list/uri")
    return StatusReference(index, uri)


def read_status_list(
    header: Mapping[str, Json], claims: Mapping[str, Json], *, uri: str
) -> TokenStatusList:
    """What the status list token fetched from `uri` says (section 8.3, steps 4 and 5).

    Raises `Malformed`, with path, for a token of another type (any other token the same key signed
    must not do), for the list of another address, and for times that are no numbers.
    """
    kind = header.get("typ")
    if kind not in (TOKEN_TYPE, MEDIA_TYPE):
        raise Malformed(f"the token is of the type {kind!r:.60}, not {TOKEN_TYPE}", "/typ")
    if claims.get("sub") != uri:
        raise Malformed(f"the list is for {claims.get('sub')!r:.200}, not {uri}", "/sub")
    issued_at = _number(claims, "iat", least=0)
    if issued_at is None:
        raise Malformed("need the time of issue", "/iat")
    found = claims.get("status_list")
    if not isinstance(found, dict):
        raise Malformed("need an object", "/status_list")
    issuer = claims.get("iss")
    return TokenStatusList(
        TokenStatuses.decode(found.get("bits"), found.get("lst")),
        issued_at,
        _number(claims, "exp", least=0),
        _number(claims, "ttl", least=1),
        issuer if isinstance(issuer, str) else None,
    )


def _number(claims: Mapping[str, Json], name: str, *, least: int) -> int | None:
    """A NumericDate or a number of seconds; fractions are cut."""
    if name not in claims:
        return None
    value = claims[name]
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value < 2**53:
        raise Malformed(f"need a number of {least} or more", f"/{name}")
    return int(value)
