"""Counts of the customers that a model answered for: all that is kept of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from inference.drift.layout import COMPLETE, NOVEL, PARTIAL, PRIOR, ROWS, CountedColumn, Layout

SQUARES, FOURTHS = range(2)  # sums of the second and fourth power of the distance to the own centroid


class Answered(Protocol):
    """Answers for ``N`` rows, such as ``inference.Answers``; novelty is NaN where a row is not complete."""

    @property
    def segment_id(self) -> NDArray[np.int64]:
        """The segment of each row."""

    @property
    def complete(self) -> NDArray[np.bool_]:
        """Whether every clustering column is known."""

    @property
    def novelty(self) -> NDArray[np.float64]:
        """Distance to the own centroid in units of the 99% distance."""


class Counts:
    """How many customers have what; adding one takes a few microseconds. Not safe to share between threads.

    Attributes:
        layout: what each position of ``whole`` counts.
        whole: ``[layout.size]`` counts.
        sums: ``[2]`` sums over complete customers.
    """

    __slots__ = ("layout", "sums", "whole")

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.whole = np.zeros(layout.size, dtype=np.int64)
        self.sums = np.zeros(2)

    def add(self, feeds: Mapping[str, NDArray[Any]], answers: Answered) -> None:
        """Count ``N`` customers.

        Args:
            feeds: column -> the graph's input ``[N, 1]``.
            answers: what the model answered.
        """
        if len(answers.segment_id) == 1:
            self._add_one(feeds, answers)
            return
        layout, whole = self.layout, self.whole
        complete, ids = answers.complete, answers.segment_id
        nothing = np.ones(len(ids), dtype=bool)
        for each in layout.columns:
            cells = feeds[each.column.name][:, 0]
            whole[each.start : each.start + each.size] += each.count(cells)
        for feed in feeds.values():
            nothing &= _missing(feed[:, 0])
        count = len(layout.contract.segments)
        whole[ROWS] += len(ids)
        whole[COMPLETE] += int(complete.sum())
        whole[PRIOR] += int(nothing.sum())
        whole[PARTIAL] += int((~complete & ~nothing).sum())
        whole[layout.segments : layout.segments + count] += np.bincount(ids[complete], minlength=count)
        whole[layout.answers : layout.answers + count] += np.bincount(ids, minlength=count)
        novelty = answers.novelty[complete]
        whole[NOVEL] += int((novelty > layout.novel_above).sum())
        if layout.far:
            squares = (novelty * np.array(layout.far)[ids[complete]]) ** 2
            self.sums += squares.sum(), (squares**2).sum()

    def _add_one(self, feeds: Mapping[str, NDArray[Any]], answers: Answered) -> None:
        """The same for one customer, several times as fast as with arrays."""
        positions, square = positions_of(self.layout, feeds, answers)
        for position in positions:
            self.whole[position] += 1
        self.sums += square, square * square

    def add_positions(self, positions: list[int], squares: list[float]) -> None:
        """Add customers whose positions and squared distances ``positions_of`` found, all in one list."""
        self.whole += np.bincount(np.array(positions, dtype=np.int64), minlength=self.layout.size)
        found = np.array(squares)
        self.sums += found.sum(), (found**2).sum()

    def merge(self, other: Counts) -> None:
        """Add what another one has counted."""
        self.whole += other.whole
        self.sums += other.sums

    def copy(self) -> Counts:
        """The same counts, apart from later ones."""
        copied = Counts(self.layout)
        copied.merge(self)
        return copied

    @property
    def rows(self) -> int:
        """Customers that were counted."""
        return int(self.whole[ROWS])

    @property
    def complete(self) -> int:
        """Those with every clustering column."""
        return int(self.whole[COMPLETE])

    @property
    def routes(self) -> dict[str, int]:
        """Route -> customers."""
        return {
            "complete": int(self.whole[COMPLETE]),
            "partial": int(self.whole[PARTIAL]),
            "prior": int(self.whole[PRIOR]),
        }

    @property
    def novel(self) -> int:
        """Complete customers unlike those in training."""
        return int(self.whole[NOVEL])

    @property
    def segments(self) -> NDArray[np.int64]:
        """``[K]`` complete customers per segment."""
        return self._slice(self.layout.segments)

    @property
    def answers(self) -> NDArray[np.int64]:
        """``[K]`` customers per segment, however they were answered."""
        return self._slice(self.layout.answers)

    def bins(self, column: CountedColumn) -> NDArray[np.int64]:
        """``[B + 1]`` customers in each bin of a column, in the last those of unseen categories."""
        return self.whole[column.start : column.start + column.bins + 1]

    def missing(self, column: CountedColumn) -> int:
        """Customers in which a column is missing."""
        return int(self.whole[column.start + column.bins + 1])

    def to_json(self) -> dict[str, Any]:
        """As JSON values."""
        return {"counts": self.whole.tolist(), "sums": self.sums.tolist()}

    @classmethod
    def read(cls, layout: Layout, entry: Mapping[str, Any]) -> Counts:
        """Read what ``to_json`` wrote.

        Raises:
            ValueError: when it is of another layout.
        """
        counts = cls(layout)
        whole, sums = np.array(entry["counts"], dtype=np.int64), np.array(entry["sums"], dtype=np.float64)
        if whole.shape != counts.whole.shape or sums.shape != counts.sums.shape or (whole < 0).any():
            raise ValueError(f"counts must have the shape {counts.whole.shape}, but it is {whole.shape}")
        counts.whole, counts.sums = whole, sums
        return counts

    def _slice(self, start: int) -> NDArray[np.int64]:
        return self.whole[start : start + len(self.layout.contract.segments)]


def _missing(cells: NDArray[Any]) -> NDArray[np.bool_]:
    return np.asarray(cells == "" if cells.dtype == object else np.isnan(cells), dtype=bool)


def positions_of(
    layout: Layout, feeds: Mapping[str, NDArray[Any]], answers: Answered
) -> tuple[list[int], float]:
    """The positions that one customer counts at, and the squared distance to the own centroid or 0."""
    segment = answers.segment_id.item()
    positions = [each.position(feeds[each.column.name].item()) for each in layout.columns]
    positions += ROWS, layout.answers + segment
    if not answers.complete.item():
        known = any(not _missing_one(feed.item()) for feed in feeds.values())
        positions.append(PARTIAL if known else PRIOR)
        return positions, 0.0
    positions += COMPLETE, layout.segments + segment
    novelty: float = answers.novelty.item()
    if novelty > layout.novel_above:
        positions.append(NOVEL)
    return positions, float((novelty * layout.far[segment]) ** 2) if layout.far else 0.0


def _missing_one(cell: Any) -> bool:
    return bool(cell == "" or cell != cell)  # noqa: PLR0124 - NaN differs from itself
