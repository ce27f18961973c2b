"""Everything about training that is the same for every model that is served."""

from __future__ import annotations

import json
import os
import shutil
import time
from pathlib import Path
from threading import Event
from typing import Any

from service.api.http.upload_shares import UploadShares
from service.api.problems import Problem
from service.settings import Settings, TrainingSettings
from service.thread_pools import Workers
from service.train import training_texts as texts
from service.train.child_run import End
from service.train.own_sites import Maker, OwnSites
from service.train.trainer_commands import INSTALL, missing_library
from service.train.training_drafts import Drafts
from service.train.training_job import Job, Wanted
from service.train.training_jobs import TrainingJobs, read_roles, why
from service.train.work_folder import WorkFolder

MOST_K = 20
MOST_COLUMNS = 2_000
READING_SECONDS = 120  # in which the roles of a table must be found
ALTERNATIVE, NUMBER = "alternative=", "k="


class TrainingDesk:
    """Trainings, the roles of tables, and the pages about what was trained.

    Args:
        limits: of every training.
        shares: of uploads.
        maker: makes page and API about a model.
    """

    def __init__(self, limits: TrainingSettings, shares: UploadShares, maker: Maker[Any]) -> None:
        self.limits, self.shares = limits, shares
        self.problem = _problem()
        self.folder = WorkFolder()
        self.sites = OwnSites(self.find, maker)
        self.jobs = TrainingJobs(limits, self.folder, forgotten=lambda job: self.sites.forget(job.id))
        self.drafts = Drafts(self.folder, kept_minutes=limits.kept_minutes)
        self._readers = Workers("roles", threads=1, waiting=4)

    def check(self) -> None:
        """Refuse where nothing can be trained.

        Raises:
            Problem: 503, with what to install.
        """
        if self.problem:
            raise Problem(503, self.problem)

    def find(self, id: str) -> Job | None:
        """A job that is not forgotten."""
        return self.jobs.find(id)

    async def roles(self, table: Path, folder: Path) -> dict[str, Any]:
        """The proposed roles of a table's columns; customers of order lines go to the folder.

        Raises:
            Problem: for a table that cannot be trained on.
            BusyError: when too many are waiting.
        """
        return await self._readers.run(lambda: self._roles(table, folder))

    def roles_here(self, table: Path, folder: Path) -> dict[str, Any]:
        """The same for a caller in a thread of its own, which waits."""
        return self._readers.run_here(lambda: self._roles(table, folder))

    def _roles(self, table: Path, folder: Path) -> dict[str, Any]:
        until = time.monotonic() + min(READING_SECONDS, self.limits.seconds)
        ended, found = read_roles(table, folder, self.limits, until=until, stopped=Event())
        if ended.how is End.REFUSED:
            raise Problem(422, why(ended, self.limits))
        if found is None:
            status = 422 if ended.how in (End.TIME, End.MEMORY) else 500
            raise Problem(status, why(ended, self.limits))
        return found

    def close(self) -> None:
        """End what runs, and remove everything; before the service stops to answer."""
        self.sites.close()
        self.jobs.close()


def training_desk_of(settings: Settings, shares: UploadShares, maker: Maker[Any]) -> TrainingDesk | None:
    """The desk; ``None`` where the settings leave training off."""
    return None if settings.training is None else TrainingDesk(settings.training, shares, maker)


def _problem() -> str:
    """Why nothing can be trained here; empty where it can."""
    if os.name != "posix":
        return texts.NOT_HERE
    name = missing_library()
    return texts.NOT_INSTALLED.format(name=name, command=INSTALL) if name else ""


def wanted_of(option: str, *, quick: bool, columns: list[Any] | None, names: Any) -> Wanted:
    """What a training is asked for, of which ``option`` is ``k=3``, ``alternative=NAME`` or empty.

    Raises:
        Problem: 422 for what cannot be used.
    """
    if columns is not None and not 1 <= len(columns) <= MOST_COLUMNS:
        raise Problem(422, texts.TOO_MANY_COLUMNS.format(most=MOST_COLUMNS, count=len(columns)))
    k, alternative = None, ""
    if option.startswith(ALTERNATIVE):
        alternative = option.removeprefix(ALTERNATIVE)
    elif option:
        k = _number(option.removeprefix(NUMBER))
    if alternative and not (alternative.isascii() and alternative.replace("-", "").isalnum()):
        raise Problem(422, texts.NO_ALTERNATIVE)
    return Wanted(quick=quick, k=k, alternative=alternative, columns=columns, names=_names(names))


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 2 <= int(text[:9]) <= MOST_K):
        raise Problem(422, texts.NO_K.format(most=MOST_K))
    return int(text)


def _names(names: Any) -> dict[str, dict[str, str]]:
    entries = names if isinstance(names, dict) else {}
    right = isinstance(names, dict) and all(
        isinstance(entry, dict)
        and entry
        and entry.keys() <= {"name", "tier", "action"}
        and all(isinstance(value, str) and value.strip() and len(value) <= 400 for value in entry.values())
        for entry in entries.values()
    )
    if not right:
        raise Problem(422, texts.NO_NAMES)
    return entries


def json_part(name: str, sent: bytes | None) -> Any:
    """A part of a form that holds JSON; ``None`` where it is not there.

    Raises:
        Problem: 400 when it is no JSON.
    """
    if sent is None or not sent.strip():
        return None
    try:
        return json.loads(sent)
    except (ValueError, RecursionError):
        raise Problem(400, texts.NO_JSON.format(name=name)) from None


def discard(folder: Path) -> None:
    """Remove the folder of a table that is not trained on."""
    shutil.rmtree(folder, ignore_errors=True)
