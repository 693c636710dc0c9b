"""Compiled shapes and plans, kept: an object that callers own, safe to share between threads.

What is kept is immutable, but for notes of what comes, and published whole.  Bounds are in bytes,
so that nobody fills the memory with shapes; and a `MissBudget` bounds what one client may make a
server work out, as a new shape costs milliseconds.

A document whose shape was never seen goes the general path; the second of its kind gets a plan.
"""

import hashlib
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from cairn.core.errors import Conflict
from cairn.core.rdf.contexts import ContextSet
from cairn.core.rdf.layout import Reading, leaf_positions
from cairn.core.rdf.narrowing import Watch, narrow_plan
from cairn.core.rdf.outline import Outline, Uncovered
from cairn.core.rdf.plan import Plan
from cairn.core.rdf.planning import compile_plan
from cairn.core.rdf.processor import Processor
from cairn.core.rdf.shape import Shape, compile_shape
from cairn.core.rdf.source import Source, shared_ids
from cairn.core.rdf.template import Pick, picker

CODE_VERSION = b"2"  # part of cache keys: raise it whenever a shape or a plan would mean another
MAX_PLANS = 8  # for one frame: other words in the same places, other ids that are shared
MAX_NARROW = 4  # more would cost documents of none of them more than they save the others
_BYTES_PER_TERM = 160  # a generous estimate of what a template quad's term costs in memory
_BYTES_PER_STRING = 60  # what Python adds to each
_REFUSAL_BYTES = 512

_T = TypeVar("_T")


class TooManyShapes(Conflict):
    """This client has sent as many new shapes as it may for now: try again later."""

    def __init__(self) -> None:
        super().__init__("too many documents of new shapes; try again later")


@dataclass(slots=True)
class MissBudget:
    """How many new shapes a client may still have worked out; its owner sets `left` anew."""

    left: int
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def try_spend(self) -> bool:
        """Take one, if there is one left."""
        with self._lock:
            if self.left <= 0:
                return False
            self.left -= 1
            return True


@dataclass(frozen=True, slots=True)
class _Known:
    """What documents with one frame are recognised by: the strings that belong to their shape."""

    pick: Pick
    strings: tuple[bytes, ...]
    sharing: tuple[tuple[int, ...], ...]  # which objects have one id, see `shared_ids`
    source: Source | None = None
    plan: Plan | None = None  # None: there is none, so don't try again
    watch: Watch | None = None  # None for a narrow plan; only touched under the cache's lock


@dataclass(slots=True)
class _Bounded(Generic[_T]):
    """Values by key, least recently used first out, at most `max_bytes` of them."""

    max_bytes: int
    used_bytes: int = 0
    _kept: OrderedDict[bytes, tuple[_T, int]] = field(default_factory=OrderedDict)

    def get(self, key: bytes) -> _T | None:
        found = self._kept.get(key)
        if found is None:
            return None
        self._kept.move_to_end(key)
        return found[0]

    def put(self, key: bytes, value: _T, size: int) -> None:
        """Keep `value`, unless it is too large by itself."""
        _, former = self._kept.pop(key, (None, 0))
        self.used_bytes -= former
        if size > self.max_bytes:
            return
        self._kept[key] = (value, size)
        self.used_bytes += size
        while self.used_bytes > self.max_bytes:
            _, (_, dropped) = self._kept.popitem(last=False)
            self.used_bytes -= dropped

    def __len__(self) -> int:
        return len(self._kept)


