"""How columns, patterns of unknown columns and differences are said in figures, card and report."""

from __future__ import annotations

from collections.abc import Callable

from inference.contract import CATEGORY, DATE
from inference.dates import iso_date
from trainer.classifier.missing_patterns import evaluation_masks
from trainer.schema.schema import Schema
from trainer.wording import listed


def feature_words(schema: Schema, name: str, *, unit: bool = True) -> str:
    """A feature's label and unit, ``Age (years)``; an indicator's category, ``Gender: Male``."""
    for spec in schema.columns:
        if spec.kind == CATEGORY and name in spec.features:
            return f"{spec.label}: {name.removeprefix(f'{spec.name}=')}"
        if spec.name == name and spec.unit and unit:
            return f"{spec.label} ({spec.unit})"
    return schema.label(name)


def value_words(schema: Schema, name: str, value: float, write: Callable[[float], str]) -> str:
    """A feature's value: a date, the share of an indicator, else what ``write`` makes of it."""
    if is_date(schema, name):
        return iso_date(value)
    return f"{abs(round(value, 4)):.0%}" if "=" in name else write(value)


def is_date(schema: Schema, name: str) -> bool:
    """Whether a feature is a date column, counted in days."""
    return any(spec.name == name and spec.kind == DATE for spec in schema.columns)


def pattern_words(schema: Schema, pattern: str) -> str:
    """A pattern as a person says it: ``every column known``, ``age and annual income unknown``."""
    mask = evaluation_masks(schema)[pattern]
    hidden = [schema.label(name).lower() for name, gone in zip(schema.names, mask, strict=True) if gone]
    return f"{listed(hidden)} unknown" if hidden else "every column known"
