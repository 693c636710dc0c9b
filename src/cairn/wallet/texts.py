"""An organisation's own words in its letters: plain text with a few names to fill in.

Nothing but the names listed here is filled in, and no other use of braces is taken, so no text can
reach what stands beside them.
"""

from collections.abc import Mapping
from enum import StrEnum
from string import Formatter

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cairn.core.errors import Malformed
from cairn.core.wording.names import flags
from cairn.wallet.models import Mail

PLACEHOLDERS = ("name", "title", "issuer")
MAX_TEXT = 1500  # characters


class Text(StrEnum):
    """The letters that can have words of their own."""

    CLAIM = "claim"
    REMINDER = "reminder"
    CHANGE = "change"
    ENDING = "ending"


TITLES: Mapping[Text, Promise] = {
    Text.CLAIM: gettext_lazy("Letter with the link to claim"),
    Text.REMINDER: gettext_lazy("Reminder to claim"),
    Text.CHANGE: gettext_lazy("Letter about a change"),
    Text.ENDING: gettext_lazy("Reminder that it ends soon"),
}
KIND_OF_TEXT: Mapping[Mail.Kind, Text] = {
    Mail.Kind.CLAIM: Text.CLAIM,
    Mail.Kind.AGAIN: Text.CLAIM,
    Mail.Kind.REMINDER: Text.REMINDER,
    Mail.Kind.WITHDRAWN: Text.CHANGE,
    Mail.Kind.SUSPENDED: Text.CHANGE,
    Mail.Kind.REINSTATED: Text.CHANGE,
    Mail.Kind.REPLACED: Text.CHANGE,
    Mail.Kind.RENEWED: Text.CHANGE,
    Mail.Kind.ENDING: Text.ENDING,
    Mail.Kind.TAKEN_BACK: Text.CHANGE,
}


def clean_text(text: str) -> str:
    """The text with plain line ends.  Raises `Malformed` with what to mend, in the language in use.

    It names what is unknown between braces, and what nobody sees.
    """
    plain = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(plain) > MAX_TEXT:
        raise Malformed(
            _("It is longer than %(most)s characters. Shorten it.") % {"most": MAX_TEXT}
        )
    if any(_hides(line) for line in plain.split("\n")):
        raise Malformed(_("There is a character in it that nobody sees. Type it again by hand."))
    try:
        parts = list(Formatter().parse(plain))
    except ValueError as err:
        raise Malformed(
            _("A brace has no other. Write braces only around a name, as in {name}.")
        ) from err
    for _literal, field, spec, conversion in parts:
        if field is not None and (field not in PLACEHOLDERS or spec or conversion):
            raise Malformed(
                _("%(seen)s is not known. You can use %(known)s.")
                % {"seen": f"{{{field}}}", "known": ", ".join(f"{{{x}}}" for x in PLACEHOLDERS)}
            )
    return plain


def filled(text: str, said: Mapping[str, object]) -> str:
    """A text that `clean_text` took, with the names filled in."""
    return "".join(
        literal + (str(said[field]) if field in PLACEHOLDERS else "")
        for literal, field, _spec, _conversion in Formatter().parse(text)
    )


def _hides(line: str) -> bool:
    return any(not character.isprintable() for character in line) or bool(flags(line))
