"""A temperature for the classifier's probabilities (Guo et al. 2017), used only where it measurably helps.

``p ** (1 / T)``, normalised: above 1 it reduces overconfidence; the most probable segment does not change. A
classifier of the right size needs none; its effect is still measured in every run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from trainer.classifier.evaluation.cross_validation import FoldResult, HeldOut
from trainer.classifier.evaluation.probability_metrics import corrected_error, log_losses
from trainer.classifier.fitted_classifier import tempered
from trainer.classifier.missing_patterns import Pattern

TEMPERATURE_RANGE = (0.2, 5.0)


@dataclass(frozen=True, kw_only=True)
class Temperature:
    """What a temperature would change, and whether it is used.

    Attributes:
        fitted: the temperature with the lowest log loss on all held-out rows.
        change: mean change of the log loss in folds the temperature was not fitted on; below 0 it helps.
        change_se: its corrected standard error.
        used: 1.0, or ``fitted`` where the loss falls by more than two standard errors.
    """

    fitted: float
    change: float
    change_se: float
    used: float


def choose_temperature(held_out: HeldOut, name: str, patterns: Sequence[Pattern]) -> Temperature:
    """Fit a temperature, and measure whether it helps, over the patterns in which the classifier answers."""
    size = held_out.folds_per_repeat
    changes = []
    for start in range(0, len(held_out.folds), size):
        repeat = held_out.folds[start : start + size]
        for position, fold in enumerate(repeat):
            others = [*repeat[:position], *repeat[position + 1 :]]
            found = fit_temperature(*_pooled(others, name, patterns))
            probabilities, labels = _pooled([fold], name, patterns)
            after = log_losses(tempered(probabilities, found), labels).mean()
            changes.append(float(after - log_losses(probabilities, labels).mean()))
    fitted = fit_temperature(*_pooled(held_out.folds, name, patterns))
    change, error = float(np.mean(changes)), corrected_error(np.array(changes), size)
    return Temperature(
        fitted=fitted, change=change, change_se=error, used=fitted if change < -2 * error else 1.0
    )


def fit_temperature(probabilities: NDArray[np.floating], labels: NDArray[np.int64]) -> float:
    """The temperature with the lowest log loss on probabilities ``[N, K]`` and true positions ``[N]``."""
    low, high = np.log(TEMPERATURE_RANGE)
    found = minimize_scalar(
        lambda power: log_losses(tempered(probabilities, float(np.exp(power))), labels).mean(),
        bounds=(low, high),
        method="bounded",
    )
    return float(np.exp(found.x))


def at_temperature(held_out: HeldOut, name: str, temperature: float) -> HeldOut:
    """The same held-out answers with one classifier's probabilities at a temperature."""
    if temperature == 1.0:
        return held_out
    folds = tuple(replace(fold, probabilities=_with(fold, name, temperature)) for fold in held_out.folds)
    return replace(held_out, folds=folds)


def _with(fold: FoldResult, name: str, temperature: float) -> dict[tuple[str, Pattern], NDArray[np.float32]]:
    return {
        key: tempered(values, temperature).astype(np.float32) if key[0] == name else values
        for key, values in fold.probabilities.items()
    }


def _pooled(
    folds: Sequence[FoldResult], name: str, patterns: Sequence[Pattern]
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    pairs = [(fold.probabilities[name, pattern], fold.nested) for fold in folds for pattern in patterns]
    return np.concatenate([answers for answers, _ in pairs]), np.concatenate([truth for _, truth in pairs])
