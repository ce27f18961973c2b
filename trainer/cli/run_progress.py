"""How a run reports what it does to another program: one JSON object per line on the error stream.

``{"stage": "Verifying the file", "done": 1, "total": 1, "share": 0.94}`` is progress, where ``share`` is the
part of the whole run that is done, by how long the stages usually take; ``{"error": "..."}`` says why nothing
was written.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console

from inference.errors import InputError
from trainer.cli.console import progress_bars
from trainer.cli.own_data_advice import own_data_advice
from trainer.cli.train_advice import train_advice
from trainer.parallel import Progress
from trainer.segments.full_passes import STAGE as PASSES
from trainer.segments.whole_counts import STAGE as COUNTING

BARS, JSON_LINES = "bars", "json"
SEARCH = "Finding the segments"
_SEARCHES = ("clusterings", "mixtures", "silhouettes", "gap statistic")  # of which a run has many
_USUAL_SEARCHES = 60  # tasks after which most of the search is over
_STAGES = {  # stage -> its usual part of a run with --quick on one core
    SEARCH: 0.28,
    PASSES: 0.0,  # nobody knows how many passes there are, nor how long they take
    "Choosing the sizes of the classifiers": 0.12,
    "Cross-validating the classifiers": 0.25,
    "Fitting the classifier": 0.01,
    COUNTING: 0.0,
    "Other clustering columns": 0.12,
    "Verifying the file": 0.16,
    "Drawing the figures": 0.06,
}


def add_progress_option(parser: argparse.ArgumentParser) -> None:
    """Add the option that chooses for whom progress and errors are written."""
    parser.add_argument(
        "--progress",
        choices=(BARS, JSON_LINES),
        default=BARS,
        help="how progress and errors are shown: bars for people, json for programs (default: bars)",
    )


@contextmanager
def reported(options: argparse.Namespace, console: Console) -> Iterator[Progress]:
    """What a run calls with its progress."""
    if options.progress == JSON_LINES:
        yield JsonProgress(console)
        return
    with progress_bars(console) as progress:
        yield progress


def show_refusal(options: argparse.Namespace, console: Console, error: Exception) -> None:
    """Show why nothing was written."""
    for_programs = options.progress == JSON_LINES
    if isinstance(error, InputError):
        message = error.sentence(own_data_advice if for_programs else train_advice)
    else:
        message = str(error)
    if for_programs:
        _line(console, {"error": message})
        return
    title = "error" if isinstance(error, InputError) else "refused"
    console.print(f"{title}: {message}", style="red", highlight=False, markup=False)


class JsonProgress:
    """Writes a line for each step that is reported."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._searched = 0

    def __call__(self, label: str, done: int, total: int) -> None:
        """Write where the run is."""
        stage = SEARCH if label in _SEARCHES else label
        within = self._search() if stage == SEARCH else done / max(total, 1)
        line = {"stage": stage, "done": done, "total": total, "share": round(share_of(stage, within), 4)}
        _line(self._console, line)

    def _search(self) -> float:
        """How much of the search is over; nobody knows before how many tasks it has."""
        self._searched += 1
        return 1 - math.exp(-self._searched / _USUAL_SEARCHES)


def share_of(stage: str, within: float) -> float:
    """The part of a run that is done, when a stage is.

    Example:
        >>> share_of("Fitting the classifier", 1.0), share_of("Drawing the figures", 1.0)
        (0.66, 1.0)
    """
    before = 0.0
    for name, part in _STAGES.items():
        if name == stage:
            return min(1.0, before + part * within)
        before += part
    return 0.0


def _line(console: Console, value: dict[str, Any]) -> None:
    write: Callable[[str], object] = console.file.write
    write(f"{json.dumps(value)}\n")
    console.file.flush()
