"""The name and address of a person, as an awarder wrote them: taken strictly or refused.

A character that nobody sees could turn a name around on a credential, and a line break could add a
recipient to a mail.  Flaw and mend are two sentences, in the language in use.
"""

from django.utils.translation import gettext as _

from cairn.core.errors import Malformed
from cairn.core.openbadges.rules import EMAIL, text_flaw
from cairn.core.wording.names import Flag, flags

MAX_NAME = 200  # characters
MAX_LOCAL = 64  # octets before the @: RFC 5321, section 4.5.3.1.1


def clean_name(text: str) -> str:
    """The name without blanks around it.  Raises `Malformed` with the path /name."""
    name = text.strip(" ")
    if flaw := _hidden_flaw(name):
        raise Malformed(flaw, "/name")
    if not name:
        raise Malformed(_("The name is missing. Write it as it should stand."), "/name")
    if text_flaw(name, MAX_NAME):
        raise Malformed(_("The name is too long. Write 200 characters at most."), "/name")
    return name


def clean_email(text: str) -> str:
    """The address in lower case, without blanks around it.  Raises `Malformed`, path /email."""
    email = text.strip(" ").lower()
    if flaw := _hidden_flaw(email):
        raise Malformed(flaw, "/email")
    if EMAIL.flaw(email) or len(email.partition("@")[0].encode()) > MAX_LOCAL:
        flaw = _("This is not an e-mail address. Write one such as ada@example.org.")
        raise Malformed(flaw, "/email")
    if Flag.MIXED_SCRIPTS in flags(email):
        flaw = _("Letters of two scripts that look alike are in it. Type it with one keyboard.")
        raise Malformed(flaw, "/email")
    return email


def _hidden_flaw(text: str) -> str:
    found = flags(text)
    if Flag.BIDI in found:
        return _("A character in it turns the direction of writing. Type it again by hand.")
    if Flag.ZERO_WIDTH in found:
        return _("There is a character in it that nobody sees. Type it again by hand.")
    if Flag.UNREADABLE in found:
        return _("There is a line break or a control character in it. Type it again by hand.")
    return ""
