"""The URLs we are willing to read: one strict form, so that no two parsers can disagree on it.

Sources: RFC 3986, UTS #46 for names in other scripts, WHATWG URL "host parsing" for what counts
as an address in disguise.  Whether a URL may be fetched is decided in `cairn.net.fetch`.
"""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from typing import Literal, Self

import idna

from cairn.core.errors import Malformed

MAX_URL_CHARACTERS = 2048
_DEFAULT_PORTS = {"https": 443, "http": 80}
_URL = re.compile(r"(https?)://([^/?#]*)([^#]*)(?:#.*)?", re.IGNORECASE)
_AUTHORITY = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([^\[\]:%]+))(?::([0-9]{1,5}))?")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")  # a last label like this makes the host an address
_UNSAFE = re.compile(r"[\x00-\x20\x7f\\]")  # dropped or rewritten by one parser or another


@dataclass(frozen=True, slots=True)
class Target:
    """An http or https URL taken apart; `host` is lower-case ASCII without brackets or end dot."""

    scheme: Literal["http", "https"]
    host: str
    port: int
    path: str  # with the query, never empty

    @classmethod
    def parse(cls, url: str) -> Self:
        """Read `url`; a fragment is left out.  Raises `Malformed`, naming what is wrong with it."""
        if len(url) > MAX_URL_CHARACTERS:
            raise Malformed(f"a URL of {len(url)} characters; at most {MAX_URL_CHARACTERS}")
        if _UNSAFE.search(url):
            raise Malformed(f"{url!r:.120} has a space, backslash or control character")
        parts = _URL.fullmatch(url)
        if parts is None:
            raise Malformed(f"{url!r:.120} is not an http or https URL")
        scheme, authority, path = parts.groups()
        if "@" in authority:
            raise Malformed(f"{url!r:.120} has a user name before its host; leave it out")
        if not path.isascii():
            raise Malformed(f"{url!r:.120} has letters in its path that must be percent-encoded")
        host, port = _host_and_port(authority)
        safe: Literal["http", "https"] = "https" if scheme.lower() == "https" else "http"
        rooted = path if path.startswith("/") else f"/{path}"
        return cls(safe, host, _DEFAULT_PORTS[safe] if port is None else port, rooted)

    @property
    def origin(self) -> str:
        """`scheme://host:port`, the port always written: the form of an allow list."""
        return f"{self.scheme}://{self._bracketed}:{self.port}"

    @property
    def authority(self) -> str:
        """The value of the Host header."""
        is_default = self.port == _DEFAULT_PORTS[self.scheme]
        return self._bracketed if is_default else f"{self._bracketed}:{self.port}"

    @property
    def url(self) -> str:
        """The URL in its one normal form."""
        return f"{self.scheme}://{self.authority}{self.path}"

    @property
    def is_address(self) -> bool:
        """Whether the host is an IP address, so that there is no name to resolve."""
        return ":" in self.host or _NUMBER.fullmatch(self.host.rpartition(".")[2]) is not None

    @property
    def _bracketed(self) -> str:
        return f"[{self.host}]" if ":" in self.host else self.host


def allow_origins_from(text: str) -> frozenset[str]:
    """Read `CAIRN_FETCH_ALLOW`: exact origins, apart by commas or spaces, e.g. `http://[::1]:8000`.

    Raises `Malformed` on anything but scheme, host and optional port: a path or a wildcard would
    promise a rule that is not kept.
    """
    return frozenset(_origin(part) for part in re.split(r"[,\s]+", text) if part)


def _origin(text: str) -> str:
    _, found, authority = text.partition("://")
    if not found or re.search(r"[/?#]", authority):
        raise Malformed(
            f"{text!r:.120} is not an origin; write scheme, host and port and no path, "
            "for example http://127.0.0.1:8000"
        )
    if "*" in authority:
        raise Malformed(f"{text!r:.120} has a wildcard; list each origin in full")
    return Target.parse(text).origin


def _host_and_port(authority: str) -> tuple[str, int | None]:
    parts = _AUTHORITY.fullmatch(authority)
    if parts is None:
        raise Malformed(f"{authority!r:.120} is not a host with an optional port")
    address, name, digits = parts.groups()
    port = None if digits is None else int(digits)
    if port is not None and not 0 < port < 65536:
        raise Malformed(f"port {port} does not exist")
    return (_ipv6(address) if address else _name(name)), port


def _ipv6(text: str) -> str:
    try:
        return str(IPv6Address(text))
    except ValueError as err:
        raise Malformed(f"[{text:.60}] is not an IPv6 address") from err


def _name(text: str) -> str:
    """A host name or IPv4 address in its one normal form."""
    host = _ascii(text).lower().removesuffix(".")
    labels = host.split(".")
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise Malformed(f"{text!r:.120} is not a host name")
    if _NUMBER.fullmatch(labels[-1]):
        return _ipv4(host)
    return host


def _ascii(text: str) -> str:
    if text.isascii():
        return text
    try:  # also turns full-width and circled digits into plain ones, before they are looked at
        return idna.encode(text, uts46=True).decode("ascii")
    except UnicodeError as err:
        raise Malformed(f"{text!r:.120} is not a host name: {err}") from err


def _ipv4(host: str) -> str:
    # 2130706433, 0x7f.1 and 0177.0.0.1 are 127.0.0.1 to the system's resolver: only the plain form.
    try:
        return str(IPv4Address(host))
    except ValueError as err:
        raise Malformed(
            f"{host!r:.60} is an address in disguise; write four decimal numbers"
        ) from err
