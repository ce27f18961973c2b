"""How the numbers of a column are written: one reading, stored as JSON and applied to any batch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from inference.files.columns.numbers.number_shapes import PERCENT, POINT, SCALES

_NOT_STORED = ("evidence", "because")


@dataclass(frozen=True, kw_only=True)
class NumberReading:
    """How the numbers of a column are written.

    Attributes:
        decimal_mark: empty where no cell shows one; then numbers such as ``1.234`` do not fit.
        thousands_marks: signs that may be between thousands; thousands_seen: whether any cell has one.
        minus: further ways to write a negative number, ``"trailing"`` and ``"parentheses"``.
        currency: ISO codes that the sign or code may mean; marks: its spellings, case-folded.
        units: spellings of the one word after the numbers, case-folded, or a percent sign.
        scales: suffixes that multiply, such as ``k``.
        fractions: whether cells such as ``1 1/2`` are numbers; indian: whether ``12,34,567`` is one.
        missing_words: further words for missing, as the user gave them.
        evidence: sentences about what was seen; not stored, since they describe the cells.
        because: why numbers such as ``1.234``, which read with both decimal marks, are read with this one;
            empty where there are none; not stored.
    """

    decimal_mark: str = ""
    thousands_marks: tuple[str, ...] = ()
    thousands_seen: bool = False
    minus: tuple[str, ...] = ()
    currency: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    scales: tuple[str, ...] = ()
    fractions: bool = False
    indian: bool = False
    missing_words: tuple[str, ...] = ()
    evidence: tuple[str, ...] = field(default=(), compare=False)
    because: str = field(default="", compare=False)

    @property
    def percent(self) -> bool:
        """Whether the numbers are printed with a percent sign; 38.1 % is read as 38.1."""
        return bool(self.units) and self.units[0] in PERCENT

    @property
    def plain(self) -> bool:
        """Whether a number needs nothing removed."""
        bare = not (self.thousands_marks or self.minus or self.marks or self.units or self.scales)
        return bare and self.decimal_mark in ("", POINT) and not self.fractions

    def sentence(self) -> str:
        """What is removed from the cells, once for the column; empty where nothing is."""
        told = self.decimal_mark not in ("", POINT) or (self.because and not self.thousands_seen)
        parts = [f"decimal mark {self.decimal_mark!r}"] if told else []
        if self.thousands_seen:
            parts.append(f"thousands separator {' and '.join(map(repr, self.thousands_marks))}")
        if self.marks:
            parts.append(f"the currency {' or '.join(map(repr, self.marks))} removed")
        if self.percent:
            parts.append(f"{self.units[0]!r} removed, so that 38.1{self.units[0]} is 38.1")
        elif self.units:
            parts.append(f"the unit {' or '.join(map(repr, self.units))} removed")
        parts += [f"{scale!r} means times {SCALES[scale.casefold()]:,.0f}" for scale in self.scales]
        parts += [f"{way} minus" if way != "parentheses" else "(1) is -1" for way in self.minus]
        parts += ["fractions such as 1/2"] if self.fractions else []
        parts += [f"because {self.because}"] if self.because else []
        return ", ".join(parts)

    def note(self) -> str:
        """The sentence without a decimal mark that only other columns of the file showed."""
        return (self if self.evidence else replace(self, decimal_mark="")).sentence()

    def to_json(self) -> dict[str, Any]:
        """The reading for a contract; it holds no value of a cell."""
        return {name: value for name, value in asdict(self).items() if name not in _NOT_STORED}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> NumberReading:
        """The reading that ``to_json`` wrote; fields it does not know are ignored."""
        known = {each.name for each in fields(cls)} & set(document)
        values: dict[str, Any] = {name: document[name] for name in known}
        for name, value in values.items():
            values[name] = tuple(value) if isinstance(value, list) else value
        return cls(**values)
