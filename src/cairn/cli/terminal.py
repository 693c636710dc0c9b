"""Texts of strangers on a terminal: no cursor movements, no markup of ours."""

from rich.markup import escape

from cairn.core.wording.names import displayed


def safe(text: str, max_length: int = 200) -> str:
    """`text` in one line, fit to stand inside rich markup."""
    return escape(displayed(text, max_length=max_length))
