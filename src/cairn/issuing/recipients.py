"""The name and address of a person, as an awarder wrote them: taken strictly or refused.

A character that nobody sees could turn a name around on a credential, and a line break could add a
recipient to a mail.  Flaw and mend are parted by "; ".
"""

from cairn.core.errors import Malformed
from cairn.core.openbadges.rules import EMAIL, text_flaw
from cairn.core.wording.names import Flag, flags

MAX_NAME = 200  # characters
_HIDDEN = {
    Flag.BIDI: "holds a character that turns the direction of writing; type it again by hand",
    Flag.ZERO_WIDTH: "holds a character that nobody sees; type it again by hand",
    Flag.UNREADABLE: "holds a line break or a character that cannot be read; type it by hand",
}
_MIXED = "mixes letters of two scripts that look alike; type it again with one keyboard"


def clean_name(text: str) -> str:
    """The name without blanks around it.  Raises `Malformed` with the path /name."""
    name = text.strip(" ")
    if flaw := _hidden_flaw(name) or text_flaw(name, MAX_NAME):
        raise Malformed(flaw, "/name")
    return name


def clean_email(text: str) -> str:
    """The address in lower case, without blanks around it.  Raises `Malformed`, path /email."""
    email = text.strip(" ").lower()
    if flaw := _hidden_flaw(email) or EMAIL.flaw(email):
        raise Malformed(flaw, "/email")
    if Flag.MIXED_SCRIPTS in flags(email):
        raise Malformed(_MIXED, "/email")
    return email


def _hidden_flaw(text: str) -> str:
    found = flags(text)
    return next((flaw for flag, flaw in _HIDDEN.items() if flag in found), "")
