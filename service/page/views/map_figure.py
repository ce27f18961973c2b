"""Draws the map: regions, centres and this customer, as SVG with HTML marks that keep their size."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import orjson

from inference import Answer, Contract
from service.customer_values import place_on
from service.kinds.kind_views import kind_view
from service.kinds.scales import LogScale
from service.languages.language import listed
from service.languages.number_format import entered_in, percent, unit, with_unit
from service.page.draw.contours import Loop
from service.page.draw.decision_map import SURE, Axis, RegionMap, centre
from service.page.draw.markup import UNITS, Markup, drawing, element, join
from service.page.draw.palette import segment_style
from service.page.texts import decision_map_texts
from service.page.views.map_text import fixed_values, map_description

EDGE = 0.2  # nearer to a rim than this, a label turns inward
TOP_EDGE = 0.1  # a label is wider than high, and the one above the customer covers nothing there
CROWDED = (0.26, 0.15)  # centres closer than this in both directions leave no room for names
LONGEST_NAME = 34  # characters; longer ones are in the legend
STRIP_HEIGHT = 0.5  # where marks are when there is no second column


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where the customer is, from 0 to 1 along each axis; ``None`` along one that is unknown."""

    x: float | None
    y: float | None
    beyond: tuple[str, ...]

    def nowhere(self, drawn: RegionMap) -> bool:
        """Whether no axis of the map is known."""
        return self.x is None and (self.y is None or drawn.y is None)

    @property
    def known(self) -> bool:
        """Whether the customer is one point."""
        return self.x is not None and self.y is not None


def map_figure(
    contract: Contract,
    drawn: RegionMap,
    customer: Mapping[str, object],
    answer: Answer | None,
    *,
    customers: Markup = Markup(""),  # noqa: B008 - it cannot be changed
) -> Markup:
    """The map as a figure.

    Args:
        customer: column name -> value; the value of an axis that is no number and no date counts as unknown.
        answer: marks the customer's segment; ``None`` leaves the customer out.
        customers: a drawing of others.
    """
    mark = below = Markup("")
    if answer is not None:
        place = _place(drawn, customer)
        mark, below = (mark, _nowhere(drawn)) if place.nowhere(drawn) else (_customer(place, answer), below)
    crowded = _crowded(contract, drawn)
    dots = [_centre(contract, drawn, segment.id, named=not crowded) for segment in contract.segments]
    inner = element(
        "div",
        _regions(drawn, answer),
        customers,
        element("div", mark, *dots, class_="marks", aria_hidden="true"),
        class_="plot strip" if drawn.y is None else "plot",
        role="img",
        aria_label=map_description(contract, drawn, customer, answer),
        data_axes=orjson.dumps([_axis_data(axis) for axis in drawn.axes]).decode(),
        data_settable=not customers,
    )
    chart = element("div", _upward(drawn), inner, _across(drawn.x), class_="chart")
    legend = _legend(contract) if crowded else Markup("")
    note = " ".join([_note(), *fixed_values(contract, drawn, customer)])
    return element("figure", chart, below, legend, element("figcaption", note, class_="hint"), class_="map")


def _axis_data(axis: Axis) -> dict[str, object]:
    """What the page needs to tell the value under the pointer."""
    scale, column = axis.scale, axis.column
    return {
        "name": column.name,
        "label": column.label,
        "unit": unit(column),
        "low": scale.low,
        "high": scale.high,
        "step": scale.step,
        "log": isinstance(scale, LogScale),
        "date": kind_view(column).control == "date",
    }


def _note() -> str:
    return decision_map_texts.MAP_NOTE.format(some=percent(SURE[0]), most=percent(SURE[1]))


def _regions(drawn: RegionMap, answer: Answer | None) -> Markup:
    """The regions, stronger where the model is surer; the named segment's stands out."""
    own = answer.segment_id if answer is not None and answer.enough else None
    paths = []
    for segment_id, loops in enumerate(drawn.loops):
        kind = "region own" if segment_id == own else "region"
        paths.append(_area(kind, loops, segment_id))
        paths += [_area(f"{kind} sure", sure, segment_id) for sure in drawn.sure[segment_id]]
    edges = [_area("edge", loops, segment_id) for segment_id, loops in enumerate(drawn.loops)]
    return drawing(*paths, *edges, class_="regions")


def _area(kind: str, loops: list[Loop], segment_id: int) -> Markup:
    line = " ".join(_path(loop) for loop in loops)
    return element("path", d=line, style=segment_style(segment_id), class_=kind) if loops else Markup("")


def _path(loop: Loop) -> str:
    points = " ".join(f"{x * UNITS:.0f},{(1 - y) * UNITS:.0f}" for x, y in loop)
    return f"M{points}Z"


