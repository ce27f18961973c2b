"""The graph of a file for many incomplete customers with the same known columns; a file need not have it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from inference.contract import (
    CLASSIFIER_PROBABILITIES,
    COMPLETE,
    NOVELTY,
    OUTPUT_TABLE,
    PROBABILITIES,
    SEGMENT_ID,
    Contract,
)
from inference.contract.parse import PATTERN_ROWS_KEY
from inference.errors import ArtifactError
from inference.kinds.registry import kind_of
from inference.loading.model_file import row_session
from inference.loading.self_test import Run, self_test_feeds

Arrays = dict[str, NDArray[Any]]


class PatternRows:
    """It answers customers of whom something, but not every clustering column, is known."""

    outputs = (SEGMENT_ID, PROBABILITIES, NOVELTY)

    def __init__(self, session: ort.InferenceSession) -> None:
        self._session = session
        *self._columns, self._known = (each.name for each in session.get_inputs())

    def answers(self, feeds: Arrays, known: NDArray[np.bool_]) -> Arrays:
        """The outputs by name for rows ``[N, 1]``; probabilities are NaN where a formula is.

        Args:
            known: ``[columns]``, which columns all these rows have.
        """
        given = {name: feeds[name] for name in self._columns}
        given[self._known] = known.astype(np.float64)[:, None]
        found = dict(zip(self.outputs, self._session.run(self.outputs, given), strict=True))
        return {**found, CLASSIFIER_PROBABILITIES: found[PROBABILITIES]}


def open_pattern_rows(
    session: ort.InferenceSession, path: str | Path, contract: Contract, run: Run
) -> PatternRows | None:
    """That of a file, tested on the self-test's rows; ``None`` where it has none.

    Args:
        run: runs the whole graph.

    Raises:
        ArtifactError: where it answers differently from the whole graph.
    """
    opened = row_session(session, path, PATTERN_ROWS_KEY)
    if opened is None:
        return None
    graph = PatternRows(opened)
    feeds = self_test_feeds(contract, {} if contract.self_test is None else contract.self_test.inputs)
    every = run(feeds, (COMPLETE, *graph.outputs))
    known = ~np.column_stack([kind_of(each).missing_in(feeds[each.name][:, 0]) for each in contract.columns])
    for row in np.flatnonzero(~every[COMPLETE] & known.any(axis=1)).tolist():
        found = graph.answers({name: feed[row : row + 1] for name, feed in feeds.items()}, known[row])
        _compare(found, {name: every[name][row : row + 1] for name in graph.outputs})
    return graph


def _compare(found: Arrays, wanted: Arrays) -> None:
    tolerances = {output.name: output.tolerance or 0.0 for output in OUTPUT_TABLE}
    for name, cells in wanted.items():
        if not np.allclose(found[name], cells, rtol=0.0, atol=tolerances[name], equal_nan=True):
            raise ArtifactError(
                f"all graphs of the model file must give the same {name!r}, but they do not with "
                f"onnxruntime {ort.__version__}; the file was changed after training, or install another "
                "onnxruntime"
            )
