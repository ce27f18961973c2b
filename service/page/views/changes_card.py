"""What would change the answer: the smallest changes of one value, or of two, with another segment."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence

from inference import Answer, Change, Column, Contract, SmallestChanges
from service.languages.language import listed
from service.languages.number_format import entered, with_unit
from service.page.draw.markup import Markup, element, join
from service.page.draw.palette import segment_style
from service.page.texts import answer_texts

MOST_SHOWN = 3

_Changed = tuple[Column, float | str, float | str]
"""A column with the value before and after."""


def changes_card(contract: Contract, answer: Answer, changes: SmallestChanges) -> Markup:
    """The smallest changes that lead to another segment, smallest first."""
    turns = [_turn_of_one(contract, answer, each) for each in changes.of_one[:MOST_SHOWN]]
    if changes.of_two is not None:
        two = changes.of_two
        names = [contract.column(name) for name in two.columns]
        changed = list(zip(names, two.before, two.after, strict=True))
        turns.append(_turn(contract, answer, changed, two.segment_after))
    return element(
        "section",
        element("h2", answer_texts.TURN_TITLE),
        element("p", _lead(changes), class_="hint"),
        element("ul", *turns, class_="turns") if turns else Markup(""),
        class_="card",
    )


def _lead(changes: SmallestChanges) -> str:
    if changes.of_two is not None:
        return answer_texts.TURN_TWO
    if not changes.of_one:
        return answer_texts.TURN_NONE
    return answer_texts.TURN_OUTSIDE if changes.of_one[0].beyond_training else answer_texts.TURN_LEAD


def _turn_of_one(contract: Contract, answer: Answer, change: Change) -> Markup:
    changed = [(contract.column(change.column), change.before, change.after)]
    return _turn(contract, answer, changed, change.segment_after, beyond=change.beyond_training)


def _turn(
    contract: Contract,
    answer: Answer,
    changed: Sequence[_Changed],
    segment_after: str,
    *,
    beyond: bool = False,
) -> Markup:
    segment = next(each for each in contract.segments if each.name == segment_after)
    leads = answer_texts.TURN_TO if answer.complete else answer_texts.TURN_TO_LIKELY
    outside = element("span", answer_texts.TURN_BEYOND, class_="hint") if beyond else Markup("")
    tried = [
        answer_texts.TURN_TRY_VALUE.format(column=column.label, value=_after(column, before, after))
        for column, before, after in changed
    ]
    button = element(
        "button",
        answer_texts.TURN_TRY,
        type="button",
        class_="try",
        data_apply=json.dumps({column.name: after for column, _, after in changed}),
        aria_label=answer_texts.TURN_TRY_LABEL.format(changes=listed(tried)),
    )
    return element(
        "li",
        element("span", _what(changed), outside, class_="what"),
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


def _what(changed: Sequence[_Changed]) -> Markup:
    """The changes in words, such as ``Annual spend 70 k$ instead of 60 k$``."""
    parts: list[Markup | str] = []
    for index, (column, before, after) in enumerate(changed):
        value = answer_texts.TURN_VALUE.format(
            after=_after(column, before, after), before=_written(column, before)
        )
        start = f" {answer_texts.TURN_AND} " if index else ""
        parts += [start, element("b", column.label), f" {value}"]
    return join(*parts)


def _after(column: Column, before: float | str, after: float | str) -> str:
    """The new value; one that is no whole number with three digits, rounded away from the old one."""
    if isinstance(before, str) or isinstance(after, str) or column.integer or after == 0:
        return _written(column, after)
    step = 10.0 ** (math.floor(math.log10(abs(after))) - 2)
    away = math.ceil if after > before else math.floor
    return _written(column, float(f"{away(after / step) * step:.10g}"))


def _written(column: Column, value: float | str) -> str:
    return value if isinstance(value, str) else with_unit(column, entered(float(value)))
