"""Verifies that a file answers as scikit-learn and XGBoost do, before it is published."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from inference.contract import (
    COMPLETE,
    COMPLETE_ROWS_KEY,
    DISTANCES,
    INCOMPLETE_ROWS_KEY,
    NOVELTY,
    PROBABILITIES,
    SEGMENT_ID,
    Output,
)
from inference.contract.outputs import DISTANCE_TOLERANCE, PROBABILITY_TOLERANCE
from trainer.classifier.missing_patterns import hide, training_patterns
from trainer.export.by_pattern import ByPattern
from trainer.export.one_by_one import OneRow, opened, small_session
from trainer.export.probe_rows import join, random_rows, threshold_rows, training_rows, with_gaps
from trainer.results.fitted import Fitted, graph_outputs
from trainer.results.trained import Verification
from trainer.schema.column_arrays import Columns, take_rows
from trainer.table.customer_table import Table, clusterable

# An argmax may give either of the two largest values where they differ by less than rounding.
ONE_BY_ONE = 400  # rows of each call that the graphs for one customer answer, too
PROBABILITY_MARGIN = 2 * PROBABILITY_TOLERANCE
DISTANCE_MARGIN = 1e-12


class DifferenceError(RuntimeError):
    """The file does not answer as the libraries do; it must not be published."""


def verify(fitted: Fitted, model: bytes, table: Table, *, rows: int = 24_000, seed: int = 0) -> Verification:
    """Compare the file with the libraries on random rows, on thresholds, and with missing cells.

    Args:
        rows: random rows; rows on thresholds and rows of the table are added, and a quarter of all rows is
            tested again with each missing pattern.

    Raises:
        DifferenceError: naming the first output, pattern and row that differ.
    """
    session, small = opened(model), _Small(fitted, model)
    names = [output.name for output in graph_outputs() if output.per_row]
    compared = ties = 0
    largest: dict[str, float] = {}
    for pattern, columns in _calls(fitted, table, rows, seed):
        found = dict(zip(names, session.run(names, _feeds(columns)), strict=True))
        small.compare(columns, pattern, largest)
        ties += _compare(fitted, columns, found, pattern, largest)
        compared += len(found[SEGMENT_ID])
    return Verification(rows=compared, ties=ties, largest=largest)


class _Small:
    """The small graphs of a file, each compared on rows that it is for."""

    def __init__(self, fitted: Fitted, model: bytes) -> None:
        self._fitted = fitted
        self._complete = small_session(model, COMPLETE_ROWS_KEY)
        self._incomplete = small_session(model, INCOMPLETE_ROWS_KEY)
        self._single, self._alike = OneRow(fitted, model), ByPattern(fitted, model)

    def compare(self, columns: Columns, pattern: str, largest: dict[str, float]) -> None:
        """Compare all of them."""
        complete = clusterable(self._fitted.schema, columns)
        for alone, chosen in ((self._complete, complete), (self._incomplete, ~complete)):
            if chosen.any():
                if alone is not None:
                    _compare_alone(self._fitted, take_rows(columns, chosen), alone, pattern, largest)
                few = np.flatnonzero(chosen)[:: max(1, int(chosen.sum()) // ONE_BY_ONE)]
                self._compare_some(take_rows(columns, few), self._single, f"{pattern}, one by one", largest)
        if not complete.all():
            others = take_rows(columns, ~complete)
            self._compare_some(others, self._alike, f"{pattern}, by known columns", largest)

    def _compare_some(
        self, columns: Columns, graphs: OneRow | ByPattern, pattern: str, largest: dict[str, float]
    ) -> None:
        """Compare graphs that answer some of the rows."""
        rows, found = graphs.answers(columns)
        if len(rows):
            asked = take_rows(columns, rows)
            _compare(self._fitted, asked, self._fitted.answer(asked) | found, pattern, largest)


def _compare_alone(
    fitted: Fitted, columns: Columns, session: ort.InferenceSession, pattern: str, largest: dict[str, float]
) -> None:
    """Compare a small graph on rows that it is for; what it does not compute is taken from the reference."""
    names = [output.name for output in session.get_outputs()]
    feeds = {each.name: columns[each.name].reshape(-1, 1) for each in session.get_inputs()}
    found = fitted.answer(columns) | dict(zip(names, session.run(names, feeds), strict=True))
    _compare(fitted, columns, found, f"{pattern}, alone", largest)


def _calls(fitted: Fitted, table: Table, rows: int, seed: int) -> Iterator[tuple[str, Columns]]:
    """Every call to compare: complete rows alone, each missing pattern, and a mixed call."""
    rng = np.random.default_rng(seed)
    everything = join(
        random_rows(fitted, table, rows, rng), threshold_rows(fitted, table, rng), training_rows(table, rng)
    )
    yield "complete", everything
    size = len(everything[fitted.schema.names[0]])
    for missing in training_patterns(fitted.schema, seed=seed)[1:]:  # the first is the complete one
        chosen = rng.permutation(size)[: size // 4]
        part = {key: values[chosen] for key, values in everything.items()}
        yield f"missing: {', '.join(missing)}", hide(fitted.schema, part, missing)
    yield "mixed", with_gaps(fitted, everything, rng)


def _feeds(columns: Columns) -> Columns:
    return {name: values.reshape(-1, 1) for name, values in columns.items()}


def _compare(
    fitted: Fitted, columns: Columns, found: Columns, pattern: str, largest: dict[str, float]
) -> int:
    """Compare all outputs of one call; returns how many labels were too close to compare."""
    wanted = fitted.answer(columns)
    close = too_close(wanted)
    for output in sorted(graph_outputs(), key=lambda output: output.follows_segment):
        if not output.per_row:
            continue
        rows = ~close if output.follows_segment else slice(None)
        own, reference = found[output.name][rows], wanted[output.name][rows]
        tolerance = _tolerance(fitted, output)
        if tolerance is None:
            _same(pattern, output.name, own, reference)
        else:
            _close(pattern, output.name, own, reference, tolerance, largest)
    return int(close.sum())


def _tolerance(fitted: Fitted, output: Output) -> float | None:
    """As in the table; for novelty, that of the distance it is computed from."""
    return DISTANCE_TOLERANCE / fitted.far.min() if output.name == NOVELTY else output.tolerance


def too_close(wanted: Columns, *, distance: float = DISTANCE_MARGIN) -> NDArray[np.bool_]:
    """Rows ``[N]`` whose two most probable segments tie within rounding, by the output that decides."""
    nearest = np.sort(wanted[DISTANCES], axis=1)
    likeliest = -np.sort(-wanted[PROBABILITIES].astype(np.float64), axis=1)
    by_distance = nearest[:, 1] - nearest[:, 0] < distance
    by_probability = likeliest[:, 0] - likeliest[:, 1] < PROBABILITY_MARGIN
    return np.where(wanted[COMPLETE], by_distance, by_probability).astype(bool)


def _same(pattern: str, name: str, found: NDArray[Any], wanted: NDArray[Any]) -> None:
    wrong = np.flatnonzero(found != wanted)
    if len(wrong):
        row = wrong[0]
        raise DifferenceError(
            f"{name!r} must equal scikit-learn's and XGBoost's answer, but "
            f"{len(wrong)} {'row differs' if len(wrong) == 1 else 'rows differ'} ({pattern}), "
            f"first row {row}: {found[row]!r} instead of {wanted[row]!r}; the file was not published"
        )


def _close(
    pattern: str,
    name: str,
    found: NDArray[Any],
    wanted: NDArray[Any],
    tolerance: float,
    largest: dict[str, float],
) -> None:
    if not np.array_equal(np.isnan(found), np.isnan(wanted)):
        raise DifferenceError(
            f"{name!r} is missing in other rows than it should be ({pattern}); the file was not published"
        )
    difference = np.abs(found.astype(np.float64) - wanted.astype(np.float64))
    most = float(np.nanmax(difference, initial=0.0))
    largest[name] = max(largest.get(name, 0.0), most)
    if most > tolerance:
        raise DifferenceError(
            f"{name!r} must be within {tolerance:g} of scikit-learn's and XGBoost's answer, but it is off by "
            f"{most:g} ({pattern}); the file was not published"
        )
