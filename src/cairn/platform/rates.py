"""How often somebody may ask: a token bucket each, in this process, of monotonic seconds."""

from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock

MAX_CLIENTS = 10_000


@dataclass(slots=True)
class Rates:
    """Buckets by name; the one not seen for longest goes first.  Safe between threads."""

    burst: float
    per_second: float
    _left: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def wait(self, name: str, now: float) -> float:
        """Take one; the seconds to wait where there is none, and 0 where there was."""
        with self._lock:
            left, seen = self._left.pop(name, (self.burst, now))
            left = min(self.burst, left + max(0.0, now - seen) * self.per_second)
            is_there = left >= 1
            self._left[name] = (left - 1 if is_there else left), now
            while len(self._left) > MAX_CLIENTS:
                self._left.popitem(last=False)
            return 0.0 if is_there else (1 - left) / self.per_second
