"""Scores a file and counts its customers, all of them or, where the file is refused, none."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import inference
from inference.answers import Brief
from inference.drift.file_counts import FileCounts
from inference.validation import Checked
from service.monitor.monitor import Monitor

if TYPE_CHECKING:
    from inference import Scored, ScoreOptions, Segmenter  # loads pyarrow
    from inference.files.scoring import Watchers


def score_and_count(
    segmenter: Segmenter,
    source: Path | BinaryIO,
    target: Path | BinaryIO,
    *,
    options: ScoreOptions,
    monitor: Monitor | None,
    watchers: Watchers | None = None,
) -> Scored:
    """Score a file as ``inference.score_file`` does; a monitor then has its rows.

    Raises:
        InputError: for a file that is refused.
    """
    watch: dict[str, Any] = {"options": options, "progress": None if watchers is None else watchers.progress}
    observe = None if watchers is None else watchers.observe
    if monitor is None:
        return inference.score_file(segmenter, source, target, observe=observe, **watch)
    counting = FileCounts(monitor.live(segmenter).layout)

    def both(checked: Checked, answers: Brief) -> None:
        counting.observe(checked, answers)
        if observe is not None:
            observe(checked, answers)

    scored = inference.score_file(segmenter, source, target, observe=both, **watch)
    monitor.add(segmenter, counting.counts, refused=scored.errors - scored.left_out)
    return scored
