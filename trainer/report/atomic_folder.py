"""Puts finished artifacts in place all at once: a kill at any moment leaves the old ones or the new ones.

Everything is written into a new folder next to the old one, and the file system swaps the two names in one
step. Files in the old folder that a run does not write are copied over, so no file of the user is lost.
"""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from inference.errors import InputError

LEAST_FREE = 20 << 20  # bytes; a model with its card and figures has two or three million
_AT_FDCWD = -100  # Linux: paths are relative to the working folder
_RENAME_EXCHANGE = 2  # Linux, renameat2
_RENAME_SWAP = 2  # macOS, renamex_np


@contextmanager
def replacing(folder: Path, *, without: Collection[str] = ()) -> Iterator[Path]:
    """Give an empty folder to write into; on success it replaces ``folder``.

    Args:
        folder: may be there or not.
        without: files of the old folder that are not kept, even if they are not written.

    Raises:
        InputError: when ``folder`` is a file, or cannot be replaced (a mount point, for example).
    """
    with _in_words(folder):
        folder = folder.resolve()
        _refuse_file(folder)
        folder.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name[:200]}.", dir=folder.parent))
    try:
        with _in_words(folder):
            fresh.chmod(0o755)
            yield fresh
            if folder.exists():
                _carry_over(folder, fresh, without)
            _sync(fresh)
        try:
            _swap(fresh, folder)
        except OSError as error:
            raise InputError(
                f"the folder {str(folder)!r} must be replaceable by a renamed one, but the system refuses "
                f"({error}); is it a mount point? Name a folder inside it"
            ) from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def check_replaceable(folder: Path) -> None:
    """Refuse a folder that could not be written, before the work whose results it is for.

    Raises:
        InputError: when it is a file or a mount point, or cannot be made, or its disk is full.
    """
    with _in_words(folder):
        folder = folder.resolve()
        _refuse_file(folder)
        if folder.is_mount():
            raise InputError(
                f"the folder {str(folder)!r} must be replaceable by a renamed one, but it is a mount point; "
                "name a folder inside it"
            )
        above = next(each for each in folder.parents if each.exists())
        Path(tempfile.mkdtemp(prefix=f".{folder.name[:200]}.", dir=above)).rmdir()
        free = shutil.disk_usage(above).free
        if free < LEAST_FREE:
            raise InputError(
                f"the disk of {str(folder)!r} must have {LEAST_FREE >> 20} MB free, but it has "
                f"{free >> 20}; make room, or name a folder on another disk"
            )


def _refuse_file(folder: Path) -> None:
    try:
        found = folder.stat()  # which, unlike `exists`, also says of a name that it cannot be one
    except (FileNotFoundError, NotADirectoryError):
        return
    if not stat.S_ISDIR(found.st_mode):
        raise InputError(f"the output must be a folder, but {str(folder)!r} is a file; name another")


@contextmanager
def _in_words(folder: Path) -> Iterator[None]:
    """What the system says while the folder is written, as a sentence."""
    try:
        yield
    except OSError as error:
        raise InputError(
            f"the folder {str(folder)!r} must be writable, but it is not ({error.strerror or error}); what "
            "was there before is unchanged"
        ) from error


def exchange(one: Path, other: Path) -> None:
    """Exchange two folders, in one step where the system can.

    Raises:
        InputError: when it cannot be done.
    """
    try:
        if not _exchange(one, other):
            aside = one.with_name(f".{one.name}.aside")
            one.rename(aside)
            other.rename(one)
            aside.rename(other)
    except OSError as error:
        raise InputError(
            f"the folders {str(one)!r} and {str(other)!r} must be replaceable by renamed ones, but the "
            f"system refuses ({error})"
        ) from error


def _carry_over(old: Path, fresh: Path, without: Collection[str]) -> None:
    for entry in old.rglob("*"):
        twin = fresh / entry.relative_to(old)
        if entry.name not in without and not twin.exists() and not entry.is_dir():
            twin.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(entry, twin, follow_symlinks=False)


def _sync(folder: Path) -> None:
    """Write the content to disk before the rename; otherwise a power cut could leave empty files."""
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            with path.open("rb+") as file:
                os.fsync(file.fileno())


def _swap(fresh: Path, folder: Path) -> None:
    """Swap the two names; where the system cannot do this in one step, use two renames with a short gap."""
    if not folder.exists():
        fresh.rename(folder)
    elif not _exchange(fresh, folder):
        aside = fresh.with_name(f"{fresh.name}.old")
        folder.rename(aside)
        fresh.rename(folder)
        shutil.rmtree(aside)


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two folders' names in one step; ``False`` where the system cannot."""
    paths = os.fsencode(one), os.fsencode(other)
    if sys.platform not in ("linux", "darwin"):
        return False
    library = ctypes.CDLL(None, use_errno=True)
    if sys.platform == "linux" and hasattr(library, "renameat2"):
        status = library.renameat2(_AT_FDCWD, paths[0], _AT_FDCWD, paths[1], _RENAME_EXCHANGE)
    elif sys.platform == "darwin" and hasattr(library, "renamex_np"):
        status = library.renamex_np(*paths, _RENAME_SWAP)
    else:
        return False
    if status == 0:
        return True
    number = ctypes.get_errno()
    if number in (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP):
        return False
    raise OSError(number, os.strerror(number))
