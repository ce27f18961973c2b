"""Where a scored file goes: under its final name all at once, or into a stream."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from inference.errors import InputError


@contextmanager
def open_target(target: str | Path | BinaryIO) -> Iterator[BinaryIO]:
    """Open a target for writing; a file gets its name only when everything is written.

    Raises:
        InputError: when the file cannot be written.
    """
    if not isinstance(target, (str, Path)):
        yield target
        return
    path = Path(target)
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        stream = part.open("xb")
    except OSError as error:
        raise InputError(
            f"the file {str(path)!r} must be writable, but it is not ({error.strerror})"
        ) from error
    try:
        with stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
