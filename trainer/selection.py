"""Which classifier serves: the one that answers best where something is missing; it is asked only there."""

from __future__ import annotations

from dataclasses import dataclass

from inference.errors import InputError
from trainer.classifiers import CANDIDATES
from trainer.evaluation import HeldOut, corrected_error, incomplete_losses
from trainer.masks import evaluation_masks
from trainer.schema import Schema


@dataclass(frozen=True, kw_only=True)
class Selection:
    """The chosen classifier and why.

    Attributes:
        losses: candidate -> mean held-out log loss over the patterns that need a classifier.
        chosen_by: ``"rule"`` or ``"user"``.
    """

    chosen: str
    chosen_by: str
    reason: str
    losses: dict[str, float]


def served_patterns(schema: Schema) -> tuple[str, ...]:
    """The evaluated patterns in which a driving column is missing, so that the classifier answers."""
    driving = [schema.names.index(name) for name in schema.driving_sources]
    return tuple(
        name for name, mask in evaluation_masks(schema).items() if any(mask[position] for position in driving)
    )


def select_classifier(held_out: HeldOut, schema: Schema, wanted: str = "auto") -> Selection:
    """Choose by the least held-out log loss over incomplete patterns, or obey ``wanted``."""
    if wanted != "auto" and wanted not in CANDIDATES:
        raise InputError(
            f"the classifier must be 'auto' or one of {sorted(CANDIDATES)}, but it is {wanted!r}"
        )
    losses = {name: incomplete_losses(held_out, name, served_patterns(schema)) for name in CANDIDATES}
    means = {name: float(values.mean()) for name, values in losses.items()}
    best = min(means, key=lambda name: means[name])
    chosen = best if wanted == "auto" else wanted
    told = []
    for name in sorted(set(CANDIDATES) - {chosen}, key=lambda name: means[name]):
        difference = losses[name] - losses[chosen]
        error = corrected_error(difference, held_out.folds_per_repeat)
        word = "beyond" if abs(difference.mean()) > 2 * error else "within"
        told.append(
            f"{CANDIDATES[name].label} {means[name]:.3f} (difference {difference.mean():+.3f}, "
            f"{word} two standard errors of {error:.3f})"
        )
    by = "chosen by the user" if wanted != "auto" else "the lowest"
    reason = (
        f"{CANDIDATES[chosen].label}: held-out log loss {means[chosen]:.3f} over customers who lack a "
        f"driving column, {by}; {', '.join(told)}"
    )
    return Selection(
        chosen=chosen, chosen_by="rule" if wanted == "auto" else "user", reason=reason, losses=means
    )
