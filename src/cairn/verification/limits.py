"""How much one client may ask of the public checker: a token bucket each, in this process.

Clients are known by address, an IPv6 network of /64 as one.  Counts are of one process: where
several serve, a client may ask each.  Time is that of `time.monotonic`.
"""

import ipaddress
from collections import OrderedDict
from dataclasses import dataclass, field
from functools import lru_cache
from threading import Lock

from cairn.core.rdf.cache import MissBudget

MAX_CLIENTS = 10_000
_SHAPES_A_MINUTE = 200  # new shapes of documents, milliseconds of work each


@dataclass(slots=True)
class Client:
    """What one client has left."""

    tokens: float
    seen: float
    misses: MissBudget
    misses_since: float
    in_flight: int = 0


@dataclass(slots=True)
class Limits:
    """Buckets by client; the one not seen for longest goes first.  Safe between threads."""

    burst: int = 120  # requests at once, after a rest
    per_second: float = 5.0
    at_once: int = 8  # requests of one client under way
    _clients: OrderedDict[str, Client] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def enter(self, address: str, now: float) -> tuple[Client, float]:
        """The client, and how many seconds it has to wait before it may ask: 0 for not at all.

        If it may, `leave` says when it has its answer.
        """
        with self._lock:
            client = self._client(client_of(address), now)
            if client.tokens < 1:
                return client, (1 - client.tokens) / self.per_second
            if client.in_flight >= self.at_once:
                return client, 1.0
            client.tokens -= 1
            client.in_flight += 1
            return client, 0.0

    def leave(self, client: Client) -> None:
        """A request that entered has its answer."""
        with self._lock:
            client.in_flight -= 1

    def __len__(self) -> int:
        return len(self._clients)

    def _client(self, name: str, now: float) -> Client:
        client = self._clients.pop(name, None)
        if client is None:
            client = Client(float(self.burst), now, MissBudget(_SHAPES_A_MINUTE), now)
        self._clients[name] = client
        while len(self._clients) > MAX_CLIENTS:
            self._clients.popitem(last=False)
        rested = max(0.0, now - client.seen)
        client.tokens = min(float(self.burst), client.tokens + rested * self.per_second)
        client.seen = now
        if now - client.misses_since >= 60:
            client.misses, client.misses_since = MissBudget(_SHAPES_A_MINUTE), now
        return client


@lru_cache(maxsize=4096)
def client_of(address: str) -> str:
    """Under which name an address is counted."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)
