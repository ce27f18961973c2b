"""The map in words: for those who do not see it, and what it was drawn at."""

from __future__ import annotations

from collections.abc import Mapping

from inference import Answer, Contract
from service.customer_values import place_on
from service.number_format import number, value_of, with_unit
from service.page import texts
from service.page.draw.decision_map import RegionMap, centre


def held_words(contract: Contract, drawn: RegionMap, customer: Mapping[str, object]) -> list[str]:
    """What the other deciding columns were held at, as one sentence or none."""
    told = []
    for name, value in drawn.held.items():
        column = contract.column(name)
        written = value if isinstance(value, str) else with_unit(column, number(value))
        if customer.get(name) is None:
            written = texts.MAP_HELD_TYPICAL.format(value=written)
        told.append(f"{column.label} {written}")
    return [texts.MAP_HELD.format(columns=", ".join(told))] if told else []


def spoken(
    contract: Contract, drawn: RegionMap, customer: Mapping[str, object], answer: Answer | None
) -> str:
    """The map in words."""
    centres = [
        texts.MAP_TEXT_CENTRE.format(segment=segment.name, place=_said(drawn, at))
        for segment in contract.segments
        if None not in (at := [centre(contract, segment.id, axis.column) for axis in drawn.axes])
    ]
    numbers = [place_on(axis.column, customer.get(axis.column.name)) for axis in drawn.axes]
    if answer is None:
        told = ""
    elif None not in numbers:
        told = texts.MAP_TEXT_HERE.format(place=_said(drawn, numbers), segment=answer.segment)
    elif any(value is not None for value in numbers):
        told = texts.MAP_TEXT_LINE.format(place=_said(drawn, numbers))
    else:
        told = texts.MAP_TEXT_ANYWHERE
    template = texts.MAP_TEXT if drawn.y else texts.MAP_TEXT_STRIP
    y = drawn.y.column.title if drawn.y else ""
    return template.format(x=drawn.x.column.title, y=y, customer=told, centres=" ".join(centres))


def _said(drawn: RegionMap, values: list[float | None]) -> str:
    return ", ".join(
        f"{axis.column.label.lower()} {with_unit(axis.column, value_of(axis.column, value))}"
        for axis, value in zip(drawn.axes, values, strict=True)
        if value is not None
    )
