"""One training: what is asked for, how far it is, and what came of it."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from threading import Event
from typing import Any

from inference import Contract

SOON = 0.08  # of a run, before which nobody can say how long it takes


class State(StrEnum):
    """Where a training is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


ENDED = (State.DONE, State.FAILED, State.CANCELLED)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a training is asked for.

    Attributes:
        quick: fewer repetitions, as ``--quick``.
        k: the number of segments; ``None`` for the best.
        alternative: another set of clustering columns, by the name that a training reported.
        columns: the edited roles; ``None`` for the proposed ones.
        names: names and tiers of segments, by the name that each has without them.
    """

    quick: bool = True
    k: int | None = None
    alternative: str = ""
    columns: list[Any] | None = None
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Result:
    """A model and what was decided for it.

    Attributes:
        contract: of the model.
        automatic: the names of the segments without the user's own, in their order.
        warnings: what a reader should know, in sentences.
    """

    contract: Contract
    automatic: tuple[str, ...]
    warnings: tuple[str, ...]


@dataclass(kw_only=True)
class Job:
    """A training that waits, runs or has ended; changed by ``TrainingJobs`` alone.

    Attributes:
        folder: with its files; table: the file that was sent, in it.
        client: who asked for it.
        roles: what ``python -m trainer roles`` found; ``None`` until then.
        stage: what it does; share: how much of it is done.
        problem: why it failed, in a sentence.
        found: the result, once it is done.
        draft: the table that it was started from on the page.
        scored: the customers with their segments; ``None`` where they could not be scored.
        page: the segments on one page; ``None`` where it could not be written.
    """

    folder: Path
    table: Path
    client: str
    wanted: Wanted
    roles: dict[str, Any] | None = None
    id: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    state: State = State.WAITING
    stage: str = ""
    share: float = 0.0
    problem: str = ""
    found: Result | None = None
    draft: str = ""
    scored: Path | None = None
    page: Path | None = None
    created: float = field(default_factory=time.time)
    began: float | None = None
    ended: float | None = None
    stopped: Event = field(default_factory=Event)

    @property
    def model_folder(self) -> Path:
        """The folder with model, card and report, once it is done."""
        return self.folder / "result"

    def seconds_left(self, now: float) -> int | None:
        """About how long it still takes; ``None`` while nobody knows."""
        if self.state is not State.RUNNING or self.began is None or self.share < SOON:
            return None
        return max(1, round((now - self.began) * (1 - self.share) / self.share))
