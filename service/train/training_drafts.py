"""Tables whose columns somebody looks at before they are trained on; forgotten after a while."""

from __future__ import annotations

import os
import secrets
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

from service.train.rest.table_upload import GIVEN
from service.train.trainer_commands import CUSTOMERS
from service.train.work_folder import WorkFolder

MOST_KEPT = 24  # of all visitors; of more, the oldest go


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A table with the proposed roles of its columns.

    Attributes:
        folder: with its files; table: the file that was sent, in it.
        roles: the answer of ``python -m trainer roles``.
    """

    folder: Path
    table: Path
    roles: dict[str, Any]
    id: str = field(default_factory=lambda: secrets.token_urlsafe(24))


class Drafts:
    """The tables; safe to share between threads."""

    def __init__(
        self, folder: WorkFolder, *, kept_minutes: int, clock: Callable[[], float] = time.time
    ) -> None:
        self._folder, self._kept, self._clock = folder, 60 * kept_minutes, clock
        self._drafts: dict[str, tuple[float, Draft]] = {}
        self._lock = Lock()

    def add(self, draft: Draft) -> None:
        """Keep a table for a while."""
        with self._lock:
            self._sweep(room=1)
            self._drafts[draft.id] = (self._clock(), draft)

    def find(self, id: str) -> Draft | None:
        """A table that is not forgotten."""
        with self._lock:
            self._sweep(room=0)
            return self._drafts.get(id, (0.0, None))[1]

    def forget(self, id: str) -> None:
        """Remove a table."""
        with self._lock:
            self._remove(id)

    def copied(self, draft: Draft) -> tuple[Path, Path]:
        """A folder of its own for a training on a table, and the table in it."""
        folder = self._folder.new()
        (folder / GIVEN).mkdir()
        table = folder / GIVEN / draft.table.name
        os.link(draft.table, table)  # nobody writes to it, so that it need not be copied
        made = draft.folder / CUSTOMERS
        if made.is_file():
            os.link(made, folder / CUSTOMERS)
        return folder, table

    def _sweep(self, *, room: int) -> None:
        late = self._clock() - self._kept
        for id in [id for id, (added, _) in self._drafts.items() if added < late]:
            self._remove(id)
        for id in list(self._drafts)[: max(0, len(self._drafts) + room - MOST_KEPT)]:
            self._remove(id)

    def _remove(self, id: str) -> None:
        _, draft = self._drafts.pop(id, (0.0, None))
        if draft is not None:
            shutil.rmtree(draft.folder, ignore_errors=True)
