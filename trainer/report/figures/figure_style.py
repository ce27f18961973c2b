"""The style of the figures and their shared functions: colours, sizes, titles, labels, saving."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

# The colours of the page, so that a segment looks the same: ten, distinguishable with every colour vision.
SEGMENT_COLOURS = (
    "#0f8674", "#2244b4", "#c67d0a", "#8c0f4e", "#7a8aa2",
    "#a15acf", "#b84412", "#40a35c", "#246d85", "#44360d",
)  # fmt: skip
ACCENT = "#5b45d6"  # for what readers should see first
INK, QUIET, FAINT, PALE = "#1a2130", "#566072", "#c3c9d3", "#eef0f4"

WIDTH = 6.0  # inches; a phone shows it at about 90%, so 9 pt stay readable
SMALL, NORMAL, LARGE = 9.0, 10.0, 12.0
TITLE_LETTERS, NOTE_LETTERS, NAME_LETTERS = 58, 88, 20  # per line of a title, a note, a name

BEHIND_TEXT = {"boxstyle": "square,pad=0.12", "facecolor": "white", "alpha": 0.78, "linewidth": 0}

_SETTINGS: dict[Any, Any] = {
    "svg.hashsalt": "customer-segmentation",
    "svg.fonttype": "path",
    "font.family": ["DejaVu Sans"],  # comes with matplotlib, so every machine draws the same letters
    "font.size": NORMAL,
    "axes.titlesize": NORMAL,
    "axes.labelsize": NORMAL,
    "axes.labelcolor": QUIET,
    "axes.edgecolor": FAINT,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.unicode_minus": True,
    "xtick.labelsize": SMALL,
    "ytick.labelsize": SMALL,
    "xtick.color": FAINT,
    "ytick.color": FAINT,
    "xtick.labelcolor": QUIET,
    "ytick.labelcolor": QUIET,
    "text.color": INK,
    "text.parse_math": False,  # a label may have dollars in it
}


@contextmanager
def drawing() -> Iterator[None]:
    """A context to draw and save in: matplotlib's defaults with this style, whatever the user configured."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(_SETTINGS)
        yield


def canvas(title: str, *, height: float, note: str = "") -> Figure:
    """An empty figure of the common width, with its result as title and a note on how to read it below."""
    figure = Figure(figsize=(WIDTH, height), layout="constrained", facecolor="white")
    FigureCanvasAgg(figure)
    figure.suptitle(wrapped(title, TITLE_LETTERS), x=0.012, ha="left", fontsize=LARGE, fontweight="bold")
    if note:
        figure.supxlabel(wrapped(note, NOTE_LETTERS), x=0.012, ha="left", fontsize=SMALL, color=QUIET)
    return figure


def save(figure: Figure, target: Path | TextIO) -> None:
    """Write an SVG without date or version; its title element is the result, for screen readers."""
    spoken = " ".join(figure.get_suptitle().split())
    note = " ".join(figure.get_supxlabel().split())
    figure.savefig(
        target, format="svg", metadata={"Date": None, "Creator": None, "Title": spoken, "Description": note}
    )


def wrapped(text: str, letters: int) -> str:
    """The text in lines of at most ``letters`` letters; words and ``k = 5`` are not broken."""
    kept = text.replace("k = ", "k\u00a0=\u00a0")
    lines = textwrap.wrap(kept, letters, break_long_words=False, break_on_hyphens=False)
    return "\n".join(lines).replace("\u00a0", " ")


def segment_colours(count: int) -> list[str]:
    """One colour per segment; with more than ten segments they repeat, and only the names differ."""
    return [SEGMENT_COLOURS[each % len(SEGMENT_COLOURS)] for each in range(count)]


def named(name: str) -> str:
    """A segment's name in short lines, broken after its commas where this is enough."""
    lines = [""]
    for part in name.split(", "):
        joined = f"{lines[-1]}, {part}" if lines[-1] else part
        if len(joined) <= NAME_LETTERS or not lines[-1]:
            lines[-1] = joined
        else:
            lines[-1] += ","
            lines.append(part)
    return "\n".join(wrapped(line, NAME_LETTERS) for line in lines)


def spread(positions: Sequence[float], sizes: Sequence[float]) -> list[float]:
    """The positions moved apart until items of these sizes no longer overlap, in the same order.

    >>> spread([1.0, 1.0, 5.0], [1.0, 1.0, 1.0])
    [0.5, 1.5, 5.0]
    """
    groups: list[tuple[list[int], float]] = []
    for each in np.argsort(positions, kind="stable"):
        groups.append(([int(each)], float(positions[each])))
        while len(groups) > 1 and _apart(groups[-2], groups[-1], sizes) < 0:
            members = groups[-2][0] + groups[-1][0]
            groups[-2:] = [(members, float(np.mean([positions[one] for one in members])))]
    moved = [0.0] * len(positions)
    for members, centre in groups:
        edge = centre - sum(sizes[one] for one in members) / 2
        for one in members:
            moved[one] = edge + sizes[one] / 2
            edge += sizes[one]
    return moved


def _apart(below: tuple[list[int], float], above: tuple[list[int], float], sizes: Sequence[float]) -> float:
    """The room between two groups, negative where they overlap."""
    return above[1] - below[1] - sum(sizes[one] for one in below[0] + above[0]) / 2


def label_ends(axes: Axes, labels: Sequence[tuple[float, str, str]]) -> None:
    """Write ``(height, text, colour)`` to the right of the plot, near their heights, without overlap."""
    line = points(axes, SMALL * 1.35)
    sizes = [line * (text.count("\n") + 1.25) for _, text, _ in labels]
    for (_, text, colour), height in zip(labels, spread([each[0] for each in labels], sizes), strict=True):
        axes.annotate(
            text,
            (1.0, height),
            xycoords=("axes fraction", "data"),
            xytext=(5, 0),
            textcoords="offset points",
            va="center",
            fontsize=SMALL,
            color=colour,
            annotation_clip=False,
        )


def points(axes: Axes, length: float) -> float:
    """A height in points, in the data's units; computes the layout, so the limits must be set before."""
    figure = axes.get_figure(root=True)
    if figure is None:
        raise ValueError("the axes must belong to a figure")
    figure.draw_without_rendering()
    low, high = axes.get_ylim()
    return length * (high - low) * figure.dpi / 72 / axes.get_window_extent().height


def head(axes: Axes, text: str) -> None:
    """What the vertical axis shows, written horizontally above it."""
    axes.set_title(text, loc="left", fontsize=SMALL, color=QUIET)


def number(value: float) -> str:
    """A number in short form: ``7,101``, ``86.5``, ``0.97``, ``1.2M``."""
    if abs(value) >= 1e6:
        return f"{value / 1e6:,.1f}M"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def percent(share: float) -> str:
    """A share in whole percent; a small share is never shown as 0%, nor almost all as 100%."""
    if 0 < share < 0.005:
        return "under 1%"
    if 0.995 <= share < 1:
        return f"{int(share * 1000) / 10:g}%"
    return f"{share:.0%}"