def _place(drawn: RegionMap, customer: Mapping[str, object]) -> Place:
    shares: list[float | None] = []
    beyond = []
    for axis in drawn.axes:
        value = place_on(axis.column, customer.get(axis.column.name))
        if value is None:
            shares.append(None)
            continue
        share = axis.scale.position(value)
        shares.append(axis.scale.clipped(value))
        if not -1e-9 <= share <= 1 + 1e-9:
            beyond.append(with_unit(axis.column, entered_in(axis.column, value)))
    x, y = shares if drawn.y else (shares[0], STRIP_HEIGHT)
    return Place(x=x, y=y, beyond=tuple(beyond))


def _customer(place: Place, answer: Answer) -> Markup:
    label = decision_map_texts.MAP_HERE if place.known else decision_map_texts.MAP_SOMEWHERE
    if place.beyond:
        label = f"{label}, {decision_map_texts.MAP_BEYOND.format(value=', '.join(place.beyond))}"
    tag = element("span", label, class_="tag")
    if place.known:
        halo, dot = element("span", class_="halo"), element("span", class_="dot")
        return _mark("here", place, halo, dot, tag, own=answer)
    return _mark("line across" if place.x is None else "line upward", place, tag)


def _nowhere(drawn: RegionMap) -> Markup:
    names = listed([axis.column.label.lower() for axis in drawn.axes])
    return element("p", decision_map_texts.MAP_ANYWHERE.format(columns=names), class_="nowhere")


def _mark(kind: str, place: Place, *inner: Markup, own: Answer | None = None) -> Markup:
    colour = "" if own is None else f";{segment_style(own.segment_id)}"
    style = f"{_position(place.x, place.y)}{colour}"
    return element("span", *inner, class_=f"{kind} {_turned(place.x, place.y)}", style=style)


def _centre(contract: Contract, drawn: RegionMap, segment_id: int, *, named: bool) -> Markup:
    at = _centre_at(contract, drawn, segment_id)
    if at is None:
        return Markup("")
    label = element("span", contract.segments[segment_id].name, class_="name") if named else Markup("")
    return element(
        "span",
        element("span", class_="pip"),
        label,
        class_=f"centre {_turned(*at)}",
        style=f"{_position(*at)};{segment_style(segment_id)}",
        title=contract.segments[segment_id].name,
    )


def _centre_at(contract: Contract, drawn: RegionMap, segment_id: int) -> tuple[float, float] | None:
    values = [(axis.scale, centre(contract, segment_id, axis.column)) for axis in drawn.axes]
    shares = [scale.position(value) for scale, value in values if value is not None]
    if len(shares) < len(drawn.axes) or not all(0 <= share <= 1 for share in shares):
        return None
    return (shares[0], shares[1]) if drawn.y else (shares[0], STRIP_HEIGHT)


def _crowded(contract: Contract, drawn: RegionMap) -> bool:
    spots = [_centre_at(contract, drawn, segment.id) for segment in contract.segments]
    known = [spot for spot in spots if spot is not None]
    if any(len(segment.name) > LONGEST_NAME for segment in contract.segments):
        return True
    return any(
        abs(first[0] - second[0]) < CROWDED[0] and abs(first[1] - second[1]) < CROWDED[1]
        for index, first in enumerate(known)
        for second in known[index + 1 :]
    )


def _legend(contract: Contract) -> Markup:
    entries = [
        element("li", element("span", class_="swatch"), segment.name, style=segment_style(segment.id))
        for segment in contract.segments
    ]
    return element("ul", *entries, class_="legend")


def _position(x: float | None, y: float | None) -> str:
    parts = [] if x is None else [f"left:{x:.2%}"]
    return ";".join(parts if y is None else [*parts, f"bottom:{y:.2%}"])


def _turned(x: float | None, y: float | None) -> str:
    """Class names that turn a label inward near a rim."""
    words = []
    if x is not None and not EDGE <= x <= 1 - EDGE:
        words.append("at-left" if x < EDGE else "at-right")
    if y is not None and not EDGE <= y <= 1 - TOP_EDGE:
        words.append("at-bottom" if y < EDGE else "at-top")
    return " ".join(words)


def _across(axis: Axis) -> Markup:
    scale = axis.scale
    ticks = [
        element("span", written, style=f"left:{scale.position(tick):.2%}") for written, tick in axis.ticks()
    ]
    title = element("div", f"{axis.column.title} →", class_="axis-title x-title")
    return join(element("div", *ticks, class_="x-ticks"), title)


def _upward(drawn: RegionMap) -> Markup:
    if drawn.y is None:
        return Markup("")
    scale = drawn.y.scale
    ticks = [
        element("span", written, style=f"bottom:{scale.position(tick):.2%}")
        for written, tick in drawn.y.ticks()
    ]
    title = element("div", f"↑ {drawn.y.column.title}", class_="axis-title y-title")
    return join(title, element("div", *ticks, class_="y-ticks"))
