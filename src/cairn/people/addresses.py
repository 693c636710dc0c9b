"""E-mail addresses: how one is written down, and which are refused.

Compared in lower case: no mail service of today tells Ada@ from ada@, and a person who types it
otherwise is still the same person.
"""

import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from cairn.core.errors import Malformed

MAX_LENGTH = 254  # RFC 5321, and the columns


def canonical_address(text: str) -> str:
    """The address as it is stored and compared.

    Raises `Malformed` for what is no address; with a line break or another control or format
    character in it, it could write headers of mail, or look like somebody else's.
    """
    address = text.strip().lower()
    if any(unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp") for character in address):
        raise Malformed("the e-mail address has an invisible character in it; type it anew")
    try:
        validate_email(address)
    except ValidationError:
        raise Malformed(f"{address!r} is not an e-mail address like ada@example.edu") from None
    if len(address) > MAX_LENGTH:
        raise Malformed(f"the e-mail address has more than {MAX_LENGTH} characters")
    return address
