"""Counts the rows of a file while it is scored."""

from __future__ import annotations

from threading import Lock

from inference.answers import Brief
from inference.drift.counts import Counts
from inference.drift.layout import Layout
from inference.validation import Checked


class FileCounts:
    """The counts of one file; ``score_file`` calls ``observe`` from several threads."""

    def __init__(self, layout: Layout) -> None:
        self.counts = Counts(layout)
        self._lock = Lock()

    def observe(self, checked: Checked, answers: Brief) -> None:
        """Count rows that were scored."""
        counted = Counts(self.counts.layout)
        counted.add(checked.feeds, answers)
        with self._lock:
            self.counts.merge(counted)
