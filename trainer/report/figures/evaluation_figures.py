"""Figures of the chosen classifier on held-out customers: confusion, calibration, selective answers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import PercentFormatter

from trainer.classifier.candidates import CANDIDATES
from trainer.classifier.evaluation.abstention import CalibrationBin
from trainer.classifier.missing_patterns import Pattern, key_patterns
from trainer.report.figures.figure_style import (
    ACCENT,
    BEHIND_TEXT,
    FAINT,
    INK,
    PALE,
    QUIET,
    SMALL,
    canvas,
    head,
    label_ends,
    named,
    percent,
    wrapped,
)
from trainer.report.labels import pattern_words
from trainer.results.trained import Trained

FEW_ANSWERS = 0.01  # figures of fewer answers are mostly chance and are left out
SELECTIVE_NOTE = (
    "Curve: all patterns with an unknown clustering column. Small marks: single patterns at the same "
    "threshold. Below the threshold the answer is “not enough information”, with ranked probabilities."
)


def draw_confusion(trained: Trained) -> Figure:
    """Held-out answers compared with the segmentation's own, as shares of each segment with the counts."""
    counts = np.array(trained.evaluation.confusion[trained.selection.chosen])
    names = [segment.name for segment in trained.fitted.segments]
    k = len(counts)
    repeats = trained.evaluation.repeats
    note = (
        "Rows: the segment by the K-Means of the other folds; columns: the classifier's answer. Percent of "
        f"the row, and counts over {trained.evaluation.rows:,} held-out customers"
        f"{f', {repeats} times' if repeats > 1 else ''}. In use, the nearest centroid answers for them."
    )
    figure = canvas(confusion_title(trained), height=2.1 + 0.45 * max(k, 3), note=note)
    axes = figure.add_subplot()
    axes.set_xlim(0, k)
    axes.set_ylim(k, 0)
    axes.set_yticks(
        np.arange(k) + 0.5, [f"{position}  {named(name)}" for position, name in enumerate(names, 1)]
    )
    axes.set_xticks(np.arange(k) + 0.5, [str(position) for position in range(1, k + 1)])
    axes.xaxis.tick_top()
    axes.tick_params(length=0, labelcolor=INK)
    axes.spines[:].set_visible(False)
    for row, column in np.ndindex(k, k):
        _draw_count(axes, (row, column), int(counts[row, column]), int(counts[row].sum()))
    return figure


def _draw_count(axes: Axes, cell: tuple[int, int], count: int, total: int) -> None:
    row, column = cell
    share = count / total if total else 0.0
    shade = 0.97 - 0.72 * share  # one scale of grey: the same in print
    background = (shade, shade, min(1.0, shade + 0.06))
    axes.add_patch(Rectangle((column, row), 1, 1, facecolor=background, edgecolor="white", linewidth=1.5))
    if not count:
        return
    axes.text(
        column + 0.5,
        row + 0.5,
        f"{percent(share)}\n{count:,}".replace("under ", "<"),
        ha="center",
        va="center",
        fontsize=SMALL,
        linespacing=1.1,
        color="white" if share > 0.5 else INK if row == column else ACCENT,
    )


def confusion_title(trained: Trained) -> str:
    """How many held-out segments the classifier reproduces, and its most common mistake."""
    counts = np.array(trained.evaluation.confusion[trained.selection.chosen])
    names = [segment.name for segment in trained.fitted.segments]
    label = CANDIDATES[trained.selection.chosen].label
    right = float(np.trace(counts) / counts.sum())
    result = f"With every column known, {label} reproduces {percent(right)} of held-out segments"
    wrong = counts - np.diag(np.diag(counts))
    if not wrong.any():
        return result
    true, answered = np.unravel_index(int(wrong.argmax()), wrong.shape)
    return f"{result}; its most common mistake is “{names[answered]}” instead of “{names[true]}”"


def draw_calibration(trained: Trained) -> Figure:
    """Stated probability against observed frequency, one panel per missing pattern."""
    patterns = key_patterns(trained.table.schema)
    rows = -(-len(patterns) // 2)
    note = (
        "Vertical: how often the answer was right. Marks on the line: exactly as often as stated. The larger "
        f"the mark, the more answers; bins with less than {percent(FEW_ANSWERS)} of a panel's answers are "
        "left out."
    )
    figure = canvas(calibration_title(trained), height=1.45 + 2.3 * rows, note=note)
    panels = figure.subplots(rows, min(2, len(patterns)), sharex=True, sharey=True, squeeze=False).ravel()
    panels[0].set_xlim(-0.03, 1.03)
    panels[0].set_ylim(-0.03, 1.03)
    for axes, pattern in zip(panels, patterns, strict=False):
        _draw_reliability(axes, trained.evaluation.calibration[pattern])
        words = pattern_words(trained.table.schema, pattern)
        off = f"{100 * _calibration_error(trained, pattern):.1f} points off"
        text = f"{wrapped(words[0].upper() + words[1:], 34)}\n{off}"
        axes.set_title(text, loc="left", fontsize=SMALL, color=INK)
    for axes in panels[len(patterns) :]:
        axes.set_axis_off()
    return figure


def _draw_reliability(axes: Axes, bins: Sequence[CalibrationBin]) -> None:
    shown = [each for each in bins if each.share >= FEW_ANSWERS]
    stated, seen = [each.confidence for each in shown], [each.accuracy for each in shown]
    sizes = [18 + 260 * each.share for each in shown]
    axes.plot([0, 1], [0, 1], color=FAINT, linewidth=1.2, zorder=1)
    axes.plot(stated, seen, color=INK, linewidth=1.2, zorder=2)
    axes.scatter(stated, seen, s=sizes, color=ACCENT, edgecolor="white", zorder=3, clip_on=False)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_ticks([0, 0.25, 0.5, 0.75, 1.0])
    _in_percent(axes)
    axes.set_xlabel("Stated probability", fontsize=SMALL)


def _in_percent(axes: Axes) -> None:
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    axes.grid(color=PALE)


def calibration_title(trained: Trained) -> str:
    """How much stated and observed values differ, at best and at worst."""
    label = CANDIDATES[trained.selection.chosen].label
    errors = {pattern: _calibration_error(trained, pattern) for pattern in key_patterns(trained.table.schema)}
    ends = [
        f"by {100 * errors[each]:.1f} points with {pattern_words(trained.table.schema, each)}"
        for each in (min(errors, key=lambda each: errors[each]), max(errors, key=lambda each: errors[each]))
    ]
    return f"{label}'s probabilities are off {ends[0]}, {ends[1]}"


def _calibration_error(trained: Trained, pattern: Pattern) -> float:
    scores = trained.evaluation.classifiers[trained.selection.chosen]
    return float(scores[pattern].fidelity["calibration_error"])


def draw_selective(trained: Trained) -> Figure:
    """Accuracy of the answers against the share answered, with the threshold in use."""
    selective = trained.evaluation.selective
    figure = canvas(selective_title(trained), height=4.2, note=SELECTIVE_NOTE)
    axes = figure.add_subplot()
    known = [(each.answered, each.accuracy) for each in selective.curve if each.accuracy is not None]
    answered, right = zip(*(point for point in known if point[0] >= FEW_ANSWERS), strict=True)
    axes.plot(answered, right, color=INK, linewidth=1.8, zorder=3)
    axes.axhline(selective.wanted, color=QUIET, linewidth=1, linestyle=(0, (4, 2)), zorder=1)
    labels = [
        (selective.wanted, f"required:\n{percent(selective.wanted)} right", QUIET),
        (right[0], "all\nanswered", INK),
    ]
    for pattern in key_patterns(trained.table.schema)[1:]:
        point = selective.patterns[pattern]
        if point.accuracy is not None:
            _draw_single(axes, point.answered, point.accuracy)
            words = wrapped(pattern_words(trained.table.schema, pattern), 17)
            labels.append((point.accuracy, f"\u25c6 {words}", QUIET))
    if selective.accuracy is not None:
        _draw_threshold(axes, selective.threshold, (selective.answered, selective.accuracy))
    axes.set_xlim(0, 1.0)
    low = axes.get_ylim()[0]
    axes.set_ylim(low - 0.12 * (1 - low), 1.01)  # room for the lowest label
    axes.set_xlabel("Share of incomplete customers who get one answer")
    head(axes, "Right among those answered")
    _in_percent(axes)
    label_ends(axes, labels)
    return figure


def _draw_single(axes: Axes, across: float, height: float) -> None:
    """One pattern's own share and accuracy, with a dotted line to its label on the right."""
    axes.plot([across, 1.0], [height] * 2, color=QUIET, linewidth=0.7, linestyle=(0, (1, 2)), zorder=2)
    axes.plot(across, height, "D", color=QUIET, markersize=5, zorder=4)


def _draw_threshold(axes: Axes, threshold: float, point: tuple[float, float]) -> None:
    """The point in use; a falling curve leaves room below on its left and above on its right."""
    left = point[0] > 0.4
    axes.plot(*point, "o", color=ACCENT, markersize=10, zorder=5)
    axes.annotate(
        f"threshold {percent(threshold)}",
        point,
        (-9, -14) if left else (9, 5),
        textcoords="offset points",
        color=ACCENT,
        fontweight="bold",
        ha="right" if left else "left",
        bbox=BEHIND_TEXT,
        zorder=6,
    )


def selective_title(trained: Trained) -> str:
    """How many customers get one answer at the threshold, and how many answers are right."""
    selective = trained.evaluation.selective
    if selective.accuracy is None:
        return f"No probability is high enough to be right {percent(selective.wanted)} of the time"
    return (
        f"With a threshold of {percent(selective.threshold)}, {percent(selective.answered)} of incomplete "
        f"customers get one answer, and {percent(selective.accuracy)} of these are right"
    )
