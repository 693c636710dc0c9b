"""A bounded pool of threads for an event loop, at a third of what the standard library's costs.

`run_in_executor` makes two futures and a condition for each call; a check takes so little time
that they would be a tenth of it.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Any, TypeVar

_T = TypeVar("_T")
_Job = tuple[Callable[[], Any], "asyncio.Future[Any]", asyncio.AbstractEventLoop]
_Inbox = SimpleQueue[_Job | None]  # of one thread; None ends it


class Threads:
    """So many threads, started with the first call; the rest of the calls wait their turn.

    The thread that worked last is asked first, for its memory is at hand still.  `at_end` is
    called by each thread before it ends, to close what it alone had open.
    """

    def __init__(self, count: int, name: str, at_end: Callable[[], object] | None = None) -> None:
        self._count = count
        self._name = name
        self._at_end = at_end
        self._started: list[Thread] = []
        self._lock = Lock()  # owns the three below
        self._idle: list[_Inbox] = []
        self._waiting: deque[_Job] = deque()
        self._is_closing = False

    async def run(self, work: Callable[[], _T]) -> _T:
        """What `work` gives or raises, done in a thread.

        Work that has begun is finished, whether or not anybody still waits for it.
        """
        if not self._started:
            self._start()
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[_T] = loop.create_future()
        job = (work, answer, loop)
        with self._lock:
            if self._idle:
                self._idle.pop().put(job)
            else:
                self._waiting.append(job)
        return await answer

    def close(self) -> None:
        """Finish what waits, then end the threads."""
        with self._lock:
            self._is_closing = True
            for inbox in self._idle:
                inbox.put(None)
            self._idle.clear()
        for thread in self._started:
            thread.join()
        self._started.clear()
        self._is_closing = False

    def _start(self) -> None:
        for number in range(self._count):
            inbox: _Inbox = SimpleQueue()
            self._idle.append(inbox)
            thread = Thread(
                target=self._work, args=(inbox,), name=f"{self._name}-{number}", daemon=True
            )
            self._started.append(thread)
            thread.start()

    def _work(self, inbox: _Inbox) -> None:
        while (job := inbox.get()) is not None:
            work, answer, loop = job
            result: Any = None
            problem: BaseException | None = None
            try:
                result = work()
            except BaseException as err:  # noqa: BLE001 - handed to who waits for it
                problem = err
            self._next(inbox)  # before anybody is told, who may have more to do at once
            _tell(loop, answer, result, problem)
            # or the last request's body would stay in memory until the next one
            del job, work, answer, result, problem
        if self._at_end is not None:
            self._at_end()

    def _next(self, inbox: _Inbox) -> None:
        """Give the thread what waits longest, its end, or a rest."""
        with self._lock:
            if self._waiting:
                inbox.put(self._waiting.popleft())
            elif self._is_closing:
                inbox.put(None)
            else:
                self._idle.append(inbox)


def _tell(
    loop: asyncio.AbstractEventLoop,
    answer: "asyncio.Future[Any]",
    result: object,
    problem: BaseException | None,
) -> None:
    try:
        loop.call_soon_threadsafe(_settle, answer, result, problem)
    except RuntimeError:  # the loop has ended, and with it whoever waited
        return


def _settle(answer: "asyncio.Future[Any]", result: object, problem: BaseException | None) -> None:
    if answer.cancelled():
        return
    if problem is None:
        answer.set_result(result)
    else:
        answer.set_exception(problem)
