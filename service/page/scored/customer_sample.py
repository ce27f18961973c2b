"""Some customers of a file while it is scored, to be drawn on the map: an even sample of fixed size."""

from __future__ import annotations

from threading import Lock

import numpy as np
from numpy.typing import NDArray

from inference import Contract
from inference.answers import Brief
from inference.validation import Checked
from service.page.draw.decision_map import RegionMap

MOST = 400  # customers; more would cover each other

Points = NDArray[np.float64]


class CustomerSample:
    """Keeps customers whose columns of the map are known; ``observe`` is called from several threads.

    Each customer gets a random number, and those with the smallest stay: every one is as likely to be in
    the sample, whatever the order of the file.
    """

    def __init__(self, drawn: RegionMap, seed: int = 0) -> None:
        self._names = [axis.column.name for axis in drawn.axes]
        self._random = np.random.default_rng(seed)
        self._lock = Lock()
        self._numbers = np.empty(0)
        self._rows = np.empty((0, len(self._names) + 1))
        self.seen = 0

    def observe(self, checked: Checked, answers: Brief) -> None:
        """Let rows that were scored take part."""
        values = [checked.feeds[name][:, 0] for name in self._names]
        rows = np.column_stack([*values, answers.segment_id]).astype(np.float64)
        rows = rows[~np.isnan(rows).any(axis=1)]
        with self._lock:
            self.seen += len(rows)
            numbers = np.concatenate([self._numbers, self._random.random(len(rows))])
            kept = np.argsort(numbers)[:MOST]
            self._numbers, self._rows = numbers[kept], np.concatenate([self._rows, rows])[kept]

    def of(self, segment_id: int) -> Points:
        """The values of the map's columns for the sampled customers of a segment, ``[n, axes]``."""
        return self._rows[self._rows[:, -1] == segment_id, :-1]

    def __len__(self) -> int:
        return len(self._rows)


def per_segment(contract: Contract, sample: CustomerSample) -> dict[int, Points]:
    """The sampled customers by segment, of those that have any."""
    found = {segment.id: sample.of(segment.id) for segment in contract.segments}
    return {id: points for id, points in found.items() if len(points)}
