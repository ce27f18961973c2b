"""Figures of the segments themselves: silhouettes of their customers, and their profiles."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from trainer.report.figures.figure_style import (
    INK,
    PALE,
    QUIET,
    SMALL,
    canvas,
    named,
    number,
    percent,
    points,
    segment_colours,
    spread,
    wrapped,
)
from trainer.report.labels import feature_words, is_date, own_value, value_words
from trainer.results.trained import Trained
from trainer.schema.features import feature_names, indicators, matrix
from trainer.schema.schema import Schema
from trainer.segments.cluster_metrics import SilhouetteSample, eta_squared, silhouette_on_sample

BLADE_POINTS = 120  # of a larger segment, this many quantiles are drawn
BLADE_GAP = 0.02
PANELS_ACROSS = 3

Floats = NDArray[np.float64]


def draw_blades(trained: Trained) -> Figure:
    """The sorted silhouettes of each segment's customers; values only."""
    sample = _silhouettes(trained)
    segments = trained.fitted.segments
    labels = trained.labels[sample.rows]
    values = [np.sort(sample.values[labels == segment.id])[::-1] for segment in segments]
    tops = np.concatenate([[0.0], np.cumsum([each.share + BLADE_GAP for each in segments])])
    note = "Each area: a segment's customers sorted by silhouette; its height shows the segment's size."
    figure = canvas(blades_title(trained, sample), height=2.2 + 0.55 * max(len(segments), 4), note=note)
    axes = figure.add_subplot()
    colours = segment_colours(len(segments))
    for segment, own, top, colour in zip(segments, values, tops[:-1], colours, strict=True):
        heights = _thinned(own)
        edges = np.linspace(top, top + segment.share, len(heights) + 1)
        axes.stairs(heights, edges, orientation="horizontal", fill=True, color=colour, zorder=2)
    axes.vlines(sample.mean, 0, tops[-1] - BLADE_GAP, color=INK, linewidth=1, linestyle=(0, (4, 2)), zorder=3)
    axes.text(sample.mean, -0.015, f"mean {sample.mean:.2f}", ha="center", va="bottom", fontsize=SMALL)
    axes.axvline(0, color=QUIET, linewidth=0.8)
    axes.set_ylim(tops[-1], -0.07)
    axes.set_xlabel("Silhouette of a customer")
    axes.grid(axis="x", color=PALE, zorder=0)
    words = [
        f"{named(each.name)}\n{each.share:.1%}, mean {own.mean():.2f}"
        for each, own in zip(segments, values, strict=True)
    ]
    _name_blades(axes, tops[:-1] + np.array([each.share / 2 for each in segments]), words)
    return figure


def _thinned(falling: Floats) -> Floats:
    """At most ``BLADE_POINTS`` quantiles of sorted values; few values stay as they are."""
    if len(falling) <= BLADE_POINTS:
        return falling
    return np.quantile(falling, 1 - (np.arange(BLADE_POINTS) + 0.5) / BLADE_POINTS)


def _silhouettes(trained: Trained) -> SilhouetteSample:
    features = trained.fitted.segmentation.clustering(trained.table.take(trained.table.clusterable()))
    rows = trained.config.choice.sample_rows
    return silhouette_on_sample(features, trained.labels.astype(np.intp), rows=rows, seed=trained.config.seed)


def _name_blades(axes: Axes, centres: Floats, words: Sequence[str]) -> None:
    line = abs(points(axes, SMALL * 1.3))
    axes.set_yticks(spread(centres.tolist(), [line * (text.count("\n") + 1.3) for text in words]), words)
    axes.tick_params(axis="y", length=0, labelcolor=INK)
    axes.spines["left"].set_visible(False)


def blades_title(trained: Trained, sample: SilhouetteSample) -> str:
    """How many customers are closest to their own segment; segments are weighted by their share."""
    labels = trained.labels[sample.rows]
    inside = [float(np.mean(sample.values[labels == each.id] > 0)) for each in trained.fitted.segments]
    own = sum(part * each.share for part, each in zip(inside, trained.fitted.segments, strict=True))
    return (
        f"{percent(own)} of customers are closer to their own segment than to any other "
        f"(mean silhouette {sample.mean:.2f})"
    )


