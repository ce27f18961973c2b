"""All rows of a table of which a run holds a sample: what can be asked of them, wherever they are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

import pyarrow as pa

from inference.errors import InputError

SAMPLE_ROWS = 100_000
LEAST_SAMPLE = 1_000
SPARK = "spark:"  # in front of a table that Spark reads

Tally = Mapping[str, list[int]]
"""Whole numbers by what they count; those of parts are added, exactly and in any order."""


class EveryRow(Protocol):
    """The rows of a table, in parts that are never held together.

    Functions that are given run where the rows are; they get record batches with the columns of the table.
    """

    @property
    def rows(self) -> int:
        """How many rows there are."""

    @property
    def left_out(self) -> int:
        """How many more the source has that are no rows, such as lines of another length."""

    @property
    def seed(self) -> int:
        """Of the sample that was drawn."""

    def only(self, headers: Iterable[str]) -> EveryRow:
        """The same rows with these columns."""

    def distinct(self) -> EveryRow:
        """The rows without those that equal another one in every cell."""

    def total(self, tally: Callable[[pa.RecordBatch], Tally]) -> Tally:
        """The sum of the tallies of all batches."""

    def kept(
        self, make: Callable[[pa.RecordBatch], pa.RecordBatch], names: tuple[str, ...]
    ) -> AbstractContextManager[EveryRow]:
        """Rows of doubles that are made of these, stored for several passes; ``names`` of their columns."""


@dataclass(frozen=True, kw_only=True)
class SampleSettings:
    """About how many rows of a table that Spark reads are drawn to decide on, and the seed of the draw."""

    rows: int = SAMPLE_ROWS
    seed: int = 0

    def __post_init__(self) -> None:
        if self.rows < LEAST_SAMPLE:
            raise InputError(
                f"the sample must have at least {LEAST_SAMPLE:,} rows, but it should have {self.rows:,}; "
                "give a larger number"
            )


def is_spark(source: object) -> bool:
    """Whether a source is read by Spark: ``spark:`` and a path, an address or the name of a table."""
    return isinstance(source, str) and source.startswith(SPARK)


def added(tallies: Iterable[Tally]) -> Tally:
    """The sum of tallies, entry by entry; empty of none.

    >>> added([{"rows": [1, 2]}, {"rows": [3, 4]}])
    {'rows': [4, 6]}
    """
    total: dict[str, list[int]] = {}
    for tally in tallies:
        for name, counts in tally.items():
            known = total.get(name, [0] * len(counts))
            total[name] = [one + other for one, other in zip(known, counts, strict=True)]
    return total
