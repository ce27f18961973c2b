"""Customers that are counted at a time that a test sets."""

from __future__ import annotations

from inference import Segmenter
from service.monitor.live_counts import LiveCounts
from tests.mall_samples import count, sample, shifted

DAY = 86_400.0


class Clock:
    """A clock that stands until it is set."""

    def __init__(self) -> None:
        self.now = 10 * DAY

    def __call__(self) -> float:
        return self.now


def add(live: LiveCounts, segmenter: Segmenter, rows: int, *, seed: int = 0, deviations: float = 0.0) -> None:
    """Count customers."""
    live.add(count(segmenter, shifted(sample(rows, seed=seed), deviations=deviations)))
