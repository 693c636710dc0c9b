"""Attacker-written text, made safe to show in one line.

Source: Unicode UAX #9 (bidi controls), UTS #51 (emoji), and the joiner rules A1, A2 and B of
UAX #31 before version 15.1, loosened for display.

The rule: what a reader cannot see is shown as its number, ⟨U+202E⟩, so that nothing hides.  That
is every control, format, private, unassigned and blank character, and marks without a letter below
them or stacked higher than any script needs.  What stays, because names and titles need it:

- ZWNJ and ZWJ between two Arabic or Syriac letters (Persian "می‌خواهم"), after a virama and before
  one (Indic conjuncts, also at the end of a word);
- ZWJ between two pictographs, skin tones among them (emoji families and professions);
- a variation selector right after a pictograph, an ideograph or a Mongolian letter, and in keycaps.

A soft hyphen, a zero-width space in Thai, LRM or RLM in a Hebrew title and the tags of England's
flag are shown as numbers too: ugly, never misleading.

Nothing is wrapped in FSI and PDI (UAX #9 isolates): terminals and log files print those as garbage,
and text with the controls taken out can only reorder itself and the marks beside it.  A page puts a
name into `<bdi>`, which isolates without characters; escaping HTML or terminal markup is the
caller's too.  Words that are all Cyrillic but look Latin are not found here.
"""

import re
import unicodedata
from collections.abc import Iterator
from enum import StrEnum

