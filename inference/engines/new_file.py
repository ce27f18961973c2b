"""A file that a command writes, which must not exist yet."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from inference import InputError
from inference.wording import quoted_path


@contextmanager
def new_file(path: Path) -> Iterator[Path]:
    """A file that did not exist; it is removed when it cannot be written completely.

    Raises:
        InputError: when there is such a file, or it cannot be written.
    """
    try:
        path.touch(exist_ok=False)
    except FileExistsError:
        raise InputError(
            f"{quoted_path(path)} must not exist yet, but it does; remove it, or give another name"
        ) from None
    except OSError as error:
        raise unwritable(path, error) from None
    try:
        yield path
    except OSError as error:
        path.unlink(missing_ok=True)
        raise unwritable(path, error) from None
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    sys.stderr.write(f"written to {path}\n")


def unwritable(path: Path, error: OSError) -> InputError:
    """The error for a file or folder that cannot be written."""
    return InputError(
        f"{quoted_path(path)} must be writable, but it is not ({error.strerror}); give another name"
    )
