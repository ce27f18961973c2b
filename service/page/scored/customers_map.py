"""The customers of a scored file on the map."""

from __future__ import annotations

from inference import Contract
from service.languages.number_format import grouped
from service.page.draw.decision_map import RegionMap
from service.page.draw.markup import UNITS, Markup, drawing, element
from service.page.draw.palette import segment_style
from service.page.scored.customer_sample import CustomerSample, Points, per_segment
from service.page.texts import score_texts
from service.page.views.map_figure import STRIP_HEIGHT, map_figure


def customers_map(contract: Contract, drawn: RegionMap, sample: CustomerSample) -> Markup:
    """The card; empty where no customer has the columns of the map."""
    if not len(sample):
        return Markup("")
    found = per_segment(contract, sample)
    dots = drawing(*(_dots(drawn, id, points) for id, points in found.items()), class_="customers")
    note = score_texts.SCORE_MAP if sample.seen == len(sample) else score_texts.SCORE_MAP_SAMPLE
    return element(
        "section",
        element("h2", score_texts.SCORE_MAP_TITLE),
        element("p", note.format(count=grouped(len(sample)), seen=grouped(sample.seen)), class_="hint"),
        map_figure(contract, drawn, {}, None, customers=dots),
        class_="card",
    )


def _dots(drawn: RegionMap, segment_id: int, points: Points) -> Markup:
    """One path with a dot per customer: lines without a length, whose round ends keep their size."""
    moves = []
    for point in points:
        x, *more = (axis.scale.clipped(float(value)) for axis, value in zip(drawn.axes, point, strict=True))
        y = more[0] if more else STRIP_HEIGHT
        moves.append(f"M{x * UNITS:.0f},{(1 - y) * UNITS:.0f}h0")
    return element("path", d="".join(moves), style=segment_style(segment_id))
