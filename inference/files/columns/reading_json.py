"""Readings as JSON objects of a contract: the kind and what differs from a plain column of that kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from inference.files.columns.dates.date_reading import ISO_DATES, DateReading
from inference.files.columns.dates.duration_reading import DurationReading
from inference.files.columns.numbers.number_reading import NumberReading

KIND = "kind"


@dataclass(frozen=True, kw_only=True)
class TextReading:
    """A column whose cells are texts; ``missing_words``: further words for missing, as the user gave them."""

    missing_words: tuple[str, ...] = ()

    def sentence(self) -> str:
        """Nothing is removed from texts."""
        return ""

    def to_json(self) -> dict[str, Any]:
        """The reading for a contract."""
        return {"missing_words": self.missing_words}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> TextReading:
        """The reading that ``to_json`` wrote."""
        return cls(missing_words=tuple(document.get("missing_words", ())))


AnyReading = NumberReading | DateReading | DurationReading | TextReading

_PLAIN: dict[str, AnyReading] = {
    "numbers": NumberReading(),
    "dates": ISO_DATES,
    "durations": DurationReading(),
    "text": TextReading(),
}


def reading_to_json(reading: AnyReading) -> dict[str, Any]:
    """A JSON object; empty for plain numbers, ISO dates, dates of a typed column and plain texts.

    >>> reading_to_json(NumberReading()), reading_to_json(NumberReading(decimal_mark=","))
    ({}, {'kind': 'numbers', 'decimal_mark': ','})
    """
    kind, plain = next((kind, each) for kind, each in _PLAIN.items() if type(each) is type(reading))
    usual = plain.to_json()
    own = reading.to_json()
    if isinstance(reading, DateReading) and reading.layout == "typed":
        own = {**usual, "missing_words": reading.missing_words}
    stored = {name: _listed(value) for name, value in own.items() if value != usual[name]}
    return {KIND: kind, **stored} if stored or isinstance(reading, DurationReading) else {}


def reading_from_json(document: Mapping[str, Any]) -> AnyReading:
    """The reading that ``reading_to_json`` wrote; ``document`` is not empty.

    Raises:
        KeyError: when it is of an unknown kind.
    """
    plain = _PLAIN[document[KIND]]
    return type(plain).from_json({**plain.to_json(), **document})


def _listed(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
