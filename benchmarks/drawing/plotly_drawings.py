"""The drawings as figures of Plotly."""

from __future__ import annotations

import json
from typing import Any

import plotly.graph_objects as go

from benchmarks.drawing.drawn_rows import BARS, LONGEST, MAP, VALUE, Drawn, Rows, loops_of
from service.page.texts import segments_texts

Figure = dict[str, Any]
_MARGIN = {"l": 40, "r": 8, "t": 8, "b": 40}


def figure(name: str, drawn: Drawn) -> Figure:
    """The figure as its JSON is: traces and layout."""
    return {MAP: _map, BARS: _bars, VALUE: _value}[name](drawn)


def figure_only(name: str, drawn: Drawn) -> bytes:
    """What an answer sends, made without Plotly's own classes."""
    made = {"figure": figure(name, drawn), "text": drawn.text}
    return json.dumps(made, separators=(",", ":")).encode()


def checked_figure(name: str, drawn: Drawn) -> bytes:
    """The same by Plotly's classes, which check every property."""
    return str(go.Figure(**figure(name, drawn)).to_json()).encode()


def _places(rows: Rows, x: str = "x", y: str = "y") -> dict[str, Any]:
    return {"type": "scatter", "x": [row[x] for row in rows], "y": [row[y] for row in rows]}


def _layout(height: int, **more: Any) -> dict[str, Any]:
    return {
        "template": None,
        "height": height,
        "margin": _MARGIN,
        "showlegend": False,
        "autosize": True,
        **more,
    }


def _axis(row: dict[str, Any]) -> dict[str, Any]:
    return {"title": {"text": row["title"]}, "range": [row["low"], row["high"]], "zeroline": False}


def _map(drawn: Drawn) -> Figure:
    rows = drawn.rows
    return {
        "data": [
            *(_region(loop) for loop in loops_of(rows["regions"])),
            _centres(rows["centres"]),
            _here(rows),
        ],
        "layout": _layout(350, xaxis=_axis(rows["x"][0]), yaxis=_axis(rows["y"][0])),
    }


def _region(loop: Rows) -> dict[str, Any]:
    opacity = round(loop[0]["opacity"] * 255)
    colour = f"{loop[0]['colour']}{opacity:02x}"
    return {
        **_places([*loop, loop[0]]),
        "mode": "lines",
        "fill": "toself",
        "fillcolor": colour,
        "line": {"color": loop[0]["colour"], "width": 1},
        "hoverinfo": "skip",
    }


def _centres(rows: Rows) -> dict[str, Any]:
    return {
        **_places(rows),
        "mode": "markers+text",
        "text": [row["segment"] for row in rows],
        "textposition": "top center",
        "cliponaxis": False,
        "marker": {
            "size": 10,
            "color": [row["colour"] for row in rows],
            "line": {"color": "white", "width": 2},
        },
    }


def _here(rows: dict[str, Rows]) -> dict[str, Any]:
    colour, label = (rows["here"][0][key] for key in ("colour", "label"))
    marker = {"size": 18, "color": colour, "line": {"color": "black", "width": 2}}
    where = {"mode": "markers+text", "text": [label], "textposition": "top center"}
    return {**_places(rows["here"]), **where, "marker": marker}


def _bars(drawn: Drawn) -> Figure:
    kinds: dict[str, Rows] = {}
    for row in drawn.rows["bars"]:
        kinds.setdefault(row["kind"], []).append(row)
    return {
        "data": [_bar_trace(rows) for rows in kinds.values()],
        "layout": _layout(
            240,
            xaxis={"range": [0, LONGEST], "visible": False},
            yaxis={"autorange": "reversed", "automargin": True},
        ),
    }


def _bar_trace(rows: Rows) -> dict[str, Any]:
    return {
        "type": "bar",
        "orientation": "h",
        "x": [row["share"] for row in rows],
        "y": [row["segment"] for row in rows],
        "text": [f"{row['share']:.1%}" for row in rows],
        "textposition": "outside",
        "marker": {"color": [row["colour"] for row in rows], "opacity": rows[0]["opacity"]},
    }


def _value(drawn: Drawn) -> Figure:
    top = drawn.rows["top"][0]["top"]
    titles = {"xaxis": segments_texts.CHART_ACROSS, "yaxis": segments_texts.CHART_UPWARD}
    axes = {
        axis: {**_axis({"title": title, "low": 0, "high": top}), "tickformat": ".0%"}
        for axis, title in titles.items()
    }
    even = {
        **_places(drawn.rows["even"], "customers", "value"),
        "mode": "lines",
        "line": {"dash": "dash", "color": "gray"},
        "showlegend": False,
    }
    legend = {"orientation": "h", "y": -0.2}
    return {
        "data": [even, *(_point(row) for row in drawn.rows["points"])],
        "layout": _layout(420, **axes, **{"showlegend": True, "legend": legend}),
    }


def _point(row: dict[str, Any]) -> dict[str, Any]:
    return {
        **_places([row], "customers", "value"),
        "mode": "markers+text",
        "text": [row["number"]],
        "textfont": {"color": "white"},
        "name": row["told"],
        "marker": {"size": 22, "color": row["colour"]},
    }
