"""The drawings as Vega-Lite, by Altair: the specification is made once, an answer replaces its data."""

from __future__ import annotations

import json
from typing import Any, cast

import altair as alt
import vl_convert

from benchmarks.drawing.drawn_rows import BARS, LONGEST, MAP, VALUE, Drawn
from service.page.texts import segments_texts

HEIGHTS = {MAP: 350, BARS: 240, VALUE: 300}
SERVER_WIDTH = 480  # of a picture that is made before its place is known
Specification = dict[str, Any]


def chart(name: str, drawn: Drawn) -> Specification:
    """The specification without its data, which are named."""
    layers = {MAP: _map, BARS: _bars, VALUE: _value}[name](drawn)
    layered = alt.layer(*layers).properties(
        width="container", height=HEIGHTS[name], autosize=alt.AutoSizeParams(type="fit", contains="padding")
    )
    return cast(Specification, layered.to_dict())


def chart_with_data(name: str, drawn: Drawn) -> bytes:
    """What it would give to make the specification again for each answer."""
    return json.dumps({**chart(name, drawn), "datasets": drawn.rows}).encode()


def data_only(drawn: Drawn) -> bytes:
    """What an answer sends to a page that has the specification."""
    return json.dumps({"datasets": drawn.rows, "text": drawn.text}, separators=(",", ":")).encode()


def picture(specification: Specification, drawn: Drawn) -> bytes:
    """The drawing as SVG, made on the server."""
    filled = {
        **specification,
        "datasets": drawn.rows,
        "description": drawn.text,
        "width": SERVER_WIDTH,
    }
    return str(vl_convert.vegalite_to_svg(json.dumps(filled))).encode()


def _data(name: str) -> alt.NamedData:
    return alt.NamedData(name=name)


def _own(field: str) -> dict[str, Any]:
    """A channel whose values are in the data as they are drawn."""
    return {"field": field, "type": "nominal", "scale": None, "legend": None}


def _map(drawn: Drawn) -> list[alt.Chart]:
    x, y = (
        {
            "field": side,
            "type": "quantitative",
            "title": drawn.rows[side][0]["title"],
            "scale": {"domain": [drawn.rows[side][0][end] for end in ("low", "high")], "nice": False},
        }
        for side in ("x", "y")
    )
    opacity = {"field": "opacity", "type": "quantitative", "scale": None, "legend": None}
    regions = alt.Chart(_data("regions")).mark_line(interpolate="linear-closed", strokeWidth=1)
    areas = regions.encode(
        x=x,
        y=y,
        fill=_own("colour"),
        stroke=_own("colour"),
        fillOpacity=opacity,
        detail="loop:N",
        order="at:Q",
    )
    centres = alt.Chart(_data("centres")).encode(x=x, y=y)
    here = alt.Chart(_data("here")).encode(x=x, y=y)
    return [
        areas,
        centres.mark_point(filled=True, size=90, stroke="white").encode(fill=_own("colour")),
        centres.mark_text(dy=-14, fontWeight="bold").encode(text="segment:N"),
        here.mark_point(filled=True, size=260, stroke="black", strokeWidth=2).encode(fill=_own("colour")),
        here.mark_text(dy=-20, fontWeight="bold").encode(text="label:N"),
    ]


def _bars(drawn: Drawn) -> list[alt.Chart]:
    base = alt.Chart(_data("bars")).encode(
        x={
            "field": "share",
            "type": "quantitative",
            "axis": None,
            "scale": {"domain": [0, LONGEST], "nice": False},
        },
        y={"field": "segment", "type": "nominal", "sort": {"field": "rank", "op": "min"}, "title": None},
        yOffset={"field": "kind", "type": "nominal"},
    )
    opacity = {"field": "opacity", "type": "quantitative", "scale": None, "legend": None}
    figures = {"field": "share", "type": "quantitative", "format": ".1%"}
    return [
        base.mark_bar().encode(color=_own("colour"), fillOpacity=opacity),
        base.mark_text(align="left", dx=4).encode(text=figures),
    ]


def _value(drawn: Drawn) -> list[alt.Chart]:
    titles = {"customers": segments_texts.CHART_ACROSS, "value": segments_texts.CHART_UPWARD}
    x, y = (
        {
            "field": side,
            "type": "quantitative",
            "title": title,
            "axis": {"format": ".0%"},
            "scale": {"domain": [0, drawn.rows["top"][0]["top"]], "nice": False},
        }
        for side, title in titles.items()
    )
    points = drawn.rows["points"]
    colours = alt.Scale(domain=[row["told"] for row in points], range=[row["colour"] for row in points])
    legend = alt.Legend(orient="bottom", columns=1, labelLimit=0, title=None)
    dots = alt.Chart(_data("points")).encode(x=x, y=y)
    return [
        alt.Chart(_data("even")).mark_line(strokeDash=[6, 5], color="gray").encode(x=x, y=y),
        dots.mark_point(filled=True, size=420, opacity=1).encode(
            color=alt.Color("told:N", scale=colours, legend=legend)
        ),
        dots.mark_text(color="white", fontWeight="bold").encode(text="number:N"),
    ]
