"""The one way to read a document that a stranger's credential points to.

The URL is the attacker's choice, so a fetch must not reach what only we can reach (SSRF), must not
hold us, and must not fill memory.  Each hop: the URL is read in one strict form, its host resolved
once, every address found must be public, and the connection goes to those addresses and no others.
Exact origins the operator lists (`CAIRN_FETCH_ALLOW`, `--allow-origin`) are exempt from the first
three of these; nothing is exempt from the bounds on size, time and redirects.
"""

import re
import socket
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from queue import Empty, SimpleQueue
from threading import Thread
from urllib.parse import urljoin

import certifi

from cairn.core.errors import Gone, Malformed, NotAllowed, Unobtainable
from cairn.net.addresses import is_public
from cairn.net.urls import Target, allow_origins_from
from cairn.net.wire import Answer, Deadline, ask

__all__ = ["Fetched", "Fetcher", "allow_origins_from", "resolve_host"]

MAX_ADDRESSES = 4  # tried in turn; a name may well have hundreds
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_LOCAL_NAMES = re.compile(r"[^.:]+|.*\.(?:localhost|local|internal|intranet|lan|home\.arpa)")
_MAX_AGE = re.compile(r'(?:^|[,\s])max-age\s*=\s*"?([0-9]{1,9})')
_MEND = "to permit it, list its exact origin in CAIRN_FETCH_ALLOW or pass --allow-origin"


@dataclass(frozen=True, slots=True)
class Fetched:
    """A document as it came: `url` is where it was found at last, after redirects."""

    url: str
    body: bytes
    content_type: str  # lower case, without parameters, "" if the server named none
    max_age_seconds: int | None  # 0 for no-store and no-cache, None if the server said nothing


def resolve_host(host: str, port: int) -> Sequence[str]:
    """The addresses the system's resolver gives for `host`.  Raises `OSError` if there are none."""
    found = socket.getaddrinfo(host.encode("ascii"), port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(socket_address[0]) for *_, socket_address in found))


@cache
def _public_roots() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=certifi.where())


@dataclass(frozen=True, slots=True)
class Fetcher:
    """What may be fetched and how much of it.  Holds no connection and no state.

    `tls` checks certificates; None means the public certificate authorities.
    `resolve` gives the addresses of a host and port; it is called once for each hop to a name.
    """

    allow_origins: frozenset[str] = frozenset()  # "scheme://host:port"
    max_bytes: int = 256 * 1024
    timeout_seconds: float = 3.0  # for all hops together, names included
    max_redirects: int = 2
    resolve: Callable[[str, int], Sequence[str]] = resolve_host
    tls: ssl.SSLContext | None = None

    def __post_init__(self) -> None:
        # "https://a.example" and "https://A.example:443" are one origin: compare in one form.
        normal = allow_origins_from(" ".join(self.allow_origins))
        object.__setattr__(self, "allow_origins", normal)
        if self.tls and not (self.tls.check_hostname and self.tls.verify_mode == ssl.CERT_REQUIRED):
            raise NotAllowed("the TLS settings must check certificates and host names")

    def get(self, url: str) -> Fetched:
        """The document at `url`.

        Raises `NotAllowed` when the rules refuse the URL or a redirect on the way: nothing was
        sent there, and the message says how an operator can permit it.  Raises `Unobtainable`
        when it was asked for and did not come; asking later may help.
        """
        deadline = Deadline.after(self.timeout_seconds)
        target = _read(url)
        for _ in range(self.max_redirects + 1):
            answer = self._visit(target, deadline)
            if answer.status not in _REDIRECTS:
                return _fetched(target, answer)
            target = _redirected(target, answer)
        raise Unobtainable(f"{url!r:.120} redirects more than {self.max_redirects} times")

    def _visit(self, target: Target, deadline: Deadline) -> Answer:
        addresses = self._addresses(target, deadline)
        return ask(
            target,
            addresses=addresses[:MAX_ADDRESSES],
            tls=self.tls or _public_roots(),
            deadline=deadline,
            max_bytes=self.max_bytes,
        )

    def _addresses(self, target: Target, deadline: Deadline) -> tuple[str, ...]:
        """Where `target` may be reached.  Raises `NotAllowed` unless that is public or listed."""
        is_listed = target.origin in self.allow_origins
        if not is_listed:
            _refuse_at_sight(target)
        if target.is_address:
            addresses: tuple[str, ...] = (target.host,)
        else:
            addresses = self._resolved(target, deadline)
        # One private address among public ones is enough to refuse: we may be steered to it.
        if not is_listed and not all(map(is_public, addresses)):
            # The addresses stay unnamed: a stranger could map the inside of our network by them.
            raise NotAllowed(f"{target.host} is not on the public internet; {_MEND}")
        return addresses

    def _resolved(self, target: Target, deadline: Deadline) -> tuple[str, ...]:
        # The system's resolver knows no deadline, so it runs aside and may be left behind; a
        # daemon thread, for it must not hold up the end of the program either.
        answers: SimpleQueue[Sequence[str] | OSError] = SimpleQueue()

        def look_up() -> None:
            try:
                answers.put(self.resolve(target.host, target.port))
            except OSError as err:
                answers.put(err)

        Thread(target=look_up, name="cairn-resolve", daemon=True).start()
        try:
            found = answers.get(timeout=deadline.left())
        except Empty as err:
            raise deadline.missed() from err
        if isinstance(found, OSError) or not found:
            raise Unobtainable(f"no address is known for {target.host}")
        return tuple(found)


def _read(url: str) -> Target:
    try:
        return Target.parse(url)
    except Malformed as err:
        raise NotAllowed(str(err)) from err


def _refuse_at_sight(target: Target) -> None:
    if target.scheme != "https" or target.port != 443:
        raise NotAllowed(f"{target.origin} is not https on port 443; {_MEND}")
    if not target.is_address and _LOCAL_NAMES.fullmatch(target.host):
        raise NotAllowed(f"{target.host} is a name of a local network; {_MEND}")


def _redirected(target: Target, answer: Answer) -> Target:
    location = answer.headers.get("location", "")
    if not location:
        raise Unobtainable(f"{target.origin} redirects without saying where to")
    if re.search(r"[\x00-\x20\x7f\\]", location):  # urljoin drops some of these: look before
        raise NotAllowed(f"{target.origin} redirects to {location!r:.120}, which is no URL")
    try:
        joined = urljoin(target.url, location)
    except ValueError as err:
        raise NotAllowed(
            f"{target.origin} redirects to {location!r:.120}, which is no URL"
        ) from err
    onward = _read(joined)
    if target.scheme == "https" and onward.scheme == "http":
        raise NotAllowed(f"{target.origin} redirects from https to http, which anyone could alter")
    return onward


def _fetched(target: Target, answer: Answer) -> Fetched:
    if answer.status == 410:
        raise Gone(f"{target.origin} answered that this document is gone")
    if answer.status != 200:
        raise Unobtainable(f"{target.origin} answered with status {answer.status}, not 200")
    content_type = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    max_age = _max_age(answer.headers.get("cache-control", "").lower())
    return Fetched(target.url, answer.body, content_type, max_age)


def _max_age(cache_control: str) -> int | None:
    if "no-store" in cache_control or "no-cache" in cache_control:
        return 0
    found = _MAX_AGE.search(cache_control)
    return int(found[1]) if found else None
