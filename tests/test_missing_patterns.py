"""Checks that every pattern of missing columns is trained on and that hiding hides nothing else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from trainer import MALL, Table
from trainer.classifier.missing_patterns import (
    NOTHING_MISSING,
    evaluated_patterns,
    hide,
    key_patterns,
    repeat_under,
    served_patterns,
    training_patterns,
)
from trainer.schema.column_spec import ColumnSpec

WIDE = replace(
    MALL,
    columns=(
        *MALL.columns,
        *(ColumnSpec(name=f"c{i}", header=f"c{i}", label=f"c{i}", kind="number") for i in range(5)),
    ),
)


def test_four_columns_give_all_sixteen_patterns_the_complete_one_first() -> None:
    patterns = training_patterns(MALL, seed=0)
    assert patterns[0] == NOTHING_MISSING
    assert len(set(patterns)) == len(patterns) == 16


def test_many_columns_give_single_clustering_and_random_patterns() -> None:
    patterns = training_patterns(WIDE, seed=0)
    assert patterns[:2] == [NOTHING_MISSING, WIDE.names]
    assert {(name,) for name in WIDE.names} | {MALL.clustering} <= set(patterns)
    assert len(set(patterns)) == len(patterns) >= 12 + 10
    assert patterns == training_patterns(WIDE, seed=0)
    assert patterns != training_patterns(WIDE, seed=1)


def test_every_pattern_is_in_the_order_of_the_schema() -> None:
    for schema in (MALL, WIDE):
        for pattern in (*training_patterns(schema, seed=0), *evaluated_patterns(schema)):
            assert pattern == tuple(name for name in schema.names if name in pattern)


def test_evaluation_covers_complete_singles_and_pairs() -> None:
    patterns = evaluated_patterns(MALL)
    assert len(patterns) == len(set(patterns)) == 1 + 4 + 6
    assert patterns[0] == NOTHING_MISSING
    assert ("annual_income", "spending_score") in patterns
    three = replace(MALL, clustering=("age", "annual_income", "spending_score"))
    assert ("age", "annual_income", "spending_score") in evaluated_patterns(three)


def test_the_classifier_answers_where_a_clustering_column_is_missing() -> None:
    served = served_patterns(MALL)
    assert NOTHING_MISSING not in served
    assert ("gender", "age") not in served
    assert {("spending_score",), ("gender", "annual_income")} <= set(served)


def test_key_patterns_are_complete_each_clustering_column_and_all() -> None:
    both = ("annual_income", "spending_score")
    assert key_patterns(MALL) == ((), ("annual_income",), ("spending_score",), both)
    assert key_patterns(replace(MALL, clustering=("annual_income",))) == ((), ("annual_income",))
    assert set(key_patterns(WIDE)) <= set(evaluated_patterns(WIDE))


def test_hiding_changes_only_the_named_columns_of_a_copy(table: Table) -> None:
    hidden = hide(MALL, table.columns, ("gender", "annual_income"))
    assert set(hidden["gender"]) == {""}
    assert np.isnan(hidden["annual_income"]).all()
    assert hidden["age"] is table.columns["age"]
    assert not np.isnan(table.columns["annual_income"]).any()
    assert set(table.columns["gender"]) == {"Female", "Male"}


def test_repeats_pattern_after_pattern(table: Table) -> None:
    repeated = repeat_under(MALL, table.columns, [NOTHING_MISSING, MALL.names])
    assert len(repeated["age"]) == 400
    assert np.array_equal(repeated["age"][:200], table.columns["age"])
    assert np.isnan(repeated["age"][200:]).all()
