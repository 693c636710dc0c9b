"""A VC-API service as an ASGI application: HTTP in, `service` called, HTTP out.

Source: W3C CCG "VC API v0.7", sections 3.2 and 3.3; errors as the W3C suites read them.  Every
answer is JSON.  Issuing needs a bearer token, of which only the digest is kept; verifying needs
none.  A request is bounded in size and time before anything in it is read.

    POST /credentials/issue                  with the default cryptosuite
    POST /<cryptosuite>/credentials/issue    with this one
    POST [/<cryptosuite>]/credentials/verify
    POST [/<cryptosuite>]/presentations/verify
"""

import asyncio
import hashlib
import hmac
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from cairn.core.codec import strict_json
from cairn.core.codec.strict_json import Json
from cairn.core.errors import Conflict, Malformed, NotAllowed, Unverifiable
from cairn.protocols.vcapi import service
from cairn.protocols.vcapi.service import Answer, Party

Message = MutableMapping[str, Any]  # as the ASGI specification has it
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

MAX_BODY = 2 * 2**20  # bytes
BODY_SECONDS = 10
WORKERS = 4  # requests worked on at once; the rest wait


def clock() -> datetime:
    """The present, read at the edge."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class VcApi:
    """One service: who issues, what is asked, and the digest of the token that may issue."""

    party: Party
    token_digest: bytes
    now: Callable[[], datetime] = clock
    _turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(WORKERS))

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request; lifespan events need nothing."""
        if scope["type"] != "http":
            return
        answer = await self._answer(scope, receive)
        body = strict_json.write(answer.body)
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(body)).encode()),
            (b"cache-control", b"no-store"),
            (b"x-content-type-options", b"nosniff"),
        ]
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _answer(self, scope: Message, receive: Receive) -> Answer:
        try:
            suite, operation = _route(str(scope["path"]))
            if scope["method"] != "POST":
                return service.problem(405, "use POST")
            if operation == "credentials/issue":
                self._authorise(_headers(scope))
            request = _read(await _body(receive))
            async with self._turns:
                return await asyncio.to_thread(self._perform, operation, suite, request)
        except NotAllowed as err:
            return service.problem(401, str(err))
        except (Malformed, Unverifiable) as err:  # the suites know 400 only
            return service.problem(400, str(err))
        except Conflict as err:
            return service.problem(409, str(err))
        except KeyError:
            return service.problem(404, "there is no such address here")

    def _perform(self, operation: str, suite: str, request: Mapping[str, Json]) -> Answer:
        now = self.now()
        if operation == "credentials/issue":
            return service.issue(self.party, suite, request, now)
        if operation == "credentials/verify":
            return service.verify_credential(self.party, request, now)
        return service.verify_presentation(self.party, request, now)

    def _authorise(self, headers: Mapping[bytes, bytes]) -> None:
        scheme, _, token = headers.get(b"authorization", b"").partition(b" ")
        given = hashlib.sha256(token).digest()
        if scheme.lower() != b"bearer" or not hmac.compare_digest(given, self.token_digest):
            raise NotAllowed("issuing needs the token of an API client, as a bearer token")


_OPERATIONS = ("credentials/issue", "credentials/verify", "presentations/verify")


def _route(path: str) -> tuple[str, str]:
    """Cryptosuite ("" for the default) and operation.  Raises KeyError for any other path."""
    suite, _, operation = path.strip("/").rpartition("/")
    parent, _, resource = suite.rpartition("/")
    wanted = f"{resource}/{operation}"
    if wanted not in _OPERATIONS or "/" in parent:
        raise KeyError(path)
    return parent, wanted


def _headers(scope: Message) -> dict[bytes, bytes]:
    return {bytes(name).lower(): bytes(value) for name, value in scope["headers"]}


def _read(body: bytes) -> Mapping[str, Json]:
    request = strict_json.read(body)
    if not isinstance(request, dict):
        raise Malformed("expected a JSON object")
    return request


async def _body(receive: Receive) -> bytes:
    """The whole body.  Raises `Malformed` if it is too long or too slow to come."""
    chunks, size, is_more = [], 0, True
    try:
        async with asyncio.timeout(BODY_SECONDS):
            while is_more:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise Malformed("the request ended early")
                chunks.append(message.get("body", b""))
                size += len(chunks[-1])
                if size > MAX_BODY:
                    raise Malformed(f"a request has at most {MAX_BODY} bytes")
                is_more = message.get("more_body", False)
    except TimeoutError as err:
        raise Malformed(f"the request took longer than {BODY_SECONDS} seconds") from err
    return b"".join(chunks)
