"""Asks the graph of a file for customers with the same known columns, one such group after the other."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.contract import PROBABILITIES
from inference.contract.parse import PATTERN_ROWS_KEY
from inference.loading.pattern_rows import PatternRows
from trainer.export.one_by_one import small_session
from trainer.results.fitted import Fitted
from trainer.schema.column_arrays import Columns, take_rows
from trainer.schema.kinds.column_kinds import column_kind

GROUPS = 200  # of a call that are asked, the largest ones


class ByPattern:
    """That of one file."""

    def __init__(self, fitted: Fitted, model: bytes) -> None:
        self._schema = fitted.schema
        session = small_session(model, PATTERN_ROWS_KEY)
        self._graph = PatternRows(session) if session else None

    def answers(self, columns: Columns) -> tuple[NDArray[np.int64], dict[str, NDArray[Any]]]:
        """Which rows are answered, and the answers; every row has an unknown clustering column."""
        flags = [~column_kind(each).missing(each, columns[each.name]) for each in self._schema.columns]
        known, group, sizes = np.unique(np.array(flags), axis=1, return_inverse=True, return_counts=True)
        found = []
        for number in np.argsort(-sizes, kind="stable")[:GROUPS]:
            if known[:, number].any() and self._graph is not None:
                rows = np.flatnonzero(group.reshape(-1) == number)
                asked = {name: each.reshape(-1, 1) for name, each in take_rows(columns, rows).items()}
                answers = self._graph.answers(asked, known[:, number])
                sound = ~np.isnan(answers[PROBABILITIES][:, 0])  # of a formula
                found.append((rows[sound], {name: each[sound] for name, each in answers.items()}))
        if not found:
            return np.empty(0, dtype=np.int64), {}
        names = found[0][1]
        joined = {name: np.concatenate([answers[name] for _, answers in found]) for name in names}
        return np.concatenate([rows for rows, _ in found]), joined
