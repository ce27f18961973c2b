"""The content of three drawings about one customer as plain rows, which every library is given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from inference import Segment, Segmenter
from service.customer_values import Customer
from service.page.draw.contours import Loop
from service.page.draw.decision_map import Axis, MapCache, RegionMap, centre
from service.page.draw.palette import LIGHT
from service.page.segments.segment_cards import value_share
from service.page.texts import decision_map_texts, segments_texts
from service.page.views.map_text import map_description
from service.page.views.prediction_context import PredictionContext, predict_context

MODEL = Path(__file__).parents[2] / "artifacts" / "model.onnx"
MAP, BARS, VALUE = "map", "bars", "value"
DRAWINGS = (MAP, BARS, VALUE)
FAINT, SURER = 0.1, 0.18  # how strongly regions are coloured
ROOM = 1.15  # above the largest share
LONGEST = 1.35  # of an axis of probabilities: the figures are behind the bars
Rows = list[dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """The content of one drawing.

    Attributes:
        rows: by the name of the part that they are; axes are rows with their ends and titles.
        text: the drawing in words.
    """

    rows: dict[str, Rows]
    text: str


def customers(count: int) -> list[PredictionContext]:
    """Made customers of the Mall model, with all that the page shows about them."""
    model, random = Segmenter.load(MODEL), np.random.default_rng(0)
    maps = MapCache(model)
    found = []
    for at in range(count):
        customer: Customer = {
            "gender": ("Female", "Male")[at % 2],
            "age": int(random.integers(18, 71)),
            "annual_income": int(random.integers(15, 137)),
            "spending_score": int(random.integers(1, 100)),
        }
        found.append(predict_context(model, maps, customer))
    return found


def drawn_rows(name: str, context: PredictionContext) -> Drawn:
    """The content of one of ``DRAWINGS``."""
    return {MAP: _map, BARS: _bars, VALUE: _value}[name](context)


def _map(context: PredictionContext) -> Drawn:
    drawn = context.region_map
    if drawn is None or drawn.y is None:
        raise RuntimeError("the Mall model must have a map of two columns")
    contract, customer = context.contract, context.customer
    colour = LIGHT[context.answer.segment_id]
    here = {"x": customer[drawn.x.column.name], "y": customer[drawn.y.column.name]}
    rows = {
        "x": [_axis(drawn.x)],
        "y": [_axis(drawn.y)],
        "regions": _regions(drawn, drawn.x, drawn.y),
        "centres": [
            {
                "x": centre(contract, segment.id, drawn.x.column),
                "y": centre(contract, segment.id, drawn.y.column),
                **_segment(segment),
            }
            for segment in contract.segments
        ],
        "here": [{**here, "colour": colour, "label": decision_map_texts.MAP_HERE}],
    }
    return Drawn(rows=rows, text=map_description(contract, drawn, customer, context.informed))


def _axis(axis: Axis) -> dict[str, Any]:
    return {"low": axis.scale.low, "high": axis.scale.high, "title": axis.column.title}


def _segment(segment: Segment) -> dict[str, Any]:
    return {"segment": segment.name, "colour": LIGHT[segment.id]}


def _regions(drawn: RegionMap, x: Axis, y: Axis) -> Rows:
    """The corners of every region, in order."""
    rows: Rows = []
    loops = 0
    for segment_id, plain in enumerate(drawn.loops):
        for level, opacity in ((plain, FAINT), *((sure, SURER) for sure in drawn.sure[segment_id])):
            for loop in level:
                loops += 1
                shared = {"loop": loops, "colour": LIGHT[segment_id], "opacity": opacity}
                rows += [{**place, **shared} for place in _corners(loop, x, y)]
    return rows


def _corners(loop: Loop, x: Axis, y: Axis) -> Rows:
    across, upward = (
        axis.scale.values(np.array(shares))
        for axis, shares in zip((x, y), zip(*loop, strict=True), strict=True)
    )
    corners = zip(across.tolist(), upward.tolist(), strict=True)
    return [{"at": at, "x": round(left, 1), "y": round(up, 1)} for at, (left, up) in enumerate(corners)]


def _bars(context: PredictionContext) -> Drawn:
    first, second = context.answer.probabilities, context.answer.classifier_probabilities or {}
    chances = {"answer": first, "classifier": second}
    order = sorted(context.contract.segments, key=lambda each: -first[each.name])
    rows = [
        {
            **_segment(segment),
            "rank": rank,
            "kind": kind,
            "share": round(shares[segment.name], 4),
            "opacity": opacity,
        }
        for rank, segment in enumerate(order)
        for (kind, shares), opacity in zip(chances.items(), (1.0, 0.4), strict=True)
    ]
    text = "; ".join(f"{row['segment']}, {row['kind']}: {row['share']:.1%}" for row in rows)
    return Drawn(rows={"bars": rows}, text=text)


def _value(context: PredictionContext) -> Drawn:
    segments = context.contract.segments
    shares = [(segment, value_share(segment) or 0.0) for segment in segments]
    top = ROOM * max(max(segment.share, value) for segment, value in shares)
    rows = [
        {
            **_segment(segment),
            "number": str(number),
            "customers": round(segment.share, 4),
            "value": round(value, 4),
            "told": segments_texts.CHART_POINT.format(
                name=segment.name, share=f"{segment.share:.1%}", value=f"{value:.1%}"
            ),
        }
        for number, (segment, value) in enumerate(shares, start=1)
    ]
    even = [{"customers": end, "value": end} for end in (0.0, top)]
    text = f"{segments_texts.CHART}. {'; '.join(row['told'] for row in rows)}"
    return Drawn(rows={"points": rows, "even": even, "top": [{"top": top}]}, text=text)


def loops_of(regions: Sequence[dict[str, Any]]) -> list[Rows]:
    """The corners of regions, put together by loop."""
    ends = [0, *(at for at, pair in enumerate(pairwise(regions), 1) if pair[0]["loop"] != pair[1]["loop"])]
    return [list(regions[low:high]) for low, high in pairwise([*ends, len(regions)])]
