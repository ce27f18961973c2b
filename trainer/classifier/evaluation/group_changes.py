"""How often the classifier's answer depends on who the customer is: the same customers with another age.

Every sampled training customer is answered twice with one clustering column unknown and everything else as
it is, except for one column that describes the person: once with each of two values.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainer.classifier.fitted_classifier import Classifier
from trainer.classifier.missing_patterns import Pattern, hide
from trainer.schema.column_arrays import Columns, take_rows
from trainer.schema.kinds.column_kinds import column_kind

MOST_CUSTOMERS = 1000  # sampled; a share of them has a standard error of at most 1.6 points


@dataclass(frozen=True, kw_only=True)
class GroupChange:
    """The share of customers whose segment changes when one column changes.

    Attributes:
        before, after: the two values in words, in no order of merit.
        pattern: the unknown clustering column.
        customers: how many were answered twice.
        changed: share of them with two different segments.
    """

    column: str
    before: str
    after: str
    pattern: Pattern
    customers: int
    changed: float


def group_changes(
    classifier: Classifier, columns: Columns, persons: Sequence[str], *, seed: int
) -> tuple[GroupChange, ...]:
    """The changes for each person column and each single unknown clustering column.

    Of a number, the values are the middles of its lowest and its highest quarter; of a category, the two of
    its values between which most segments change.

    Args:
        columns: raw columns ``[N]`` of rows with every clustering column.
        persons: columns that describe the person and are not clustering columns.
        seed: of the sample of customers.
    """
    schema = classifier.segmentation.schema
    count = len(columns[schema.names[0]])
    most = min(count, MOST_CUSTOMERS)
    rows = np.sort(np.random.default_rng(seed).choice(count, most, replace=False))
    sampled = take_rows(columns, rows)
    found = []
    for spec in schema.columns:
        if spec.name not in persons:
            continue
        values = column_kind(spec).contrasts(spec, columns[spec.name])
        for source in schema.clustering_sources:
            hidden = hide(schema, sampled, (source,))
            answers = [_answers(classifier, hidden, spec.name, value) for _, value in values]
            changes = list(_compared([words for words, _ in values], answers))
            if changes:
                before, after, changed = max(changes, key=lambda each: each[2])
                found.append(
                    GroupChange(
                        column=spec.name,
                        before=before,
                        after=after,
                        pattern=(source,),
                        customers=len(rows),
                        changed=changed,
                    )
                )
    return tuple(found)


def _answers(classifier: Classifier, columns: Columns, name: str, value: Any) -> NDArray[np.int64]:
    """The segments ``[N]`` with one column set to a value for every customer."""
    changed = {**columns, name: np.full_like(columns[name], value)}
    return np.asarray(classifier.probabilities(changed).argmax(axis=1), dtype=np.int64)


def _compared(words: Sequence[str], answers: Sequence[NDArray[np.int64]]) -> Iterator[tuple[str, str, float]]:
    for (before, first), (after, second) in combinations(zip(words, answers, strict=True), 2):
        yield before, after, float(np.mean(first != second))
