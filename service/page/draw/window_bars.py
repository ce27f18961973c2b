"""Draws complete windows in a row, each as high as its worst figure is in units of its limit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from service.languages.number_format import in_percent
from service.page.draw.markup import Markup, element
from service.page.texts import monitoring_texts

TALLEST = 3.0  # limits; a higher bar ends here
LOWEST = 1.4  # limits that the chart shows at least


@dataclass(frozen=True, kw_only=True)
class WindowBar:
    """One complete window: its number, end and light, and its worst figure in units of the limit."""

    number: int
    ended: str
    light: str
    ratio: float


def window_bars(bars: Sequence[WindowBar]) -> Markup:
    """The windows, the oldest first, with a line at the limit."""
    top = min(TALLEST, max([LOWEST, *(each.ratio for each in bars)]) * 1.08)
    told = "; ".join(_told(each) for each in bars)
    drawn = [
        element(
            "i",
            class_=f"bar {each.light.replace(' ', '-')}",
            style=f"height:{min(each.ratio / top, 1.0):.1%}",
            title=_told(each),
        )
        for each in bars
    ]
    line = element(
        "span", monitoring_texts.MONITORING_PAST_LIMIT, class_="limit-line", style=f"bottom:{1 / top:.2%}"
    )
    return element(
        "div",
        *drawn,
        line,
        class_="window-bars",
        role="img",
        aria_label=monitoring_texts.MONITORING_PAST_TEXT.format(bars=told),
    )


def _told(bar: WindowBar) -> str:
    return monitoring_texts.MONITORING_PAST_BAR.format(
        number=bar.number,
        ended=bar.ended,
        light=monitoring_texts.LIGHTS[bar.light].lower(),
        ratio=in_percent(bar.ratio),
    )
