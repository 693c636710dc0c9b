"""`cairn.net.cache`: how long a document or a failure is kept, and the bounds on keeping."""

from datetime import UTC, datetime, timedelta

import pytest

from cairn.core.errors import NotAllowed, Unobtainable
from cairn.net.cache import CachedDocuments
from cairn.net.fetch import Fetched

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
URL = "https://issuer.example/status/1"


class Shelf:
    """A source of documents that counts how often each is asked for."""

    def __init__(self, *, max_age_seconds: int | None = None) -> None:
        self.max_age_seconds = max_age_seconds
        self.asked: list[str] = []
        self.failure: NotAllowed | Unobtainable | None = None

    def get(self, url: str) -> Fetched:
        self.asked.append(url)
        if self.failure is not None:
            raise self.failure
        body = f"{url} {len(self.asked)}".encode()
        return Fetched(url, body, "application/json", self.max_age_seconds)


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("max_age_seconds", "kept_seconds"),
    [
        pytest.param(None, 900, id="nothing said"),
        pytest.param(0, 60, id="not to be kept"),
        pytest.param(59, 60, id="below the least"),
        pytest.param(61, 61, id="above the least"),
        pytest.param(86_399, 86_399, id="below the most"),
        pytest.param(10**9, 86_400, id="above the most"),
    ],
)
def test_a_document_is_kept_as_long_as_its_server_says_within_bounds(
    max_age_seconds: int | None, kept_seconds: int
) -> None:
    shelf = Shelf(max_age_seconds=max_age_seconds)
    documents = CachedDocuments(shelf)
    first = documents.get(URL, now=NOON)
    assert documents.get(URL, now=after(kept_seconds - 1)) == first
    assert len(shelf.asked) == 1
    assert documents.get(URL, now=after(kept_seconds)) != first
    assert len(shelf.asked) == 2


@pytest.mark.parametrize("failure", [Unobtainable("status 500"), NotAllowed("not public")])
def test_a_failure_is_kept_for_half_a_minute(failure: NotAllowed | Unobtainable) -> None:
    shelf = Shelf()
    documents = CachedDocuments(shelf)
    shelf.failure = failure
    for seconds in (0, 29):
        with pytest.raises(type(failure), match=str(failure)):
            documents.get(URL, now=after(seconds))
    assert len(shelf.asked) == 1
    shelf.failure = None
    assert documents.get(URL, now=after(30)).endswith(b"2")


def test_a_failure_is_a_new_error_each_time() -> None:
    shelf = Shelf()
    shelf.failure = Unobtainable("status 500")
    documents = CachedDocuments(shelf)
    raised = []
    for _ in range(2):
        with pytest.raises(Unobtainable) as caught:
            documents.get(URL, now=NOON)
        raised.append(caught.value)
    assert raised[0] is not raised[1]


def test_a_clock_set_back_makes_no_document_young() -> None:
    shelf = Shelf()
    documents = CachedDocuments(shelf)
    documents.get(URL, now=NOON)
    documents.get(URL, now=after(-1))
    assert len(shelf.asked) == 2


def test_what_is_forgotten_is_asked_for_again() -> None:
    shelf = Shelf()
    documents = CachedDocuments(shelf)
    documents.forget(URL)
    documents.get(URL, now=NOON)
    documents.forget(URL)
    documents.get(URL, now=NOON)
    assert len(shelf.asked) == 2


def test_the_least_recently_used_goes_first() -> None:
    shelf = Shelf()
    documents = CachedDocuments(shelf, max_entries=2)
    for url in ("a", "b", "a", "c", "a", "b"):
        documents.get(url, now=NOON)
    assert shelf.asked == ["a", "b", "c", "b"]


def test_the_bytes_kept_are_bounded() -> None:
    shelf = Shelf()
    documents = CachedDocuments(shelf, max_total_bytes=6)  # "a 1" and "b 2" fill it
    for url in ("a", "b", "a", "b", "c", "b", "a"):
        documents.get(url, now=NOON)
    assert shelf.asked == ["a", "b", "c", "a"]


def test_a_document_fetched_anew_counts_once() -> None:
    shelf = Shelf()
    documents = CachedDocuments(shelf, max_total_bytes=6)
    for hours in range(5):
        documents.get("a", now=after(3600 * hours))
    documents.get("b", now=after(4 * 3600))
    documents.get("a", now=after(4 * 3600))
    assert shelf.asked == ["a"] * 5 + ["b"]


def test_a_document_too_large_to_keep_is_still_given() -> None:
    shelf = Shelf()
    documents = CachedDocuments(shelf, max_total_bytes=2)
    assert documents.get("a", now=NOON) == b"a 1"
    assert documents.get("a", now=NOON) == b"a 2"
