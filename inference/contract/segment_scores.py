"""Precision, recall and F1 of each segment, from the counts of a confusion matrix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class SegmentScores:
    """How well a classifier returns one segment.

    Attributes:
        precision: of the customers answered with the segment, the share that belongs to it; ``None`` where
            none is answered with it.
        recall: of the customers who belong to the segment, the share answered with it; ``None`` without any.
        f1: the harmonic mean of both; 0 where no answer is right, ``None`` where both are ``None``.
    """

    precision: float | None
    recall: float | None
    f1: float | None


def segment_scores(confusion: Sequence[Sequence[int]]) -> tuple[SegmentScores, ...]:
    """The scores of each segment, ``[K]``.

    Args:
        confusion: counts ``[K, K]``: the segments that customers belong to by those answered.

    Example:
        >>> first, second = segment_scores([[8, 2], [0, 10]])
        >>> first.precision, first.recall, round(first.f1, 3)
        (1.0, 0.8, 0.889)
        >>> round(second.precision, 3), second.recall
        (0.833, 1.0)
    """
    answered = [sum(column) for column in zip(*confusion, strict=True)]
    return tuple(
        SegmentScores(
            precision=_share(row[at], answered[at]),
            recall=_share(row[at], sum(row)),
            f1=_share(2 * row[at], answered[at] + sum(row)),
        )
        for at, row in enumerate(confusion)
    )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