MAX_MARKS = 8  # combining marks on one letter; Hebrew and Tibetan need 4 or 5
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_ZWNJ, _ZWJ, _KEYCAP = "\u200c", "\u200d", "\u20e3"
# letters, marks and symbols by category, but nothing to see: fillers, Braille blank, null notehead
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufffc\U0001d159")
_SPACES = re.compile("[ \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
# ASCII and the Latin letters of European languages: each of them is seen, and they are one script
_PLAIN_LATIN = re.compile("[ -~\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u017f]*")
_SELECTOR = re.compile("[\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_OLD_EMOJI = frozenset("©®‼⁉™ℹ〰〽㊗㊙")  # pictographs outside the emoji blocks
_JOINING = ("ARABIC LETTER", "SYRIAC LETTER")
_SELECTABLE = ("CJK ", "MONGOLIAN LETTER")
_LOOKALIKE_SCRIPTS = frozenset({"LATIN", "CYRILLIC", "GREEK"})


class Flag(StrEnum):
    """What is odd about a text, for a verdict that warns."""

    BIDI = "bidi control"
    ZERO_WIDTH = "zero-width"
    UNREADABLE = "unreadable character"
    MIXED_SCRIPTS = "mixed scripts"


def displayed(text: str, max_length: int = 200) -> str:
    """`text` in one line of at most `max_length` characters, with nothing hidden in it.

    Spaces of every kind become one plain space; what is cut off ends in "…".
    """
    plain = text.strip(" ") if text.isascii() and "  " not in text else _spaced(text)
    if plain.isascii() and plain.isprintable():  # most texts: nothing can hide in them
        is_short = len(plain) <= max_length
        return plain if is_short else plain[: max_length - 1].rstrip(" ") + "…"
    shown: list[str] = []
    length = 0
    for piece in _pieces(plain):
        shown.append(piece)
        length += len(piece)
        if length > max_length:
            return _shortened(shown, length, max_length)
    return "".join(shown)


def flags(text: str) -> tuple[str, ...]:
    """What is odd about `text`: values of `Flag`, each once, in the order of `Flag`."""
    if _PLAIN_LATIN.fullmatch(text):
        return ()
    plain = _spaced(text)
    seen = {_oddity(plain, index) for index, char in enumerate(plain) if not " " <= char <= "~"}
    if _mixes_scripts(plain):
        seen.add(Flag.MIXED_SCRIPTS)
    return tuple(flag.value for flag in Flag if flag in seen)


def hidden(text: str) -> tuple[str, ...]:
    """What of `text` a reader would not see, as numbers such as U+202E, each once."""
    plain = _spaced(text)
    odd = (char for index, char in enumerate(plain) if _oddity(plain, index) is not None)
    return tuple(dict.fromkeys(f"U+{ord(char):04X}" for char in odd))


def _spaced(text: str) -> str:
    # before anything else, or a mark after a leading space would become a mark on our own quote
    return _SPACES.sub(" ", text).strip(" ")


def _pieces(text: str) -> Iterator[str]:
    """`text` in units that a cut must not split: a letter with its marks, an emoji sequence."""
    piece = ""
    for index, char in enumerate(text):
        odd = _oddity(text, index) is not None
        shown = f"⟨U+{ord(char):04X}⟩" if odd else char
        if piece and not odd and (_clings(char) or piece[-1] in (_ZWNJ, _ZWJ)):
            piece += shown
            continue
        if piece:
            yield piece
        piece = shown
    if piece:
        yield piece


def _shortened(pieces: list[str], length: int, max_length: int) -> str:
    while pieces and length > max_length - 1:
        length -= len(pieces.pop())
    return "".join(pieces).rstrip(" ") + "…"


def _clings(char: str) -> bool:
    return char in (_ZWNJ, _ZWJ) or unicodedata.category(char) in {"Mn", "Me"}


def _oddity(text: str, index: int) -> Flag | None:
    """Why the character at `index` must not be shown as it is; None where it may."""
    char = text[index]
    if " " <= char <= "~":
        return None
    category = unicodedata.category(char)
    if char in _BIDI:
        return Flag.BIDI
    if char in (_ZWNJ, _ZWJ):
        return None if _joins(text, index) else Flag.ZERO_WIDTH
    if _SELECTOR.match(char):
        return None if _selects(text, index) else Flag.ZERO_WIDTH
    if category == "Cf" or char in _BLANK:
        return Flag.ZERO_WIDTH
    if category in {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"}:
        return Flag.UNREADABLE
    if category in {"Mn", "Me"} and _piles_up(text, index):
        return Flag.UNREADABLE
    return None


def _joins(text: str, index: int) -> bool:
    """Whether the joiner at `index` does the work it was made for."""
    before, after = _base(text, index), text[index + 1 : index + 2]
    if not before or before in _BLANK or not index:
        return False  # a blank is shown as its number, so nothing is joined to it
    virama = unicodedata.combining(text[index - 1]) == 9
    if virama or (after and unicodedata.combining(after) == 9):
        return unicodedata.category(before).startswith("L")
    if _named(before, _JOINING) and _named(after, _JOINING):
        return True
    return text[index] == _ZWJ and _is_pictograph(before) and _is_pictograph(after)


def _selects(text: str, index: int) -> bool:
    before, after = text[max(index - 1, 0) : index], text[index + 1 : index + 2]
    if before and before in "0123456789#*":
        return after == _KEYCAP
    return _is_pictograph(before) or _named(before, _SELECTABLE)


def _base(text: str, index: int) -> str:
    """The character before `index`, past marks and selectors that stay; "" if none."""
    for place in range(index - 1, max(index - MAX_MARKS, 0) - 1, -1):
        char = text[place]
        is_mark = unicodedata.category(char) in {"Mn", "Mc", "Me"}
        if not is_mark or (_SELECTOR.match(char) and not _selects(text, place)):
            return char
    return ""


def _piles_up(text: str, index: int) -> bool:
    below = text[max(index - MAX_MARKS, 0) : index]
    marks = [char for char in below if unicodedata.category(char) in {"Mn", "Me"}]
    return index == 0 or len(marks) == MAX_MARKS


def _named(char: str, prefixes: tuple[str, ...]) -> bool:
    return bool(char) and unicodedata.name(char, "").startswith(prefixes)


def _is_pictograph(char: str) -> bool:
    # the standard library has no Extended_Pictographic property: symbols of the emoji blocks do
    if not char or char in _OLD_EMOJI:
        return bool(char)
    in_block = "\u2190" <= char <= "\u2bff" or "\U0001f000" <= char <= "\U0001faff"
    return in_block and unicodedata.category(char) in {"So", "Sm", "Sk"}


def _mixes_scripts(text: str) -> bool:
    """Whether Latin, Cyrillic and Greek letters meet in one word, as in "Pаypal"."""
    scripts: set[str] = set()
    for char in text:
        category = unicodedata.category(char)
        if char.isascii() and char.isalpha():  # most of them, without a look at their names
            scripts.add("LATIN")
        elif category.startswith("L"):
            scripts |= {unicodedata.name(char, "").split(" ")[0]} & _LOOKALIKE_SCRIPTS
        elif category[0] not in "MN" and category != "Cf":  # those neither end a word nor count
            scripts = set()
        if len(scripts) > 1:
            return True
    return False
