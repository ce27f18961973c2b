"""The segments a model file answers with, and what is typical of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from inference.contract.read_entry import read_entry


@dataclass(frozen=True, kw_only=True)
class Spread:
    """What is typical of a number, a date (in days) or a feature."""

    mean: float
    q25: float
    median: float
    q75: float


Shares = Mapping[str, float | None]
"""Category -> its share of a segment; ``None`` where too few values were known."""


@dataclass(frozen=True, kw_only=True)
class Segment:
    """One segment: its name, its value, and what it looks like in raw units.

    Attributes:
        id: position in every ``[N, K]`` output; stays the same when a model is trained again, as long as no
            segment disappears.
        tier: ``"premium"``, ``"average"`` or ``"low-spending"``; empty when no column shows spending.
        high_potential: high capacity with low spending.
        share: share of the training rows.
        index: share of value over share of customers, ``None`` without a value column; below 0 where the
            segment's total is.
        centroid: clustering column -> coordinate of the centre, in raw units.
        profile: column or feature -> what is typical in raw units; ``None`` where too few values were known.
        because: the figures that name and action follow from; empty in files of earlier versions.
        value_kind: what the tier is computed from: ``"total"`` or ``"rate"``; empty where that is not known.
        rate_index: value per unit of tenure over that of all customers, where the tier is computed from it.
    """

    id: int
    name: str
    tier: str
    high_potential: bool
    size: int
    share: float
    index: float | None
    centroid: Mapping[str, float]
    profile: Mapping[str, Spread | Shares | None]
    action: str
    because: str = ""
    value_kind: str = ""
    rate_index: float | None = None

    @classmethod
    def read(cls, entry: Mapping[str, Any], categories: frozenset[str]) -> Segment:
        """Read one entry of the contract's ``segments``; ``categories`` names the category columns."""
        profile = {
            name: dict(typical) if name in categories else _spread(typical)
            for name, typical in entry["profile"].items()
        }
        return read_entry(cls, entry, profile=profile)

    def spread(self, name: str) -> Spread | None:
        """What is typical of a number, date or feature; ``None`` where it is not known or is a category."""
        typical = self.profile.get(name)
        return typical if isinstance(typical, Spread) else None

    def shares(self, name: str) -> dict[str, float]:
        """Category -> share of a category column, without those that are not known."""
        typical = self.profile.get(name)
        if typical is None or isinstance(typical, Spread):
            return {}
        return {value: share for value, share in typical.items() if share is not None}

    def to_dict(self) -> dict[str, Any]:
        """The segment as it is written in the contract."""
        unknown = dict.fromkeys(each.name for each in fields(Spread))
        profile = {name: unknown if typical is None else typical for name, typical in self.profile.items()}
        return {**asdict(self), "profile": {name: _plain(typical) for name, typical in profile.items()}}


def _plain(typical: Spread | Shares) -> dict[str, Any]:
    return asdict(typical) if isinstance(typical, Spread) else dict(typical)


def _spread(entry: Mapping[str, float | None]) -> Spread | None:
    return None if None in entry.values() else read_entry(Spread, entry)
