"""What is wrong with the rows of a batch: a number per row, and each sentence once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

MOST_MESSAGES = 1_000  # different sentences about a column of a batch that are worded
UNWORDED = "must have a usable value, but this cell has none; correct it or leave it unknown"


class RowProblems(Mapping[int, tuple[str, str]]):
    """The first thing wrong with each of ``N`` rows, as a mapping: row -> the column and a sentence.

    Attributes:
        codes: ``[N]`` 0 for a row with nothing wrong, ``k`` for one with ``messages[k - 1]``.
        messages: the column (empty: the whole row) and the sentence, each once.

    Example:
        >>> problems = RowProblems(3)
        >>> problems.note(1, "age", "column 'age' must be a number")
        >>> problems.adopt(np.array([0, 1, 1]), [("income", "column 'income' must be given")])
        >>> problems[1][0], problems[2][0], list(problems)
        ('age', 'income', [1, 2])
    """

    def __init__(self, rows: int, *, most: int | None = None) -> None:
        """Nothing is wrong yet.

        Args:
            rows: ``N``.
            most: different sentences about a column; cells beyond it share one that does not quote the cell.
        """
        self.codes: NDArray[np.int32] = np.zeros(rows, dtype=np.int32)
        self.messages: list[tuple[str, str]] = []
        self.most = most
        self._of_column: dict[str, int] = {}
        self._unworded: dict[str, int] = {}

    def room(self, column: str) -> int | None:
        """How many more different sentences about a column there may be; ``None`` for any number."""
        return None if self.most is None else max(0, self.most - self._of_column.get(column, 0))

    def note(self, row: int, column: str, sentence: str) -> None:
        """Note what is wrong with a row; the first thing that is noted stays."""
        if not self.codes[row]:
            self.codes[row] = self._added([(column, sentence)])

    def note_unworded(self, row: int, column: str) -> None:
        """Note that a cell cannot be used, without quoting it."""
        if not self.codes[row]:
            self.codes[row] = self._without_words(column)

    def adopt(self, codes: NDArray[np.integer], messages: Sequence[tuple[str, str]]) -> None:
        """Note what is wrong with many rows: ``codes[N]`` are 0 or count the messages from 1."""
        if messages:
            first = self._added(messages)
            free = (self.codes == 0) & (codes > 0)
            self.codes[free] = codes[free] + (first - 1)

    def adopt_unworded(self, rows: NDArray[np.bool_], column: str) -> None:
        """Note that cells ``[N]`` cannot be used, without quoting them."""
        free = rows & (self.codes == 0)
        if free.any():
            self.codes[free] = self._without_words(column)

    def without(self, rows: Iterable[int]) -> RowProblems:
        """The same, with nothing wrong in these rows; the same object where nothing was."""
        affected = [row for row in rows if row in self]
        if not affected:
            return self
        rest = RowProblems(0, most=self.most)
        rest.codes = self.codes.copy()
        rest.codes[affected] = 0
        rest.messages = self.messages
        return rest

    def __getitem__(self, row: int) -> tuple[str, str]:
        code = int(self.codes[row]) if -1 < row < len(self.codes) else 0
        if not code:
            raise KeyError(row)
        return self.messages[code - 1]

    def __iter__(self) -> Iterator[int]:
        return iter(np.flatnonzero(self.codes).tolist())

    def __len__(self) -> int:
        return int(np.count_nonzero(self.codes))

    def _added(self, messages: Sequence[tuple[str, str]]) -> int:
        """Add messages; returns the code of the first."""
        first = len(self.messages) + 1
        self.messages += messages
        for column, _ in messages:
            self._of_column[column] = self._of_column.get(column, 0) + 1
        return first

    def _without_words(self, column: str) -> int:
        if column not in self._unworded:
            self._unworded[column] = self._added([(column, f"column {column!r} {UNWORDED}")])
        return self._unworded[column]
