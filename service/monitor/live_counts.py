"""The customers that one model answered for, counted as they come; safe to share between threads."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

from numpy.typing import NDArray

from inference.contract import Contract
from inference.drift import Counts, Layout
from inference.drift.counts import Answered, positions_of
from inference.drift.lights import LEAST_ROWS
from service.monitor.windows import BY_DAY, KINDS, Look, Windows

WINDOW_ROWS = 1_000  # customers of a window by count


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What is known at one moment.

    Attributes:
        total: every customer since the start; refused: rows that could not be answered.
        looks: kind of windows -> the looks that count now; complete: kind -> its last complete windows.
        since: Unix time of the start.
    """

    contract: Contract
    version: str
    total: Counts
    refused: int
    looks: Mapping[str, tuple[Look, ...]]
    complete: Mapping[str, tuple[Look, ...]]
    open_day: Look | None
    since: float


class LiveCounts:
    """Counts of one model's customers, in memory that does not grow."""

    def __init__(
        self,
        contract: Contract,
        version: str,
        *,
        window_rows: int = WINDOW_ROWS,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.layout = Layout(contract)
        self.version = version
        self._clock, self._window_rows = clock, window_rows
        self._lock = Lock()
        self._pending = Counts(self.layout)  # not yet in a window
        self._windows = {kind: Windows(kind=kind, layout=self.layout, rows=window_rows) for kind in KINDS}
        self._positions: list[int] = []  # of single customers, not yet in pending
        self._squares: list[float] = []
        self._waiting = 0  # customers that no window has yet
        self._total = Counts(self.layout)
        self._refused = 0
        self._since = self._used = clock()
        self.changed = False  # since it was last saved

    def observe(self, feeds: Mapping[str, NDArray[Any]], answers: Answered) -> None:
        """Count customers that were answered.

        Args:
            feeds: column -> the graph's input ``[N, 1]``.
            answers: to these.
        """
        if len(answers.segment_id) == 1:
            positions, square = positions_of(self.layout, feeds, answers)
            with self._lock:
                self._positions += positions
                self._squares.append(square)
                self._waiting += 1
                self.changed = True
                if self._waiting >= LEAST_ROWS:
                    self._gather()
            return
        counts = Counts(self.layout)
        counts.add(feeds, answers)
        self.add(counts)

    def add(self, counts: Counts, *, refused: int = 0) -> None:
        """Add counts that were made elsewhere, such as of a file, and rows that could not be answered."""
        with self._lock:
            self._pending.merge(counts)
            self._waiting += counts.rows
            self._refused += refused
            self.changed = True
            self._gather()

    def refuse(self, rows: int = 1) -> None:
        """Count rows that could not be answered."""
        with self._lock:
            self._refused += rows
            self.changed = True

    def seen(self) -> Seen:
        """What is known now."""
        now = self._clock()
        with self._lock:
            self._gather()
            for each in self._windows.values():
                each.close_day(now)
            total = self._total.copy()
            total.merge(self._pending)
            return Seen(
                contract=self.layout.contract,
                version=self.version,
                total=total,
                refused=self._refused,
                looks={kind: each.current() for kind, each in self._windows.items()},
                complete={kind: tuple(each.complete) for kind, each in self._windows.items()},
                open_day=self._open_day(now),
                since=self._since,
            )

    def totals(self) -> tuple[Counts, int]:
        """Every customer since the start, and the rows that could not be answered."""
        with self._lock:
            self._gather()
            total = self._total.copy()
            total.merge(self._pending)
            return total, self._refused

    def to_json(self) -> dict[str, Any]:
        """As JSON values; later counts are changes again."""
        with self._lock:
            self._gather()
            if self.changed:
                self._used, self.changed = self._clock(), False
            return {
                "layout": self.layout.key,
                "since": self._since,
                "used": self._used,
                "refused": self._refused,
                "pending": self._pending.to_json(),
                "total": self._total.to_json(),
                "windows": {kind: each.to_json() for kind, each in self._windows.items()},
            }

    def continue_from(self, entry: Mapping[str, Any]) -> None:
        """Continue from what ``to_json`` wrote, with what was counted here since added to it.

        Raises:
            ValueError, KeyError, TypeError: when it is not that, or of another model; nothing changes then.
        """
        if entry["layout"] != self.layout.key:
            raise ValueError("its columns are not those of the model")
        windows = {
            kind: Windows.read(kind, self.layout, self._window_rows, entry["windows"][kind]) for kind in KINDS
        }
        total, pending = (Counts.read(self.layout, entry[part]) for part in ("total", "pending"))
        since, refused = float(entry["since"]), int(entry["refused"])
        with self._lock:
            self._gather()
            pending.merge(self._pending)
            pending.merge(self._total)
            self._waiting = pending.rows
            self._windows, self._total, self._pending = windows, total, pending
            self._since, self._refused = since, self._refused + refused
            self._gather()

    def _gather(self) -> None:
        """Add the single customers to what is pending, and that to the windows when it is enough."""
        if self._squares:
            self._pending.add_positions(self._positions, self._squares)
            self._positions, self._squares = [], []
        if self._waiting >= LEAST_ROWS:
            self._settle()

    def _settle(self) -> None:
        """Move what is pending into the windows."""
        now = self._clock()
        for each in self._windows.values():
            each.add(self._pending, now)
        self._total.merge(self._pending)
        self._pending, self._waiting = Counts(self.layout), 0

    def _open_day(self, now: float) -> Look | None:
        """The open day with what is pending, for reports; it is no look of its own."""
        day = self._windows[BY_DAY]
        counts = day.open.copy()
        counts.merge(self._pending)
        if counts.rows == 0:
            return None
        began = now if day.began is None else day.began
        return Look(kind=BY_DAY, window=day.window, number=None, counts=counts, began=began, ended=now)
