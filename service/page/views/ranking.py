"""The answer in bars: all segments ranked, and the customer compared with the segment."""

from __future__ import annotations

from collections.abc import Mapping

from inference import Answer, Column, Contract, Segment
from inference.contract import Spread
from service.customer_values import Customer, place_on
from service.number_format import entered_in, percent, value_of, with_unit
from service.page import texts
from service.page.draw.markup import Markup, element
from service.page.draw.palette import segment_style
from service.scales import scale_of

MOST_COMPARED = 6  # columns; further ones unfold
THINNEST = 0.006  # of a band, so that it can be seen


def ranking(contract: Contract, answer: Answer | None) -> Markup:
    """All segments with bars, the most likely first; their sizes when nothing is known."""
    if answer is None:
        chances = {segment.name: segment.share for segment in contract.segments}
        opinions: Mapping[str, float] | None = None
    else:
        chances = answer.probabilities
        opinions = answer.classifier_probabilities if answer.complete else None
    order = sorted(contract.segments, key=lambda segment: (-chances[segment.name], segment.id))
    rows = [_bar_row(segment, chances[segment.name], opinions) for segment in order]
    title = texts.RANKING_TITLE_EMPTY if answer is None else texts.RANKING_TITLE
    return element(
        "section",
        element("h2", title),
        _legend() if opinions else Markup(""),
        element("ol", *rows, class_="ranking"),
        _opinion(answer),
        class_="card",
    )


def _bar_row(segment: Segment, chance: float, opinions: Mapping[str, float] | None) -> Markup:
    bars = [_bar("bar", chance)]
    if opinions is not None:
        bars.append(_bar("bar thin", opinions[segment.name]))
    return element(
        "li",
        element("span", element("span", class_="swatch", aria_hidden="true"), segment.name, class_="name"),
        element("span", *bars, class_="bars"),
        class_="row",
        style=segment_style(segment.id),
    )


def _bar(kind: str, chance: float) -> Markup:
    track = element("span", element("i", style=f"width:{chance:.1%}"), class_="track")
    return element("span", track, element("span", percent(chance), class_="figure"), class_=kind)


def _legend() -> Markup:
    entries = [
        element("span", element("i", class_=kind), text)
        for kind, text in (("bar", texts.LEGEND_ANSWER), ("bar thin", texts.LEGEND_OPINION))
    ]
    return element("div", *entries, class_="key", aria_hidden="true")


def _opinion(answer: Answer | None) -> Markup:
    """What the classifier would say where the exact rule answers."""
    if answer is None or not answer.complete or not answer.classifier_probabilities:
        return Markup("")
    opinions = answer.classifier_probabilities
    favourite = max(opinions, key=lambda name: opinions[name])
    template = texts.OPINION_AGREES if favourite == answer.segment else texts.OPINION_DIFFERS
    text = template.format(segment=favourite, percent=percent(opinions[favourite]))
    return element("p", element("b", texts.OPINION_TITLE), f" {text}", class_="note")


def comparison(contract: Contract, segment: Segment, customer: Customer) -> Markup:
    """The customer beside the middle half of the segment, a row for each number or date."""
    columns = sorted(contract.columns, key=lambda column: column.role != "clustering")
    rows = [
        _comparison_row(each, typical, customer.get(each.name))
        for each in columns
        if (typical := segment.spread(each.name)) is not None
    ]
    more = Markup("")
    if len(rows) > MOST_COMPARED:
        title = element("summary", texts.COMPARE_MORE.format(count=len(rows) - MOST_COMPARED))
        more = element("details", title, element("div", *rows[MOST_COMPARED:], class_="compare"))
    note = element("p", texts.COMPARE_NOTE.format(segment=segment.name), class_="hint")
    return element(
        "section",
        element("h2", texts.COMPARE_TITLE),
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
    mark, written, kind = Markup(""), texts.COMPARE_UNKNOWN, "figure unknown"
    place = place_on(column, value)
    if place is not None:
        mark = element("i", class_="mark", style=f"left:{scale.clipped(place):.1%}")
        written, kind = with_unit(column, entered_in(column, place)), "figure"
    ends = [value_of(column, end) for end in (typical.q25, typical.q75)]
    span = texts.TO.format(low=ends[0], high=with_unit(column, ends[1]))
    return element(
        "div",
        element("span", column.label, class_="name"),
        element("span", written, class_=kind),
        element("span", band, mark, class_="track", aria_hidden="true"),
        element("span", span, class_="hint"),
        class_="row",
    )
