"""Runs trainings one at a time, each in a child process, and forgets them after a while."""

from __future__ import annotations

import contextlib
import json
import shutil
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Condition, Event, Thread
from typing import Any

from service.api.http.request_log import log_quietly
from service.api.problems import Problem
from service.settings import TrainingSettings
from service.thread_pools import BusyError
from service.train import trainer_commands as commands
from service.train import training_texts as texts
from service.train.child_run import End, Ended, run_child
from service.train.training_job import ENDED, Job, State
from service.train.training_result import result_of
from service.train.work_folder import WorkFolder

MOST_OF_ONE = 3  # trainings of one client that wait or run
LATER = "30"  # seconds after which to ask again
MOST_KEPT = 24  # that have ended; of more, the oldest go
READ, TRAINED = 0.05, 0.95  # shares of a job at which reading and training are over
SWEEP = 5.0  # seconds between two looks for what is too old
Watcher = Callable[[Job], None]


class TrainingJobs:
    """The queue of trainings; safe to share between threads.

    Args:
        limits: of every training.
        folder: for their files.
        forgotten: called with each job that is removed.
    """

    def __init__(
        self,
        limits: TrainingSettings,
        folder: WorkFolder,
        *,
        forgotten: Watcher = lambda job: None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.limits, self.folder = limits, folder
        self._forgotten, self._clock = forgotten, clock
        self._jobs: dict[str, Job] = {}
        self._changed = Condition()
        self._closing = False
        self._thread = Thread(target=self._work, name="training", daemon=True)
        self._thread.start()

    def add(self, job: Job) -> Job:
        """Let a training wait its turn; its folder is removed with it.

        Raises:
            BusyError: when too many wait.
            Problem: 429 when too many of them are of one client.
        """
        with self._changed:
            self._sweep()
            alive = [each for each in self._jobs.values() if each.state not in ENDED]
            if sum(each.client == job.client for each in alive) >= MOST_OF_ONE:
                raise Problem(429, texts.YOURS.format(most=MOST_OF_ONE), headers={"Retry-After": LATER})
            if self._closing or len(alive) > self.limits.queue:
                raise BusyError
            self._jobs[job.id] = job
            self._changed.notify_all()
        return job

    def find(self, id: str) -> Job | None:
        """A job, unless it is forgotten."""
        with self._changed:
            self._sweep()
            return self._jobs.get(id)

    def position(self, job: Job) -> int:
        """How many trainings are before a job that waits: 1 when only the running one is, 0 when it runs."""
        with self._changed:
            if job.state is not State.WAITING:
                return 0
            alive = [each for each in self._jobs.values() if each.state not in ENDED]
            return alive.index(job) if job in alive else 0

    def forget(self, id: str) -> bool:
        """End a training if it runs, and remove its files; returns whether there was one."""
        with self._changed:
            job = self._jobs.pop(id, None)
            if job is None:
                return False
            job.stopped.set()
            running = job.state is State.RUNNING
            if not running:
                job.state = State.CANCELLED
                self._remove(job)
            self._changed.notify_all()
        return True

    def close(self) -> None:
        """End what runs, and remove everything."""
        with self._changed:
            self._closing = True
            for job in self._jobs.values():
                job.stopped.set()
            self._changed.notify_all()
        self._thread.join(timeout=30)
        for job in list(self._jobs.values()):
            self._remove(job)
        self._jobs.clear()
        self.folder.close()

    def _work(self) -> None:
        """Run one job after another, in a thread of its own."""
        while (job := self._next()) is not None:
            try:
                self._run(job)
            except Exception as error:  # the thread must go on
                log_quietly(error)
                self._end(job, State.FAILED, texts.FAULT)
            if self._jobs.get(job.id) is not job:  # forgotten meanwhile
                self._remove(job)

    def _next(self) -> Job | None:
        """The job whose turn it is; ``None`` when the service ends."""
        with self._changed:
            while not self._closing:
                self._sweep()
                for job in self._jobs.values():
                    if job.state is State.WAITING:
                        job.state, job.began = State.RUNNING, self._clock()
                        return job
                self._changed.wait(SWEEP)
        return None

    def _run(self, job: Job) -> None:
        until = time.monotonic() + self.limits.seconds
        for step in (self._read, self._train, self._score, self._page):
            ended = step(job, until)
            if ended.how is not End.DONE:
                self._end(job, *_failure(ended, self.limits))
                return
        job.found = result_of(job)
        self._end(job, State.DONE)

    def _read(self, job: Job, until: float) -> Ended:
        """Find the roles of the columns, unless they are known."""
        job.stage = texts.READING
        if job.roles is None:
            ended, job.roles = read_roles(
                job.table, job.folder, self.limits, until=until, stopped=job.stopped
            )
            if ended.how is not End.DONE:
                return ended
        return Ended(how=End.DONE)

    def _train(self, job: Job, until: float) -> Ended:
        def report(line: Mapping[str, Any]) -> None:
            job.stage = str(line.get("stage", ""))
            job.share = max(job.share, READ + (TRAINED - READ) * float(line["share"]))

        wanted = job.wanted
        job.share = READ
        if wanted.columns is not None:
            (job.folder / commands.ROLES).write_text(json.dumps({"columns": wanted.columns}), "utf-8")
        if wanted.names:
            (job.folder / commands.NAMES).write_text(commands.names_file(wanted.names), "utf-8")
        command = commands.train(
            self._table(job),
            job.folder,
            most_rows=self.limits.max_rows,
            quick=wanted.quick,
            k=wanted.k,
            alternative=wanted.alternative,
        )
        return run_child(command, job.folder, self.limits, until=until, stopped=job.stopped, report=report)

    def _score(self, job: Job, until: float) -> Ended:
        """Give each customer a segment; a model without them is of use, too."""
        job.stage, job.share = texts.SCORING, TRAINED
        command = commands.score(self._table(job), job.folder)
        return self._extra(job, until, command, commands.SCORED, "scored")

    def _page(self, job: Job, until: float) -> Ended:
        """Write the segments on one page; a model without it is of use, too."""
        return self._extra(job, until, commands.page(job.folder), commands.PAGE, "page")

    def _extra(self, job: Job, until: float, command: list[str], name: str, attribute: str) -> Ended:
        """Run a command whose file is offered if there is one."""
        ended = run_child(
            command, job.folder, self.limits, until=until, stopped=job.stopped, report=lambda line: None
        )
        made = job.folder / name
        if ended.how is End.DONE and made.is_file():
            setattr(job, attribute, made)
        return ended if ended.how is End.STOPPED else Ended(how=End.DONE)

    def _table(self, job: Job) -> Path:
        """The customers: of order lines the table that was made of them."""
        made = job.folder / commands.CUSTOMERS
        return made if job.roles is not None and job.roles.get("orders") else job.table

    def _end(self, job: Job, state: State, problem: str = "") -> None:
        with self._changed:
            job.state, job.problem, job.ended = state, problem, self._clock()
            if state is State.DONE:
                job.share = 1.0
            self._changed.notify_all()

    def _sweep(self) -> None:
        """Forget what is too old, and the oldest of too many."""
        kept = 60 * self.limits.kept_minutes
        ended = [job for job in self._jobs.values() if job.ended is not None]
        old = [job for job in ended if self._clock() - (job.ended or 0) > kept]
        old += sorted(ended, key=lambda job: job.ended or 0)[: max(0, len(ended) - MOST_KEPT)]
        for job in old:
            if self._jobs.pop(job.id, None) is not None:
                self._remove(job)

    def _remove(self, job: Job) -> None:
        self._forgotten(job)
        shutil.rmtree(job.folder, ignore_errors=True)


def read_roles(
    table: Path, folder: Path, limits: TrainingSettings, *, until: float, stopped: Event
) -> tuple[Ended, dict[str, Any] | None]:
    """Propose the roles of a table's columns; customers of order lines go to the folder."""
    command = commands.read_roles(table, folder, most_rows=limits.max_rows)
    ended = run_child(command, folder, limits, until=until, stopped=stopped, report=lambda line: None)
    if ended.how is not End.DONE:
        return ended, None
    with contextlib.suppress(ValueError):
        found: dict[str, Any] = json.loads(ended.answer)
        return ended, found
    return Ended(how=End.CRASHED), None


def _failure(ended: Ended, limits: TrainingSettings) -> tuple[State, str]:
    return (State.CANCELLED if ended.how is End.STOPPED else State.FAILED), why(ended, limits)


def why(ended: Ended, limits: TrainingSettings) -> str:
    """Why a command did not end well, in a sentence."""
    if ended.how is End.REFUSED:
        sentence = ended.refusal[:1].upper() + ended.refusal[1:]
        return sentence if sentence.endswith((".", "?", "!")) else f"{sentence}."
    return texts.ENDS[ended.how].format(seconds=limits.seconds, memory=limits.memory_mb)
