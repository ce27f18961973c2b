"""The customer compared with the segment, column by column."""

from __future__ import annotations

from inference import Column, Contract, Segment
from inference.contract import Spread
from service.customer_values import Customer, place_on
from service.kinds.scales import scale_of
from service.languages.number_format import by_count, entered_in, value_of, with_unit
from service.page.draw.markup import Markup, element
from service.page.draw.palette import segment_style
from service.page.texts import answer_texts, model_texts

MOST_COMPARED = 6  # columns; further ones unfold
THINNEST = 0.006  # of a band, so that it can be seen


def comparison_card(contract: Contract, segment: Segment, customer: Customer) -> Markup:
    """The customer compared with the middle half of the segment, one row per number or date."""
    columns = sorted(contract.columns, key=lambda column: column.role != "clustering")
    rows = [
        _comparison_row(each, typical, customer.get(each.name))
        for each in columns
        if (typical := segment.spread(each.name)) is not None
    ]
    more = Markup("")
    if len(rows) > MOST_COMPARED:
        title = element(
            "summary",
            by_count(len(rows) - MOST_COMPARED, answer_texts.COMPARE_MORE),
        )
        more = element("details", title, element("div", *rows[MOST_COMPARED:], class_="compare"))
    note = element("p", answer_texts.COMPARE_NOTE.format(segment=segment.name), class_="hint")
    return element(
        "section",
        element("h2", answer_texts.COMPARE_TITLE),
        note,
        element("div", *rows[:MOST_COMPARED], class_="compare"),
        more,
        class_="card",
        style=segment_style(segment.id),
    )


def _comparison_row(column: Column, typical: Spread, value: object) -> Markup:
    scale = scale_of(column)
    low, high = (scale.clipped(end) for end in (typical.q25, typical.q75))
    band = element("i", class_="band", style=f"left:{low:.1%};width:{max(high - low, THINNEST):.1%}")
    mark, written, kind = Markup(""), answer_texts.COMPARE_UNKNOWN, "figure unknown"
    position = place_on(column, value)
    if position is not None:
        mark = element("i", class_="mark", style=f"left:{scale.clipped(position):.1%}")
        written, kind = with_unit(column, entered_in(column, position)), "figure"
    ends = [value_of(column, end) for end in (typical.q25, typical.q75)]
    span = model_texts.TO.format(low=ends[0], high=with_unit(column, ends[1]))
    return element(
        "div",
        element("span", column.label, class_="name"),
        element("span", written, class_=kind),
        element("span", band, mark, class_="track", aria_hidden="true"),
        element("span", span, class_="hint"),
        class_="row",
    )
