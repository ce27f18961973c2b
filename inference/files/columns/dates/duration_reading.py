"""How the durations of a column are written: one reading, stored as JSON and applied to any batch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any


@dataclass(frozen=True, kw_only=True)
class DurationReading:
    """A column of durations, read as days.

    Attributes:
        forms: the forms that were seen: ``"units"``, ``"clock"``, ``"iso"`` or ``"typed"``.
        missing_words: further words for missing, as the user gave them.
        evidence: sentences about what was seen; not stored.
    """

    forms: tuple[str, ...] = ()
    missing_words: tuple[str, ...] = ()
    evidence: tuple[str, ...] = field(default=(), compare=False)

    def sentence(self) -> str:
        """How the cells are read, once for the column."""
        return "durations in days; a month is 30.4375 days and a year 365.25"

    def to_json(self) -> dict[str, Any]:
        """The reading for a contract; it holds no value of a cell."""
        return {name: value for name, value in asdict(self).items() if name != "evidence"}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> DurationReading:
        """The reading that ``to_json`` wrote; fields it does not know are ignored."""
        known = {each.name for each in fields(cls)} & set(document)
        return cls(**{name: tuple(document[name]) for name in known})
