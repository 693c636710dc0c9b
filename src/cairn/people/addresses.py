"""E-mail addresses: how one is written down, and which are refused.

Compared in lower case: no mail service of today tells Ada@ from ada@, and a person who types it
otherwise is still the same person.
"""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from cairn.core.errors import Malformed
from cairn.core.wording.names import flags

MAX_LENGTH = 254  # RFC 5321, and the columns


def canonical_address(text: str) -> str:
    """The address as it is stored and compared.

    Raises `Malformed` for what is no address; a line break in it could write headers of mail, and
    with an invisible or look-alike character it could pass for somebody else's.
    """
    address = text.strip().lower()
    if flags(address):
        raise Malformed(
            _("the e-mail address has a character that deceives; type it again by hand")
        )
    try:
        validate_email(address)
    except ValidationError:
        raise Malformed(
            _("“%(address)s” is not an e-mail address like ada@example.edu") % {"address": address}
        ) from None
    if len(address) > MAX_LENGTH:
        raise Malformed(
            _("the e-mail address has more than %(most)s characters") % {"most": MAX_LENGTH}
        )
    return address
