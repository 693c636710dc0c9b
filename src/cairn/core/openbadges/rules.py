"""What a plain value in a badge must be, so that every library signs and reads it alike.

Sources: Open Badges 3.0, appendix B (types of properties); docs/explanation/canonical-forms.md
(what implementations canonicalise differently).  A rule answers with the flaw it found, in two
halves parted by "; ": what is wrong, and what the author can do about it.  Bounds are our own.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, TypeAlias

from cairn.core.codec import timestamps
from cairn.core.codec.iri import is_absolute_iri
from cairn.core.openbadges import vocabulary
from cairn.core.rdf.outline import Uncovered, check_number, check_text

Scalar: TypeAlias = str | int | float | bool

MAX_LINE = 1_000  # characters: names, codes, labels
MAX_PROSE = 50_000  # characters: descriptions, criteria, narratives in Markdown
MAX_IRI = 2_048
MAX_DATA_IRI = 1_000_000  # an image inside the credential: about 750 kB of pixels
MAX_EMAIL = 254  # RFC 5321, section 4.5.3.1.3

_KINDS: Mapping[type, str] = {
    str: "text",
    bool: "true or false",
    int: "a number",
    float: "a number",
    dict: "an object",
    list: "an array",
    type(None): "null",
}
_C1 = re.compile("[\x80-\x9f]")
_LANGUAGE = re.compile(r"[a-z]{2,4}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?")
_EMAIL = re.compile(r"""[^\s@<>,;:"()\[\]\\]+@[^\s@<>,;:"()\[\]\\.]+(\.[^\s@<>,;:"()\[\]\\.]+)+""")


@dataclass(frozen=True, slots=True)
class Rule:
    """`find` gives the flaw of a value of the right JSON type, or ""; `wanted` names that type."""

    find: Callable[[Scalar], str]
    wanted: str = "text"

    def flaw(self, value: object) -> str:
        """What is wrong with `value` and how to mend it; "" if nothing is."""
        if not isinstance(value, Scalar) or not _is_a(value, self.wanted):
            return f"is {kind(value)}; write {self.wanted}"
        return self.find(value)


def kind(value: object) -> str:
    """The JSON type of `value`, in words."""
    return _KINDS.get(type(value)) or type(value).__name__


def _is_a(value: Scalar, wanted: str) -> bool:
    return kind(value) == wanted


def text_flaw(text: str, max_length: int = MAX_PROSE) -> str:
    """Why `text` cannot be signed as it is, "" if it can."""
    if len(text) > max_length:
        return f"is {len(text)} characters long; shorten it to {max_length}"
    if not text.strip():
        return "is blank; fill it in or leave it out"
    found = _C1.search(text)
    if found:
        return f"holds the control character U+{ord(found[0]):04X}; remove it"
    try:
        check_text(text, "")
    except Uncovered as err:
        return err.problem
    return ""


def number_flaw(number: float) -> str:
    """Why `number` has no one canonical form, "" if it has."""
    if not math.isfinite(number):
        return "is not a finite number; write a plain number such as 7.5"
    try:
        check_number(number, "")
    except Uncovered:
        return (
            "cannot be signed reliably; write whole numbers below 2^53, decimals from 0.000001 "
            "with 15 digits at most, and 0 without a sign"
        )
    return ""


def _lines(max_length: int) -> Rule:
    return Rule(lambda value: text_flaw(str(value), max_length))


def _iri_flaw(value: Scalar) -> str:
    iri = str(value)
    limit = MAX_DATA_IRI if iri.startswith("data:") else MAX_IRI
    if len(iri) > limit:
        return f"is {len(iri)} characters long; at most {limit} are taken, publish it at an address"
    if not is_absolute_iri(iri):
        return "is not an absolute IRI; write a whole address such as https://example.org/a/1"
    return ""


def _moment_flaw(value: Scalar) -> str:
    if timestamps.is_written(str(value)):
        return ""
    return "is not a moment in the form that is signed; write it as 2026-05-14T10:00:00Z"


def _language_flaw(value: Scalar) -> str:
    if _LANGUAGE.fullmatch(str(value)):
        return ""
    return "is not a language tag of Open Badges; write one such as en, pt-BR or sr-Latn"


def _email_flaw(value: Scalar) -> str:
    email = str(value)
    flaw = text_flaw(email, MAX_EMAIL)
    if flaw or _EMAIL.fullmatch(email):
        return flaw
    return "is not an e-mail address; write one such as ada@example.org"


def _credits_flaw(value: Scalar) -> str:
    number = float(value)
    return number_flaw(number) or ("is below zero; write 0 or more" if number < 0 else "")


def _degrees(limit: int) -> Rule:
    def find(value: Scalar) -> str:
        if flaw := number_flaw(float(value)):
            return flaw
        inside = abs(float(value)) <= limit
        return "" if inside else f"is no position on Earth; write -{limit} to {limit}"

    return Rule(find, "a number")


def _one_of(values: frozenset[str], *, is_open: bool = True) -> Rule:
    def find(value: Scalar) -> str:
        if value in values or (is_open and vocabulary.is_extension(str(value))):
            return ""
        more = ", or a name of your own after ext:" if is_open else ""
        return f"is not on the list; write one of {', '.join(sorted(values))}{more}"

    return Rule(find)


LINE, PROSE = _lines(MAX_LINE), _lines(MAX_PROSE)
IRI, MOMENT = Rule(_iri_flaw), Rule(_moment_flaw)
EMAIL = Rule(_email_flaw)
CREDITS = Rule(_credits_flaw, "a number")
STATUS = _one_of(vocabulary.RESULT_STATUSES, is_open=False)

# "" and None mean absent, everywhere: a badge has no empty values.
Line = Annotated[str, LINE]
Prose = Annotated[str, PROSE]
Iri = Annotated[str, IRI]
Moment = Annotated[str, MOMENT]
Language = Annotated[str, Rule(_language_flaw)]
Email = Annotated[str, EMAIL]
Credits = Annotated[float | None, CREDITS]
Latitude = Annotated[float, _degrees(90)]
Longitude = Annotated[float, _degrees(180)]
Truth = Annotated[bool, Rule(lambda _: "", "true or false")]
AchievementType = Annotated[str, _one_of(vocabulary.ACHIEVEMENT_TYPES)]
TargetType = Annotated[str, _one_of(vocabulary.TARGET_TYPES)]
ResultType = Annotated[str, _one_of(vocabulary.RESULT_TYPES)]
ResultStatus = Annotated[str, STATUS]
IdentifierType = Annotated[str, _one_of(vocabulary.IDENTIFIER_TYPES)]
