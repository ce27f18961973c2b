"""Scores a file and counts its customers, all of them or, where the file is refused, none."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import inference
from inference.drift.file_counts import FileCounts
from service.monitor.monitor import Monitor

if TYPE_CHECKING:
    from inference import Scored, ScoreOptions, Segmenter  # loads pyarrow
    from inference.files.scoring import Report


def score_and_count(
    segmenter: Segmenter,
    source: Path | BinaryIO,
    target: Path | BinaryIO,
    *,
    options: ScoreOptions,
    monitor: Monitor | None,
    progress: Report | None = None,
) -> Scored:
    """Score a file as ``inference.score_file`` does; a monitor then has its rows.

    Raises:
        InputError: for a file that is refused.
    """
    if monitor is None:
        return inference.score_file(segmenter, source, target, options=options, progress=progress)
    counting = FileCounts(monitor.live(segmenter).layout)
    scored = inference.score_file(
        segmenter, source, target, options=options, progress=progress, observe=counting.observe
    )
    monitor.add(segmenter, counting.counts, refused=scored.errors - scored.left_out)
    return scored
