"""Where a scored file goes: under its final name all at once, or into a stream."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import BinaryIO

from inference.errors import InputError
from inference.wording import quoted_path

fcntl: ModuleType | None
try:
    import fcntl
except ModuleNotFoundError:  # Windows, which has no such locks
    fcntl = None


@contextmanager
def open_target(target: str | Path | BinaryIO, *, replace: bool = True) -> Iterator[BinaryIO]:
    """Open a target for writing; a file gets its name only when everything is written.

    Args:
        replace: whether a file of this name is replaced; else it is an error, also one that comes meanwhile.

    Raises:
        InputError: when the file cannot be written, or another process is writing it.
    """
    if not isinstance(target, (str, Path)):
        try:
            yield target
            target.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            raise InputError(f"the output must be writable, but it is not ({_reason(error)})") from error
        return
    path = Path(target)
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            with path.open("wb") as stream:  # a pipe or a device: there is no name to be given
                yield stream
            return
        if path.is_symlink() and not path.exists():
            raise InputError(
                f"the file {quoted_path(path)} must be a file or a new name, but it is a link to one that is "
                "missing; name the file itself"
            )
        with _part_of(path.resolve(), replace=replace) as stream:
            yield stream
    except BrokenPipeError:
        raise
    except OSError as error:
        raise InputError(
            f"the file {quoted_path(path)} must be writable, but it is not ({_reason(error)})"
        ) from error


@contextmanager
def _part_of(path: Path, *, replace: bool) -> Iterator[BinaryIO]:
    """A file next to the final one, which takes its name at the end and never outlives this block."""
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    with _only_writer(path):
        part = path.with_name(f".{path.name[:200]}.{secrets.token_hex(4)}.part")
        try:
            with part.open("xb") as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            if replace:
                part.replace(path)
            else:
                _name_new(part, path)
        finally:
            part.unlink(missing_ok=True)


def _name_new(part: Path, path: Path) -> None:
    """Give a file a name that no file has, in one step where the file system can."""
    try:
        path.hardlink_to(part)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if path.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST)) from None
        part.replace(path)


@contextmanager
def _only_writer(path: Path) -> Iterator[None]:
    """Refuse to write a file that another process is writing.

    The lock is on a file of its own, which the system frees with the process, however it ends.
    """
    if fcntl is None:
        yield
        return
    lock = path.with_name(f".{path.name[:200]}.lock")
    while True:
        descriptor = os.open(lock, os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _same(descriptor, lock):  # else its owner has removed it meanwhile
                break
        except BlockingIOError:
            os.close(descriptor)
            raise InputError(
                f"the file {quoted_path(path)} must be written by one process at a time, but another is "
                "writing it; wait for it, or give another name"
            ) from None
        except OSError:
            os.close(descriptor)
            yield  # a file system without locks
            return
        os.close(descriptor)
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)
        os.close(descriptor)


def _same(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).splitlines()[0]
