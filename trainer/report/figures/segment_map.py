"""The map of the segments: the region of each segment, and the number of customers per cell.

Customers are counted in coarse cells; no single customer is drawn.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Polygon, Rectangle
from matplotlib.text import Annotation
from matplotlib.ticker import LogLocator, MaxNLocator
from matplotlib.transforms import Bbox
from numpy.typing import NDArray

from inference.dates import iso_date
from trainer.report.figures.figure_style import (
    BEHIND_TEXT,
    INK,
    SMALL,
    canvas,
    head,
    named,
    percent,
    segment_colours,
)
from trainer.report.figures.map_geometry import MapPlane, map_plane
from trainer.report.labels import feature_words, is_date
from trainer.results.trained import Trained
from trainer.schema.features import indicators

SMALLEST = 2  # a cell with one customer is drawn like one with two
ASPECTS = (0.6, 1.1)  # height over width; between them cells are square
AMOUNTS = 6  # at most this many along a logarithmic axis
DATES = 4  # at most this many along an axis, because they are long
CELL = "cell"  # the id of the counted marks in the file
OFFSETS = (  # of a name from its centroid, in points, in order of preference
    *((0, 9), (0, -9), (9, 0), (-9, 0), (0, 20), (0, -20)),
    *((9, 12), (-9, 12), (9, -12), (-9, -12)),
)
CROWDED, COVERED, OUTSIDE = (
    4.0,
    0.5,
    8.0,
)  # the cost of a name that covers a name, covers a mark, or lies outside the map


def draw_map(trained: Trained) -> Figure:
    """The regions of the nearest centroids, the centroids with their names, and counted cells."""
    plane = map_plane(trained)
    if len(plane.names) == 1:
        return _draw_strip(trained, plane)
    across, up = (len(edge) - 1 for edge in plane.edges)
    aspect = float(np.clip(up / across, *ASPECTS))
    figure = canvas(map_title(trained), height=1.7 + 5.4 * aspect, note=_note(trained, plane))
    axes = figure.add_subplot(box_aspect=aspect)
    axes.set_xlim(plane.edges[0][0], plane.edges[0][-1])
    axes.set_ylim(plane.edges[1][0], plane.edges[1][-1])
    _name_axes(axes, trained, plane)
    schema = trained.table.schema
    head(axes, feature_words(schema, schema.plain(plane.names[1])))
    _draw_regions(axes, plane)
    _draw_cells(axes, plane)
    _draw_names(figure, axes, trained, plane)
    return figure


def map_title(trained: Trained) -> str:
    """How many segments there are and which is the largest."""
    segments = trained.fitted.segments
    largest = max(segments, key=lambda each: each.size)
    return (
        f"{len(segments)} segments; the largest, “{largest.name}”, has {largest.share:.1%} of the customers"
    )


def _note(trained: Trained, plane: MapPlane) -> str:
    """How to read the map, and how often its two columns alone give the segment."""
    steps = " by ".join(_step(trained, plane, each) for each in range(len(plane.edges)))
    most = plane.counts().max()
    marks = f"Dark marks: customers per cell of {steps}, by area, from one or two to {most:,}."
    hidden = len(trained.table.schema.clustering_features) - 2
    if not hidden:
        return f"{marks} Background: the region of the nearest centroid (round mark)."
    others = "other column" if hidden == 1 else f"other {hidden} columns"
    agree = percent(float(np.mean(plane.nearest() == trained.labels)))
    return (
        f"{marks} Background: the nearest centroid by these two columns alone, without the {others}; "
        f"this is the right segment for {agree} of the customers."
    )


def _step(trained: Trained, plane: MapPlane, column: int) -> str:
    """The width of a cell in words; of a logarithm, by which factor its ends differ."""
    edge = plane.edges[column]
    if trained.table.schema.is_logarithm(plane.names[column]):
        return f"a factor of {np.exp(edge[1] - edge[0]):.2g}"
    days = " days" if is_date(trained.table.schema, plane.names[column]) else ""
    return f"{edge[1] - edge[0]:g}{days}"


def _draw_regions(axes: Axes, plane: MapPlane) -> None:
    """Colour the region nearest to each centroid, and mark the centroids."""
    white: dict[str, Any] = {"markeredgecolor": "white", "markeredgewidth": 1.5, "markersize": 10}
    for own, colour in enumerate(segment_colours(len(plane.centroids))):
        region = plane.region(own)
        if len(region):
            axes.add_patch(Polygon(region, facecolor=colour, alpha=0.26, edgecolor="white", linewidth=2))
        axes.plot(*plane.centroids[own], "o", color=colour, zorder=5, **white)


def _name_axes(axes: Axes, trained: Trained, plane: MapPlane) -> None:
    """Name the horizontal axis and its values: yes and no, dates, and amounts where it is their logarithm."""
    schema = trained.table.schema
    axes.set_xlabel(feature_words(schema, schema.plain(plane.names[0])))
    for name, axis, edge in zip(plane.names, (axes.xaxis, axes.yaxis), plane.edges, strict=False):
        if schema.is_logarithm(name):
            amounts = _amounts(float(np.expm1(edge[0])), float(np.expm1(edge[-1])))
            axis.set_ticks(np.log1p(amounts), [f"{each:,.0f}" for each in amounts])
        elif name in indicators(trained.table.schema):
            axis.set_ticks([0.0, 1.0], ["no", "yes"])
        elif is_date(trained.table.schema, name):
            axis.set_major_locator(MaxNLocator(nbins=DATES, steps=[1, 2, 5, 10]))
            axis.set_major_formatter(lambda days, _: iso_date(days))


def _amounts(low: float, high: float) -> NDArray[np.float64]:
    """Round amounts on a logarithmic axis, zero where it is on it."""
    found = np.empty(0)
    for factors in ((1.0, 2.0, 5.0), (1.0, 3.0), (1.0,)):
        ticks = np.asarray(LogLocator(subs=factors).tick_values(max(low, 1.0), high))
        found = ticks[(ticks >= max(low, 1.0)) & (ticks <= high)]
        if len(found) <= AMOUNTS:
            break
    return np.concatenate([np.zeros(int(low <= 0.0)), found])


def _draw_cells(axes: Axes, plane: MapPlane) -> None:
    """A dark mark in the middle of each cell with customers; its area shows their number."""
    counts = plane.counts()
    steps = np.array([edge[1] - edge[0] for edge in plane.edges])
    largest = max(int(counts.max()), SMALLEST)
    for cell in np.argwhere(counts):
        share = np.sqrt(max(int(counts[tuple(cell)]), SMALLEST) / largest)
        side = 0.94 * share * steps
        corner = (
            np.array([edge[each] for edge, each in zip(plane.edges, cell, strict=True)]) + (steps - side) / 2
        )
        axes.add_patch(
            Rectangle(
                (corner[0], corner[1]), *side, facecolor=INK, alpha=0.6, linewidth=0, zorder=3, gid=CELL
            )
        )


def _draw_names(figure: Figure, axes: Axes, trained: Trained, plane: MapPlane) -> None:
    """Write each name near its centroid, where it covers no other name, no centroid and few marks."""
    figure.draw_without_rendering()
    centres = axes.transData.transform(plane.centroids)
    taken = [(Bbox.from_extents(x - 8, y - 8, x + 8, y + 8), CROWDED) for x, y in centres]
    taken += [(patch.get_window_extent(), COVERED) for patch in axes.patches if patch.get_gid() == CELL]
    frame = axes.get_window_extent()
    for segment, (across, up) in zip(trained.fitted.segments, plane.centroids, strict=True):
        text = axes.annotate(
            named(segment.name),
            (across, up),
            OFFSETS[0],
            textcoords="offset points",
            fontsize=SMALL,
            fontweight="bold",
            linespacing=1.1,
            bbox=BEHIND_TEXT,
            zorder=6,
        )
        costs = []
        for offset in OFFSETS:
            box = _move(text, offset)
            outside = box.width * box.height - _overlap(box, frame)
            costs.append(OUTSIDE * outside + sum(cost * _overlap(box, other) for other, cost in taken))
        taken.append((_move(text, OFFSETS[int(np.argmin(costs))]), CROWDED))


def _move(text: Annotation, offset: tuple[int, int]) -> Bbox:
    """Move a text by an offset in points, its near side towards the centroid; returns its bounding box."""
    across, up = offset
    text.set_position(offset)
    text.set_horizontalalignment("center" if not across else "left" if across > 0 else "right")
    text.set_verticalalignment("center" if not up else "bottom" if up > 0 else "top")
    return text.get_window_extent()


def _overlap(one: Bbox, other: Bbox) -> float:
    common = Bbox.intersection(one, other)
    return 0.0 if common is None else float(common.width * common.height)


def _draw_strip(trained: Trained, plane: MapPlane) -> Figure:
    """The map for one clustering column: the regions are intervals, and the cells are bars."""
    (edges,), counts, k = plane.edges, plane.counts(), len(plane.centroids)
    step, tallest = edges[1] - edges[0], float(counts.max())
    steps = f"Bars: customers in steps of {_step(trained, plane, 0)}."
    note = f"{steps} Background: the interval nearest to each centroid (vertical line)."
    figure = canvas(map_title(trained), height=3.6 + 0.17 * k, note=note)
    axes = figure.add_subplot()
    axes.set_xlim(edges[0], edges[-1])
    axes.set_ylim(0, tallest * (1.15 + 0.16 * k))
    _draw_intervals(axes, trained, plane, tallest)
    for (cell,) in np.argwhere(counts):
        height = float(max(int(counts[cell]), SMALLEST))
        corner = (edges[cell] + 0.08 * step, 0.0)
        axes.add_patch(Rectangle(corner, 0.84 * step, height, facecolor=INK, alpha=0.6, zorder=3, gid=CELL))
    _name_axes(axes, trained, plane)
    head(axes, "Customers")
    axes.yaxis.set_major_locator(MaxNLocator(nbins=4, integer=True))
    return figure


def _draw_intervals(axes: Axes, trained: Trained, plane: MapPlane, tallest: float) -> None:
    """Colour the interval nearest to each centroid, and name the centroids in rising steps."""
    (edges,) = plane.edges
    order = np.argsort(plane.centroids[:, 0])
    centres = plane.centroids[order, 0]
    borders = [edges[0], *((centres[1:] + centres[:-1]) / 2), edges[-1]]
    for rank, segment in enumerate(order):
        colour = segment_colours(len(order))[segment]
        height = tallest * (1.2 + 0.16 * rank)
        right = centres[rank] > (edges[0] + edges[-1]) / 2
        axes.axvspan(borders[rank], borders[rank + 1], color=colour, alpha=0.26, linewidth=0)
        axes.plot([centres[rank]] * 2, [0, height], color=colour, linewidth=2, zorder=2)
        axes.annotate(
            trained.fitted.segments[segment].name,
            (centres[rank], height),
            (-4 if right else 4, -2),
            textcoords="offset points",
            ha="right" if right else "left",
            fontsize=SMALL,
            fontweight="bold",
            bbox=BEHIND_TEXT,
            zorder=6,
        )
