"""Which addresses an issuer of Open Badges 2.0 says its hosted badges stand at.

Source: Open Badges 2.0, section VerificationObject: `startsWith` and `allowedOrigins`; without
either, the origin of the profile itself.  A prefix is compared with the origin first, as a whole:
as mere text, https://uni.example would also begin https://uni.example.evil.test/.
"""

import re
from urllib.parse import urlsplit

from cairn.core.codec.iri import is_absolute_iri
from cairn.core.openbadges.v2.badge import Profile

_DEFAULT_PORTS = {"https": 443, "http": 80}
_HOST = re.compile(r"[a-z0-9.-]+(?::[0-9]{1,5})?", re.IGNORECASE)


def is_in_scope(address: str, profile: Profile) -> bool:
    """Whether the issuer says that its badges stand at `address`."""
    here = origin(address)
    if here is None:
        return False
    if profile.starts_with and not any(
        origin(prefix) == here and address.startswith(prefix) for prefix in profile.starts_with
    ):
        return False
    if profile.allowed_origins:
        return any(_is_origin(allowed, here) for allowed in profile.allowed_origins)
    return bool(profile.starts_with) or origin(profile.id) == here


def origin(address: str) -> tuple[str, str, int] | None:
    """Scheme, host and port of a plain web address; None for any other, and with a user name."""
    if not is_absolute_iri(address):
        return None
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname or "@" in parts.netloc:
        return None
    return parts.scheme, parts.hostname, port or _DEFAULT_PORTS[parts.scheme]


def _is_origin(allowed: str, here: tuple[str, str, int]) -> bool:
    """`allowed` as the specification writes it, a host, or with a scheme in front."""
    if "://" in allowed:
        return origin(allowed) == here and urlsplit(allowed).path in ("", "/")
    return bool(_HOST.fullmatch(allowed)) and origin(f"{here[0]}://{allowed}") == here
