"""Where a scored file goes: under its final name all at once, or into a stream."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from inference.errors import InputError
from inference.wording import quoted_path


@contextmanager
def open_target(target: str | Path | BinaryIO) -> Iterator[BinaryIO]:
    """Open a target for writing; a file gets its name only when everything is written.

    Raises:
        InputError: when the file cannot be written.
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
        with _part_of(path.resolve()) as stream:
            yield stream
    except BrokenPipeError:
        raise
    except OSError as error:
        raise InputError(
            f"the file {quoted_path(path)} must be writable, but it is not ({_reason(error)})"
        ) from error


@contextmanager
def _part_of(path: Path) -> Iterator[BinaryIO]:
    """A file next to the final one, which takes its name at the end and never outlives this block."""
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    part = path.with_name(f".{path.name[:200]}.{secrets.token_hex(4)}.part")
    try:
        with part.open("xb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).splitlines()[0]
