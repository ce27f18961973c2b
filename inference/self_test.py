"""The check at load: rows with known answers, so that a runtime that answers wrongly is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.contract import (
    CATEGORY,
    CLASSIFIER_PROBABILITIES,
    COMPLETE,
    DISTANCES,
    NOVELTY,
    PROBABILITIES,
    SEGMENT,
    SEGMENT_ID,
    Contract,
)
from inference.errors import ArtifactError

PROBABILITY_TOLERANCE = 1e-5  # probabilities are float32; sums of 200 leaves in another order differ by 1e-6
DISTANCE_TOLERANCE = 1e-9  # distances are double all the way
_TOLERANCES = {
    PROBABILITIES: PROBABILITY_TOLERANCE,
    CLASSIFIER_PROBABILITIES: PROBABILITY_TOLERANCE,
    DISTANCES: DISTANCE_TOLERANCE,
    NOVELTY: DISTANCE_TOLERANCE,
}

Run = Callable[[dict[str, NDArray[Any]]], Mapping[str, NDArray[Any]]]


def run_self_test(contract: Contract, run: Run, *, runtime: str) -> None:
    """Ask the contract's test rows and compare with the answers scikit-learn and XGBoost gave.

    Raises:
        ArtifactError: naming the first output that differs and the runtime at fault.
    """
    test = contract.document.get("self_test")
    if not test:
        raise ArtifactError("the contract must hold a self-test, but it has none; train the file again")
    answers = run(self_test_feeds(contract, test["inputs"]))
    for name, expected in test["outputs"].items():
        difference = _difference(name, answers[name], expected)
        if difference is not None:
            raise ArtifactError(
                f"the model file must answer its self-test as it did in training, but {name!r} {difference} "
                f"on onnxruntime {runtime}; install another onnxruntime, or train the file again"
            )


def self_test_feeds(contract: Contract, inputs: Mapping[str, Any]) -> dict[str, NDArray[Any]]:
    """Turn the test's JSON columns into the graph's ``[N, 1]`` inputs; ``null`` is missing."""
    feeds: dict[str, NDArray[Any]] = {}
    for column in contract.columns:
        cells = inputs[column.name]
        if column.kind == CATEGORY:
            feed = np.array([cell or "" for cell in cells], dtype=object)
        else:
            feed = np.array([np.nan if cell is None else cell for cell in cells], dtype=np.float64)
        feeds[column.name] = feed.reshape(-1, 1)
    return feeds


def _difference(name: str, found: NDArray[Any], expected: list[Any]) -> str | None:
    if name in (SEGMENT, SEGMENT_ID, COMPLETE):
        wrong = [row for row, value in enumerate(expected) if found[row] != value]
        return (
            f"is {found[wrong[0]]!r} instead of {expected[wrong[0]]!r} in row {wrong[0]}" if wrong else None
        )
    wanted = np.array(
        [
            [np.nan if cell is None else cell for cell in np.atleast_1d(np.array(row, dtype=object))]
            for row in expected
        ],
        dtype=np.float64,
    ).reshape(found.shape)
    if np.allclose(found, wanted, rtol=0.0, atol=_TOLERANCES[name], equal_nan=True):
        return None
    return f"is off by {np.nanmax(np.abs(found - wanted)):.3g}, or missing where it should not be,"