class ShapeCache:
    """Shapes, refusals, plans, forms of configurations: at most `max_bytes`, half for the shapes.

    One lock serves compiling too, so that what many ask for is compiled once.
    """

    def __init__(self, max_bytes: int = 32 * 2**20) -> None:
        self._shapes = _Bounded[Shape | Uncovered](max_bytes // 2)
        self._plans = _Bounded[tuple[_Known, ...]](max_bytes // 2 - max_bytes // 16)
        self._forms = _Bounded[bytes](max_bytes // 16)
        self._processor: Processor | None = None
        self._lock = threading.Lock()

    def shape(
        self, outline: Outline, contexts: ContextSet, misses: MissBudget | None = None
    ) -> tuple[Shape, bool]:
        """The shape of `outline`, compiled if it is new, and whether it was known.

        Raises `Uncovered`, at each asking, and `TooManyShapes`.
        """
        key = hashlib.sha256(CODE_VERSION + contexts.digest + outline.key).digest()
        with self._lock:
            known = self._shapes.get(key)
            if known is None and misses is not None and not misses.try_spend():
                raise TooManyShapes
            found = known or self._compile(key, outline, self._processor_of(contexts))
        if isinstance(found, Uncovered):
            raise Uncovered(found.problem, found.path)
        return found, known is not None

    def canonical(self, reading: Reading, contexts: ContextSet) -> bytes | None:
        """The canonical N-Quads by a plan; None if there is none, or it leaves the document aside.

        None says nothing about the document: the general path decides.
        """
        key = _plan_key(reading, contexts)
        with self._lock:
            entries = self._plans.get(key)
        for known in entries or ():
            if known.plan is not None and known.pick(reading.strings) == known.strings:
                found = known.plan.canonical(reading.strings, reading.numbers)
                if found is not None:
                    if known.watch is not None:
                        self._narrow(key, known, reading)
                    return found
        return None

    def learn(
        self,
        reading: Reading,
        outline: Outline,
        shape: Shape,
        contexts: ContextSet,
        misses: MissBudget | None = None,
    ) -> None:
        """Make a plan for documents like this one, which the general path has accepted.

        Does nothing if such a plan was made before, or if nothing is left of `misses`.
        """
        key = _plan_key(reading, contexts)
        fixed = picker(leaf_positions(outline.skeleton)[0])
        strings, sharing = fixed(reading.strings), shared_ids(shape, outline)
        with self._lock:
            known = self._plans.get(key) or ()
            if any(
                entry.strings == strings and entry.sharing == sharing
                for entry in known
                if entry.watch is not None
            ):
                return
            if misses is not None and not misses.try_spend():
                return
            made = compile_plan(shape, outline, reading)
            source, plan = made or (None, None)
            new = _Known(fixed, strings, sharing, source, plan, Watch())
            narrow = [entry for entry in known if entry.watch is None]
            broad = [new, *(entry for entry in known if entry.watch is not None)]
            self._put_plans(key, narrow, broad)

    def recall(self, key: bytes) -> bytes | None:
        """The canonical form that was given to `remember` under this key, None if it is gone."""
        with self._lock:
            return self._forms.get(key)

    def remember(self, key: bytes, form: bytes) -> None:
        """Keep a canonical form whose document and contexts, all of them, are in `key`."""
        with self._lock:
            self._forms.put(key, form, len(key) + len(form) + _BYTES_PER_STRING)

    def __len__(self) -> int:
        return len(self._shapes)

    @property
    def used_bytes(self) -> int:
        """How much memory all of it takes, about."""
        return self._shapes.used_bytes + self._plans.used_bytes + self._forms.used_bytes

    def _narrow(self, key: bytes, known: _Known, reading: Reading) -> None:
        """Once enough documents have come by the plan of `known`, make a narrow one if it pays."""
        with self._lock:
            varying = known.watch.note(reading.strings) if known.watch else None
            entries = self._plans.get(key)
            if varying is None or entries is None or not known.source or not known.plan:
                return
            made = narrow_plan(known.source, known.plan, reading, varying)
            if made is None:
                return
            pick = picker(made[0])
            new = _Known(pick, pick(reading.strings), known.sharing, known.source, made[1])
            narrow = [new, *(entry for entry in entries if entry.watch is None)]
            self._put_plans(key, narrow, [entry for entry in entries if entry.watch is not None])

    def _put_plans(self, key: bytes, narrow: list[_Known], broad: list[_Known]) -> None:
        entries = (*narrow[:MAX_NARROW], *broad[:MAX_PLANS])
        self._plans.put(key, entries, sum(map(_size_of, entries)))

    def _processor_of(self, contexts: ContextSet) -> Processor:
        if self._processor is None or self._processor.contexts is not contexts:
            self._processor = Processor(contexts)
        return self._processor

    def _compile(self, key: bytes, outline: Outline, processor: Processor) -> Shape | Uncovered:
        try:
            shape = compile_shape(outline, processor)
        except Uncovered as err:
            refusal = Uncovered(err.problem, err.path)  # without the frames that `err` holds on to
            self._shapes.put(key, refusal, _REFUSAL_BYTES)
            return refusal
        self._shapes.put(key, shape, len(outline.key) + _size_of_quads(shape))
        return shape


def _plan_key(reading: Reading, contexts: ContextSet) -> bytes:
    return CODE_VERSION + contexts.digest + reading.frame


def _size_of_quads(shape: Shape) -> int:
    return 4 * _BYTES_PER_TERM * len(shape.quads)


def _size_of(known: _Known) -> int:
    size = sum(map(len, known.strings)) + _BYTES_PER_STRING * len(known.strings)
    if known.plan is not None:
        templates = (known.plan.lines.format, known.plan.hashed.format, *known.plan.still)
        size += 3 * sum(map(len, templates)) + _size_of_quads(known.plan.shape)
    return size
