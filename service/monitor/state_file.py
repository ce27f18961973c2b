"""The file that live counts survive a restart in: old or new as a whole, and written by one process only."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import IO, Any

import orjson

FORMAT = 1


class StateError(RuntimeError):
    """The file cannot be read or written; the message names it, what must be true and what to do."""


class StateFile:
    """A JSON file and the right to write it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock: IO[bytes] | None = None

    def claim(self) -> bool:
        """Make this process the one that writes the file; returns whether it was not before.

        Raises:
            StateError: when another one is, or the folder cannot be written to.
        """
        if self._lock is not None:
            return False
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            lock = self.path.with_name(f"{self.path.name}.lock").open("ab")
        except OSError as error:
            raise StateError(
                f"the folder of MONITOR_STATE {self._name()} must be writable, but it is not "
                f"({error.strerror}); name another file"
            ) from error
        try:
            _lock(lock)
        except OSError as error:
            lock.close()
            raise StateError(
                f"MONITOR_STATE {self._name()} must be written by one process only, but another one has it; "
                "give each process its own file"
            ) from error
        self._lock = lock
        return True

    def read(self) -> dict[str, Any]:
        """The models in the file by their fingerprint; empty when there is no file.

        Raises:
            StateError: when it cannot be used.
        """
        try:
            document = orjson.loads(self.path.read_bytes())
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            reason = type(error).__name__
            raise StateError(f"MONITOR_STATE {self._name()} cannot be read ({reason})") from error
        if not isinstance(document, dict) or document.get("format") != FORMAT:
            raise StateError(f"MONITOR_STATE {self._name()} must have format {FORMAT}, but it has another")
        models = document.get("models")
        if not isinstance(models, dict) or not all(_is_model(entry) for entry in models.values()):
            raise StateError(f"MONITOR_STATE {self._name()} must list the counts of models, but it does not")
        return models

    def write(self, models: dict[str, Any]) -> None:
        """Replace the file in one step; the new one is on the disk when this returns.

        Raises:
            StateError: when it cannot be written; the old one is still there.
        """
        part = self.path.with_name(f".{self.path.name}.{secrets.token_hex(4)}.part")
        try:
            with part.open("xb") as stream:
                stream.write(orjson.dumps({"format": FORMAT, "models": models}))
                stream.flush()
                os.fsync(stream.fileno())
            part.replace(self.path)
        except OSError as error:
            part.unlink(missing_ok=True)
            raise StateError(
                f"MONITOR_STATE {self._name()} must be writable, but it is not ({error.strerror}); the "
                "counts are still in memory, and saving is tried again"
            ) from error

    def put_aside(self) -> Path:
        """Rename a file that cannot be used, so that nothing of it is lost; returns its new name.

        Raises:
            StateError: when it cannot be renamed.
        """
        aside = self.path.with_name(f"{self.path.name}.unreadable-{secrets.token_hex(4)}")
        try:
            self.path.rename(aside)
        except OSError as error:
            raise StateError(
                f"MONITOR_STATE {self._name()} must be usable, but it cannot be used or renamed "
                f"({error.strerror}); name another file"
            ) from error
        return aside

    def release(self) -> None:
        """Let another process write the file."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _name(self) -> str:
        return repr(str(self.path)[-120:])


def _is_model(entry: object) -> bool:
    return isinstance(entry, dict) and isinstance(entry.get("used"), (int, float))


def _lock(file: IO[bytes]) -> None:
    """Lock a file until it is closed; the system frees the lock when the process ends, however it ends."""
    if os.name == "nt":
        import msvcrt

        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        return
    import fcntl

    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