def draw_profiles(trained: Trained) -> Figure:
    """Each segment's means compared with all customers, one panel per column, with values in raw units."""
    schema, segments = trained.table.schema, trained.fitted.segments
    clustering = [schema.plain(name) for name in schema.clustering_features]
    others = [
        name for name in feature_names(schema) if name not in clustering and schema.logarithm_of(name) is None
    ]
    order = (*dict.fromkeys(clustering), *others)
    values = matrix(schema, trained.table.take(trained.table.clusterable()), order)
    means = np.column_stack([_mean(values[trained.labels == segment.id]) for segment in segments])
    standard = (means - _mean(values)[:, None]) / _deviation(values)[:, None]
    names = [named(each.name) for each in segments]
    rows = -(-len(order) // PANELS_ACROSS)
    room = len(names) * max(0.34, 0.06 + 0.15 * max(name.count("\n") + 1 for name in names))
    note = "Bars: difference from the mean of all customers in standard deviations. Numbers: the means."
    figure = canvas(profiles_title(trained), height=1.1 + rows * (0.55 + room), note=note)
    panels = figure.subplots(rows, PANELS_ACROSS, sharex=True, sharey=True, squeeze=False)
    panels[0, 0].set_ylim(len(names) - 0.45, -0.55)
    reach = float(np.nanmax(np.abs(standard), initial=0.5))
    panels[0, 0].set_xlim(-1.9 * reach, 1.9 * reach)
    for axes, name, raw, bars in zip(panels.ravel(), order, means, standard, strict=False):
        texts = [_mean_text(schema, name, each) for each in raw]
        _draw_profile(axes, np.nan_to_num(bars), texts, to_right=is_date(schema, name))
        axes.set_title(wrapped(feature_words(schema, name), 19), loc="left", fontsize=SMALL, color=INK)
    for axes in panels.ravel()[len(order) :]:
        axes.set_axis_off()
    for axes in panels[:, 0]:
        axes.set_yticks(range(len(names)), names)
    return figure


def _draw_profile(axes: Axes, bars: Floats, texts: Sequence[str], *, to_right: bool) -> None:
    """Bars with their numbers at the ends; long ones ``to_right``, where they do not cover a name."""
    axes.barh(range(len(bars)), bars, height=0.62, color=segment_colours(len(bars)), zorder=2)
    axes.axvline(0, color=QUIET, linewidth=0.8, zorder=3)
    for position, (bar, text) in enumerate(zip(bars, texts, strict=True)):
        right = bar >= 0 or to_right
        axes.annotate(
            text,
            (max(bar, 0.0) if to_right else bar, position),
            (3 if right else -3, 0),
            textcoords="offset points",
            fontsize=SMALL,
            ha="left" if right else "right",
            va="center",
        )
    axes.set_xticks([])
    axes.tick_params(axis="y", length=0, labelcolor=INK)
    axes.spines[:].set_visible(False)


def profiles_title(trained: Trained) -> str:
    """Which column, other than the clustering columns, differs most between the segments."""
    schema = trained.table.schema
    columns = trained.table.take(trained.table.clusterable())
    others = {
        feature: spec.label
        for spec in schema.columns
        if spec.name not in schema.clustering_sources
        for feature in spec.features
    }
    clustering = (schema.plain(name) for name in schema.clustering_features)
    labels = others or {name: feature_words(schema, name, unit=False) for name in clustering}
    shares = {name: eta_squared(matrix(schema, columns, (name,))[:, 0], trained.labels) for name in labels}
    best = max(shares, key=lambda name: shares[name])
    subject = "Apart from the clustering columns, segments" if others else "Segments"
    share = f"{percent(shares[best])} of its variance lies between them"
    return f"{subject} differ most in {labels[best].lower()}: {share}"


def _mean(values: Floats) -> Floats:
    """Column means ``[F]`` over known values; NaN where none is known."""
    known = (~np.isnan(values)).sum(axis=0)
    means = np.full(len(known), np.nan)
    np.divide(np.nansum(values, axis=0), known, out=means, where=known > 0)
    return means


def _deviation(values: Floats) -> Floats:
    """Standard deviations ``[F]`` over known values; 1 where the column does not vary."""
    deviation = np.sqrt(_mean((values - _mean(values)) ** 2))
    return np.asarray(np.where(deviation > 0, deviation, 1.0), dtype=np.float64)


def _mean_text(schema: Schema, name: str, value: float) -> str:
    if np.isnan(value):
        return "unknown"
    if name in indicators(schema):
        return percent(value)
    return value_words(schema, name, own_value(schema, name, value), number)
