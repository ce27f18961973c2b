"""Which classifier is used: the one with the best answers for incomplete customers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trainer.classifier.candidates import CANDIDATES
from trainer.classifier.evaluation.cross_validation import HeldOut, held_out_losses
from trainer.classifier.evaluation.probability_metrics import corrected_error
from trainer.classifier.missing_patterns import served_patterns
from trainer.schema.schema import Schema

Losses = dict[str, NDArray[np.float64]]  # candidate -> [folds, patterns]


@dataclass(frozen=True, kw_only=True)
class Selection:
    """The chosen classifier and why.

    Attributes:
        chosen_by: ``"rule"`` or ``"user"``.
        losses: candidate -> mean held-out log loss over the patterns that need a classifier.
        regrets: candidate -> difference to the best one in its worst pattern.
    """

    chosen: str
    chosen_by: str
    reason: str
    losses: dict[str, float]
    regrets: dict[str, float]


def select_classifier(held_out: HeldOut, schema: Schema, wanted: str = "auto") -> Selection:
    """Choose the lowest mean held-out log loss over incomplete patterns, or use the classifier ``wanted``.

    The log loss is a proper score: on average, it is lowest for the classifier whose probabilities are right.
    """
    losses = {name: held_out_losses(held_out, name, served_patterns(schema)) for name in held_out.candidates}
    means = {name: float(values.mean()) for name, values in losses.items()}
    chosen = min(means, key=lambda name: means[name]) if wanted == "auto" else wanted
    return Selection(
        chosen=chosen,
        chosen_by="rule" if wanted == "auto" else "user",
        reason=_reason(chosen, losses, held_out.folds_per_repeat, obeyed=wanted != "auto"),
        losses=means,
        regrets=_regrets(losses),
    )


def _regrets(losses: Losses) -> dict[str, float]:
    by_pattern = {name: values.mean(axis=0) for name, values in losses.items()}
    least = np.min(list(by_pattern.values()), axis=0)
    return {name: float((values - least).max()) for name, values in by_pattern.items()}


def _reason(chosen: str, losses: Losses, folds: int, *, obeyed: bool) -> str:
    """The choice in words, with the figures of all candidates, the lowest loss first."""
    means = {name: values.mean() for name, values in losses.items()}
    ranked = sorted(means, key=lambda name: means[name])
    figures = ", ".join(f"{CANDIDATES[name].label} {means[name]:.3f}" for name in ranked)
    words = f"Held-out log loss for customers with an unknown clustering column: {figures}."
    label = CANDIDATES[chosen].label
    if obeyed:
        return f"{label} was chosen by the user. {words}"
    _, *others = ranked
    if not others:
        return f"{label} is used. {words}"
    behind = (losses[others[0]] - losses[chosen]).mean(axis=1)
    return (
        f"{label} is used. {words} It has the lowest mean; {CANDIDATES[others[0]].label} is higher by "
        f"{behind.mean():.3f} ± {corrected_error(behind, folds):.3f}."
    )
