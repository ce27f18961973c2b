"""Made-up figures of groups of customers, for tests of comparisons between groups."""

from __future__ import annotations

from trainer.classifier.evaluation.subgroups import GroupFigure
from trainer.classifier.missing_patterns import Pattern

SCORE_UNKNOWN = ("spending_score",)


def figure(
    group: str, accuracy: float, error: float | None, pattern: Pattern = SCORE_UNKNOWN, column: str = "gender"
) -> GroupFigure:
    """The fidelity within one group."""
    return GroupFigure(
        column=column,
        group=group,
        customers=100,
        pattern=pattern,
        accuracy=accuracy,
        accuracy_se=error,
        results=50,
    )
