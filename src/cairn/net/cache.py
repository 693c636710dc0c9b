"""Documents fetched before, kept in memory for as long as their server allows, within bounds.

Source: RFC 9111, section 5.2 (`max-age`), clamped: a server may neither make us ask for every
verification nor make us keep a revoked credential's old list for weeks.
"""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Protocol

from cairn.core.errors import NotAllowed, Unobtainable
from cairn.net.fetch import Fetched

MIN_AGE_SECONDS = 60
MAX_AGE_SECONDS = 24 * 60 * 60
DEFAULT_AGE_SECONDS = 15 * 60
FAILURE_AGE_SECONDS = 30  # a host in trouble is not asked by each verification anew


class Source(Protocol):
    """Where documents come from; `cairn.net.fetch.Fetcher` is one."""

    def get(self, url: str) -> Fetched:
        """The document at `url`.  Raises `NotAllowed` or `Unobtainable`."""
        ...


@dataclass(frozen=True, slots=True)
class _Entry:
    since: datetime
    until: datetime
    outcome: bytes | NotAllowed | Unobtainable
    address: str = ""  # where redirects led

    @property
    def size(self) -> int:
        return len(self.outcome) if isinstance(self.outcome, bytes) else 0


class CachedDocuments:
    """A bounded memory of `source`: least recently used goes first.  Safe to share by threads."""

    def __init__(
        self, source: Source, *, max_entries: int = 512, max_total_bytes: int = 16 * 2**20
    ) -> None:
        self._source = source
        self._max_entries = max_entries
        self._max_total_bytes = max_total_bytes
        self._total_bytes = 0
        self._entries: OrderedDict[str, _Entry] = OrderedDict()
        self._lock = Lock()  # owns the three above; never held while fetching

    def get(self, url: str, *, now: datetime) -> bytes:
        """The document at `url`, as fetched at `now` or not too long before.

        Raises what the source raises; a failure is remembered for a short while as well.
        """
        return self.get_located(url, now=now)[0]

    def get_located(self, url: str, *, now: datetime) -> tuple[bytes, str]:
        """As `get`, with the address at which redirects ended."""
        entry = self._fresh(url, now)
        if entry is None:
            entry = self._fetch(url, now)
            self._keep(url, entry)
        if isinstance(entry.outcome, bytes):
            return entry.outcome, entry.address
        raise type(entry.outcome)(*entry.outcome.args)

    def forget(self, url: str) -> None:
        """Ask the source for `url` next time, whatever is remembered."""
        with self._lock:
            self._drop(url)

    def _fresh(self, url: str, now: datetime) -> _Entry | None:
        with self._lock:
            entry = self._entries.get(url)
            # Before `since` the clock was set back, and nobody knows how old the entry is.
            if entry is None or not entry.since <= now < entry.until:
                return None
            self._entries.move_to_end(url)
            return entry

    def _fetch(self, url: str, now: datetime) -> _Entry:
        try:
            fetched = self._source.get(url)
        except (NotAllowed, Unobtainable) as err:
            # A new object here and in `get`: an old one would keep every caller's frames alive.
            return _Entry(now, now + timedelta(seconds=FAILURE_AGE_SECONDS), type(err)(*err.args))
        age = DEFAULT_AGE_SECONDS if fetched.max_age_seconds is None else fetched.max_age_seconds
        clamped = min(max(age, MIN_AGE_SECONDS), MAX_AGE_SECONDS)
        return _Entry(now, now + timedelta(seconds=clamped), fetched.body, fetched.url)

    def _keep(self, url: str, entry: _Entry) -> None:
        with self._lock:
            self._drop(url)
            if entry.size > self._max_total_bytes:
                return
            self._entries[url] = entry
            self._total_bytes += entry.size
            while len(self._entries) > self._max_entries or (
                self._total_bytes > self._max_total_bytes
            ):
                self._drop(next(iter(self._entries)))

    def _drop(self, url: str) -> None:
        entry = self._entries.pop(url, None)
        if entry is not None:
            self._total_bytes -= entry.size
