"""What the fetcher says besides bytes: that a document is gone for good, and where it was found."""

from datetime import UTC, datetime

import pytest

from cairn.core.errors import Gone, Unobtainable
from cairn.core.verify.ports import Forgetful, Locating
from cairn.net.cache import CachedDocuments
from cairn.net.fetch import Fetched, _fetched
from cairn.net.urls import Target
from cairn.net.wire import Answer

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
URL = "https://issuer.example/assertions/1"
TARGET = Target.parse(URL)


class Moved:
    """A source whose only document stands elsewhere."""

    def get(self, url: str) -> Fetched:
        return Fetched("https://elsewhere.example/1", b"{}", "application/json", None)


class Taken:
    """A source whose only document was taken away."""

    def get(self, url: str) -> Fetched:
        raise Gone("gone")


def test_where_redirects_ended_is_kept_with_the_bytes() -> None:
    documents = CachedDocuments(Moved())
    for _ in range(2):  # fetched, then remembered
        assert documents.get_located(URL, now=NOON) == (b"{}", "https://elsewhere.example/1")
    assert documents.get(URL, now=NOON) == b"{}"


def test_gone_stays_gone_when_it_is_remembered() -> None:
    documents = CachedDocuments(Taken())
    for _ in range(2):
        with pytest.raises(Gone):
            documents.get(URL, now=NOON)


@pytest.mark.parametrize(
    ("status", "error"), [(410, Gone), (404, Unobtainable), (500, Unobtainable)]
)
def test_only_410_says_that_a_document_was_taken_away(
    status: int, error: type[Unobtainable]
) -> None:
    with pytest.raises(error) as refusal:
        _fetched(TARGET, Answer(status, {}, b""))
    assert type(refusal.value) is error


def test_the_cache_is_what_verification_asks_for() -> None:
    documents = CachedDocuments(Moved())
    assert isinstance(documents, Locating)
    assert isinstance(documents, Forgetful)
