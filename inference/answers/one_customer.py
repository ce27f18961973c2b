"""Answers for one customer at a time, by the smallest graph of the file that can."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from numpy.typing import NDArray

from inference.answers.answer import Answer, one_answer
from inference.contract import Contract
from inference.kinds.prepared_rows import RowPreparation
from inference.loading.one_row import (
    CompleteRow,
    IncompleteRow,
    numbers_of,
    open_complete_row,
    open_incomplete_row,
)
from inference.loading.row_sessions import RowGraphs
from inference.loading.self_test import Run


class OneCustomer:
    """The graphs of one file that know which columns are known."""

    def __init__(self, contract: Contract, graphs: RowGraphs, run: Run) -> None:
        """Use those that the file has.

        Args:
            run: runs the whole graph, for the test of the others.
        """
        self._contract, self._graphs, self._run = contract, graphs, run
        self._preparation = RowPreparation(contract)
        self._clustering = self._preparation.clustering
        self._end = 2 + len(contract.segments)  # of the probabilities, after id and novelty

    def open(self) -> None:
        """Open and test the graphs that are opened when they are first needed."""
        _ = self._complete, self._incomplete

    def simple(self, columns: Mapping[str, Any]) -> Answer | None:
        """The answer, or ``None`` where the full validation must come first or other graphs must answer."""
        row = self._preparation.prepare(columns)
        return None if row is None else self._by_numbers(*row)

    def checked(self, feeds: Mapping[str, NDArray[Any]]) -> Answer | None:
        """The same after the full validation, from the whole graph's inputs ``[1, 1]``."""
        cells = {name: feed[0, 0] for name, feed in feeds.items()}
        values, known = numbers_of(self._contract, cells)
        return self._by_numbers(values, known) or self._by_graphs_for_many(dict(feeds), known)

    def _by_numbers(self, values: list[float], known: int) -> Answer | None:
        if known & self._clustering == self._clustering:
            complete = self._complete
            if complete is None:
                return None
            found = complete.answer(values, known)
            novelty, end = found[1], self._end
            if novelty != novelty:  # noqa: PLR0124 - NaN of a formula
                return None
            row = (found[2:end], found[end:], novelty, None)
            return one_answer(self._contract, int(found[0]), row, nothing=False)
        if not known or (incomplete := self._incomplete) is None:
            return None
        found = incomplete.answer(values, known)
        chances = found[2:]
        if chances[0] != chances[0]:
            return None
        return one_answer(self._contract, int(found[0]), (chances, None, found[1], chances), nothing=False)

    def _by_graphs_for_many(self, feeds: dict[str, NDArray[Any]], known: int) -> Answer | None:
        complete, incomplete = self._graphs.complete, self._graphs.incomplete
        if known & self._clustering != self._clustering:
            if incomplete is None:
                return None
            place, probabilities, novelty, opinions = incomplete.run(feeds)
            partial = (probabilities[0].tolist(), None, novelty.item(), opinions[0].tolist())
            return one_answer(self._contract, place.item(), partial, nothing=not known)
        if complete is None:
            return None
        place, probabilities, distances, novelty = complete.run(feeds)
        if novelty[0] != novelty[0]:
            return None
        found = (probabilities[0].tolist(), distances[0].tolist(), novelty.item(), None)
        return one_answer(self._contract, place.item(), found, nothing=False)

    @cached_property
    def _complete(self) -> CompleteRow | None:
        session, path = self._graphs.session, self._graphs.path
        return None if session is None else open_complete_row(session, path, self._contract, self._run)

    @cached_property
    def _incomplete(self) -> IncompleteRow | None:
        session, path = self._graphs.session, self._graphs.path
        return None if session is None else open_incomplete_row(session, path, self._contract, self._run)
