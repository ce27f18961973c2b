"""Features proposed beside the columns: the logarithm of a skewed amount, the days since a date."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np

from trainer.cells import days, flat
from trainer.facts import NumberFacts
from trainer.formula import Formula
from trainer.schema import ColumnSpec, Feature

_EPOCH = date(1970, 1, 1)


def logarithm(spec: ColumnSpec, features: Sequence[Feature], taken: Collection[str]) -> Feature:
    """The feature ``log1p(column)``: one that is there, or a new one."""
    formula = Formula(f"log1p({spec.name})")
    there = next((each for each in features if each.formula == formula), None)
    label = spec.label if spec.label[1:2].isupper() else spec.label[:1].lower() + spec.label[1:]
    return there or Feature(name=_free(f"log_{spec.name}", taken), label=f"Log {label}", formula=formula)


def why_logarithm(number: NumberFacts) -> str:
    """The figures that speak for a logarithm."""
    return f"skew {number.skew:.1f}, {number.skew_log:.1f} as a logarithm"


def date_feature(spec: ColumnSpec, cells: Any, taken: Collection[str]) -> Feature:
    """The days from a date to the first of the month after the latest one in the table."""
    latest = float(np.nanmax(days(flat(cells.column(spec.header)), spec.date_format)))
    month = (_EPOCH + timedelta(days=int(latest))).replace(day=1)
    after = (month + timedelta(days=31)).replace(day=1)
    return Feature(
        name=_free(f"days_since_{spec.name}", taken),
        label=f"Days since {spec.label}",
        formula=Formula(f'days_since({spec.name}, "{after.isoformat()}")'),
    )


def _free(name: str, taken: Collection[str]) -> str:
    free, number = name, 2
    while free in taken:
        free, number = f"{name}_{number}", number + 1
    return free
