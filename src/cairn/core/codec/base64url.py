"""Base64url without padding: one text for each byte string.

Source: RFC 4648, section 5, and RFC 7515, section 2.  The standard library skips foreign
characters and ignores stray low bits in the last one, so two texts could mean the same bytes.
"""

import base64
import binascii
import re

from cairn.core.errors import Malformed

_ALPHABET = re.compile(r"[A-Za-z0-9_-]*")


def encode(data: bytes) -> str:
    """The text of `data`, without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """The bytes of `text`; linear in its length.  Raises `Malformed` unless `encode` gives it."""
    if not _ALPHABET.fullmatch(text):
        raise Malformed("base64url holds only letters, digits, '-' and '_', without '=' padding")
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as err:
        raise Malformed(f"base64url of an impossible length ({len(text)} characters)") from err
    if text and encode(data[-(len(data) % 3 or 3) :])[-1] != text[-1]:
        raise Malformed("base64url ends in bits that belong to no byte; encode it again")
    return data
