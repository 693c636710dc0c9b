"""`POST /api/v1/verify` against the report it carries: what HTTP, JSON and sentences add.

The request goes through the dispatcher as a server hands it over, on one event loop, with the
database of a new installation; the socket is the server's and is not measured.
"""

import asyncio
import gc
import os
import tempfile
import time
from collections.abc import Iterator
from itertools import cycle

from bench import subjects
from bench.measure import Row, Timer, pin, time_row, timer

CEILING = 2
_COPIES = 64


def rows() -> Iterator[Row]:
    """The row of issue 5."""
    post = posting()
    report = timer(subjects.reporting(subjects.reported(_COPIES)))
    yield time_row("POST /api/v1/verify CPU", "report", CEILING, post, report)


def posting() -> Timer:
    """CPU seconds of so many requests, one after the other; each is checked to be a report."""
    _set_up()
    from cairn.config.asgi import Dispatcher, WsgiBridge, django_application
    from cairn.verification.api import VerifyApi, check_here
    from cairn.verification.limits import Limits

    verify = VerifyApi(
        "http://localhost:8000",
        check=check_here,
        now=lambda: subjects.NOW,
        limits=Limits(burst=10**9, per_second=10**9),
    )
    app = Dispatcher(WsgiBridge(django_application), verify)
    turn = cycle(subjects.reported(_COPIES))
    loop = asyncio.new_event_loop()

    async def ask(body: bytes) -> bytes:
        scope = {
            "type": "http",
            "method": "POST",
            "http_version": "1.1",
            "path": "/api/v1/verify",
            "query_string": b"",
            "headers": [
                (b"content-type", b"application/vc"),
                (b"content-length", str(len(body)).encode()),
            ],
            "client": ("192.0.2.1", 1),
        }
        sent = []

        async def receive() -> dict[str, object]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: dict[str, object]) -> None:
            sent.append(message)

        await app(scope, receive, send)
        assert sent[0]["status"] == 200, sent
        return sent[1]["body"]

    async def series(count: int) -> None:
        for _ in range(count):
            await ask(next(turn))

    loop.run_until_complete(series(2 * _COPIES))
    answer = loop.run_until_complete(ask(next(turn)))
    assert b'"proof_holds"' in answer, answer

    def timed(count: int) -> float:
        gc.collect()
        start = time.process_time()
        loop.run_until_complete(series(count))
        return time.process_time() - start

    return timed


def _set_up() -> None:
    """An installation in a new folder."""
    os.environ["CAIRN_DATA_DIR"] = tempfile.mkdtemp(prefix="cairn-bench-")
    os.environ["DJANGO_SETTINGS_MODULE"] = "cairn.config.settings"
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def main() -> None:
    """Measure and print."""
    pin()
    for row in rows():
        print(row)


if __name__ == "__main__":
    main()
