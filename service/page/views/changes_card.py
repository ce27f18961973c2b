"""What would change the answer: for each known value, the nearest one at which another segment answers."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence

from inference import Answer, Change, Column, Contract
from service.number_format import entered, with_unit
from service.page import texts
from service.page.draw.markup import Markup, element
from service.page.draw.palette import segment_style

MOST_SHOWN = 3


def changes_card(contract: Contract, answer: Answer, changes: Sequence[Change]) -> Markup:
    """The smallest change of each column that leads to another segment, smallest first."""
    return element(
        "section",
        element("h2", texts.TURN_TITLE),
        element("p", texts.TURN_LEAD if changes else texts.TURN_NONE, class_="hint"),
        element("ul", *(_turn(contract, answer, each) for each in changes[:MOST_SHOWN]), class_="turns")
        if changes
        else Markup(""),
        class_="card",
    )


def _turn(contract: Contract, answer: Answer, change: Change) -> Markup:
    column = contract.column(change.column)
    segment = next(each for each in contract.segments if each.name == change.segment_after)
    before, after = _written(column, change.before), _after(column, change)
    what = texts.TURN_VALUE.format(after=after, before=before)
    leads = texts.TURN_TO if answer.complete else texts.TURN_TO_LIKELY
    beyond = element("span", texts.TURN_BEYOND, class_="hint") if change.beyond_training else Markup("")
    button = element(
        "button",
        texts.TURN_TRY,
        type="button",
        class_="try",
        data_apply=json.dumps({change.column: change.after}),
        aria_label=texts.TURN_TRY_LABEL.format(column=column.label, value=after),
    )
    return element(
        "li",
        element("span", element("b", column.label), f" {what}", beyond, class_="what"),
        element(
            "span",
            f"{leads} ",
            element(
                "b",
                element("span", class_="swatch", aria_hidden="true"),
                f" {segment.name}",
                style=segment_style(segment.id),
            ),
            class_="to",
        ),
        button,
    )


def _after(column: Column, change: Change) -> str:
    """The new value; one that is no whole number with three digits, rounded away from the old one."""
    before, after = change.before, change.after
    if isinstance(before, str) or isinstance(after, str) or column.integer or after == 0:
        return _written(column, after)
    step = 10.0 ** (math.floor(math.log10(abs(after))) - 2)
    away = math.ceil if after > before else math.floor
    return _written(column, float(f"{away(after / step) * step:.10g}"))


def _written(column: Column, value: float | str) -> str:
    return value if isinstance(value, str) else with_unit(column, entered(float(value)))
