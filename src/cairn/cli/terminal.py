"""Texts of strangers on a terminal: no cursor movements, no markup of ours."""

from rich.console import Console
from rich.markup import escape

from cairn.core.wording.names import displayed


def safe(text: str, max_length: int = 200) -> str:
    """`text` in one line, fit to stand inside rich markup."""
    return escape(displayed(text, max_length=max_length))


def console(*, stderr: bool = False) -> Console:
    """Where to print.  Without rich's emoji: `did:key:` is no key, `:white_check_mark:` no tick."""
    return Console(stderr=stderr, emoji=False)
