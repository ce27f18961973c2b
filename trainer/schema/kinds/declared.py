"""What is declared about one raw column before any data is seen, unchecked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from inference.contract import Category


@dataclass(frozen=True, kw_only=True)
class Declared:
    """One raw column as it is declared before any data is seen; ``ColumnSpec`` is the checked one.

    Attributes:
        name: its name in the file, in Python and in the graph; ``header`` is its header in the table.
        range: inclusive limits of an expected number, or of a date, in days since 1970-01-01. Wider than the
            training data on purpose: a customer outside the training range is answered, and the novelty
            shows it.
        hard_range: whether a value outside of ``range`` is refused; false for one that is proposed.
        other: the category that every unknown text counts as; empty where unknown texts are refused.
        missing: words that mean missing in this column of categories, such as ``"Unknown"``.
        date_format: how dates are written in the table when not in ISO 8601, as ``datetime.strptime`` reads
            it, such as ``"%d.%m.%Y"``, or a word such as ``"epoch-seconds"``.
        reading: how the cells are written, as the contract keeps it; empty for plain ones.
        short: what names of segments call it; empty: made of the label.
        meaning: one of ``trainer.schema.meanings.MEANINGS``; empty: recognised from the label.
        direction: one of ``DIRECTIONS``: whether more of it is better; empty: as its meaning has it.
        person: whether it describes the person, such as age: groups of them are compared for fairness;
            ``None``: nothing says so.
    """

    name: str
    header: str
    label: str
    kind: str
    aliases: tuple[str, ...] = ()
    unit: str = ""
    range: tuple[float, float] | None = None
    hard_range: bool = True
    categories: tuple[Category, ...] = ()
    other: str = ""
    missing: tuple[str, ...] = ()
    date_format: str = ""
    reading: Mapping[str, Any] = field(default_factory=dict, hash=False)
    short: str = ""
    meaning: str = ""
    direction: str = ""
    person: bool | None = None

    @property
    def values(self) -> list[str]:
        """The known categories, in the order of their codes."""
        return [category.value for category in self.categories]

    @property
    def numbers(self) -> dict[str, float]:
        """Category -> its number, of categories with an order."""
        return {each.value: each.number for each in self.categories if each.number is not None}

    @property
    def has_order(self) -> bool:
        """Whether its categories have an order, so that each counts as a number."""
        return bool(self.categories) and len(self.numbers) == len(self.categories)
