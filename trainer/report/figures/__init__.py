"""The figures of a run, as SVG files; the same run gives the same bytes.

Every title states the result and is computed. No figure shows a single customer: the map counts customers per
cell, the silhouettes are values without their rows, and everything else is a summary.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

from matplotlib.figure import Figure

from inference.errors import InputError
from inference.wording import quoted, quoted_names
from trainer.parallel import Progress, Workers, no_progress
from trainer.report.figures.choice_figures import draw_elbow, draw_silhouette, draw_stability
from trainer.report.figures.evaluation_figures import draw_calibration, draw_confusion, draw_selective
from trainer.report.figures.figure_style import drawing, save
from trainer.report.figures.segment_figures import draw_blades, draw_profiles
from trainer.report.figures.segment_map import draw_map
from trainer.results.trained import Trained

__all__ = ["FIGURES", "draw_figure", "write_figures"]

FIGURES: dict[str, Callable[[Trained], Figure]] = {
    "elbow": draw_elbow,
    "silhouette": draw_silhouette,
    "stability": draw_stability,
    "blades": draw_blades,
    "segments": draw_map,
    "profiles": draw_profiles,
    "confusion": draw_confusion,
    "calibration": draw_calibration,
    "selective": draw_selective,
}

MOST_SENT = 20_000
"""Customers up to which a run is sent to other processes, which draw at the same time."""


def draw_figure(trained: Trained, name: str) -> str:
    """One figure of a run as SVG text, for a notebook or a page: ``draw_figure(trained, "segments")``.

    Raises:
        InputError: when there is no figure of that name; the message lists those that exist.
    """
    if name not in FIGURES:
        raise InputError(f"a figure must be one of {quoted_names(FIGURES)}, but it is {quoted(name)}")
    drawn = io.StringIO()
    with drawing():
        save(FIGURES[name](trained), drawn)
    return drawn.getvalue()


def write_figures(trained: Trained, folder: Path, *, progress: Progress = no_progress) -> list[Path]:
    """Draw every figure into ``folder``, which must exist; returns the files in the order of ``FIGURES``."""
    tasks = [(trained, name, folder / f"{name}.svg") for name in FIGURES]
    sent = len(trained.table) <= MOST_SENT and trained.table.every is None  # a cluster stays here
    workers = Workers(jobs=-1 if sent else 1, progress=progress, processes=True)
    return workers.map("Drawing the figures", _written, tasks)


def _written(task: tuple[Trained, str, Path]) -> Path:
    trained, name, path = task
    with drawing():
        save(FIGURES[name](trained), path)
    return path
