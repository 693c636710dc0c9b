"""did:web: an identifier that names the https address of its document.

Source: W3C CCG "did:web Method Specification", section 2.5.2.  One host has one spelling here, and
no percent-encoding is ever undone, so that two readers cannot make two addresses of one DID.
Whether an address may be fetched (private networks, literal IPs) is decided where it is fetched.
"""

import re

from cairn.core.did.syntax import MAX_LENGTH
from cairn.core.errors import Malformed

_PREFIX = "did:web:"
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"(?P<name>{_LABEL}(?:\.{_LABEL})*)(?:%3A(?P<port>[1-9][0-9]{{0,4}}))?")
# Encoded bytes stay encoded.  Refused are those that hide structure (/ \ . % ? # and controls)
# or merely respell a character that needs no encoding.
_SEGMENT = re.compile(r"(?:[A-Za-z0-9._-]|%[0-9A-F]{2})+")
_ENCODED = re.compile(r"%([0-9A-F]{2})")
_HIDDEN = frozenset(range(0x21)) | frozenset(b"/\\.%?#\x7f-_~")


def document_url(did: str) -> str:
    """The https URL of the document of a did:web.

    Raises `Malformed` for another method and for every doubtful spelling: empty or dotted
    segments, upper-case or over-long hosts, ports out of range, encoded slashes and dots.
    """
    if len(did) > MAX_LENGTH or not did.startswith(_PREFIX):
        raise Malformed(f"{did[:80]!r} is not a did:web of at most {MAX_LENGTH} characters")
    host, *segments = did.removeprefix(_PREFIX).split(":")
    authority = _authority(host, did)
    for segment in segments:
        _require_segment(segment, did)
    return f"https://{authority}/{'/'.join(segments or ['.well-known'])}/did.json"


def did_for(host: str, *path: str) -> str:
    """The did:web of `host` ("example.org" or "localhost:8000") and path segments.

    Raises `Malformed` where `document_url` would.
    """
    did = ":".join([_PREFIX + host.replace(":", "%3A"), *path])
    document_url(did)
    return did


def _authority(host: str, did: str) -> str:
    match = _HOST.fullmatch(host)
    if not match or len(match["name"]) > 253:
        raise Malformed(
            f"{did!r}: {host!r} is not a host name in lower case, with %3A before a port"
        )
    if match["port"] is None:
        return match["name"]
    if int(match["port"]) > 65535:
        raise Malformed(f"{did!r}: there is no port {match['port']}")
    return f"{match['name']}:{match['port']}"


def _require_segment(segment: str, did: str) -> None:
    if not _SEGMENT.fullmatch(segment) or segment in {".", ".."}:
        raise Malformed(f"{did!r}: {segment!r} is not a path segment; use letters, digits, . _ -")
    for code in _ENCODED.findall(segment):
        byte = int(code, 16)
        if byte in _HIDDEN or (byte < 0x80 and chr(byte).isalnum()):
            raise Malformed(f"{did!r}: %{code} hides or respells a character; write it plainly")
