"""A WSGI application behind ASGI: bodies read on the event loop, requests worked on in threads.

Source: PEP 3333; ASGI HTTP specification 2.3.  Django's own ASGI handler costs several times its
WSGI handler.  A request and an answer are whole before and after a thread has them, so that
neither a slow sender nor a slow reader holds one; nothing here streams.
"""

import asyncio
import sys
from collections.abc import Callable, Iterable
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from urllib.parse import unquote_to_bytes

from django.db import connections

from cairn.platform.asgi import Header, Message, Receive, Send, send_answer
from cairn.platform.threads import Threads

MAX_BODY = 32 * 2**20  # bytes; pages have lower bounds of their own, and words for them
BODY_SECONDS = 60.0
WORKERS = 8
_SPOOL_BYTES = 2**20  # of a body that stay in memory
_WITHOUT_LENGTH = frozenset({204, 304})

Environ = dict[str, Any]
StartResponse = Callable[..., Callable[[bytes], object]]
WsgiApplication = Callable[[Environ, StartResponse], Iterable[bytes]]


class WsgiBridge:
    """An ASGI application that hands requests to `application` in `workers` threads."""

    def __init__(
        self,
        application: WsgiApplication,
        *,
        workers: int = WORKERS,
        max_body: int = MAX_BODY,
        body_seconds: float = BODY_SECONDS,
    ) -> None:
        self._application = application
        self._max_body = max_body
        self._body_seconds = body_seconds
        self._threads = Threads(workers, "cairn-web", connections.close_all)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        with SpooledTemporaryFile(max_size=_SPOOL_BYTES) as body:
            try:
                size = await self._read(receive, body)
            except TimeoutError:
                await _refuse(send, 408, "The request took too long to arrive.")
                return
            if size is None:
                return
            if size > self._max_body:
                most = self._max_body // 2**20
                await _refuse(send, 413, f"That is too large: at most {most} MB can be sent.")
                return
            environ = environ_of(scope, body, size)
            status, headers, content = await self._threads.run(
                lambda: _run(self._application, environ)
            )
        if scope["method"] == "HEAD" or status in _WITHOUT_LENGTH:
            await send({"type": "http.response.start", "status": status, "headers": headers})
            await send({"type": "http.response.body", "body": b""})
        else:
            plain = [(name, value) for name, value in headers if name != b"content-length"]
            await send_answer(send, status, plain, content)

    def close(self) -> None:
        """Finish what is under way, and take no more."""
        self._threads.close()

    async def _read(self, receive: Receive, body: IO[bytes]) -> int | None:
        """The size of the body, None if the client is gone.

        Of a body that is too large the rest is read and thrown away: a browser shows no answer to
        what it couldn't finish sending.
        """
        size = 0
        async with asyncio.timeout(self._body_seconds):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    return None
                chunk = message.get("body", b"")
                size += len(chunk)
                if size <= self._max_body:
                    body.write(chunk)
                if not message.get("more_body", False):
                    body.seek(0)
                    return size


def environ_of(scope: Message, body: IO[bytes], size: int) -> Environ:
    """The WSGI environment of a request whose body is `size` bytes long.

    Header names with an underscore are left out: WSGI couldn't tell them from those with a hyphen.
    """
    host, port = scope.get("server") or ("localhost", 80)
    client = scope.get("client") or ("", 0)
    path = scope.get("raw_path")
    plain = unquote_to_bytes(path.partition(b"?")[0]) if path else scope["path"].encode()
    environ: Environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": plain.decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": client[0],
        "CONTENT_LENGTH": str(size),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        key = name.decode("latin-1").upper()
        if key in ("CONTENT-LENGTH", "TRANSFER-ENCODING") or "_" in key:
            continue
        key = "CONTENT_TYPE" if key == "CONTENT-TYPE" else "HTTP_" + key.replace("-", "_")
        joint = "; " if key == "HTTP_COOKIE" else ","
        text = value.decode("latin-1")
        environ[key] = f"{environ[key]}{joint}{text}" if key in environ else text
    return environ


def _run(application: WsgiApplication, environ: Environ) -> tuple[int, list[Header], bytes]:
    """One request in one thread, from environment to whole answer."""
    started: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(
        status: str, headers: list[tuple[str, str]], exc_info: object = None
    ) -> Callable[[bytes], object]:
        started[:] = [(status, headers)]
        return lambda data: chunks.append(data)

    chunks: list[bytes] = []
    answer = application(environ, start_response)
    try:
        chunks.extend(answer)
    finally:
        close = getattr(answer, "close", None)
        if close is not None:
            close()
    status, headers = started[0]
    return (
        int(status[:3]),
        [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers],
        b"".join(chunks),
    )


async def _refuse(send: Send, status: int, sentence: str) -> None:
    """A sentence of our own where Django never saw the request."""
    page = f'<!doctype html><html lang="en"><title>{status}</title><p>{sentence}</p></html>\n'
    headers = [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-security-policy", b"default-src 'none'"),
        (b"connection", b"close"),
    ]
    await send_answer(send, status, headers, page.encode())
