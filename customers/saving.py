"""Saves on a thread of its own: whoever answers a request never waits for a disk."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future

from customers.engine import StoreError
from customers.records import Job, Saved
from customers.store import Store

WAITING, TOGETHER = 1_000, 200  # saves in the queue, and in one transaction
GATHER = 0.005  # seconds that a save waits for others where several come at once: fewer, larger transactions
MOST_ROWS = 100_000  # of the saves that wait
_TOO_MANY = (
    "the customer store must keep up with what is saved, but too many saves are waiting; try again in a few "
    "seconds"
)


class Writer:
    """One thread that saves what is queued, several saves in one transaction."""

    def __init__(self, store: Callable[[], Store], *, waiting: int = WAITING) -> None:
        """Start the thread.

        Args:
            store: gives the store, or raises ``StoreError`` while there is none.
            waiting: the most saves in the queue.
        """
        self._store = store
        self._rows, self._counting, self._closed = 0, threading.Lock(), False
        self._jobs: queue.Queue[Job | None] = queue.Queue(waiting)
        self._thread = threading.Thread(target=self._work, name="customer-store", daemon=True)
        self._thread.start()

    def save(self, job: Job) -> Future[Saved]:
        """Queue a save; its future ends when it is on the disk.

        Raises:
            StoreError: when too many are waiting, or after ``close``.
        """
        with self._counting:
            if self._closed:
                raise StoreError("the customer store must be open, but the app is stopping; save again later")
            if self._rows and self._rows + len(job.sent) > MOST_ROWS:
                raise StoreError(_TOO_MANY)
            try:
                self._jobs.put_nowait(job)
            except queue.Full:
                raise StoreError(_TOO_MANY) from None
            self._rows += len(job.sent)
        return job.done

    def close(self) -> None:
        """Save what is queued, and end the thread."""
        with self._counting:
            self._closed = True
        self._jobs.put(None)
        self._thread.join()

    def _work(self) -> None:
        crowded = False
        while True:
            jobs = [self._jobs.get()]
            if crowded:
                time.sleep(GATHER)  # so that more saves share one transaction
            while jobs[-1] is not None and len(jobs) < TOGETHER:
                try:
                    jobs.append(self._jobs.get_nowait())
                except queue.Empty:
                    break
            real = [job for job in jobs if job is not None]
            crowded = len(real) > 1
            if real:
                self._together(real)
            with self._counting:
                self._rows -= sum(len(job.sent) for job in real)
            if jobs[-1] is None:
                return

    def _together(self, jobs: Sequence[Job]) -> None:
        """Save several; where one of them is at fault, one by one, so that none fails for another."""
        try:
            results = self._store().save_together(jobs)
        except Exception as error:  # whatever it is, those who wait must hear of it
            if len(jobs) == 1 or (isinstance(error, StoreError) and error.down):
                for job in jobs:
                    job.done.set_exception(error)
            else:
                for job in jobs:
                    self._together([job])
            return
        for job, result in zip(jobs, results, strict=True):
            job.done.set_result(result)
