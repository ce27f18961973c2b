"""The ways to draw: what the server makes for an answer, and what a page needs before the first one."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.drawing.drawn_rows import BARS, DRAWINGS, MAP, VALUE, drawn_rows
from benchmarks.drawing.plotly_drawings import checked_figure, figure_only
from benchmarks.drawing.vega_lite_drawings import Specification, chart, chart_with_data, data_only, picture
from benchmarks.speed.measuring import OURS
from service.page.draw.palette import segment_variables
from service.page.segments.value_chart import value_chart
from service.page.views.map_figure import map_figure
from service.page.views.prediction_context import PredictionContext
from service.page.views.ranking_card import ranking_card

BUILT = Path(__file__).parent / "client" / "dist"  # by `npm run build`
PAGE = Path(__file__).parents[2] / "service" / "page"
STYLES = (*(PAGE / f"{name}.css" for name in ("colours", "page", "tabs")), PAGE / "segments" / "segments.css")
PLAIN_STYLE = (
    b"body { font: 16px system-ui, sans-serif; margin: 0 } #drawing > svg { max-width: 100%; height: auto }"
)
Make = Callable[[str, PredictionContext], bytes]


@dataclass(frozen=True, kw_only=True)
class DrawingWay:
    """One way to draw.

    Attributes:
        name: as the results have it.
        make: what the server sends for an answer, by the name of the drawing.
        script: what draws it in the page.
        style: the page's CSS.
        specs: what the page has of each drawing before the first answer; JSON.
        by_classes: ``make`` by the library's own classes instead of plain dictionaries.
    """

    name: str
    make: Make
    script: bytes
    style: bytes = PLAIN_STYLE
    specs: bytes = b"{}"
    by_classes: Make | None = None

    @property
    def first_bytes(self) -> int:
        """What a visitor loads before the first drawing, each file packed by gzip."""
        return sum(packed(each) for each in (self.script, self.style, self.specs))


def packed(content: bytes) -> int:
    """The size after gzip."""
    return len(gzip.compress(content, 9))


def drawing_ways(context: PredictionContext) -> tuple[DrawingWay, ...]:
    """All ways, ours first; the specifications are made for the model of ``context``."""
    charts = {name: chart(name, drawn_rows(name, context)) for name in DRAWINGS}
    script = {path.stem: path.read_bytes() for path in BUILT.glob("*.js")}
    style = "\n".join([*(path.read_text(encoding="utf-8") for path in STYLES), segment_variables()]).encode()
    return (
        DrawingWay(name=OURS, make=_markup, script=script["markup"], style=style),
        DrawingWay(
            name="Altair, SVG by vl-convert",
            make=partial(_picture, charts),
            script=script["markup"],
        ),
        DrawingWay(
            name="Altair, Vega in the browser",
            make=_data_only,
            script=script["vega_lite"],
            specs=json.dumps(charts).encode(),
            by_classes=_chart_with_data,
        ),
        DrawingWay(name="Plotly", make=_figure, script=script["plotly"], by_classes=_checked_figure),
        DrawingWay(name="Observable Plot", make=_rows, script=script["plot"]),
    )


def _markup(name: str, context: PredictionContext) -> bytes:
    if name == BARS:
        return ranking_card(context.contract, context.informed).encode()
    if name == VALUE:
        return value_chart(context.contract).encode()
    if name != MAP or context.region_map is None:
        raise ValueError(f"a drawing must be one of {DRAWINGS}, but it is {name!r}")
    return map_figure(context.contract, context.region_map, context.customer, context.informed).encode()


def _picture(charts: Mapping[str, Specification], name: str, context: PredictionContext) -> bytes:
    return picture(charts[name], drawn_rows(name, context))


def _data_only(name: str, context: PredictionContext) -> bytes:
    return data_only(drawn_rows(name, context))


def _chart_with_data(name: str, context: PredictionContext) -> bytes:
    return chart_with_data(name, drawn_rows(name, context))


def _figure(name: str, context: PredictionContext) -> bytes:
    return figure_only(name, drawn_rows(name, context))


def _checked_figure(name: str, context: PredictionContext) -> bytes:
    return checked_figure(name, drawn_rows(name, context))


def _rows(name: str, context: PredictionContext) -> bytes:
    drawn = drawn_rows(name, context)
    return json.dumps({"data": drawn.rows, "text": drawn.text}, separators=(",", ":")).encode()
