"""How the versions of Open Badges mark a credential inside an image.

Source: Open Badges 3.0, section 5.3 "Baked Badge"; Open Badges 2.0 "Baking Specification".
"""

from dataclasses import dataclass

from cairn.core.errors import Malformed

MAX_PAYLOAD_BYTES = 4 * 2**20  # what the strict JSON reader takes
_SPACE = b" \t\r\n"


@dataclass(frozen=True, slots=True)
class Carrier:
    """The names one version uses: a PNG keyword, an XML element and its namespace."""

    keyword: bytes
    element: str
    namespace: str


OPEN_BADGES_3 = Carrier(b"openbadgecredential", "credential", "https://purl.imsglobal.org/ob/v3p0")
OPEN_BADGES_2 = Carrier(b"openbadges", "assertion", "http://openbadges.org")
CARRIERS = (OPEN_BADGES_3, OPEN_BADGES_2)


def checked_payload(payload: bytes) -> bytes:
    """`payload` as it may be baked.  Raises `Malformed` for what no reader would get back."""
    if not payload or payload != payload.strip(_SPACE):
        raise Malformed("a credential to bake must have no white space around it, nor be empty")
    if len(payload) > MAX_PAYLOAD_BYTES:
        raise Malformed(f"{len(payload)} bytes to bake; at most {MAX_PAYLOAD_BYTES} are read back")
    try:
        payload.decode()
    except UnicodeDecodeError as err:
        raise Malformed(f"byte {err.start} of the credential is not UTF-8") from err
    if b"\0" in payload:
        raise Malformed("the credential has a NUL in it; it is neither JSON nor a token")
    return payload
