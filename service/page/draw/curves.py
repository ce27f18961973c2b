"""Draws a measure over the number of segments as a line, with the chosen k marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from service.kinds.scales import Scale
from service.languages.number_format import number
from service.page.draw.markup import UNITS, Markup, drawing, element, join
from service.page.texts import model_texts

LAST = 3  # points next to the limit's label, which is on the other side of the limit
_HEADROOM = 1.16  # above the highest point, for its label
_SMALLEST = 1e-9  # an axis must have some length


@dataclass(frozen=True, kw_only=True)
class Curve:
    """One measure over k.

    Attributes:
        points: k and value, by ascending k.
        chosen: the k to mark; limit: a level to draw, with ``limit_label`` next to it.
        other: another line to compare with, with ``other_label`` at its end.
    """

    title: str
    points: Sequence[tuple[int, float]]
    chosen: int
    limit: float | None = None
    limit_label: str = ""
    other: Sequence[tuple[int, float]] = ()
    other_label: str = ""


def curve_view(curve: Curve) -> Markup:
    """The curve as a chart with axes and a text alternative."""
    across = Scale(low=curve.points[0][0] - 0.4, high=curve.points[-1][0] + 0.4, step=1)
    lines = (*curve.points, *curve.other)
    levels = [0.0, *(value for _, value in lines), curve.limit or 0.0]
    upward = Scale(low=min(levels), high=max(*levels, _SMALLEST) * _HEADROOM, step=1)
    plot = element(
        "div",
        _drawing(curve, across, upward),
        _limit_label(curve, upward),
        _other_label(curve, upward),
        _chosen_label(curve, across, upward),
        class_="plot",
        role="img",
        aria_label=_text_alternative(curve),
    )
    title = element("div", f"{model_texts.AXIS_K} →", class_="axis-title x-title")
    return element("div", plot, *_ticks(curve, across, upward), title, class_="chart curve")


def _ticks(curve: Curve, across: Scale, upward: Scale) -> list[Markup]:
    levels = [(tick, upward.position(tick)) for tick in upward.ticks(4)]
    counts = [(k, across.position(k), "chosen" if k == curve.chosen else None) for k, _ in curve.points]
    up = [element("span", number(tick), style=f"bottom:{position:.2%}") for tick, position in levels]
    along = [
        element("span", str(k), style=f"left:{position:.2%}", class_=kind) for k, position, kind in counts
    ]
    return [element("div", *up, class_="y-ticks"), element("div", *along, class_="x-ticks")]


def _drawing(curve: Curve, across: Scale, upward: Scale) -> Markup:
    spots, others = (
        [(across.position(k) * UNITS, (1 - upward.position(value)) * UNITS) for k, value in line]
        for line in (curve.points, curve.other)
    )
    grid = " ".join(f"M0 {(1 - upward.position(tick)) * UNITS:.0f}H{UNITS}" for tick in upward.ticks(4))
    shapes = [
        element("path", d=grid, class_="grid"),
        element("path", d=_path(spots), class_="line"),
        element("path", d=" ".join(f"M{x:.0f} {y:.0f}h0" for x, y in spots), class_="points"),
    ]
    if curve.limit is not None:
        level = (1 - upward.position(curve.limit)) * UNITS
        shapes.insert(1, element("path", d=f"M0 {level:.0f}H{UNITS}", class_="limit"))
    if others:
        shapes.insert(1, element("path", d=_path(others), class_="limit"))
    return drawing(*shapes)


def _path(spots: Sequence[tuple[float, float]]) -> str:
    return "M" + " L".join(f"{x:.0f} {y:.0f}" for x, y in spots)


def _limit_label(curve: Curve, upward: Scale) -> Markup:
    if curve.limit is None:
        return Markup("")
    last = [value for _, value in curve.points][-LAST:]
    kind = "limit-label" if sum(last) > curve.limit * len(last) else "limit-label above"
    style = f"bottom:{upward.position(curve.limit):.2%}"
    return element("span", curve.limit_label, class_=kind, style=style)


def _other_label(curve: Curve, upward: Scale) -> Markup:
    """The label at the end of the other line, on the side away from the points."""
    if not curve.other:
        return Markup("")
    end = curve.other[-1][1]
    kind = "limit-label" if curve.points[-1][1] > end else "limit-label above"
    return element("span", curve.other_label, class_=kind, style=f"bottom:{upward.position(end):.2%}")


def _chosen_label(curve: Curve, across: Scale, upward: Scale) -> Markup:
    value = dict(curve.points)[curve.chosen]
    style = f"left:{across.position(curve.chosen):.2%};bottom:{upward.position(value):.2%}"
    return join(
        element("span", class_="chosen-dot", style=style),
        element("span", f"k = {curve.chosen}: {number(value)}", class_="chosen-label", style=style),
    )


def _text_alternative(curve: Curve) -> str:
    points = ", ".join(f"{k}: {number(value)}" for k, value in curve.points)
    told = model_texts.CHART_TEXT.format(title=curve.title, points=points, k=curve.chosen)
    if not curve.other:
        return told
    others = ", ".join(f"{k}: {number(value)}" for k, value in curve.other)
    return f"{told} {model_texts.CHART_OTHER.format(label=curve.other_label, points=others)}"
