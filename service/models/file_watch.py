"""Looks at the model file now and then, and takes a new one."""

from __future__ import annotations

from pathlib import Path
from threading import Event, Thread

from service.api.http.request_log import log_quietly
from service.models.reloading import RefusedError, Reloading

State = tuple[int, int, int]  # inode, size, time of the last change


class FileWatch:
    """A thread that looks at a file; a change is taken when two looks in turn find the same file.

    A file that is still being written changes between two looks. One that is refused is tried again when it
    changes again.

    Args:
        every: seconds between two looks.
    """

    def __init__(self, path: Path, reloading: Reloading, *, every: float) -> None:
        self._path, self._reloading, self._every = path, reloading, every
        self._taken = self._seen = state_of(path)
        self._stop = Event()
        self._thread = Thread(target=self._watch, name="model file", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def close(self) -> None:
        """Stop looking."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def look(self) -> None:
        """Look once."""
        state = state_of(self._path)
        settled, self._seen = state == self._seen, state
        if state is None or not settled or state == self._taken:
            return
        self._taken = state
        try:
            self._reloading.reload()
        except RefusedError:
            return  # it was logged, and is told to whoever asks
        except Exception as error:  # the next file may be better
            log_quietly(error)

    def _watch(self) -> None:
        while not self._stop.wait(self._every):
            self.look()


def state_of(path: Path) -> State | None:
    """What changes when a file is written or replaced; ``None`` without a file."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns
