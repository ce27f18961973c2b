"""Figures of the decision about k: inertia, silhouette and stability."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from inference.wording import listed
from trainer.report.figures.figure_style import (
    ACCENT,
    BEHIND_TEXT,
    INK,
    PALE,
    QUIET,
    canvas,
    head,
    label_ends,
)
from trainer.results.trained import Trained
from trainer.segments.described_choice import Choice

DASHED, DOTTED = (0, (4, 2)), (0, (1, 1.5))
MARKS = (
    "Filled: segments with this k are natural. Hollow: they are not. Grey: what one population with the same "
    "columns and correlations reaches, its mean and up to its limit over all k."
)
STABILITY_MARKS = (
    "ARI: agreement between the segments of all customers. Jaccard: how much of the weakest segment is found "
    "again. Hollow: below the required value."
)


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line by k, the limit it is compared with, and what distinguishes it without colour."""

    words: str
    values: Sequence[float]
    limit: float
    dash: Any = "-"
    marker: str = "o"


def draw_elbow(trained: Trained) -> Figure:
    """Inertia by k, with the k where kneed finds the bend."""
    choice = trained.choice
    note = "The elbow is not used for the decision: it also finds a bend in pure noise."
    figure = canvas(elbow_title(choice), height=3.7, note=note)
    axes = _k_axes(figure, choice)
    head(axes, "Inertia: sum of squared distances to the nearest centroid")
    ks, inertias = [row.k for row in choice.table], [row.inertia for row in choice.table]
    axes.plot(ks, inertias, color=INK, marker="o", markersize=4, linewidth=1.6, zorder=3)
    axes.set_ylim(0, max(inertias) * 1.15)
    for k, inertia in zip(ks, inertias, strict=True):
        marks = [words for words, marked in (("chosen", choice.k), ("elbow", choice.elbow)) if marked == k]
        if marks:
            colour = ACCENT if k == choice.k else QUIET
            axes.plot(k, inertia, "o", color=colour, markersize=9, zorder=5)
            _annotate(axes, (k, inertia), f"{listed(marks)}: k = {k}", colour=colour, to_the_side=True)
    return figure


def elbow_title(choice: Choice) -> str:
    """What the elbow recommends, and whether it agrees with the choice."""
    if choice.elbow is None:
        return f"Inertia falls without a clear bend; k = {choice.k} was chosen by other criteria"
    if choice.elbow == choice.k:
        return f"The elbow also recommends k = {choice.elbow}"
    return f"The elbow recommends k = {choice.elbow}; k = {choice.k} was chosen"


def draw_silhouette(trained: Trained) -> Figure:
    """Silhouette by k, compared with what one population reaches."""
    choice = trained.choice
    rows = choice.table
    figure = canvas(silhouette_title(choice), height=4.4, note=MARKS)
    axes = _k_axes(figure, choice)
    head(axes, "Mean silhouette")
    ks, seen = [row.k for row in rows], [row.silhouette for row in rows]
    means = [row.null_mean for row in rows]
    limits = [row.null_mean + choice.limit * row.null_deviation for row in rows]
    everything = [*seen, *means, *limits]
    room = max(everything) - min(everything)
    axes.set_ylim(min(everything) - 0.08 * room, max(everything) + 0.14 * room)
    axes.fill_between(ks, axes.get_ylim()[0], limits, color=PALE, zorder=0)
    axes.plot(ks, limits, color=QUIET, linewidth=1, linestyle=DASHED, zorder=1)
    axes.plot(ks, means, color=QUIET, linewidth=1, linestyle=DOTTED, zorder=2)
    _draw_line(axes, choice, Line(words="", values=seen, limit=0.0), [row.kind == "natural" for row in rows])
    chosen = seen[ks.index(choice.k)]
    _annotate(axes, (choice.k, chosen), f"k = {choice.k}: {chosen:.3f}", colour=ACCENT)
    ends = [(seen[-1], "this table", INK), (limits[-1], "one population:\nlimit", QUIET)]
    label_ends(axes, [*ends, (means[-1], "its mean", QUIET)])
    return figure


