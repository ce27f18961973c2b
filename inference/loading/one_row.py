"""The graphs of a file for one customer, who is given as numbers; opened when they are first needed.

A number or the days of a date is given as it is, a category as its position in the contract's
``categories``, 0 where unknown (see ``Kind.number``). A file need not have these graphs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from inference.contract import (
    COMPLETE,
    DISTANCES,
    NOVELTY,
    OUTPUT_TABLE,
    PROBABILITIES,
    SEGMENT_ID,
    Contract,
)
from inference.contract.parse import (
    ANSWER,
    KNOWN,
    ONE_COMPLETE_ROW_KEY,
    ONE_INCOMPLETE_ROW_KEY,
    ONE_PATTERN_KEY,
    VALUES,
)
from inference.errors import ArtifactError
from inference.kinds.registry import kind_of
from inference.loading.model_file import row_session
from inference.loading.self_test import Run, self_test_feeds

PATTERNS = 512  # sets of known columns whose tensors are kept, some kB each

OUTPUT = [ANSWER]

Numbers = Sequence[float]


class CompleteRow:
    """The graph for a customer with all clustering columns known."""

    outputs = (SEGMENT_ID, NOVELTY, PROBABILITIES, DISTANCES)

    def __init__(self, session: ort.InferenceSession) -> None:
        self.run = session.run

    def feeds(self, values: Numbers, known: int) -> dict[str, NDArray[Any]]:
        """The graph's inputs."""
        del known
        return {VALUES: np.array(values, dtype=np.float64).reshape(-1, 1)}

    def answer(self, values: Numbers, known: int) -> list[float]:
        """Id, novelty, probabilities ``[K]`` and distances ``[K]``; NaN where a formula gives NaN."""
        answer: list[float] = self.run(OUTPUT, self.feeds(values, known))[0][0].tolist()
        return answer


class IncompleteRow:
    """The graph for another customer of whom something is known, and that of its pattern."""

    outputs = (SEGMENT_ID, NOVELTY, PROBABILITIES)

    def __init__(self, session: ort.InferenceSession, pattern: ort.InferenceSession) -> None:
        self.run = session.run
        self._pattern = pattern
        self._handed = [each.name for each in pattern.get_outputs()]
        self._columns = pattern.get_inputs()[0].shape[0]
        self._of_pattern = lru_cache(maxsize=PATTERNS)(self._tensors)

    def feeds(self, values: Numbers, known: int) -> dict[str, NDArray[Any]]:
        """The graph's inputs."""
        return {VALUES: np.array(values, dtype=np.float64).reshape(-1, 1), **self._of_pattern(known)}

    def answer(self, values: Numbers, known: int) -> list[float]:
        """Id, novelty and probabilities ``[K]``; these are NaN where a formula gives NaN.

        Args:
            known: bit ``i`` is set where column ``i`` is known; at least one is.
        """
        answer: list[float] = self.run(OUTPUT, self.feeds(values, known))[0][0].tolist()
        return answer

    def _tensors(self, known: int) -> dict[str, NDArray[Any]]:
        """What depends on the known columns only."""
        flags = [[float(known >> place & 1)] for place in range(self._columns)]
        found = self._pattern.run(self._handed, {KNOWN: np.array(flags)})
        return dict(zip(self._handed, found, strict=True))


def open_complete_row(
    session: ort.InferenceSession, path: str | Path, contract: Contract, run: Run
) -> CompleteRow | None:
    """That of a file, tested on the self-test's rows; ``None`` where it has none.

    Raises:
        ArtifactError: where it answers differently from the whole graph.
    """
    found = row_session(session, path, ONE_COMPLETE_ROW_KEY)
    return None if found is None else _tested(CompleteRow(found), contract, run, complete=True)


def open_incomplete_row(
    session: ort.InferenceSession, path: str | Path, contract: Contract, run: Run
) -> IncompleteRow | None:
    """The same for the other customers."""
    found = row_session(session, path, ONE_INCOMPLETE_ROW_KEY)
    pattern = row_session(session, path, ONE_PATTERN_KEY)
    if found is None or pattern is None:
        return None
    return _tested(IncompleteRow(found, pattern), contract, run, complete=False)


OneRow = TypeVar("OneRow", CompleteRow, IncompleteRow)


def _tested(graph: OneRow, contract: Contract, run: Run, *, complete: bool) -> OneRow:
    """The graph, once it has answered the self-test's rows as the whole one does."""
    feeds = self_test_feeds(contract, {} if contract.self_test is None else contract.self_test.inputs)
    every = run(feeds, (COMPLETE, *graph.outputs))
    tolerances = {output.name: output.tolerance or 0.0 for output in OUTPUT_TABLE}
    chosen = np.flatnonzero(every[COMPLETE] == complete).tolist()
    asked = {
        row: numbers_of(contract, {name: feed[row, 0] for name, feed in feeds.items()}) for row in chosen
    }
    rows = [row for row, (_, known) in asked.items() if known]
    if not rows:
        return graph
    found = np.array([graph.answer(*asked[row]) for row in rows])
    wanted = [every[name][rows].reshape(len(rows), -1) for name in graph.outputs]
    ends = np.cumsum([each.shape[1] for each in wanted])[:-1]
    for name, one, many in zip(graph.outputs, np.split(found, ends, axis=1), wanted, strict=True):
        if not np.allclose(one, many, rtol=0.0, atol=tolerances[name], equal_nan=True):
            raise ArtifactError(
                f"all graphs of the model file must give the same {name!r}, but they do not with "
                f"onnxruntime {ort.__version__}; the file was changed after training, or install another "
                "onnxruntime"
            )
    return graph


def numbers_of(contract: Contract, cells: Mapping[str, Any]) -> tuple[list[float], int]:
    """One customer's cells of the graph as numbers, and as bits which of them are known."""
    values, known = [], 0
    for place, column in enumerate(contract.columns):
        kind, cell = kind_of(column), cells[column.name]
        number = None if kind.missing_in(np.array([cell], dtype=kind.dtype))[0] else kind.number(column, cell)
        values.append(number or 0.0)
        known |= (number is not None) << place
    return values, known
