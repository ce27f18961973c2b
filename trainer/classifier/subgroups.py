"""Whether the classifier is equally good for groups of customers: its surrogate fidelity within each group.

Groups come from the profile columns: a category's values, or a number's lower and upper half.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trainer.classifier.cross_validation import HeldOut
from trainer.classifier.missing_patterns import Pattern
from trainer.classifier.probability_metrics import corrected_error
from trainer.schema.kinds.column_kinds import column_kind
from trainer.table.customer_table import Table

FEWEST_ROWS = 20  # with fewer customers, fidelity is mostly chance


@dataclass(frozen=True, kw_only=True)
class GroupFigure:
    """Fidelity of the chosen classifier within one group, for one missing pattern.

    Attributes:
        accuracy: over the group's held-out answers.
        accuracy_se: its standard error over the folds, ``None`` with fewer than two.
    """

    column: str
    group: str
    customers: int
    pattern: Pattern
    accuracy: float
    accuracy_se: float | None


@dataclass(frozen=True, kw_only=True)
class Gap:
    """The two groups of one column that differ most for one pattern, and by how much."""

    column: str
    pattern: Pattern
    better: str
    worse: str
    difference: float
    error: float | None

    @property
    def clear(self) -> bool:
        """Whether the difference is more than two standard errors."""
        return self.error is not None and self.difference > 2 * self.error


def group_fidelity(
    table: Table, held_out: HeldOut, chosen: str, patterns: Sequence[Pattern]
) -> tuple[GroupFigure, ...]:
    """Fidelity of the chosen classifier for each group and pattern, among the evaluated rows."""
    figures = []
    for column, group, members in _groups(table, held_out):
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
                )
            )
    return tuple(figures)


def group_gaps(figures: Sequence[GroupFigure]) -> list[Gap]:
    """The largest difference between groups per column and pattern; its error assumes independent groups."""
    gaps = []
    for column, pattern in dict.fromkeys((each.column, each.pattern) for each in figures):
        found = sorted(
            (each for each in figures if (each.column, each.pattern) == (column, pattern)),
            key=lambda each: each.accuracy,
        )
        if len(found) < 2:
            continue
        worse, better = found[0], found[-1]
        errors = (worse.accuracy_se, better.accuracy_se)
        gaps.append(
            Gap(
                column=column,
                pattern=pattern,
                better=better.group,
                worse=worse.group,
                difference=better.accuracy - worse.accuracy,
                error=None if None in errors else float(np.hypot(*errors)),  # type: ignore[arg-type]  # no error is None here
            )
        )
    return gaps


def _groups(table: Table, held_out: HeldOut) -> Iterator[tuple[str, str, NDArray[np.bool_]]]:
    """Column, description and members ``[N]`` of every group that is large enough."""
    schema = table.schema
    rows = np.flatnonzero(table.clusterable())[held_out.rows]
    columns = table.take(rows)
    for spec in schema.columns:
        if spec.name in schema.clustering_sources:
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
