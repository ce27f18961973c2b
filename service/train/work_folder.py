"""The folder with the files of all trainings: only this user can read it, and it ends with the process."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import tempfile
from pathlib import Path

PREFIX = "customer-segments-training-"


class WorkFolder:
    """A folder with one folder per training or table; removes those of processes that were killed."""

    def __init__(self, parent: Path | None = None) -> None:
        parent = parent or Path(tempfile.gettempdir())
        remove_left_behind(parent)
        self.path = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=parent))

    def new(self) -> Path:
        """A folder that nobody can guess."""
        made = self.path / secrets.token_hex(16)
        made.mkdir(mode=0o700)
        return made

    def close(self) -> None:
        """Remove everything."""
        shutil.rmtree(self.path, ignore_errors=True)


def remove_left_behind(parent: Path) -> None:
    """Remove the folders of this user's processes that are no more."""
    for path in parent.glob(f"{PREFIX}*-*"):
        number = path.name.removeprefix(PREFIX).partition("-")[0]
        with contextlib.suppress(OSError):
            own = path.is_dir() and not path.is_symlink() and path.stat().st_uid == os.getuid()
            if own and number.isdecimal() and not _runs(int(number)):
                shutil.rmtree(path, ignore_errors=True)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
