"""The log names routes: an address may hold the token of a link."""

import logging

import pytest
from django.conf import settings
from django.test import Client

from cairn.platform.logs import RouteOnly

TOKEN = "a-token-that-opens-something"


def _logged(caplog: pytest.LogCaptureFixture) -> str:
    assert "'filters': ['route_only']" in str(settings.LOGGING)
    for record in caplog.records:
        assert RouteOnly().filter(record)
    return "\n".join(record.getMessage() for record in caplog.records)


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
def test_the_token_of_a_link_is_not_logged(caplog: pytest.LogCaptureFixture, method: str) -> None:
    client = Client(enforce_csrf_checks=True)
    with caplog.at_level(logging.DEBUG, logger="django"):
        answer = getattr(client, method)(f"/claim/{TOKEN}?from={TOKEN}")
    if answer.status_code >= 400:
        assert "/claim/<" in _logged(caplog)
    assert TOKEN not in _logged(caplog)


@pytest.mark.django_db
def test_what_has_no_page_is_not_repeated(caplog: pytest.LogCaptureFixture) -> None:
    Client().get(f"/nowhere/{TOKEN}")
    assert "Not Found" in _logged(caplog)
    assert TOKEN not in _logged(caplog)


def test_other_records_stay_as_they_are() -> None:
    record = logging.LogRecord("cairn", logging.WARNING, "", 1, "%s: %s", ("one", "two"), None)
    assert RouteOnly().filter(record)
    assert record.getMessage() == "one: two"
