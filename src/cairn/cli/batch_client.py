"""The API of bulk awards as a program speaks it: one request, one answer, refusals as our errors.

The one connection that the command line opens by itself, to the server that its user names.
"""

import hashlib
import ssl
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import NoReturn
from urllib.parse import urlencode

import certifi
import httpcore

from cairn.core.codec import strict_json
from cairn.core.codec.strict_json import Json
from cairn.core.errors import CairnError, Conflict, Malformed, NotAllowed, Unobtainable

Object = dict[str, Json]
# Method, address, headers, body; status and body.
Send = Callable[[str, str, Mapping[str, str], bytes], tuple[int, bytes]]
SECONDS = 120.0  # for one request: a table is uploaded
_KINDS: dict[int, type[CairnError]] = {400: Malformed, 401: NotAllowed, 403: NotAllowed}


def over_http(method: str, url: str, headers: Mapping[str, str], body: bytes) -> tuple[int, bytes]:
    """Send one request.  Raises `Unobtainable` if no answer comes."""
    timeout = dict.fromkeys(("connect", "read", "write", "pool"), SECONDS)
    try:
        tls = ssl.create_default_context(cafile=certifi.where())
        with httpcore.ConnectionPool(ssl_context=tls) as pool:
            answer = pool.request(
                method,
                url,
                headers=list(headers.items()),
                content=body,
                extensions={"timeout": timeout},
            )
            return answer.status, answer.content
    except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError) as err:
        raise Unobtainable(f"{url.partition('?')[0]} does not answer ({err})") from err
    except httpcore.UnsupportedProtocol as err:
        raise Malformed(f"{url.partition('?')[0]!r} is not the address of a server") from err


@dataclass(frozen=True, slots=True)
class BatchClient:
    """Speaks for one organisation, with its token."""

    server: str
    organisation: str
    token: str
    send: Send = over_http

    def upload(
        self, data: bytes, *, asked: Mapping[str, str], media_type: str, key: str = ""
    ) -> Object:
        """Upload a table; the same one for the same again, within a day, is the same batch."""
        query = {name: value for name, value in asked.items() if value}
        drawn = hashlib.sha256(urlencode(query).encode() + b"\n" + data).hexdigest()
        headers = {"Content-Type": media_type, "Idempotency-Key": key or drawn}
        return self._ask("POST", "", query, headers, data)

    def batch(self, batch: str) -> Object:
        """How far a batch is."""
        return self._ask("GET", f"/{batch}")

    def submit(self, batch: str) -> Object:
        """Ask a person to approve it."""
        return self._ask("POST", f"/{batch}/submit")

    def problems(self, batch: str) -> Iterator[Object]:
        """What is wrong with its rows."""
        return self._pages(f"/{batch}/problems", "problems")

    def rows(self, batch: str) -> Iterator[Object]:
        """What became of each row."""
        return self._pages(f"/{batch}/report", "rows")

    def _pages(self, path: str, name: str) -> Iterator[Object]:
        cursor: Json = "0"
        while cursor is not None:
            page = self._ask("GET", path, {"limit": "1000", "cursor": str(cursor)})
            found = page[name]
            yield from (
                (row for row in found if isinstance(row, dict)) if isinstance(found, list) else ()
            )
            cursor = page["next"]

    def _ask(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
    ) -> Object:
        url = f"{self.server.rstrip('/')}/api/v1/organisations/{self.organisation}/batches{path}"
        if query:
            url = f"{url}?{urlencode(query)}"
        said = {"Authorization": f"Bearer {self.token}", "Accept": "application/json"}
        status, answer = self.send(method, url, {**said, **(headers or {})}, body)
        if status >= 300:
            _refuse(status, answer)
        return _object(answer)


def _refuse(status: int, answer: bytes) -> NoReturn:
    try:
        detail = str(_object(answer).get("detail", ""))
    except Malformed:
        detail = ""
    said = detail or f"the server answered {status}"
    if status == 404:
        raise Malformed("there is no such batch or organisation for this token; look at the ids")
    if status == 409:
        raise Conflict(said)
    if status == 429 or status >= 500:
        raise Unobtainable(f"{said}; try again later" if not detail else said)
    raise _KINDS.get(status, Malformed)(said)


def _object(answer: bytes) -> Object:
    found = strict_json.read(answer)
    if not isinstance(found, dict):
        raise Malformed("the server answered something that is no object")
    return found
