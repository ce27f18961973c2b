"""Answers for many customers, each by the smallest graph of the file that can."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.contract import (
    CLASSIFIER_PROBABILITIES,
    COMPLETE,
    DISTANCES,
    NOVELTY,
    PROBABILITIES,
    SEGMENT_ID,
    Contract,
)
from inference.kinds.registry import kind_of
from inference.loading.pattern_rows import PatternRows, open_pattern_rows
from inference.loading.row_sessions import RowGraphs
from inference.loading.self_test import Run

COMPLETE_ROWS, PARTIAL_ROWS = 8_192, 2_048  # at a time; their intermediate arrays stay in a core's cache
ALIKE_ROWS = 512  # with the same known columns, from which a call of their own takes less time
MOST_DIFFERENT = (
    16  # columns that are known for some of the customers; their bits are sorted as 16-bit numbers
)
_TYPES = {
    SEGMENT_ID: np.int64,
    PROBABILITIES: np.float32,
    COMPLETE: np.bool_,
    DISTANCES: np.float64,
    NOVELTY: np.float64,
    CLASSIFIER_PROBABILITIES: np.float32,
}

Arrays = dict[str, NDArray[Any]]
Flags = NDArray[np.bool_]
Positions = NDArray[np.int64]
Part = slice | Positions


@dataclass(frozen=True, kw_only=True)
class _Group:
    """Rows for the same graph.

    Attributes:
        positions: their positions, ascending; ``None`` for all rows.
        size: how many to ask for at a time.
        complete: whether all clustering columns are known.
        known: which columns all of them have, where that is known.
    """

    positions: Positions | None
    size: int
    complete: bool = False
    known: Flags | None = None

    def parts(self, total: int) -> Iterator[Part]:
        """The positions, some at a time: of all rows as slices, which need no copy."""
        positions = None if self.positions is None or len(self.positions) == total else self.positions
        for start in range(0, total if positions is None else len(positions), self.size):
            part = slice(start, start + self.size)
            yield part if positions is None else positions[part]


class ManyCustomers:
    """The graphs of one file, each for the rows it is for."""

    def __init__(self, contract: Contract, graphs: RowGraphs, run: Run) -> None:
        """Use those that the file has.

        Args:
            run: runs the whole graph.
        """
        self._contract, self._graphs, self._run = contract, graphs, run
        self._clustering = [column.name for column in contract.columns if column.clusters]

    def open(self) -> None:
        """Open and test the graph that is opened when it is first needed."""
        _ = self._pattern

    def arrays(self, feeds: Arrays, rows: int, outputs: Sequence[str]) -> tuple[Arrays, Flags]:
        """The outputs by name, and which rows ``[N]`` have no known column at all."""
        missing = self._missing(feeds, self._clustering)
        partial = np.logical_or.reduce(
            missing, initial=not self._clustering
        )  # without any, nobody is complete
        found = {name: self._empty(name, partial) for name in outputs if name != COMPLETE}
        if partial.any():
            missing = self._missing(feeds, self._contract.names)
            nothing = np.logical_and.reduce(missing)
            groups = [*_complete(partial), *self._incomplete(partial, nothing, missing)]
        else:
            nothing, groups = partial, [_Group(positions=None, size=COMPLETE_ROWS, complete=True)]
        for group in groups:
            for part in group.parts(rows):
                self._fill(found, feeds, part, group)
        return found | ({COMPLETE: ~partial} if COMPLETE in outputs else {}), nothing

    def nothing_known(self, feeds: Arrays) -> Flags:
        """Which rows ``[N]`` have no known column at all."""
        return np.asarray(np.logical_and.reduce(self._missing(feeds, self._contract.names)), dtype=bool)

    def _missing(self, feeds: Arrays, names: Sequence[str]) -> Flags:
        """Which cells of some columns are missing, ``[columns, N]``."""
        rows = len(next(iter(feeds.values())))
        columns = (self._contract.column(name) for name in names)
        missing = [kind_of(each).missing_in(feeds[each.name][:, 0]) for each in columns]
        return np.array(missing, dtype=np.bool_).reshape(len(names), rows)

    def _incomplete(self, partial: Flags, nothing: Flags, missing: Flags) -> Iterator[_Group]:
        """Large groups of rows with the same known columns, and the others."""
        rest, some = partial.copy(), np.flatnonzero(partial & ~nothing)
        if len(some) >= ALIKE_ROWS and self._pattern is not None:
            for positions in _alike(some, missing):
                rest[positions] = False
                yield _Group(positions=positions, size=PARTIAL_ROWS, known=~missing[:, positions[0]])
        if rest.any():
            yield _Group(positions=np.flatnonzero(rest), size=PARTIAL_ROWS)

    def _fill(self, found: Arrays, feeds: Arrays, part: Part, group: _Group) -> None:
        """Answer some rows of a group."""
        values = self._answers(feeds, part, group) or self._run(_taken(feeds, feeds, part), list(found))
        for name, array in found.items():
            if name in values and array.flags.writeable:
                _put(array, part, values[name])

    def _answers(self, feeds: Arrays, part: Part, group: _Group) -> Mapping[str, NDArray[Any]] | None:
        """Those of the group's graph; ``None`` without one, or where a formula gives NaN."""
        if group.known is not None and self._pattern is not None:
            values = self._pattern.answers(_taken(feeds, feeds, part), group.known)
            return None if np.isnan(values[PROBABILITIES][:, 0]).any() else values
        graph = self._graphs.complete if group.complete else self._graphs.incomplete
        if graph is None:
            return None
        values = dict(zip(graph.outputs, graph.run(_taken(feeds, graph.inputs, part)), strict=True))
        return None if group.complete and np.isnan(values[NOVELTY]).any() else values

    def _empty(self, name: str, partial: Flags) -> NDArray[Any]:
        """An array for one output, with NaN where it may not be filled."""
        wide = name in (PROBABILITIES, DISTANCES, CLASSIFIER_PROBABILITIES)
        shape = (len(partial), len(self._contract.segments)) if wide else partial.shape
        if name == CLASSIFIER_PROBABILITIES and not partial.any():
            return np.broadcast_to(np.float32(np.nan), shape)
        if name in (DISTANCES, CLASSIFIER_PROBABILITIES) and partial.any():
            return np.full(shape, np.nan, _TYPES[name])
        return np.empty(shape, _TYPES[name])

    @cached_property
    def _pattern(self) -> PatternRows | None:
        session, path = self._graphs.session, self._graphs.path
        return None if session is None else open_pattern_rows(session, path, self._contract, self._run)


