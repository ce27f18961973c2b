"""Shares the receiving and scoring of files among clients, so that none can close it to the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import IO, Any

from service.api.file_scoring import file_limits
from service.settings import Settings
from service.thread_pools import BusyError

PATIENCE = 60  # seconds without a byte from the client
PACE = 50_000  # bytes a second that a client must send, after as long again
MOST_OPEN = 8  # uploads of a client that are received at a time
FILES_OF_ALL, FILES_OF_ONE = 8, 2  # of the largest size, on disk at a time


class UploadShares:
    """What each client uses at present, whichever interface it uses; asked from any thread.

    A client is an address, as for the limit of requests; behind a proxy that hides addresses all are one.
    """

    def __init__(self, *, workers: int, limit: int) -> None:
        self._most_scored = max(1, workers - 1)
        self._lock = Lock()
        self._limit = limit
        self._open: Counter[str] = Counter()
        self._bytes: Counter[str] = Counter()
        self._scored: Counter[str] = Counter()

    @property
    def busy(self) -> bool:
        """Whether any upload is open."""
        return bool(self._open)

    @contextmanager
    def upload(self, client: str) -> Iterator[Upload]:
        """An upload from its first byte until its file is scored.

        Raises:
            BusyError: when the client has too many of them.
        """
        with self._lock:
            if self._open[client] >= MOST_OPEN:
                raise BusyError
            self._open[client] += 1
        upload = Upload(self, client)
        try:
            yield upload
        finally:
            with self._lock:
                _subtract(self._open, client, 1)
                _subtract(self._bytes, client, upload.size)

    def add(self, client: str, size: int) -> None:
        """Count bytes that are about to be stored.

        Raises:
            BusyError: when they would be too many for the client or for all together.
        """
        with self._lock:
            of_one, of_all = self._bytes[client] + size, self._bytes.total() + size
            if of_one > FILES_OF_ONE * self._limit or of_all > FILES_OF_ALL * self._limit:
                raise BusyError
            self._bytes[client] += size

    @contextmanager
    def scoring(self, client: str) -> Iterator[None]:
        """A worker for one file; one client cannot have all of them where there are several.

        Raises:
            BusyError: when the client has its share.
        """
        with self._lock:
            if self._scored[client] >= self._most_scored:
                raise BusyError
            self._scored[client] += 1
        try:
            yield
        finally:
            with self._lock:
                _subtract(self._scored, client, 1)


def upload_shares(settings: Settings) -> UploadShares:
    """The shares of all clients of a service; every interface asks the same ones."""
    return UploadShares(workers=settings.score_workers, limit=file_limits(settings)["max_bytes"])


class Upload:
    """The bytes of one upload, counted as they are stored."""

    def __init__(self, shares: UploadShares, client: str) -> None:
        self._shares = shares
        self._client = client
        self.size = 0

    def count(self, size: int) -> None:
        """Count bytes that are about to be stored.

        Raises:
            BusyError: when there is no room for them.
        """
        self._shares.add(self._client, size)
        self.size += size

    def store(self, part: bytes, target: IO[bytes]) -> None:
        """Append bytes to the file.

        Raises:
            BusyError: when there is no room for them.
        """
        self.count(len(part))
        target.write(part)


def client_of(request: Any) -> str:
    """The address that a request comes from: one of Starlette's, or Gradio's."""
    return request.client.host if request.client is not None else "unknown"


def _subtract(counts: Counter[str], client: str, count: int) -> None:
    counts[client] -= count
    if counts[client] <= 0:
        del counts[client]
