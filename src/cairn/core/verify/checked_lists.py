"""Status lists whose signature was checked a moment ago, within bounds of time and memory.

Source: the product's rule: a list is kept for the least of its `ttl`, its end and 15 minutes; past
its end it says nothing.  A `ttl` never makes a list live longer than its signature says.
"""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from cairn.core.codec import timestamps
from cairn.core.status.credential import DEFAULT_TTL_MS, PublishedList

MAX_AGE = timedelta(minutes=15)
_OVERHEAD_BYTES = 1024


@dataclass(frozen=True, slots=True)
class _Kept:
    published: PublishedList
    since: datetime
    until: datetime

    @property
    def size(self) -> int:
        return _OVERHEAD_BYTES + len(self.published.statuses.bits)


class CheckedLists:
    """Lists by address and type of entry; least recently used goes first.  Safe between threads."""

    def __init__(self, *, max_entries: int = 256, max_total_bytes: int = 64 * 2**20) -> None:
        self._max_entries = max_entries
        self._max_total_bytes = max_total_bytes
        self._total_bytes = 0
        self._kept: OrderedDict[tuple[str, str], _Kept] = OrderedDict()
        self._lock = Lock()

    def fresh(self, url: str, entry_type: str, now: datetime) -> PublishedList | None:
        """The list, if it was checked so short a time before `now` that it need not be again."""
        with self._lock:
            kept = self._kept.get((url, entry_type))
            # before `since` the clock was set back, and nobody knows how old the list is
            if kept is None or not kept.since <= now < kept.until:
                return None
            self._kept.move_to_end((url, entry_type))
            return kept.published

    def keep(self, url: str, entry_type: str, published: PublishedList, now: datetime) -> None:
        """Keep a list whose signature and dates were checked at `now`."""
        entry = _Kept(published, now, _end(published, now))
        with self._lock:
            self._drop((url, entry_type))
            if entry.until <= now or entry.size > self._max_total_bytes:
                return
            self._kept[url, entry_type] = entry
            self._total_bytes += entry.size
            while len(self._kept) > self._max_entries or self._total_bytes > self._max_total_bytes:
                self._drop(next(iter(self._kept)))

    def drop(self, url: str) -> bool:
        """Forget what is kept of `url`; whether anything was."""
        with self._lock:
            found = [key for key in self._kept if key[0] == url]
            for key in found:
                self._drop(key)
            return bool(found)

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def used_bytes(self) -> int:
        """How much memory the lists take, about."""
        return self._total_bytes

    def _drop(self, key: tuple[str, str]) -> None:
        kept = self._kept.pop(key, None)
        if kept is not None:
            self._total_bytes -= kept.size


def _end(published: PublishedList, now: datetime) -> datetime:
    ttl_ms = DEFAULT_TTL_MS if published.ttl_ms is None else published.ttl_ms
    age = min(MAX_AGE, timedelta(milliseconds=min(ttl_ms, 10**9)))
    until = now + age
    if published.valid_until:
        until = min(until, timestamps.parse(published.valid_until))
    return until
