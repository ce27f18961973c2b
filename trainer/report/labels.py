"""The words for features, values and missing patterns in figures, card and report."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from inference.wording import listed
from trainer.classifier.missing_patterns import Pattern
from trainer.schema.column_spec import ColumnSpec
from trainer.schema.kinds.column_kinds import column_kind
from trainer.schema.schema import Schema


def feature_words(schema: Schema, name: str, *, unit: bool = True) -> str:
    """A feature's label and unit, ``Age (years)``; an indicator's category, ``Gender: Male``."""
    spec = _source(schema, name)
    return schema.label(name) if spec is None else column_kind(spec).feature_label(spec, name, unit=unit)


def value_words(schema: Schema, name: str, value: float, write: Callable[[float], str]) -> str:
    """A feature's value: a date, the share of an indicator, otherwise formatted by ``write``."""
    spec = _source(schema, name)
    return write(value) if spec is None else column_kind(spec).value_text(value, write)


def own_value(schema: Schema, name: str, value: float) -> float:
    """A feature's value in the unit of its column: that of a logarithm without it."""
    return float(np.expm1(value)) if schema.is_logarithm(name) else value


def is_date(schema: Schema, name: str) -> bool:
    """Whether a feature is a date column, counted in days."""
    spec = _source(schema, name)
    return spec is not None and column_kind(spec).is_date


def _source(schema: Schema, name: str) -> ColumnSpec | None:
    """The raw column a feature is made of by its kind alone; ``None`` for an engineered feature."""
    return next((spec for spec in schema.columns if name in spec.features), None)


def pattern_words(schema: Schema, pattern: Pattern) -> str:
    """A missing pattern in words: ``every column known``, ``age and annual income unknown``."""
    missing = [schema.label(name).lower() for name in pattern]
    return f"{listed(missing)} unknown" if missing else "every column known"
