"""Which classifier answers for incomplete customers, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from inference.contract.patterns import Pattern, read_pattern
from inference.contract.read_entry import read_entry


@dataclass(frozen=True, kw_only=True)
class TemperatureScaling:
    """The effect of a temperature on the held-out log loss, and the temperature in use (1.0: none)."""

    fitted: float
    change: float
    change_se: float
    used: float


@dataclass(frozen=True, kw_only=True)
class ServingClassifier:
    """The chosen classifier.

    Attributes:
        chosen_by: ``"rule"`` or ``"user"``; reason: in sentences.
        losses: candidate -> mean held-out log loss; regrets: candidate -> distance to the best one in its
            worst pattern.
        settings: of the fitted classifier, by name.
        served_patterns: the missing patterns in which it answers.
    """

    chosen: str
    chosen_by: str
    reason: str
    losses: Mapping[str, float]
    regrets: Mapping[str, float]
    settings: Mapping[str, float]
    temperature: TemperatureScaling | None = None
    served_patterns: tuple[Pattern, ...]

    @classmethod
    def read(cls, entry: Mapping[str, Any]) -> ServingClassifier:
        """Read the contract's ``classifier``."""
        temperature = entry.get("temperature")
        return read_entry(
            cls,
            entry,
            temperature=None if temperature is None else read_entry(TemperatureScaling, temperature),
            served_patterns=tuple(read_pattern(each) for each in entry["served_patterns"]),
        )
