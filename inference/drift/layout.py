"""What is counted for a model, and at which position of one array: bins of columns, segments, routes."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.contract import CategoryCounts, Column, Contract, NumberCounts
from inference.kinds.kind import Kind
from inference.kinds.registry import kind_of

ROWS, COMPLETE, PARTIAL, PRIOR, NOVEL = range(5)  # positions of the first counts
_HEAD = 5


@dataclass(frozen=True, kw_only=True)
class CountedColumn:
    """One column's bins, then one for categories unseen in training and one for missing, from ``start`` on.

    Attributes:
        reference: how many training rows are in each bin; reference_missing: in which it was missing.
        edges: of a number's bins, as in ``NumberCounts``; categories: of a category's.
    """

    column: Column
    kind: Kind
    start: int
    reference: NDArray[np.int64]
    reference_missing: int
    edges: tuple[float, ...] = ()
    categories: tuple[str, ...] = ()
    _codes: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def _ordered(self) -> bool:
        return self.kind.ordered

    @cached_property
    def bins(self) -> int:
        """How many bins training rows are in."""
        return len(self.reference)

    @property
    def size(self) -> int:
        """Positions that it takes."""
        return self.bins + 2

    def position(self, cell: Any) -> int:
        """The position of one of the graph's values."""
        if self._ordered:
            if cell != cell:  # noqa: PLR0124 - NaN differs from itself
                return self.start + self.bins + 1
            return self.start + bisect_right(self.edges, cell)
        if cell == self.kind.missing:
            return self.start + self.bins + 1
        return self.start + self._codes.get(cell, self.bins)

    def count(self, cells: NDArray[Any]) -> NDArray[np.int64]:
        """How many of the graph's values ``[N]`` are at each of its positions."""
        if self.kind.ordered:
            codes = np.searchsorted(self.edges, cells, side="right")
            codes[np.isnan(cells)] = self.bins + 1
            return np.bincount(codes, minlength=self.size)
        values, counts = np.unique(cells.astype(str), return_counts=True)
        found = np.zeros(self.size, dtype=np.int64)
        for value, count in zip(values.tolist(), counts.tolist(), strict=True):
            found[self.position(value) - self.start] += count
        return found


class Layout:
    """The positions of everything that is counted for the model of a contract.

    Attributes:
        columns: those that the contract has counts of.
        segments: position of the first of ``K`` counts of complete answers; answers: the same of all answers.
        size: how many positions there are.
        far: ``[K]`` the distance at which novelty is 1; empty in a file without it.
        novel_above: from this novelty on, a customer is unlike those in training.
    """

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        count = len(contract.segments)
        self.segments, self.answers = _HEAD, _HEAD + count
        self.columns: list[CountedColumn] = []
        end = _HEAD + 2 * count
        histograms = contract.histograms
        for column in contract.columns:
            counts = None if histograms is None else histograms.columns.get(column.name)
            if counts is not None:
                self.columns.append(_counted(column, counts, end))
                end += self.columns[-1].size
        self.size = end
        self.far = tuple(contract.thresholds.far_distances)
        self.novel_above = contract.thresholds.novelty

    @property
    def key(self) -> list[Any]:
        """What must be the same for counts to be read back."""
        return [[each.column.name, each.bins] for each in self.columns] + [len(self.contract.segments)]


def _counted(column: Column, counts: NumberCounts | CategoryCounts, start: int) -> CountedColumn:
    if isinstance(counts, NumberCounts):
        return CountedColumn(
            column=column,
            kind=kind_of(column),
            start=start,
            reference=np.array(counts.counts, dtype=np.int64),
            reference_missing=counts.missing,
            edges=counts.edges,
        )
    names = tuple(counts.counts)
    return CountedColumn(
        column=column,
        kind=kind_of(column),
        start=start,
        reference=np.array(list(counts.counts.values()), dtype=np.int64),
        reference_missing=counts.missing,
        categories=names,
        _codes={name: at for at, name in enumerate(names)},
    )
