"""The questions that the static page and the server are asked alike."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from inference.contract import DATE, Column
from inference.dates import iso_date

QUESTIONS, SEED = 500, 20
DIRTY = (
    "17,5",
    "1.234,5",
    "about 40",
    "",
    " ",
    "n/a",
    "0x10",
    "1e999",
    "it's 'quoted'",
    "\u00e9\u00a0\u2009",
)
WRONG = ("Mael", "femme", "FEMALE ", " m", "unknown", "w", "", " ", "2", "fe\nmale", "diverse" * 12)
NO_DATES = ("soon", "31.02.2026", "2026-02-30", "1.3.2026", "2025-12-24T18:00", "", " ", "0001-01-01", 20000)
Question = dict[str, Any]


def questions(columns: Sequence[Column]) -> list[Question]:
    """Customers that are complete, partial, far out, dirty or misspelled."""
    drawn = random.Random(SEED)  # noqa: S311 - no secret
    found = [{each.name: _as_json(_value(drawn, each)) for each in columns} for _ in range(QUESTIONS - 3)]
    partial = [
        {name: value for name, value in each.items() if drawn.random() < 0.8 or value is None}
        for each in found
    ]
    return [*partial, {}, {"anual_income": 3}, {"colour": "blue", "age": "old"}]


def _as_json(value: Any) -> Any:
    """A value as JavaScript has it, where whole numbers have no point."""
    return int(value) if isinstance(value, float) and value.is_integer() and value < 1e15 else value


def _value(drawn: random.Random, column: Column) -> Any:
    chance = drawn.random()
    if chance < 0.15:
        return None
    if column.categories:
        known = [category.value for category in column.categories]
        return drawn.choice(WRONG) if chance < 0.25 else drawn.choice(known)
    if column.kind == DATE:
        day = iso_date(drawn.uniform(column.quantiles[0.0], column.quantiles[1.0]))
        return drawn.choice(NO_DATES) if chance < 0.25 else day
    low, high = column.range or (-1e6, 1e6)
    if chance < 0.2:
        return drawn.choice((*DIRTY, low - 0.5, high * 1.5, 1e39, -1e-7, True))
    if chance < 0.3:
        return round(drawn.uniform(low, high), drawn.randint(0, 3))
    usual = drawn.uniform(column.quantiles[0.0], column.quantiles[1.0])
    return round(usual) if drawn.random() < 0.7 else round(usual, drawn.randint(1, 12))
