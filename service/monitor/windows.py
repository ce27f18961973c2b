"""Windows of the customers that were answered for: by count, by day, and all since the start.

Each window is looked at when it has 50, 100, 200, ... customers and when it is complete, and only then. So
the chance of a false alarm does not depend on how often somebody asks (see ``inference.drift.alarms``).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from inference.drift import Alarms, Counts, Judgement, Layout, judge, of_report
from inference.drift.lights import LEAST_ROWS

BY_ROWS, BY_DAY, TOTAL = "rows", "day", "total"
KINDS = (BY_ROWS, BY_DAY, TOTAL)
REPORT, FILE = "report", "file"  # looks of a person at days of their choice, and at a file
DAY = 86_400  # seconds
KEPT = 60  # complete windows of a kind


@dataclass(frozen=True, kw_only=True)
class Look:
    """Counts at the moment of a look.

    Attributes:
        window: number of the window, from 1; number: of the look in it, ``None`` when it was complete.
        began, ended: Unix time of the window's first customers and of the look.
    """

    kind: str
    window: int
    number: int | None
    counts: Counts
    began: float
    ended: float

    @cached_property
    def judgement(self) -> Judgement:
        """What the look found."""
        if self.kind == REPORT:
            return judge(self.counts, of_report(self.window))
        if self.kind == FILE:
            return judge(self.counts, Alarms.once())
        if self.kind == TOTAL:
            return judge(self.counts, Alarms.of_total(self.number or 0))
        return judge(self.counts, Alarms.of_window(self.window, look=self.number))

    def to_json(self) -> dict[str, Any]:
        """As JSON values."""
        plain = {name: getattr(self, name) for name in ("window", "number", "began", "ended")}
        return plain | self.counts.to_json()

    @classmethod
    def read(cls, kind: str, layout: Layout, entry: Mapping[str, Any]) -> Look:
        """Read what ``to_json`` wrote."""
        number = entry["number"]
        return cls(
            kind=kind,
            window=int(entry["window"]),
            number=None if number is None else int(number),
            counts=Counts.read(layout, entry),
            began=float(entry["began"]),
            ended=float(entry["ended"]),
        )


@dataclass
class Windows:
    """The windows of one kind: the open one, the last look at it, and complete ones.

    Attributes:
        rows: customers of a complete window, where they are counted.
        window: number of the open window; next_look: the number of its next look.
        began: Unix time of the open window's start, ``None`` while it is empty.
        look: the last look at the open window; complete: the last ``KEPT`` complete windows, oldest first.
    """

    kind: str
    layout: Layout
    rows: int
    window: int = 1
    next_look: int = 0
    began: float | None = None
    open: Counts = field(init=False)
    look: Look | None = None
    complete: deque[Look] = field(default_factory=lambda: deque(maxlen=KEPT))

    def __post_init__(self) -> None:
        self.open = Counts(self.layout)

    def add(self, counts: Counts, now: float) -> None:
        """Add customers to the open window, and look at it when it is time."""
        self.close_day(now)
        if self.began is None:
            self.began = now
        self.open.merge(counts)
        if self.kind == BY_ROWS and self.open.rows >= self.rows:
            self._close(now)
        elif self.open.rows >= LEAST_ROWS << self.next_look:
            while self.open.rows >= LEAST_ROWS << self.next_look:
                self.next_look += 1
            self.look = self._look(self.next_look - 1, now)

    def close_day(self, now: float) -> None:
        """Close the window of a day that is over; days are those of UTC."""
        if self.kind == BY_DAY and self.began is not None and now // DAY > self.began // DAY:
            self._close((self.began // DAY + 1) * DAY)

    def current(self) -> tuple[Look, ...]:
        """The looks that count now: the last complete window, and the last look at the open one."""
        last = (self.complete[-1],) if self.complete else ()
        return last if self.look is None else (*last, self.look)

    def _look(self, number: int | None, now: float) -> Look:
        began = now if self.began is None else self.began
        return Look(
            kind=self.kind,
            window=self.window,
            number=number,
            counts=self.open.copy(),
            began=began,
            ended=now,
        )

    def _close(self, now: float) -> None:
        self.complete.append(self._look(None, now))
        self.open, self.began, self.look = Counts(self.layout), None, None
        self.window, self.next_look = self.window + 1, 0

    def to_json(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "window": self.window,
            "next_look": self.next_look,
            "began": self.began,
            "open": self.open.to_json(),
            "look": None if self.look is None else self.look.to_json(),
            "complete": [each.to_json() for each in self.complete],
        }

    @classmethod
    def read(cls, kind: str, layout: Layout, rows: int, entry: Mapping[str, Any]) -> Windows:
        """Read what ``to_json`` wrote."""
        began, look = entry["began"], entry["look"]
        windows = cls(
            kind=kind,
            layout=layout,
            rows=rows,
            window=int(entry["window"]),
            next_look=int(entry["next_look"]),
            began=None if began is None else float(began),
            look=None if look is None else Look.read(kind, layout, look),
        )
        windows.open = Counts.read(layout, entry["open"])
        windows.complete.extend(Look.read(kind, layout, each) for each in entry["complete"])
        return windows
