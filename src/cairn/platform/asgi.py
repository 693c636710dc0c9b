"""The few things that an ASGI application of ours needs: a bounded body, an answer in one piece.

Django is too slow for what machines ask thousands of times, so such addresses are answered in
front of it (`cairn.config.asgi`).
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]  # as the ASGI specification has it
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]
Header = tuple[bytes, bytes]


class TooLarge(Exception):
    """The body is over its bound."""


class TooSlow(Exception):
    """The body did not come in time."""


class Disconnected(Exception):
    """The client is gone; nobody waits for an answer."""


def header(scope: Message, name: bytes) -> str | None:
    """The value of the header with this lower-case name, None without it."""
    for key, value in scope["headers"]:
        if key.lower() == name:
            return bytes(value).decode("latin-1")
    return None


async def read_body(receive: Receive, *, max_bytes: int, seconds: float) -> bytes:
    """The whole body.  Raises `TooLarge`, `TooSlow` and `Disconnected`."""
    chunks: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(seconds):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise Disconnected
                chunk = message.get("body", b"")
                size += len(chunk)
                if size > max_bytes:
                    raise TooLarge
                chunks.append(chunk)
                if not message.get("more_body", False):
                    return chunks[0] if len(chunks) == 1 else b"".join(chunks)
    except TimeoutError as err:
        raise TooSlow from err


async def send_answer(send: Send, status: int, headers: Iterable[Header], body: bytes) -> None:
    """One answer in one piece, with its length."""
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [*headers, length]})
    await send({"type": "http.response.body", "body": body})
