"""One GET request on one fresh connection, to addresses already chosen, before a deadline.

httpcore and not httpx: httpx bounds each read, so a server that drips one header byte a second
holds it for ever.  Here every socket call gets only the time that is left, and the connection goes
to the given address whatever the name says, while TLS still checks the certificate for the name.
Nothing follows redirects, keeps cookies, reads proxy settings or decompresses.
"""

import ssl
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Self

import httpcore
from httpcore import SOCKET_OPTION

from cairn.core.errors import Unobtainable
from cairn.net.urls import Target

# The page of a credential answers people in HTML and programs in JSON, at one address.
_ACCEPT = "application/vc, application/ld+json, application/json, */*;q=0.5"


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment on the monotonic clock by which everything must be done."""

    at: float
    seconds: float  # what was allowed in all, for messages

    @classmethod
    def after(cls, seconds: float) -> Self:
        """The moment `seconds` from now."""
        return cls(monotonic() + seconds, seconds)

    def left(self) -> float:
        """Seconds left, above zero.  Raises `Unobtainable` when there are none."""
        seconds = self.at - monotonic()
        if seconds <= 0:
            raise self.missed()
        return seconds

    def missed(self) -> Unobtainable:
        """The error to raise when time is up."""
        return Unobtainable(f"no full answer within {self.seconds:g} seconds")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; `body` is read for status 200 only."""

    status: int
    headers: dict[str, str]  # names in lower case, repeated ones joined by ", "
    body: bytes


def ask(
    target: Target,
    *,
    addresses: tuple[str, ...],
    tls: ssl.SSLContext,
    deadline: Deadline,
    max_bytes: int,
) -> Answer:
    """GET `target` from the first of `addresses` that accepts.

    Raises `Unobtainable` when the network, the certificate, the time, the size or the encoding of
    the answer is in the way.
    """
    url = httpcore.URL(
        scheme=target.scheme.encode(),
        host=target.host.encode(),
        port=target.port,
        target=target.path.encode(),
    )
    request_headers: Mapping[bytes | str, bytes | str] = {
        "Host": target.authority,
        "User-Agent": "cairn",
        "Accept": _ACCEPT,
        "Accept-Encoding": "identity",
        "Connection": "close",
    }
    backend = _PinnedBackend(addresses, deadline)
    try:
        with (
            httpcore.ConnectionPool(ssl_context=tls, network_backend=backend) as pool,
            pool.stream("GET", url, headers=request_headers) as response,
        ):
            headers = _headers(response)
            body = _body(response, headers, max_bytes) if response.status == 200 else b""
            return Answer(response.status, headers, body)
    except httpcore.TimeoutException as err:
        raise deadline.missed() from err
    except (httpcore.NetworkError, httpcore.ProtocolError) as err:
        raise Unobtainable(f"{target.origin} {_problem(err)}") from err


def _headers(response: httpcore.Response) -> dict[str, str]:
    headers: dict[str, str] = {}
    for raw_name, raw_value in response.headers:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


def _body(response: httpcore.Response, headers: dict[str, str], max_bytes: int) -> bytes:
    encoding = headers.get("content-encoding", "identity").strip().lower()
    if encoding != "identity":  # a kilobyte of it may inflate to a gigabyte
        raise Unobtainable(f"the answer is compressed ({encoding!r:.40}) though we asked for plain")
    too_large = Unobtainable(f"the document is larger than {max_bytes} bytes")
    announced = headers.get("content-length", "")
    if announced.isdecimal() and int(announced[:20]) > max_bytes:
        raise too_large
    body = bytearray()
    for chunk in response.iter_stream():
        body += chunk
        if len(body) > max_bytes:
            raise too_large
    return bytes(body)


def _problem(err: Exception) -> str:
    cause = err.__context__  # not __cause__: the pool raises "from None" on the way
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"has a certificate that is not valid for it: {cause.verify_message}"
    if isinstance(cause, ssl.SSLError):
        return "does not speak TLS as it should"
    if isinstance(err, httpcore.ConnectError):
        return "does not accept connections"
    if isinstance(err, httpcore.ProtocolError):
        return "does not speak HTTP as it should, or broke off"
    return "broke the connection off"


class _PinnedBackend(httpcore.NetworkBackend):
    """Connects to the given addresses only; the name in the request is never resolved again."""

    def __init__(self, addresses: tuple[str, ...], deadline: Deadline) -> None:
        self._addresses = addresses
        self._deadline = deadline
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        *earlier, last = self._addresses
        for position, address in enumerate(earlier):
            # An equal share of what is left: a dead IPv6 route must not eat the time of IPv4.
            share = self._deadline.left() / (len(self._addresses) - position)
            try:
                return self._connect(address, port, share)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return self._connect(last, port, self._deadline.left())

    def _connect(self, address: str, port: int, seconds: float) -> httpcore.NetworkStream:
        stream = self._sockets.connect_tcp(address, port, timeout=seconds)
        return _DeadlineStream(stream, self._deadline)


class _DeadlineStream(httpcore.NetworkStream):
    """A connection whose every call gets only the time left until the deadline."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._deadline.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._deadline.left())

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        inner = self._inner.start_tls(ssl_context, server_hostname, self._deadline.left())
        return _DeadlineStream(inner, self._deadline)

    def get_extra_info(self, info: str) -> object:
        return self._inner.get_extra_info(info)
