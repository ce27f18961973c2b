"""Whether the classifier is equally good for groups of customers: its surrogate fidelity within each group.

Groups come from profile columns that describe the person: a category's values, or a number's lower and upper
half. Differences are tested together, with Holm's correction for their number.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from trainer.classifier.evaluation.cross_validation import HeldOut
from trainer.classifier.evaluation.multiple_comparisons import holm, two_sided
from trainer.classifier.evaluation.probability_metrics import corrected_error
from trainer.classifier.missing_patterns import Pattern
from trainer.schema.kinds.column_kinds import column_kind
from trainer.table.customer_table import Table

FEWEST_ROWS = 20  # with fewer customers, fidelity is mostly chance
CLEAR = 0.05  # corrected p-value below which a difference is reported as clear


@dataclass(frozen=True, kw_only=True)
class GroupFigure:
    """Fidelity of the chosen classifier within one group, for one missing pattern.

    Attributes:
        accuracy: over the group's held-out answers.
        accuracy_se: its standard error over the folds, ``None`` with fewer than two.
        results: the number of folds, over all repeats.
    """

    column: str
    group: str
    customers: int
    pattern: Pattern
    accuracy: float
    accuracy_se: float | None
    results: int


@dataclass(frozen=True, kw_only=True)
class Gap:
    """The two groups of one column that differ most clearly for one pattern, and by how much.

    Attributes:
        error: the standard error of the difference, which assumes independent groups.
        p_value: of no difference, corrected for the number of ``comparisons`` (Holm 1979); ``None`` without
            an error.
        comparisons: pairs of groups compared, over all columns and patterns.
    """

    column: str
    pattern: Pattern
    better: str
    worse: str
    difference: float
    error: float | None
    p_value: float | None
    comparisons: int

    @property
    def clear(self) -> bool:
        """Whether the corrected p-value is below 5%."""
        return self.p_value is not None and self.p_value < CLEAR


def group_fidelity(
    table: Table, held_out: HeldOut, chosen: str, patterns: Sequence[Pattern], columns: Collection[str]
) -> tuple[GroupFigure, ...]:
    """Fidelity of the chosen classifier for each group and pattern, among the evaluated rows.

    Args:
        columns: names of the columns whose groups are compared; clustering columns are left out.
    """
    figures = []
    for column, group, members in _groups(table, held_out, columns):
        for pattern in patterns:
            right = _right(held_out, chosen, pattern, members)
            pooled = np.concatenate(right)
            figures.append(
                GroupFigure(
                    column=column,
                    group=group,
                    customers=int(members.sum()),
                    pattern=pattern,
                    accuracy=float(pooled.mean()),
                    accuracy_se=_error([float(each.mean()) for each in right if len(each)], held_out),
                    results=len(held_out.folds),
                )
            )
    return tuple(figures)


def group_gaps(figures: Sequence[GroupFigure]) -> list[Gap]:
    """The clearest difference between two groups for each column and pattern, in the order of the figures.

    All pairs of groups of all columns and patterns are compared, and their p-values corrected together.
    """
    pairs = [
        tuple(sorted(pair, key=lambda each: each.accuracy))
        for pair in combinations(figures, 2)
        if (pair[0].column, pair[0].pattern) == (pair[1].column, pair[1].pattern)
    ]
    errors = [_joint_error(worse, better) for worse, better in pairs]
    tested = [index for index, error in enumerate(errors) if error is not None]
    p_values = holm(
        [
            two_sided(
                pairs[index][1].accuracy - pairs[index][0].accuracy,
                errors[index] or 0.0,
                results=min(each.results for each in pairs[index]),
            )
            for index in tested
        ]
    )
    corrected = dict(zip(tested, p_values, strict=True))
    clearest: dict[tuple[str, Pattern], Gap] = {}
    for index, (worse, better) in enumerate(pairs):
        gap = Gap(
            column=worse.column,
            pattern=worse.pattern,
            better=better.group,
            worse=worse.group,
            difference=better.accuracy - worse.accuracy,
            error=errors[index],
            p_value=corrected.get(index),
            comparisons=len(pairs),
        )
        known = clearest.setdefault((gap.column, gap.pattern), gap)
        if _clarity(gap) < _clarity(known):
            clearest[gap.column, gap.pattern] = gap
    return list(clearest.values())


def _clarity(gap: Gap) -> tuple[float, float]:
    """Smaller for a clearer gap: by its p-value, then by the difference."""
    return (2.0 if gap.p_value is None else gap.p_value, -gap.difference)


def _joint_error(first: GroupFigure, second: GroupFigure) -> float | None:
    if first.accuracy_se is None or second.accuracy_se is None:
        return None
    return float(np.hypot(first.accuracy_se, second.accuracy_se))


def _groups(
    table: Table, held_out: HeldOut, wanted: Collection[str]
) -> Iterator[tuple[str, str, NDArray[np.bool_]]]:
    """Column, description and members ``[N]`` of every group that is large enough."""
    schema = table.schema
    rows = np.flatnonzero(table.clusterable())[held_out.rows]
    columns = table.take(rows)
    for spec in schema.columns:
        if spec.name in schema.clustering_sources or spec.name not in wanted:
            continue
        for words, members in column_kind(spec).groups(spec, columns[spec.name]):
            if members.sum() >= FEWEST_ROWS:
                yield spec.name, words, members


def _right(
    held_out: HeldOut, name: str, pattern: Pattern, members: NDArray[np.bool_]
) -> list[NDArray[np.bool_]]:
    """Whether each held-out answer for a member is the fold's own segment; one array per fold."""
    return [
        (fold.probabilities[name, pattern].argmax(axis=1) == fold.nested)[members[fold.rows]]
        for fold in held_out.folds
    ]


def _error(per_fold: Sequence[float], held_out: HeldOut) -> float | None:
    error = corrected_error(np.array(per_fold), held_out.folds_per_repeat)
    return None if np.isnan(error) else error
