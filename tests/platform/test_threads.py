"""The pool of threads behind the event loop."""

import asyncio
import threading
import time
from collections.abc import Iterator

import pytest

from cairn.platform.threads import Threads


@pytest.fixture
def threads() -> Iterator[Threads]:
    made = Threads(2, "test")
    yield made
    made.close()


def test_work_gives_its_result_or_its_error_to_who_waits(threads: Threads) -> None:
    async def both() -> int:
        with pytest.raises(ZeroDivisionError):
            await threads.run(lambda: 1 // 0)
        return await threads.run(lambda: 41 + 1)

    assert asyncio.run(both()) == 42


def test_no_more_is_done_at_once_than_there_are_threads(threads: Threads) -> None:
    lock, running, most = threading.Lock(), 0, 0

    def work() -> None:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.02)
        with lock:
            running -= 1

    async def many() -> None:
        await asyncio.gather(*(threads.run(work) for _ in range(8)))

    asyncio.run(many())
    assert most == 2


def test_who_no_longer_waits_leaves_the_thread_to_others(threads: Threads) -> None:
    async def given_up() -> str:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01):
                await threads.run(lambda: time.sleep(0.1))
        return await threads.run(lambda: "next")

    assert asyncio.run(given_up()) == "next"


def test_a_loop_that_has_ended_harms_no_thread(threads: Threads) -> None:
    async def leave() -> None:
        task = asyncio.create_task(threads.run(lambda: time.sleep(0.1)))
        await asyncio.sleep(0.01)
        task.cancel()

    async def after() -> int:
        return await threads.run(lambda: 1)

    asyncio.run(leave())
    time.sleep(0.15)
    assert asyncio.run(after()) == 1


def test_what_waits_is_finished_before_the_threads_end() -> None:
    threads, done = Threads(1, "test"), []

    async def order() -> None:
        first = asyncio.create_task(threads.run(lambda: time.sleep(0.05)))
        second = asyncio.create_task(threads.run(lambda: done.append(1)))
        await asyncio.sleep(0)
        threads.close()
        await asyncio.gather(first, second)

    asyncio.run(order())
    assert done == [1]


def test_each_thread_closes_what_it_had_open_before_it_ends() -> None:
    ended: list[str] = []
    threads = Threads(2, "test", lambda: ended.append(threading.current_thread().name))

    async def once() -> None:
        await threads.run(lambda: None)

    asyncio.run(once())
    threads.close()
    assert sorted(ended) == ["test-0", "test-1"]
