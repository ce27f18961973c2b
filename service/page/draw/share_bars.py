"""Draws two sets of shares next to each other: of the customers now, and of those in training."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from service.languages.number_format import in_percent
from service.page.draw.markup import Markup, element
from service.page.texts import monitoring_texts

SMALLEST = 0.004  # of the height; a share above zero is seen
FEW_LABELS = 6  # with more, only some are written


@dataclass(frozen=True, kw_only=True)
class ShareBar:
    """One range, category or segment.

    Attributes:
        name: in full, for the text alternative; label: what is written under it.
        now, training: its shares.
        style: of its colour, or empty for the page's own.
    """

    name: str
    label: str
    now: float
    training: float
    style: str = ""


def share_bars(title: str, bars: Sequence[ShareBar], *, between: bool = False) -> Markup:
    """The bars as a chart with a text alternative.

    Args:
        title: what the shares are of.
        bars: in order.
        between: labels are edges and stand between the bars; the first has none.
    """
    highest = max((max(each.now, each.training) for each in bars), default=0.0) or 1.0
    told = ", ".join(
        monitoring_texts.MONITORING_BAR.format(
            name=each.name, now=in_percent(each.now), training=in_percent(each.training)
        )
        for each in bars
    )
    columns = [_pair(each, highest, labelled=_is_labelled(index, bars)) for index, each in enumerate(bars)]
    kind = "share-bars between" if between else "share-bars"
    return element(
        "div",
        *columns,
        class_=kind,
        role="img",
        aria_label=monitoring_texts.MONITORING_SHARES_TEXT.format(title=title, bars=told),
    )


def legend() -> Markup:
    """Which bar is which."""
    return element(
        "ul",
        element("li", element("span", class_="key now", aria_hidden="true"), monitoring_texts.MONITORING_NOW),
        element(
            "li",
            element("span", class_="key training", aria_hidden="true"),
            monitoring_texts.MONITORING_TRAINING,
        ),
        class_="legend",
    )


def _pair(bar: ShareBar, highest: float, *, labelled: bool) -> Markup:
    return element(
        "div",
        element(
            "span",
            element("i", class_="training", style=_height(bar.training, highest)),
            element("i", class_="now", style=_height(bar.now, highest)),
            class_="pair",
        ),
        element("small", bar.label if labelled else ""),
        style=bar.style or None,
        title=monitoring_texts.MONITORING_BAR.format(
            name=bar.name, now=in_percent(bar.now, 1), training=in_percent(bar.training, 1)
        ),
    )


def _height(share: float, highest: float) -> str:
    return f"height:{max(share / highest, SMALLEST if share > 0 else 0.0):.1%}"


def _is_labelled(index: int, bars: Sequence[ShareBar]) -> bool:
    """Every label where there are few or short ones, else every third."""
    longest = max(len(each.label) for each in bars)
    if len(bars) <= FEW_LABELS or longest <= 3:
        return True
    return index % (2 if longest <= 5 else 3) == 1
