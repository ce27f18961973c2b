"""Checks that the number of threads is limited, and that further work is refused at once."""

from __future__ import annotations

import asyncio
import threading

import pytest

from service.thread_pools import BusyError, Workers

pytestmark = pytest.mark.fast


def test_work_runs_in_a_separate_thread() -> None:
    workers = Workers("test", threads=1, waiting=0)
    assert workers.run_here(threading.get_ident) != threading.get_ident()
    assert asyncio.run(workers.run(lambda: 7)) == 7


def test_a_full_pool_is_busy_until_a_thread_is_free() -> None:
    workers = Workers("test", threads=1, waiting=1)
    hold = threading.Event()

    async def fill() -> None:
        first, second = (asyncio.ensure_future(workers.run(lambda: hold.wait(20))) for _ in range(2))
        await asyncio.sleep(0)
        with pytest.raises(BusyError):
            await workers.run(lambda: None)
        hold.set()
        assert await first
        assert await second
        assert await workers.run(lambda: 7) == 7

    asyncio.run(fill())


def test_work_that_fails_frees_its_thread() -> None:
    workers = Workers("test", threads=1, waiting=0)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            workers.run_here(lambda: 1 / 0)
