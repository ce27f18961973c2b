"""The map in words: for those who do not see it, and what it was drawn at."""

from __future__ import annotations

from collections.abc import Mapping

from inference import Answer, Contract
from service.customer_values import place_on
from service.languages.number_format import value_of, with_unit
from service.page.draw.decision_map import RegionMap, centre
from service.page.texts import decision_map_texts


def fixed_values(contract: Contract, drawn: RegionMap, customer: Mapping[str, object]) -> list[str]:
    """What the other clustering columns were fixed at, as one sentence or no sentence."""
    written_values = []
    for name, value in drawn.held.items():
        column = contract.column(name)
        place = place_on(column, value)
        written = str(value) if place is None else with_unit(column, value_of(column, place))
        if _unknown(customer.get(name)):
            written = decision_map_texts.MAP_HELD_TYPICAL.format(value=written)
        written_values.append(f"{column.label} {written}")
    return [decision_map_texts.MAP_HELD.format(columns=", ".join(written_values))] if written_values else []


def _unknown(value: object) -> bool:
    return value is None or not str(value).strip()


def map_description(
    contract: Contract, drawn: RegionMap, customer: Mapping[str, object], answer: Answer | None
) -> str:
    """The map in words."""
    centres = [
        decision_map_texts.MAP_TEXT_CENTRE.format(segment=segment.name, place=_position(drawn, at))
        for segment in contract.segments
        if None not in (at := [centre(contract, segment.id, axis.column) for axis in drawn.axes])
    ]
    numbers = [place_on(axis.column, customer.get(axis.column.name)) for axis in drawn.axes]
    if answer is None:
        position = ""
    elif None not in numbers:
        position = decision_map_texts.MAP_TEXT_HERE.format(
            place=_position(drawn, numbers), segment=answer.segment
        )
    elif any(value is not None for value in numbers):
        position = decision_map_texts.MAP_TEXT_LINE.format(place=_position(drawn, numbers))
    else:
        position = decision_map_texts.MAP_TEXT_ANYWHERE
    template = decision_map_texts.MAP_TEXT if drawn.y else decision_map_texts.MAP_TEXT_STRIP
    y = drawn.y.column.title if drawn.y else ""
    return template.format(x=drawn.x.column.title, y=y, customer=position, centres=" ".join(centres))


def _position(drawn: RegionMap, values: list[float | None]) -> str:
    return ", ".join(
        f"{axis.column.label.lower()} {with_unit(axis.column, value_of(axis.column, value))}"
        for axis, value in zip(drawn.axes, values, strict=True)
        if value is not None
    )
