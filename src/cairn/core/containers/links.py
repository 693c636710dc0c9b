"""Links in what people bring: which ones may be offered for following.

Syntax only.  What an address may reach is for the guarded fetcher to say.
"""

import re
from collections.abc import Iterable

MAX_LINKS = 8  # of one file
MAX_LINK_CHARACTERS = 2048
_ANY_CASE = re.IGNORECASE | re.ASCII  # else "ſ" and the Kelvin sign are letters of ASCII too
_LINK = re.compile(r"https?://[!-~]+", _ANY_CASE)
_IN_TEXT = re.compile(r"https?://[!#-&(-;=?-\[\]_a-z~]++", _ANY_CASE)  # of URIs, but the "'"
_AFTER_A_LINK = ".,;:!?)]*_"


def is_link(text: str) -> bool:
    """Whether all of `text` is one http or https address, in printable ASCII."""
    return len(text) <= MAX_LINK_CHARACTERS and bool(_LINK.fullmatch(text))


def links_in(text: str) -> tuple[str, ...]:
    """The addresses in running text, each once, in order, without what a sentence adds."""
    return chosen(found[0].rstrip(_AFTER_A_LINK) for found in _IN_TEXT.finditer(text))


def chosen(candidates: Iterable[str]) -> tuple[str, ...]:
    """The first `MAX_LINKS` different links among `candidates`."""
    links: dict[str, None] = {}
    for candidate in candidates:
        if is_link(candidate):
            links[candidate] = None
        if len(links) == MAX_LINKS:
            break
    return tuple(links)
