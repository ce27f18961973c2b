"""Runs of any shape without training them: another k, other clustering columns, made-up held-out answers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from tests.conftest import fit
from trainer import MALL, Schema, Trained
from trainer.classifier.candidates import BOOSTED, CANDIDATES
from trainer.classifier.evaluation.cross_validation import FoldResult, HeldOut
from trainer.classifier.evaluation.group_changes import group_changes
from trainer.classifier.evaluation.held_out_scores import evaluate
from trainer.classifier.evaluation.subgroups import group_fidelity
from trainer.classifier.missing_patterns import evaluated_patterns, key_patterns, served_patterns
from trainer.classifier.selection import select_classifier
from trainer.segments.described_choice import Choice


def schema_with(*clustering: str, **changes: Any) -> Schema:
    """The Mall schema with other clustering columns and other changes."""
    return replace(MALL, clustering=clustering, **changes)


def choice_of(choice: Choice, k: int, **changes: Any) -> Choice:
    """The decision with rows up to k = 10; those above the measured ones are copies of the last.

    Its kind is that of the row of ``k`` where ``changes`` do not say another.
    """
    known = {row.k: row for row in choice.table}
    last = choice.table[-1]
    rows = tuple(known.get(each, replace(last, k=each)) for each in range(2, 11))
    kind = next(row.kind for row in rows if row.k == k)
    return replace(choice, **{"k": k, "table": rows, "kind": kind, **changes})


def made_up(trained: Trained, *, k: int, schema: Schema = MALL, skill: float = 2.0, **choice: Any) -> Trained:
    """A run with ``k`` segments whose classifiers are right more often the larger ``skill`` is.

    The segments are fitted; the answers about held-out customers are drawn at random.
    """
    table = replace(trained.table, schema=schema)
    fitted = fit(table, BOOSTED, k, schema)
    labels = fitted.segmentation.nearest(table.columns)
    held_out = _held_out(trained.held_out, labels, schema, skill)
    selection = select_classifier(held_out, schema)
    evaluation = evaluate(held_out, selection.chosen, served_patterns(schema), membership_scale=3.0)
    profile = [name for name in trained.persons if name not in schema.clustering_sources]
    changes = group_changes(fitted.classifier, table.columns, profile, seed=0)
    groups = group_fidelity(table, held_out, selection.chosen, key_patterns(schema)[1:], profile)
    return replace(
        trained,
        table=table,
        fitted=fitted,
        labels=labels,
        choice=choice_of(trained.choice, k, **choice),
        selection=selection,
        held_out=held_out,
        evaluation=evaluation,
        groups=groups,
        group_changes=changes,
    )


def _held_out(base: HeldOut, labels: np.ndarray[Any, Any], schema: Schema, skill: float) -> HeldOut:
    rng = np.random.default_rng(0)
    k = int(labels.max()) + 1
    patterns = evaluated_patterns(schema)

    def fold_of(fold: FoldResult) -> FoldResult:
        own = labels[fold.rows]
        answers = {}
        for name in CANDIDATES:
            for pattern in patterns:
                drawn = rng.gamma(1.0, size=(len(own), k)) + skill * np.eye(k)[own]
                answers[name, pattern] = (drawn / drawn.sum(axis=1, keepdims=True)).astype(np.float32)
        shares = np.bincount(labels, minlength=k) / len(labels)
        return replace(fold, nested=own, distances=1.0 - np.eye(k)[own], shares=shares, probabilities=answers)

    return replace(base, labels=labels, folds=tuple(fold_of(fold) for fold in base.folds), patterns=patterns)
