"""How columns, patterns of unknown columns and differences are said in figures, card and report."""

from __future__ import annotations

from collections.abc import Callable

from inference.contract import DATE
from inference.dates import iso_date
from inference.wording import listed
from trainer.classifier.missing_patterns import Pattern
from trainer.schema.features import indicators
from trainer.schema.schema import Schema


def feature_words(schema: Schema, name: str, *, unit: bool = True) -> str:
    """A feature's label and unit, ``Age (years)``; an indicator's category, ``Gender: Male``."""
    if name in indicators(schema):
        column, category = indicators(schema)[name]
        return f"{column.label}: {category}"
    units = {spec.name: spec.unit for spec in schema.columns}
    return f"{schema.label(name)} ({units[name]})" if unit and units.get(name) else schema.label(name)


def value_words(schema: Schema, name: str, value: float, write: Callable[[float], str]) -> str:
    """A feature's value: a date, the share of an indicator, else what ``write`` makes of it."""
    if is_date(schema, name):
        return iso_date(value)
    return f"{abs(round(value, 4)):.0%}" if name in indicators(schema) else write(value)


def is_date(schema: Schema, name: str) -> bool:
    """Whether a feature is a date column, counted in days."""
    return any(spec.name == name and spec.kind == DATE for spec in schema.columns)


def pattern_words(schema: Schema, pattern: Pattern) -> str:
    """A pattern as a person says it: ``every column known``, ``age and annual income unknown``."""
    missing = [schema.label(name).lower() for name in pattern]
    return f"{listed(missing)} unknown" if missing else "every column known"
