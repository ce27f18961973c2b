"""The small graphs of a file, for rows of which it is known whether a clustering column is unknown.

They answer as the whole graph does, without its branches and texts. A file need not have them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from inference.contract import (
    CLASSIFIER_PROBABILITIES,
    COMPLETE,
    COMPLETE_ROWS_KEY,
    DISTANCES,
    INCOMPLETE_ROWS_KEY,
    NOVELTY,
    OUTPUT_TABLE,
    PROBABILITIES,
    SEGMENT_ID,
    Contract,
)
from inference.errors import ArtifactError
from inference.loading.model_file import row_session
from inference.loading.self_test import Run, self_test_feeds

Arrays = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class RowGraph:
    """One small graph.

    Attributes:
        inputs, outputs: their names.
    """

    session: ort.InferenceSession
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]

    def run(self, feeds: Arrays) -> list[Any]:
        """Its outputs in their order; other inputs than its own are left out."""
        few = feeds if len(feeds) == len(self.inputs) else {name: feeds[name] for name in self.inputs}
        found: list[Any] = self.session.run(self.outputs, few)
        return found


@dataclass(frozen=True)
class RowGraphs:
    """Both small graphs, or ``None`` for those that the file does not have.

    Attributes:
        complete: for rows with all clustering columns known; gives ids, probabilities, distances, novelty.
        incomplete: for other rows; gives ids, probabilities, novelty and the classifier's probabilities.
        session: the whole graph, whose metadata holds them; path: what errors call the file.
    """

    complete: RowGraph | None = None
    incomplete: RowGraph | None = None
    session: ort.InferenceSession | None = None
    path: str | Path = ""

    @classmethod
    def of(cls, session: ort.InferenceSession, path: str | Path) -> RowGraphs:
        """Open those of a file."""
        return cls(
            complete=_opened(session, path, COMPLETE_ROWS_KEY, COMPLETE_OUTPUTS),
            incomplete=_opened(session, path, INCOMPLETE_ROWS_KEY, INCOMPLETE_OUTPUTS),
            session=session,
            path=path,
        )


COMPLETE_OUTPUTS = (SEGMENT_ID, PROBABILITIES, DISTANCES, NOVELTY)
INCOMPLETE_OUTPUTS = (SEGMENT_ID, PROBABILITIES, NOVELTY, CLASSIFIER_PROBABILITIES)
NO_ROW_GRAPHS = RowGraphs()


def _opened(
    session: ort.InferenceSession, path: str | Path, key: str, outputs: Sequence[str]
) -> RowGraph | None:
    found = row_session(session, path, key)
    if found is None:
        return None
    given = {each.name for each in found.get_outputs()}
    if not set(outputs) <= given:
        raise ArtifactError(
            f"the graph under {key!r} in {str(path)!r} must have the outputs {tuple(outputs)}, but it has "
            f"{tuple(sorted(given))}: it was changed after training; write it again with `python -m trainer`"
        )
    return RowGraph(found, tuple(each.name for each in found.get_inputs()), tuple(outputs))


def test_row_graphs(contract: Contract, run: Run, graphs: RowGraphs, *, runtime: str) -> None:
    """Run the self-test's rows in the small graphs, too, and compare with the whole one.

    Raises:
        ArtifactError: with the name of the first output in which they differ, and the runtime.
    """
    feeds = self_test_feeds(contract, {} if contract.self_test is None else contract.self_test.inputs)
    tolerances = {output.name: output.tolerance or 0.0 for output in OUTPUT_TABLE}
    for graph, complete in ((graphs.complete, True), (graphs.incomplete, False)):
        if graph is None:
            continue
        every = run(feeds, (COMPLETE, *graph.outputs))
        rows = np.flatnonzero(every[COMPLETE] == complete)
        alone = graph.run({name: feed[rows] for name, feed in feeds.items()})
        for name, found in zip(graph.outputs, alone, strict=True):
            wanted = every[name][rows]
            if not np.allclose(found, wanted, rtol=0.0, atol=tolerances[name], equal_nan=True):
                raise ArtifactError(
                    f"all graphs of the model file must give the same {name!r}, but they do not with "
                    f"onnxruntime {runtime}; the file was changed after training, or install another "
                    "onnxruntime"
                )
