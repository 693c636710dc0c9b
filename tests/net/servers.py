"""Servers on the loopback for tests of the fetcher: they send what they are told to, bytewise."""

import socket
import ssl
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Thread

Answerer = Callable[[str], Iterable[bytes]]  # from the path asked for, in pieces


@dataclass
class Server:
    """A running server and what it has seen."""

    port: int
    scheme: str
    heads: list[str] = field(default_factory=list)  # each request's head as sent
    connects: int = 0

    @property
    def origin(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"


@contextmanager
def serve(answer: Answerer, *, tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    """Answer each connection's one request with the pieces of `answer(path)`, then close."""

    class Handler(BaseRequestHandler):
        def handle(self) -> None:
            seen.connects += 1
            try:
                self._talk()
            except OSError:  # the client went away or refused our certificate: its right
                return

        def _talk(self) -> None:
            connection = self.request
            assert isinstance(connection, socket.socket)
            if tls is not None:
                connection = tls.wrap_socket(connection, server_side=True)
            with connection:
                head = b""
                while b"\r\n\r\n" not in head:
                    piece = connection.recv(4096)
                    if not piece:
                        return
                    head += piece
                seen.heads.append(head.decode())
                for piece in answer(head.decode().split(" ")[1]):
                    connection.sendall(piece)

    class QuietServer(ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False

    with QuietServer(("127.0.0.1", 0), Handler) as server:
        seen = Server(server.server_address[1], "https" if tls else "http")
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield seen
        finally:
            server.shutdown()
            thread.join()


def response(body: bytes = b"", *headers: str, status: int = 200) -> bytes:
    """A whole HTTP/1.1 response; a Content-Length is put in unless `headers` frame the body."""
    lines = [f"HTTP/1.1 {status} Whatever", *headers]
    if not any(line.lower().startswith(("content-length", "transfer-encoding")) for line in lines):
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


def redirect(location: str, status: int = 302) -> bytes:
    """A redirect to `location`."""
    return response(b"", f"Location: {location}", status=status)
