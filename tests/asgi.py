"""Ask an ASGI application in this process, as a server would."""

import asyncio
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cairn.platform.asgi import Application, Message


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def ask(
    app: Application,
    method: str,
    path: str,
    body: bytes | Iterable[bytes] = b"",
    *,
    headers: Mapping[str, str] | None = None,
    client: str = "192.0.2.1",
) -> Answer:
    """One request; a body in pieces comes chunked, without its length."""
    return asyncio.run(ask_async(app, method, path, body, headers=headers, client=client))


async def ask_async(
    app: Application,
    method: str,
    path: str,
    body: bytes | Iterable[bytes] = b"",
    *,
    headers: Mapping[str, str] | None = None,
    client: str = "192.0.2.1",
) -> Answer:
    plain, _, query = path.partition("?")
    given = {"host": "cairn.test", **(headers or {})}
    if isinstance(body, bytes):
        given.setdefault("content-length", str(len(body)))
        pieces = [body]
    else:
        given.setdefault("transfer-encoding", "chunked")
        pieces = list(body)
    scope: Message = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "scheme": "https",
        "path": plain,
        "raw_path": plain.encode(),
        "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in given.items()],
        "client": (client, 50000),
        "server": ("cairn.test", 443),
    }
    sent: list[Message] = []

    async def receive() -> Message:
        if pieces:
            piece = pieces.pop(0)
            return {"type": "http.request", "body": piece, "more_body": bool(pieces)}
        await asyncio.sleep(3600)  # a client that has sent all of it waits
        raise AssertionError("waited for an hour")

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    start = sent[0]
    names = {name.decode().lower(): value.decode() for name, value in start["headers"]}
    return Answer(start["status"], names, b"".join(part.get("body", b"") for part in sent[1:]))