def _taken(feeds: Arrays, names: Iterable[str], part: Part) -> Arrays:
    """Some rows of some inputs."""
    return {name: feeds[name][part] for name in names}


def _complete(partial: Flags) -> Iterator[_Group]:
    """The rows that are not incomplete."""
    positions = np.flatnonzero(~partial)
    if len(positions):
        yield _Group(positions=positions, size=COMPLETE_ROWS, complete=True)


def _alike(positions: Positions, missing: Flags) -> list[Positions]:
    """Large groups of rows that have the same known columns; none where too many columns differ."""
    flags = missing[:, positions]
    different = [each for each in flags if each.any() and not each.all()]
    if len(different) > MOST_DIFFERENT:
        return []
    codes = np.zeros(len(positions), dtype=np.uint16)
    for bit, each in enumerate(different):
        codes |= each.astype(np.uint16) << np.uint16(bit)
    order = np.argsort(codes, kind="stable")
    ends = np.flatnonzero(np.diff(codes[order])) + 1
    return [each for each in np.split(positions[order], ends) if len(each) >= ALIKE_ROWS]


def _put(array: NDArray[Any], part: Part, values: NDArray[Any]) -> None:
    """Set some rows; several numbers of a row are moved as one, which is faster."""
    if array.ndim == 1 or isinstance(part, slice):
        array[part] = values
        return
    row = np.dtype((np.void, array.strides[0]))
    array.view(row)[part, 0] = np.ascontiguousarray(values).view(row)[:, 0]
