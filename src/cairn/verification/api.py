"""`POST /api/v1/verify`: the file itself is the body, the answer is a report.

An ASGI application of its own in front of Django, because a check costs less than Django's share
would.  Nothing is kept, nobody signs in, no cookie is read.  The event loop reads the body, so
that a slow client holds no thread; checks run in a bounded pool.

    200  a report for every outcome that stands for a credential, whatever it is
    400  unreadable, over a bound, no credential, a wrong parameter   408  too slow
    405  another method   411  no length   413  over `MAX_BYTES`   415  no media type of a file
    429  too many requests   503  too many at once for this server
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import ceil

from django.db import Error as DatabaseError
from django.db import connections

from cairn.core.codec import strict_json
from cairn.core.codec.strict_json import Json
from cairn.core.errors import Malformed
from cairn.core.rdf.cache import MissBudget, TooManyShapes
from cairn.core.verify.ports import Claimed
from cairn.core.verify.report import Outcome
from cairn.core.wording import render
from cairn.platform.asgi import (
    Disconnected,
    Header,
    Message,
    Receive,
    Send,
    TooLarge,
    TooSlow,
    header,
    read_body,
    send_answer,
)
from cairn.platform.threads import Threads
from cairn.verification import services
from cairn.verification.answers import is_about_nothing, plain_answers
from cairn.verification.limits import Limits
from cairn.verification.requests import Asked, Refused, media_type_problem, read_query
from cairn.verification.services import MAX_BYTES, Checked

PATH = "/api/v1/verify"
BODY_SECONDS = 15.0
WORKERS = 4
MAX_IN_FLIGHT = 64  # bodies being read and checks waiting, each of up to `MAX_BYTES`
_log = logging.getLogger(__name__)
_COMMON: tuple[Header, ...] = (
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'"),
)
_JSON, _PROBLEM = b"application/json", b"application/problem+json"

Check = Callable[[bytes, datetime, Claimed | None, MissBudget], Checked]


def clock() -> datetime:
    """The present, read at the edge."""
    return datetime.now(UTC)


def check_here(data: bytes, now: datetime, claimed: Claimed | None, misses: MissBudget) -> Checked:
    """The check of this installation, in a thread that keeps its connection to the database."""
    try:
        return services.check_within(data, now=now, claimed=claimed, misses=misses)
    except DatabaseError:
        # Perhaps the server went away while this thread waited: a new connection, and once more.
        connections.close_all()
        return services.check_within(data, now=now, claimed=claimed, misses=misses)


@dataclass(slots=True)
class VerifyApi:
    """The application; what it counts and the pool it works in are its own."""

    base_url: str
    check: Check = check_here
    now: Callable[[], datetime] = clock
    limits: Limits = field(default_factory=Limits)
    body_seconds: float = BODY_SECONDS
    max_in_flight: int = MAX_IN_FLIGHT
    _threads: Threads = field(
        default_factory=lambda: Threads(WORKERS, "cairn-verify", connections.close_all)
    )
    _in_flight: int = 0  # owned by the event loop

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            body = await self._guarded(scope, receive)
            headers = [(b"content-type", _JSON), *_COMMON]
            await send_answer(send, 200, headers, body)
        except Refused as refusal:
            headers = [(b"content-type", _PROBLEM), *_COMMON, *refusal.headers]
            problem = strict_json.write(refusal.problem(self.base_url))
            await send_answer(send, refusal.status, headers, problem)
        except Disconnected:
            return

    def close(self) -> None:
        """Finish the checks that are under way, and take no more."""
        self._threads.close()

    async def _guarded(self, scope: Message, receive: Receive) -> bytes:
        """The report, if the client may ask and the server has room."""
        if scope["method"] != "POST":
            allowed = ((b"allow", b"POST"),)
            raise Refused(405, "method_not_allowed", "send the file with POST", allowed)
        client, wait = self.limits.enter(_address(scope), time.monotonic())
        if wait:
            raise _later(429, "too_many_requests", "you asked too often; come back later", wait)
        try:
            if self._in_flight >= self.max_in_flight:
                raise _later(503, "busy", "too many checks are under way; come back later", 2)
            self._in_flight += 1
            try:
                return await self._answer(scope, receive, client.misses)
            finally:
                self._in_flight -= 1
        finally:
            self.limits.leave(client)

    async def _answer(self, scope: Message, receive: Receive, misses: MissBudget) -> bytes:
        asked = read_query(scope["query_string"], header(scope, b"accept-language") or "")
        body = await self._body(scope, receive)
        return await self._threads.run(lambda: self._report(body, asked, misses))

    async def _body(self, scope: Message, receive: Receive) -> bytes:
        """The file.  What is too large is refused before it is read, where it says so."""
        length = header(scope, b"content-length")
        is_chunked = header(scope, b"transfer-encoding") is not None
        if length is None and not is_chunked and scope["http_version"].startswith("1"):
            raise Refused(411, "length_required", "say how long the file is: Content-Length")
        if length is not None and (not length.isdecimal() or len(length) > 12):
            raise Refused(400, "bad_length", "Content-Length is not a number of bytes")
        if length is not None and int(length) > MAX_BYTES:
            raise _too_large()
        problem = media_type_problem(
            header(scope, b"content-type"), header(scope, b"content-encoding")
        )
        if problem:
            raise Refused(415, "unsupported_media_type", problem)
        try:
            body = await read_body(receive, max_bytes=MAX_BYTES, seconds=self.body_seconds)
        except TooLarge as err:
            raise _too_large() from err
        except TooSlow as err:
            problem = f"the file did not come within {self.body_seconds:g} seconds; send it again"
            raise Refused(408, "too_slow", problem, ((b"connection", b"close"),)) from err
        if not body:
            raise Refused(400, "empty", "the body is empty; send the file itself as the body")
        return body

    def _report(self, body: bytes, asked: Asked, misses: MissBudget) -> bytes:
        """Check and write: all that costs processor time, in a thread of the pool."""
        try:
            checked = self.check(body, self.now(), asked.claimed, misses)
        except TooManyShapes as err:
            raise _later(429, "too_many_requests", str(err), 60) from err
        except Malformed as err:
            raise Refused(400, "unreadable", str(err)) from err
        except DatabaseError as err:
            _log.exception("no check could be made: the database does not answer")
            raise _later(503, "busy", "the database does not answer; come back later", 10) from err
        plain = plain_answers(checked, asked.language)
        if is_about_nothing(checked):
            raise _nothing(checked, plain, asked.language)
        return strict_json.write(plain)


def _nothing(checked: Checked, plain: dict[str, Json], language: str) -> Refused:
    """The refusal of what holds no credential, or none that can be read."""
    problem = next((each.problem for each in checked.answers if each.report is None), "")
    if problem:
        return Refused(400, "unreadable", problem, more=plain)
    detail = render.outcome_headline(Outcome.NO_CREDENTIAL.value, {}, language)
    return Refused(400, "no_credential", detail, more=plain)


def _address(scope: Message) -> str:
    client = scope.get("client")
    return str(client[0]) if client else ""


def _later(status: int, code: str, detail: str, seconds: float) -> Refused:
    return Refused(status, code, detail, ((b"retry-after", str(ceil(seconds)).encode()),))


def _too_large() -> Refused:
    detail = f"the file is larger than {MAX_BYTES // 2**20} MB, the most that is read"
    return Refused(413, "too_large", detail, ((b"connection", b"close"),))
