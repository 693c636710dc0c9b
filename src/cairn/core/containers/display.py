"""Names that a stranger chose, made fit to be shown in a sentence."""

import unicodedata

MAX_CHARACTERS = 100
_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")  # controls, bidi and zero-width marks, …


def shown(name: str) -> str:
    """`name` with what cannot be seen, or turns other text round, replaced; long ones clipped."""
    clipped = name if len(name) <= MAX_CHARACTERS else name[: MAX_CHARACTERS - 1] + "…"
    return "".join("\ufffd" if unicodedata.category(c) in _UNSEEN else c for c in clipped)
