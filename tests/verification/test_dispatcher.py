"""What is served: the dispatcher with Django behind it, asked as a server asks it."""

import asyncio
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from cairn.config.asgi import Dispatcher, dispatcher
from cairn.config.wsgi_bridge import Environ, StartResponse, WsgiBridge
from cairn.platform.asgi import Message
from cairn.verification.api import PATH
from tests.asgi import Answer, ask
from tests.verification import world

TOO_LARGE = 200


@pytest.fixture
def app() -> Iterator[Dispatcher]:
    made = dispatcher()
    yield made
    made.close()


@pytest.mark.django_db(transaction=True)
def test_a_credential_of_this_installation_is_checked_from_its_database(app: Dispatcher) -> None:
    made = world.issued()
    answer = ask(app, "POST", PATH, made.body, headers={"content-type": "application/vc"})
    assert answer.status == 200
    assert answer.json["results"][0]["outcome"] == "in_force"


@pytest.mark.django_db(transaction=True)
def test_other_addresses_are_answered_by_django(app: Dispatcher) -> None:
    assert ask(app, "GET", "/api/v1/nothing").status == 404
    assert ask(app, "GET", "/api/v1/verify/").status == 404


@pytest.mark.django_db(transaction=True)
def test_a_foreign_host_is_refused_by_django(app: Dispatcher) -> None:
    assert ask(app, "GET", "/", headers={"host": "evil.invalid"}).status == 400


def test_a_server_starts_and_ends_it() -> None:
    messages: list[Message] = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]
    sent: list[str] = []

    async def receive() -> Message:
        return messages.pop(0)

    async def send(message: Message) -> None:
        sent.append(message["type"])

    asyncio.run(dispatcher()({"type": "lifespan"}, receive, send))
    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


def echo(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    """Answers with what it was asked."""
    body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
    lines = [f"{name}={value}" for name, value in sorted(environ.items()) if name.isupper()]
    start_response(
        "200 OK", [("Content-Type", "text/plain"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")]
    )
    return [body, b"\n", "\n".join(lines).encode("latin-1")]


def through(method: str, path: str, *args: Any, **more: Any) -> Answer:
    bridge = WsgiBridge(echo, max_body=TOO_LARGE, workers=1)
    try:
        return ask(bridge, method, path, *args, **more)
    finally:
        bridge.close()


def test_the_bridge_hands_over_path_query_headers_and_body() -> None:
    answer = through(
        "POST",
        "/a%20b/%C3%A9?x=1&y=%26",
        [b"ab", b"cd"],
        headers={"cookie": "s=1", "accept": "text/html", "x_forwarded_for": "6.6.6.6"},
    )
    text = answer.body.decode("latin-1")
    assert text.startswith("abcd\n")
    assert "PATH_INFO=/a b/\xc3\xa9" in text
    assert "QUERY_STRING=x=1&y=%26" in text
    assert "REMOTE_ADDR=192.0.2.1" in text
    assert "HTTP_COOKIE=s=1" in text
    assert "CONTENT_LENGTH=4" in text
    assert "6.6.6.6" not in text


def test_the_bridge_refuses_a_body_over_its_bound_after_reading_it_to_its_end() -> None:
    pieces = [bytes(150), bytes(150), bytes(150)]
    answer = through("POST", "/", pieces)
    assert answer.status == 413
    assert b"too large" in answer.body
    assert answer.headers["connection"] == "close"


def test_a_head_request_has_no_body() -> None:
    assert through("HEAD", "/").body == b""


def test_an_answer_has_one_length() -> None:
    bridge = WsgiBridge(echo)
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b""}

    async def send(message: Message) -> None:
        sent.append(message)

    scope: Message = {
        "type": "http",
        "method": "GET",
        "http_version": "1.1",
        "path": "/",
        "query_string": b"",
        "headers": [],
    }
    asyncio.run(bridge(scope, receive, send))
    names = [name for name, _ in sent[0]["headers"]]
    assert names.count(b"content-length") == 1
    assert names.count(b"set-cookie") == 2
    bridge.close()


def test_a_client_that_goes_away_gets_no_answer() -> None:
    bridge = WsgiBridge(echo)

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        raise AssertionError("answered")

    asyncio.run(bridge({"type": "http", "method": "POST", "headers": []}, receive, send))
    bridge.close()
