"""A store that is opened when it is first needed, and again when that failed."""

from __future__ import annotations

import threading
import time

from customers.engine import StoreError
from customers.store import Store, open_store

RETRY_SECONDS = 2.0


class ReopenedStore:
    """Gives a store, and tries again later where it could not be opened; safe to share between threads."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._lock = threading.Lock()
        self._store: Store | None = None
        self._failed: tuple[float, StoreError] | None = None

    def __call__(self) -> Store:
        """The store.

        Raises:
            StoreError: while it cannot be opened; the database is asked again after two seconds.
        """
        store = self._store
        if store is not None:
            return store
        with self._lock:
            if self._store is not None:
                return self._store
            if self._failed is not None and time.monotonic() - self._failed[0] < RETRY_SECONDS:
                raise self._failed[1]
            try:
                self._store = open_store(self._url)
            except StoreError as error:
                self._failed = (time.monotonic(), error)
                raise
            return self._store

    def close(self) -> None:
        """Close the connections, if there are any."""
        if self._store is not None:
            self._store.close()
