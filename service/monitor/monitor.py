"""The monitor of the running service: live counts of each model that it served, saved now and then."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference import Answer, Segmenter
from inference.drift import Counts
from inference.drift.counts import Answered
from inference.validation import Checked
from service.api.http.request_log import log_quietly
from service.monitor.live_counts import WINDOW_ROWS, LiveCounts
from service.monitor.state_file import StateError, StateFile

SAVE_EVERY = 10.0  # seconds; a process that is killed loses at most the counts of this long
MOST_MODELS = 4  # whose counts are kept: the running one and those before, for a return to one of them
VERSION_LENGTH = 12
_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Saving:
    """How the counts are saved.

    Attributes:
        path: of the file, or ``None``: they end with the process.
        saved: Unix time of the last time; problem: why they are not saved, or empty.
        note: what became of a file that could not be used, or empty.
    """

    path: Path | None
    saved: float | None = None
    problem: str = ""
    note: str = ""


@dataclass(frozen=True)
class _Rows:
    """Some of the answers."""

    segment_id: NDArray[np.int64]
    complete: NDArray[np.bool_]
    novelty: NDArray[np.float64]

    @classmethod
    def of(cls, answers: Answered, rows: NDArray[np.bool_]) -> _Rows:
        return cls(answers.segment_id[rows], answers.complete[rows], answers.novelty[rows])

    @classmethod
    def one(cls, answer: Answer) -> _Rows:
        novelty = np.nan if answer.novelty is None else answer.novelty
        return cls(np.array([answer.segment_id]), np.array([answer.complete]), np.array([novelty]))


class Monitor:
    """Counts the customers of every model that is served; safe to share between threads."""

    def __init__(
        self,
        *,
        state: Path | None = None,
        window_rows: int = WINDOW_ROWS,
        save_every: float = SAVE_EVERY,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._window_rows, self._clock = window_rows, clock
        self._lives: dict[str, LiveCounts] = {}
        self._lock = Lock()
        self._stored: dict[str, Any] = {}
        self._file = None if state is None else StateFile(state)
        self._saving = Saving(path=state)
        self._stop = Event()
        self._saver: Thread | None = None
        if self._file is not None:
            try:
                self._claim(self._file)
            except StateError as error:
                self._report(str(error))
            self._saver = Thread(target=self._keep_saving, args=(save_every,), name="monitor", daemon=True)
            self._saver.start()

    @property
    def saving(self) -> Saving:
        """How the counts are saved."""
        return self._saving

    def live(self, segmenter: Segmenter) -> LiveCounts:
        """The counts of a model; those of an earlier run are continued."""
        live = self._lives.get(segmenter.fingerprint)
        return live if live is not None else self._begin(segmenter)

    def observe_one(self, segmenter: Segmenter, checked: Checked, answer: Answer) -> None:
        """Count one customer."""
        self.observe(segmenter, checked, _Rows.one(answer))

    def observe(self, segmenter: Segmenter, checked: Checked, answers: Answered) -> None:
        """Count customers that were answered, and rows with problems, which were not."""
        live = self.live(segmenter)
        if not checked.problems:
            live.observe(checked.feeds, answers)
            return
        sound = np.ones(checked.rows, dtype=bool)
        sound[list(checked.problems)] = False
        counts = Counts(live.layout)
        counts.add({name: feed[sound] for name, feed in checked.feeds.items()}, _Rows.of(answers, sound))
        live.add(counts, refused=len(checked.problems))

    def refuse(self, segmenter: Segmenter, rows: int = 1) -> None:
        """Count rows that could not be answered."""
        self.live(segmenter).refuse(rows)

    def add(self, segmenter: Segmenter, counts: Counts, *, refused: int) -> None:
        """Count a file that was scored."""
        self.live(segmenter).add(counts, refused=refused)

    def save(self) -> None:
        """Save now, if there is a file and anything is new."""
        if self._file is None:
            return
        with self._lock:
            if not any(each.changed for each in self._lives.values()):
                return
            lives = dict(self._lives)
            try:
                self._claim(self._file)
                self._store({key: each.to_json() for key, each in lives.items()})
                self._file.write(self._stored)
            except StateError as error:
                for each in lives.values():
                    each.changed = True
                self._report(str(error))
            else:
                self._saving = replace(self._saving, saved=self._clock(), problem="")

    def close(self) -> None:
        """Save for the last time and end the thread."""
        self._stop.set()
        if self._saver is not None:
            self._saver.join()
            self._saver = None
            self.save()
        if self._file is not None:
            self._file.release()

    def _begin(self, segmenter: Segmenter) -> LiveCounts:
        with self._lock:
            live = self._lives.get(segmenter.fingerprint)
            if live is not None:
                return live
            live = LiveCounts(
                segmenter.contract,
                segmenter.fingerprint[:VERSION_LENGTH],
                window_rows=self._window_rows,
                clock=self._clock,
            )
            self._continue(live, segmenter.fingerprint)
            self._lives[segmenter.fingerprint] = live
            while len(self._lives) > MOST_MODELS:
                oldest = next(iter(self._lives))
                self._store({oldest: self._lives.pop(oldest).to_json()})
            return live

    def _store(self, models: Mapping[str, Any]) -> None:
        """Keep counts of models, the most recent ones."""
        newest = sorted({**self._stored, **models}.items(), key=lambda each: float(each[1]["used"]))
        self._stored = dict(newest[-MOST_MODELS:])

    def _continue(self, live: LiveCounts, fingerprint: str) -> None:
        """Continue the counts that an earlier run saved of a model, if there are any."""
        if fingerprint not in self._stored:
            return
        try:
            live.continue_from(self._stored[fingerprint])
        except (KeyError, TypeError, ValueError) as error:
            if self._file is not None:
                self._put_aside(self._file, f"its counts cannot be used ({error})")

    def _claim(self, file: StateFile) -> None:
        """Become the process that writes the file, and read what the one before has saved.

        Raises:
            StateError: when another process has it.
        """
        if not file.claim():
            return
        try:
            self._stored = file.read()
        except StateError as error:
            self._put_aside(file, str(error))
        for fingerprint, live in self._lives.items():
            self._continue(live, fingerprint)

    def _put_aside(self, file: StateFile, why: str) -> None:
        """Rename a file that cannot be used, so that it is not overwritten."""
        self._stored = {}
        try:
            aside = file.put_aside()
        except StateError as error:
            self._report(str(error))
            return
        note = f"{why}; it was renamed to {aside.name!r}, and counting started again"
        _log.warning("%s", note)
        self._saving = replace(self._saving, note=note)

    def _report(self, problem: str) -> None:
        if problem != self._saving.problem:
            _log.warning("%s", problem)
        self._saving = replace(self._saving, problem=problem)

    def _keep_saving(self, every: float) -> None:
        while not self._stop.wait(every):
            try:
                self.save()
            except Exception as error:  # the next time may succeed, and nobody else would log it
                log_quietly(error)
