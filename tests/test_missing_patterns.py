"""Promises that every pattern of missing columns is trained on and that hiding hides nothing else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from trainer import MALL, Table
from trainer.classifier.missing_patterns import evaluation_masks, hide, repeat_under, training_masks
from trainer.schema.column_spec import ColumnSpec

WIDE = replace(
    MALL,
    columns=(
        *MALL.columns,
        *(ColumnSpec(name=f"c{i}", header=f"c{i}", label=f"c{i}", kind="number") for i in range(5)),
    ),
)


def test_four_columns_give_all_sixteen_patterns_the_complete_one_first() -> None:
    masks = training_masks(MALL, seed=0)
    assert masks[0] == (False,) * 4
    assert len(set(masks)) == len(masks) == 16


def test_many_columns_give_each_alone_every_clustering_set_and_random_ones() -> None:
    masks = training_masks(WIDE, seed=0)
    assert masks[:2] == [(False,) * 9, (True,) * 9]
    alone = [tuple(each == position for each in range(9)) for position in range(9)]
    both = tuple(name in MALL.clustering for name in WIDE.names)
    assert set(alone) | {both} <= set(masks)
    assert len(set(masks)) == len(masks) >= 12 + 10
    assert masks == training_masks(WIDE, seed=0)
    assert masks != training_masks(WIDE, seed=1)


def test_evaluation_covers_complete_singles_and_pairs() -> None:
    masks = evaluation_masks(MALL)
    assert len(masks) == 1 + 4 + 6
    assert masks["complete"] == (False,) * 4
    three = replace(MALL, clustering=("age", "annual_income", "spending_score"))
    assert evaluation_masks(three)["without age, annual_income, spending_score"] == (False, True, True, True)
    assert masks["without annual_income, spending_score"] == (False, False, True, True)


def test_hiding_hides_the_named_columns_and_leaves_the_table_alone(table: Table) -> None:
    hidden = hide(MALL, table.columns, (True, False, True, False))
    assert set(hidden["gender"]) == {""}
    assert np.isnan(hidden["annual_income"]).all()
    assert hidden["age"] is table.columns["age"]
    assert not np.isnan(table.columns["annual_income"]).any()
    assert set(table.columns["gender"]) == {"Female", "Male"}


def test_repeats_mask_after_mask(table: Table) -> None:
    masked = repeat_under(MALL, table.columns, [(False,) * 4, (True,) * 4])
    assert len(masked["age"]) == 400
    assert np.array_equal(masked["age"][:200], table.columns["age"])
    assert np.isnan(masked["age"][200:]).all()