def silhouette_title(choice: Choice) -> str:
    """How the silhouette of the chosen k compares with one population, and with the other k."""
    row = choice.row
    above = row.z > choice.limit and row.excess >= choice.settings.min_excess
    compared = f"{'above' if above else 'within'} what one population reaches"
    if choice.chosen_by == "user":
        return f"k = {choice.k} was chosen by the user; its silhouette is {compared}"
    if choice.kind != "natural":
        return f"k = {choice.k} is {choice.kind}: its silhouette is {compared}"
    peak = max(choice.table, key=lambda each: each.silhouette)
    if peak.k == choice.k:
        return f"Silhouette is highest at k = {choice.k}, {compared}"
    return f"The silhouette of k = {choice.k} is {compared}; k = {peak.k} has a higher one"


def draw_stability(trained: Trained) -> Figure:
    """Mean ARI and worst Jaccard over the bootstrap samples, with the required values."""
    choice = trained.choice
    need, rows = choice.settings, choice.table
    figure = canvas(stability_title(choice), height=4.2, note=STABILITY_MARKS)
    axes = _k_axes(figure, choice)
    head(axes, "Agreement over the bootstrap samples")
    lines = (
        Line(words="mean ARI", values=[row.ari for row in rows], limit=need.min_ari),
        Line(
            words="worst Jaccard",
            values=[row.jaccard for row in rows],
            limit=need.min_jaccard,
            dash=DOTTED,
            marker="s",
        ),
    )
    axes.set_ylim(min(0.0, *lines[0].values), 1.05)
    axes.axvline(choice.k, color=ACCENT, alpha=0.16, linewidth=14, zorder=0)
    for line in lines:
        axes.axhline(line.limit, color=QUIET, linewidth=1, linestyle=line.dash, zorder=1)
        _draw_line(axes, choice, line, [value >= line.limit for value in line.values])
    _annotate(axes, (choice.k, axes.get_ylim()[0]), f"k = {choice.k}", colour=ACCENT)
    required = [(line.limit, f"{line.words}:\n{line.limit:g} required", QUIET) for line in lines]
    label_ends(axes, [*((line.values[-1], line.words, INK) for line in lines), *required])
    return figure


def stability_title(choice: Choice) -> str:
    """Which k reappear in the bootstrap samples."""
    need, rows = choice.settings, choice.table
    reappearing = [row.k for row in rows if row.ari >= need.min_ari and row.jaccard >= need.min_jaccard]
    if not reappearing:
        return "For no k do the same segments reappear reliably in resampled data"
    if len(reappearing) == len(rows):
        return "For every k the same segments reappear reliably in resampled data"
    added = "" if choice.k in reappearing else f", but not for k = {choice.k}"
    return f"With k = {listed(reappearing)} the same segments reappear reliably in resampled data{added}"


def _k_axes(figure: Figure, choice: Choice) -> Axes:
    axes = figure.add_subplot()
    ks = [row.k for row in choice.table]
    axes.set_xlim(ks[0] - 0.5, ks[-1] + 0.5)
    axes.set_xlabel("Number of segments k")
    if ks[-1] <= 15:
        axes.set_xticks(ks)
    else:
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.grid(axis="y", color=PALE, zorder=0)
    axes.tick_params(length=3)
    return axes


def _draw_line(axes: Axes, choice: Choice, line: Line, passed: Sequence[bool]) -> None:
    """A line by k with filled marks where a k passed, the chosen one largest."""
    ks = [row.k for row in choice.table]
    axes.plot(ks, line.values, color=INK, linestyle=line.dash, linewidth=1.6, zorder=3)
    for k, value, good in zip(ks, line.values, passed, strict=True):
        chosen = k == choice.k
        colour = ACCENT if chosen else INK
        axes.plot(
            k,
            value,
            line.marker,
            color=colour,
            markerfacecolor=colour if good else "white",
            markersize=9 if chosen else 6,
            markeredgewidth=1.6,
            zorder=5 if chosen else 4,
        )


def _annotate(
    axes: Axes, point: tuple[float, float], text: str, *, colour: str, to_the_side: bool = False
) -> None:
    """Write above a point, or next to it where a falling curve leaves room; never outside the plot."""
    left, right = axes.get_xlim()
    far = (point[0] - left) / (right - left)
    side = "right" if far > 0.8 else "left" if to_the_side or far < 0.2 else "center"
    axes.annotate(
        text,
        point,
        (7 if to_the_side and side == "left" else 0, 7 if to_the_side else 9),
        textcoords="offset points",
        ha=side,
        color=colour,
        fontweight="bold" if colour == ACCENT else "normal",
        bbox=BEHIND_TEXT,
        zorder=6,
    )
