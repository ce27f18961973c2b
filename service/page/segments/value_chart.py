"""The chart of the share of value against the share of customers, a point for each segment."""

from __future__ import annotations

from inference import Contract, Segment
from service.languages.number_format import in_percent
from service.page.draw.markup import UNITS, Markup, drawing, element
from service.page.draw.palette import segment_style
from service.page.segments.segment_cards import value_share
from service.page.texts import segments_texts as texts

_ROOM = 1.15  # above the largest share


def value_chart(contract: Contract) -> Markup:
    """The chart with a text alternative; empty where value is not known or negative."""
    points = [
        (segment, value) for segment in contract.segments if (value := value_share(segment)) is not None
    ]
    if len(points) < len(contract.segments) or any(value < 0 for _, value in points):
        return Markup("")
    top = max(max(segment.share, value) for segment, value in points) * _ROOM
    told = [
        texts.CHART_POINT.format(
            name=segment.name, share=in_percent(segment.share, 1), value=in_percent(value, 1)
        )
        for segment, value in points
    ]
    dots = [_dot(segment, value, top, str(at)) for at, (segment, value) in enumerate(points, start=1)]
    legend = [_entry(segment, text) for (segment, _), text in zip(points, told, strict=True)]
    even = element("line", x1=0, y1=UNITS, x2=UNITS, y2=0, class_="even")
    label = f"{texts.CHART}. {'; '.join(told)}"
    plot = element("div", drawing(even), *dots, class_="value-plot", role="img", aria_label=label)
    return element(
        "section",
        element("h2", texts.CHART),
        element("p", texts.CHART_NOTE, class_="hint"),
        element(
            "div",
            f"↑ {texts.CHART_AXIS.format(title=texts.CHART_UPWARD, top=in_percent(top))}",
            class_="hint",
        ),
        plot,
        element(
            "div",
            f"{texts.CHART_AXIS.format(title=texts.CHART_ACROSS, top=in_percent(top))} →",
            class_="hint right",
        ),
        element("ol", *legend, class_="value-legend"),
        class_="card",
    )


def _dot(segment: Segment, value: float, top: float, number: str) -> Markup:
    position = f"left:{segment.share / top:.2%};bottom:{value / top:.2%}"
    style = f"{segment_style(segment.id)};{position}"
    return element("b", number, class_="value-dot", style=style, title=segment.name)


def _entry(segment: Segment, told: str) -> Markup:
    swatch = element("span", class_="swatch", aria_hidden="true")
    return element("li", swatch, " ", told, style=segment_style(segment.id))
