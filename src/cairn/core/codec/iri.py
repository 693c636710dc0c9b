"""Absolute IRIs, judged once and strictly, before any library sees them.

Source: RFC 3987 (grammar in section 2.2, bidi controls in 4.1), RFC 3986 (percent-encoding, port,
dot segments).  RDF libraries drop or rewrite what they hold to be no IRI, each its own set; a
dropped IRI is one that nobody signed.  So this is narrower than the grammar: no dot segments, no
empty or impossible port, no private-use characters, and for the schemes we know a sensible rest.
"""

import re
from ipaddress import AddressValueError, IPv6Address

_UCS = (  # ucschar without U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069
    "\u00a0-\u200d\u2010-\u2029\u202f-\u2065\u206a-\ud7ff\uf900-\ufdcf\ufdf0-\uffef"
    + "".join(f"{chr(plane)}-{chr(plane + 0xFFFD)}" for plane in range(0x10000, 0xE0000, 0x10000))
    + "\U000e1000-\U000efffd"
)
_PLAIN = r"A-Za-z0-9._~!$&'()*+,;=:@\-" + _UCS
# Possessive throughout: an address from a stranger must not cost more than one pass.
_IRI = re.compile(
    rf"""(?P<scheme>[A-Za-z][A-Za-z0-9+.\-]*+):
    (?://(?P<authority>(?:[{_PLAIN}\[\]]++|%[0-9A-Fa-f]{{2}})*+))?
    (?P<path>(?:[{_PLAIN}/]++|%[0-9A-Fa-f]{{2}})*+)
    (?P<query>\?(?:[{_PLAIN}/?]++|%[0-9A-Fa-f]{{2}})*+)?
    (?P<fragment>\#(?:[{_PLAIN}/?]++|%[0-9A-Fa-f]{{2}})*+)?""",
    re.VERBOSE,
)
_HOST = r"(?P<literal>\[[0-9A-Fa-f:.]+\])|[^\[\]:@]*"
_AUTHORITY = re.compile(rf"(?:[^\[\]@]*@)?(?:{_HOST})(?P<port>:[0-9]{{1,5}})?")
_DOTS = re.compile(r"(?:^|/)(?:\.|%2[Ee]){1,2}(?:/|$)")
_REST = {  # what follows the scheme, where a scheme asks for more than characters
    "did": re.compile(r"[a-z0-9]+:[^/?#]+.*"),
    "mailto": re.compile(r"[^@]+@[^@]+"),
    "tel": re.compile(r"\+?[0-9*#().\-]+(?:;.*)?"),
    "urn": re.compile(r"[A-Za-z0-9][A-Za-z0-9\-]{0,30}[A-Za-z0-9]:.+"),
}
_WEB = ("http", "https")
# What nearly every IRI looks like: no percent sign, port, dot at the start of a segment, nor
# anything outside ASCII.  Whatever matches is absolute by the rules above; the rest goes there.
_PLAIN_START = r"""(?:https?://[A-Za-z0-9.\-]++(?=[/?\#\n]|\Z)
    |did:[a-z0-9]++:(?=[A-Za-z0-9])|urn:uuid:(?=[A-Za-z0-9]))"""
_PLAIN_REST = r"[A-Za-z0-9._~!$&'()*+,;=:@/?\-]*+"
_PLAIN_IRI = re.compile(rf"{_PLAIN_START}{_PLAIN_REST}(?:\#{_PLAIN_REST})?", re.VERBOSE)
# Of many lines, which characters there are is asked at once, and of each line how it begins.
_PLAIN_BYTES = (
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~!$&'()*+,;=:@/?#-\n"
)
_PLAIN_LINES = re.compile(rf"(?:{_PLAIN_START}[^\n]*+\n)*+".encode(), re.VERBOSE)
_DOT_SEGMENT = re.compile(rb"/\.")
_TWO_FRAGMENTS = re.compile(rb"#[^\n#]*#")


def is_absolute_iri(text: str) -> bool:
    """Whether every RDF library takes `text` as the same absolute IRI.  Linear in its length.

    >>> is_absolute_iri("https://example.org/a/1"), is_absolute_iri("https://example.org/{r}")
    (True, False)
    """
    is_plain = _PLAIN_IRI.fullmatch(text) is not None and "/." not in text
    return is_plain or follows_grammar(text)


def follows_grammar(text: str) -> bool:
    """As `is_absolute_iri`, without its quick yes: the rules themselves."""
    found = _IRI.fullmatch(text)
    if found is None:
        return False
    scheme, authority, path = found["scheme"].lower(), found["authority"], found["path"]
    if scheme in _WEB and not authority:
        return False
    if authority is None and not path:
        return False
    if authority and not _is_authority(authority, is_web=scheme in _WEB):
        return False
    if scheme != "data" and _DOTS.search(path):
        return False
    rest = _REST.get(scheme)
    return rest is None or rest.fullmatch(text, len(scheme) + 1) is not None


def are_plainly_absolute(lines: bytes) -> bool:
    """Whether every line (UTF-8, a line feed at its end) is an absolute IRI of the plainest kind.

    A fast yes for many at once.  No means nothing: ask `is_absolute_iri` about each.
    """
    if lines.translate(None, _PLAIN_BYTES) or _DOT_SEGMENT.search(lines):
        return False
    return _PLAIN_LINES.fullmatch(lines) is not None and not _TWO_FRAGMENTS.search(lines)


def _is_authority(authority: str, *, is_web: bool) -> bool:
    found = _AUTHORITY.fullmatch(authority)
    if found is None or int((found["port"] or ":0")[1:]) > 65535:
        return False
    if found["literal"]:
        try:
            IPv6Address(found["literal"][1:-1])
        except AddressValueError:
            return False
    host = authority.rpartition("@")[2].removesuffix(found["port"] or "")
    return bool(host) or not is_web
