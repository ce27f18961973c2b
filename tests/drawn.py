"""Figures drawn for the tests."""

from __future__ import annotations

import re
from pathlib import Path

from matplotlib.figure import Figure

from trainer import Trained
from trainer.report.figures import FIGURES
from trainer.report.figures.figure_style import drawing


def drawn(trained: Trained, name: str) -> Figure:
    """One figure of a run."""
    with drawing():
        return FIGURES[name](trained)


def texts(folder: Path, name: str) -> list[str]:
    """The text in a file: matplotlib keeps it next to the outlines of its letters."""
    return re.findall(r"<!-- (.*?) -->", (folder / f"{name}.svg").read_text(encoding="utf-8"), re.DOTALL)
