"""The check when a file is loaded: rows with known answers detect a runtime that gives wrong answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.contract import OUTPUT_TABLE, Contract, Output
from inference.errors import ArtifactError
from inference.kinds.registry import kind_of

Run = Callable[[dict[str, NDArray[Any]], Sequence[str]], Mapping[str, NDArray[Any]]]


def run_self_test(contract: Contract, run: Run, *, runtime: str) -> None:
    """Run the contract's test rows and compare with the answers of scikit-learn and XGBoost.

    Args:
        run: runs the graph for the named outputs.

    Raises:
        ArtifactError: with the name of the first output that differs, and the runtime.
    """
    test = contract.self_test
    if test is None:
        raise ArtifactError("the contract must contain a self-test, but it has none; train the model again")
    known = {output.name: output for output in (*contract.outputs, *OUTPUT_TABLE)}
    names = [name for name in test.outputs if name in known]
    answers = run(self_test_feeds(contract, test.inputs), names)
    for name in names:
        difference = _difference(known[name], answers[name], test.outputs[name])
        if difference is not None:
            raise ArtifactError(
                f"the model file must answer its self-test as it did in training, but {name!r} {difference} "
                f"with onnxruntime {runtime}; install another onnxruntime, or train the model again"
            )


def self_test_feeds(contract: Contract, inputs: Mapping[str, Any]) -> dict[str, NDArray[Any]]:
    """Convert the test's JSON columns to the graph's ``[N, 1]`` inputs; ``null`` is missing."""
    return {column.name: kind_of(column).feed(inputs[column.name]) for column in contract.columns}


def _difference(output: Output, found: NDArray[Any], expected: Sequence[Any]) -> str | None:
    if output.tolerance is None:
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
    if np.allclose(found, wanted, rtol=0.0, atol=output.tolerance, equal_nan=True):
        return None
    return f"is off by {np.nanmax(np.abs(found - wanted)):.3g}, or missing where it should not be,"
