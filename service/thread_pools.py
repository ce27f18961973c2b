"""Worker threads with a limit, so that files and batches never delay single predictions."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from threading import BoundedSemaphore, Lock
from typing import TypeVar

from service.settings import Settings

Result = TypeVar("Result")
RETRY_AFTER = 5  # seconds; a batch takes less than one, a file a few


class BusyError(RuntimeError):
    """Every place is taken; try again after ``RETRY_AFTER`` seconds."""


class Workers:
    """Runs work in at most ``threads`` threads and lets at most ``waiting`` more pieces of it wait."""

    def __init__(self, name: str, *, threads: int, waiting: int) -> None:
        self.threads = threads
        self._taken = 0
        self._counting = Lock()
        self._places = BoundedSemaphore(threads + waiting)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=name)

    @property
    def taken(self) -> int:
        """Pieces of work that run or wait; up to ``threads`` of them run."""
        return self._taken

    async def run(self, work: Callable[[], Result]) -> Result:
        """Do the work in a thread; the caller waits without blocking the server.

        Raises:
            BusyError: at once, when there is no place.
        """
        return await asyncio.wrap_future(self._submit(work))

    def run_here(self, work: Callable[[], Result]) -> Result:
        """The same for a caller in a thread of its own, which waits."""
        return self._submit(work).result()

    def _submit(self, work: Callable[[], Result]) -> Future[Result]:
        self._take()
        try:
            future = self._pool.submit(_finished, work)
        except BaseException:
            self._release()
            raise
        future.add_done_callback(lambda _: self._release())
        return future

    def _take(self) -> None:
        if not self._places.acquire(blocking=False):
            raise BusyError
        with self._counting:
            self._taken += 1

    def _release(self) -> None:
        with self._counting:
            self._taken -= 1
        self._places.release()


def _finished(work: Callable[[], Result]) -> Result:
    """What the work returns; a ``StopIteration`` from it, which no future of asyncio can hold, is a fault."""
    try:
        return work()
    except StopIteration as error:
        raise RuntimeError("the work ended with StopIteration") from error


@dataclass(frozen=True, kw_only=True)
class WorkerPools:
    """The two kinds of workers, shared by every interface.

    Attributes:
        batch: for batches and explanations, which take less than a second.
        score: for files, which take longer; no file waits.
    """

    batch: Workers
    score: Workers

    @classmethod
    def of(cls, settings: Settings) -> WorkerPools:
        """As many as the settings say."""
        return cls(
            batch=Workers("batch", threads=settings.batch_workers, waiting=settings.batch_queue),
            score=Workers("score", threads=settings.score_workers, waiting=0),
        )
