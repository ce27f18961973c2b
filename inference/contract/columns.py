"""The raw columns of the customer table, as the model file expects them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from inference.contract.read_entry import read_entry

NUMBER = "number"
CATEGORY = "category"
DATE = "date"
CLUSTERING = "clustering"


@dataclass(frozen=True, kw_only=True)
class Category:
    """One known value of a category column and its other spellings.

    Attributes:
        number: its number if the categories have an order, otherwise ``None``.
    """

    value: str
    aliases: tuple[str, ...] = ()
    number: float | None = None


@dataclass(frozen=True, kw_only=True)
class Column:
    """One raw column of the customer table, as the model file expects it.

    Attributes:
        name: the input's name in the graph and the argument's name in Python.
        label: the name for people; followed by ``unit`` if there is one.
        aliases: other headers of the column.
        kind: ``"number"``, ``"category"``, ``"date"``, or another one of ``inference.kinds``. In the graph
            and in the contract a date is a number: days since 1970-01-01.
        role: ``"clustering"`` (decides the segment), ``"profile"`` (helps where something is missing).
        range: inclusive limits of an expected number, in ``unit``, or of a date, in days; ``None`` for a
            category, or without limits.
        hard_range: whether a value outside of ``range`` is refused, as the owner of the model said. Otherwise
            it is answered, and its novelty shows how unusual it is.
        integer: whether the training table held whole numbers only; true for a date.
        quantiles: probability -> value over the training rows; empty for a category.
        categories: the known values of a category column, in the order of their codes.
        other: the category that every unknown text counts as; empty where unknown texts are refused.
        missing: words that mean missing in this column, such as ``"Unknown"``.
        date_format: how dates may be written besides ISO 8601, as ``datetime.strptime`` reads it, or empty.
        reading: how the cells of the training table were written, for reading another file alike; empty where
            nothing but plain numbers, ISO dates or texts stood there. See ``inference.files.columns``.
        missing_share: share of the training rows in which the column was missing.
        missing_allowed: whether a row may leave it unknown.
    """

    name: str
    label: str
    kind: str
    role: str
    aliases: tuple[str, ...] = ()
    unit: str = ""
    range: tuple[float, float] | None = None
    hard_range: bool = True
    integer: bool = False
    quantiles: Mapping[float, float]
    categories: tuple[Category, ...] = ()
    other: str = ""
    missing: tuple[str, ...] = ()
    date_format: str = ""
    reading: Mapping[str, Any] = field(default_factory=dict)
    missing_share: float = 0.0
    missing_allowed: bool = True

    @property
    def title(self) -> str:
        """Label and unit, such as ``Annual income (k$)``."""
        return f"{self.label} ({self.unit})" if self.unit else self.label

    @property
    def limits(self) -> tuple[float, float] | None:
        """The inclusive limits outside of which a value is refused; ``None`` without limits."""
        return self.range if self.hard_range else None

    @property
    def clusters(self) -> bool:
        """Whether it is a clustering column, which decides the segment."""
        return self.role == CLUSTERING

    @cached_property
    def spellings(self) -> dict[str, str]:
        """Every accepted spelling -> the category it means: trimmed and casefolded, or exact.

        A word for missing means the empty text.
        """
        known: dict[str, str] = {word.strip().casefold(): "" for word in self.missing}
        for category in self.categories:
            for text in (category.value, *category.aliases):
                known[text.strip().casefold()] = category.value
        return known | {category.value: category.value for category in self.categories}

    @classmethod
    def read(cls, entry: Mapping[str, Any]) -> Column:
        """Read one entry of the contract's ``columns``."""
        limits = entry["range"]
        return read_entry(
            cls,
            entry,
            aliases=tuple(entry["aliases"]),
            range=None if limits is None else (float(limits[0]), float(limits[1])),
            quantiles={float(level): value for level, value in entry["quantiles"].items()},
            categories=tuple(
                Category(value=each["value"], aliases=tuple(each["aliases"]), number=each.get("number"))
                for each in entry["categories"]
            ),
            missing=tuple(entry.get("missing", ())),
        )


@dataclass(frozen=True, kw_only=True)
class DerivedColumn:
    """A feature that is computed from raw columns: its name, its label and its formula.

    Example:
        >>> DerivedColumn(name="log_spend", label="Log spend", formula="log1p(spend)").logarithm_of
        'spend'
    """

    name: str
    label: str
    formula: str

    @property
    def logarithm_of(self) -> str | None:
        """The column whose logarithm the feature is, or ``None``."""
        inner = self.formula.replace(" ", "").removeprefix("log1p(").removesuffix(")")
        return inner if inner.isidentifier() and inner != self.formula else None


@dataclass(frozen=True, kw_only=True)
class ValueColumn:
    """The column with the value of a customer, such as spending."""

    name: str
    label: str
