"""Asks the graphs for one customer of a file, one customer after the other."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from inference.contract import DISTANCES, NOVELTY, PROBABILITIES, SEGMENT_ID
from inference.contract.parse import ONE_COMPLETE_ROW_KEY, ONE_INCOMPLETE_ROW_KEY, ONE_PATTERN_KEY
from inference.loading.one_row import CompleteRow, IncompleteRow
from trainer.export.row_graphs import row_graph
from trainer.results.fitted import Fitted
from trainer.schema.column_arrays import Columns
from trainer.schema.kinds.column_kinds import column_kind


class OneRow:
    """Those of one file."""

    def __init__(self, fitted: Fitted, model: bytes) -> None:
        self._schema, self._segments = fitted.schema, fitted.segmentation.k
        keys = (ONE_COMPLETE_ROW_KEY, ONE_INCOMPLETE_ROW_KEY, ONE_PATTERN_KEY)
        complete, incomplete, pattern = (small_session(model, key) for key in keys)
        self._complete = CompleteRow(complete) if complete else None
        self._incomplete = IncompleteRow(incomplete, pattern) if incomplete and pattern else None

    def answers(self, columns: Columns) -> tuple[NDArray[np.int64], dict[str, NDArray[Any]]]:
        """Which rows are answered, and the answers; the rows are all complete, or none of them."""
        known, values = self._bits(columns), self._values(columns)
        clustering = self._bit_of(self._schema.clustering_sources)
        found = []
        for row, (bits, numbers) in enumerate(zip(known, values.tolist(), strict=True)):
            graph = self._complete if bits & clustering == clustering else self._incomplete
            if bits and graph is not None:
                answer = graph.answer(numbers, bits)
                if not np.isnan(answer[2]):  # of a formula
                    found.append((row, answer))
        rows = np.array([row for row, _ in found], dtype=np.int64)
        cells = np.array([answer for _, answer in found])
        return rows, self._outputs(cells) if len(rows) else {}

    def _outputs(self, cells: NDArray[np.float64]) -> dict[str, NDArray[Any]]:
        end = 2 + self._segments
        found: dict[str, NDArray[Any]] = {
            SEGMENT_ID: cells[:, 0].astype(np.int64),
            NOVELTY: cells[:, 1],
            PROBABILITIES: cells[:, 2:end].astype(np.float32),
        }
        return found | ({DISTANCES: cells[:, end:]} if cells.shape[1] > end else {})

    def _values(self, columns: Columns) -> NDArray[np.float64]:
        return np.column_stack(
            [column_kind(each).as_numbers(each, columns[each.name]) for each in self._schema.columns]
        )

    def _bits(self, columns: Columns) -> list[int]:
        """Which columns of each row are known."""
        flags = [~column_kind(each).missing(each, columns[each.name]) for each in self._schema.columns]
        return [
            sum(1 << place for place, known in enumerate(row) if known) for row in zip(*flags, strict=True)
        ]

    def _bit_of(self, names: tuple[str, ...]) -> int:
        return sum(1 << self._schema.names.index(name) for name in names)


def small_session(model: bytes, key: str) -> ort.InferenceSession | None:
    """A small graph of a file, if it has it."""
    content = row_graph(model, key)
    return None if content is None else opened(content)


def opened(content: bytes) -> ort.InferenceSession:
    """A graph that runs in one thread."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return ort.InferenceSession(content, options, providers=["CPUExecutionProvider"])
