"""The table a model was trained on, and counts to measure drift with; never customers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from inference.contract.read_entry import read_entry


@dataclass(frozen=True, kw_only=True)
class Cleaning:
    """What cleaning did with the table.

    Attributes:
        ignored: headers of the table that are not used.
        rows_without_clustering_values: rows that could not be clustered.
    """

    rows_read: int
    rows_kept: int
    duplicates_dropped: int
    repeated_identifiers: int
    rows_without_clustering_values: int
    ignored: tuple[str, ...]

    @classmethod
    def read(cls, entry: Mapping[str, Any]) -> Cleaning:
        """Read the section ``cleaning``."""
        return read_entry(cls, entry, ignored=tuple(entry["ignored"]))


@dataclass(frozen=True, kw_only=True)
class TrainingData:
    """The table: where it came from, its SHA-256, its rows, and how it was cleaned."""

    source: str
    sha256: str
    rows: int
    cleaning: Cleaning

    @classmethod
    def read(cls, entry: Mapping[str, Any]) -> TrainingData:
        """Read the contract's ``data``."""
        return read_entry(cls, entry, cleaning=Cleaning.read(entry["cleaning"]))


@dataclass(frozen=True, kw_only=True)
class NumberCounts:
    """How many training rows lie between edges, ascending: one count more than edges."""

    edges: tuple[float, ...]
    counts: tuple[int, ...]
    missing: int


@dataclass(frozen=True, kw_only=True)
class CategoryCounts:
    """How many training rows have each category."""

    counts: Mapping[str, int]
    missing: int


@dataclass(frozen=True, kw_only=True)
class OwnDistance:
    """Distances of training customers to their own centroid; quantiles: probability -> distance."""

    mean_square: float
    quantiles: Mapping[float, float]


@dataclass(frozen=True, kw_only=True)
class Histograms:
    """Counts of the training rows.

    Attributes:
        columns: column -> counts; segments: ``[K]`` customers per segment.
        distance: ``None`` in a file without it.
    """

    columns: Mapping[str, NumberCounts | CategoryCounts]
    segments: tuple[int, ...] = ()
    distance: OwnDistance | None = None

    @classmethod
    def read(cls, entry: Mapping[str, Any]) -> Histograms:
        """Read the contract's ``histograms``."""
        distance = entry.get("distance")
        return cls(
            columns={name: _counts(column) for name, column in entry["columns"].items()},
            segments=tuple(entry.get("segments", ())),
            distance=None
            if distance is None
            else OwnDistance(
                mean_square=distance["mean_square"],
                quantiles={float(level): value for level, value in distance["quantiles"].items()},
            ),
        )

    def number(self, name: str) -> NumberCounts | None:
        """The counts of a number or date column; ``None`` if it was not counted."""
        found = self.columns.get(name)
        return found if isinstance(found, NumberCounts) else None

    def category(self, name: str) -> Mapping[str, int]:
        """Category -> rows of a category column; empty where there are none."""
        found = self.columns.get(name)
        return found.counts if isinstance(found, CategoryCounts) else {}


def _counts(entry: Mapping[str, Any]) -> NumberCounts | CategoryCounts:
    if "edges" not in entry:
        return CategoryCounts(counts=dict(entry["counts"]), missing=entry.get("missing", 0))
    return NumberCounts(
        edges=tuple(entry["edges"]), counts=tuple(entry["counts"]), missing=entry.get("missing", 0)
    )
