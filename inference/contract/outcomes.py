"""Outcome columns: what came of the training customers, shown per segment with its uncertainty."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from inference.contract.read_entry import read_entry


@dataclass(frozen=True, kw_only=True)
class OutcomeFigure:
    """How often an event came about, or the mean of a number, with a 95% interval.

    Attributes:
        customers: with a known outcome; value, low, high: ``None`` where they are fewer than five.
    """

    customers: int
    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """One event of an outcome column, or the column itself where it is a number.

    Attributes:
        name, label: of the column; it is not an input of the model.
        event: the category that is counted, such as ``"Yes"``; empty for the mean of a number.
        overall: of all clustered customers; segments: ``[K]``.
    """

    name: str
    label: str
    event: str
    overall: OutcomeFigure
    segments: tuple[OutcomeFigure, ...]

    @property
    def title(self) -> str:
        """What is counted, as a person reads it: ``Churn: Yes``.

        >>> figure = OutcomeFigure(customers=5, value=0.4, low=0.1, high=0.8)
        >>> Outcome(name="churn", label="Churn", event="Yes", overall=figure, segments=()).title
        'Churn: Yes'
        """
        return f"{self.label}: {self.event}" if self.event else f"{self.label} (mean)"

    def words(self, figure: OutcomeFigure) -> str:
        """A figure with its interval, such as ``41% (38% to 44%)``; empty where it is not known."""
        if figure.value is None or figure.low is None or figure.high is None:
            return ""
        if self.event:
            return f"{figure.value:.0%} ({figure.low:.0%} to {figure.high:.0%})"
        return f"{figure.value:.3g} ({figure.low:.3g} to {figure.high:.3g})"

    @classmethod
    def read(cls, entry: Mapping[str, Any]) -> Outcome:
        """Read one entry of the contract's ``outcomes``."""
        return read_entry(
            cls,
            entry,
            overall=read_entry(OutcomeFigure, entry["overall"]),
            segments=tuple(read_entry(OutcomeFigure, each) for each in entry["segments"]),
        )
