"""The spelling of DIDs and of the URLs of their keys.

Source: W3C DID Core 1.0, section 3.1.  DID URLs with a path or a query are not read: no method
here gives them a meaning, and they would be second spellings of one key.
"""

import re

from cairn.core.errors import Malformed

MAX_LENGTH = 2048  # characters; a did:jwk of a P-384 key has about 250
_DID = re.compile(r"did:[a-z0-9]+:(?:[A-Za-z0-9._:-]|%[0-9A-Fa-f]{2})+(?<!:)")
# The rest of a DID URL: the characters of an RFC 3986 fragment.
_FRAGMENT = re.compile(r"(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})+")


def require_did(did: str) -> str:
    """`did` itself.  Raises `Malformed` unless it is a DID without path, query or fragment."""
    if len(did) > MAX_LENGTH:
        raise Malformed(f"a DID of {len(did)} characters; at most {MAX_LENGTH} are read")
    if not _DID.fullmatch(did):
        raise Malformed(f"{did!r} is not a DID, such as did:web:example.org")
    return did


def base_did(did_url: str) -> str:
    """The DID in front of the `#` of `did_url`, or all of it.  Raises `Malformed`."""
    if len(did_url) > MAX_LENGTH:
        raise Malformed(f"a DID URL of {len(did_url)} characters; at most {MAX_LENGTH} are read")
    did, mark, fragment = did_url.partition("#")
    if mark and not _FRAGMENT.fullmatch(fragment):
        raise Malformed(f"{did_url!r} has no proper fragment after '#'")
    return require_did(did)
