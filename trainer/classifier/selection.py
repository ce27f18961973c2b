"""Which classifier is used: the one with the best answers for incomplete customers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trainer.classifier.candidates import CANDIDATES
from trainer.classifier.cross_validation import HeldOut, held_out_losses
from trainer.classifier.missing_patterns import served_patterns
from trainer.classifier.probability_metrics import corrected_error
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
    """Choose by held-out log loss over incomplete patterns, or use the classifier ``wanted``.

    Candidates within two standard errors of the lowest mean loss are equal by it; among them the one with
    the smallest difference to the best in its worst pattern is taken.
    """
    losses = {name: held_out_losses(held_out, name, served_patterns(schema)) for name in held_out.candidates}
    means = {name: float(values.mean()) for name, values in losses.items()}
    regrets = _regrets(losses)
    best = min(means, key=lambda name: means[name])
    level = [
        name
        for name in held_out.candidates
        if _is_level(losses[name], losses[best], held_out.folds_per_repeat)
    ]
    chosen = min(level, key=lambda name: regrets[name]) if wanted == "auto" else wanted
    return Selection(
        chosen=chosen,
        chosen_by="rule" if wanted == "auto" else "user",
        reason=_reason(chosen, level, means, regrets, obeyed=wanted != "auto"),
        losses=means,
        regrets=regrets,
    )


def _is_level(losses: NDArray[np.float64], best: NDArray[np.float64], folds: int) -> bool:
    """Whether the mean loss is within two paired, corrected standard errors of the best candidate's."""
    difference = (losses - best).mean(axis=1)
    return bool(difference.mean() <= 2 * corrected_error(difference, folds))


def _regrets(losses: Losses) -> dict[str, float]:
    by_pattern = {name: values.mean(axis=0) for name, values in losses.items()}
    least = np.min(list(by_pattern.values()), axis=0)
    return {name: float((values - least).max()) for name, values in by_pattern.items()}


def _reason(
    chosen: str, level: list[str], means: dict[str, float], regrets: dict[str, float], *, obeyed: bool
) -> str:
    """The choice in words, with the figures of all candidates, the lowest loss first."""
    ranked = sorted(means, key=lambda name: means[name])
    figures = ", ".join(f"{CANDIDATES[name].label} {means[name]:.3f}" for name in ranked)
    losses = f"Held-out log loss for customers with an unknown clustering column: {figures}."
    label = CANDIDATES[chosen].label
    if obeyed:
        return f"{label} was chosen by the user. {losses}"
    if level == [chosen]:
        return f"{label} is used. {losses} It is the lowest by more than two standard errors."
    differences = ", ".join(
        f"{CANDIDATES[name].label} {regrets[name]:.3f}" for name in ranked if name in level
    )
    return (
        f"{label} is used. {losses} {len(level)} of them are within two standard errors of the lowest; of "
        f"these, it has the smallest difference to the best in its worst missing pattern ({differences})."
    )
