"""Checks that names, tiers and actions follow from the profile and never from a cluster number."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from trainer import MALL, Schema, Table
from trainer.segments.kmeans import fit_segmentation
from trainer.segments.naming import name_segments

AGE_TOO = replace(MALL, clustering=("age", "annual_income", "spending_score"))


def _named(
    table: Table, k: int, schema: Schema = MALL, order: list[int] | None = None
) -> dict[str, tuple[object, ...]]:
    segmentation = fit_segmentation(schema, table.columns, k, seed=0)
    if order is not None:
        segmentation = segmentation.reordered(np.array(order))
    names = name_segments(segmentation, table.columns, segmentation.nearest(table.columns))
    assert len(names) == k
    return {each.name: (each.tier, each.high_potential, each.action) for each in names}


def test_the_five_segments_get_their_published_names_and_tiers(table: Table) -> None:
    found = {name: reported[:2] for name, reported in _named(table, 5).items()}
    assert found == {
        "High Income, High Score": ("premium", False),
        "Average": ("average", False),
        "Low Income, High Score": ("average", False),
        "High Income, Low Score": ("low-spending", True),
        "Low Income, Low Score": ("low-spending", False),
    }


def test_actions_distinguish_the_two_middle_segments(table: Table) -> None:
    actions = {name: reported[2] for name, reported in _named(table, 5).items()}
    assert len(set(actions.values())) == 5
    assert str(actions["High Income, Low Score"]).startswith("Win over")
    assert str(actions["Low Income, High Score"]).startswith("Keep close")


@pytest.mark.parametrize("order", [[4, 3, 2, 1, 0], [2, 0, 1, 4, 3]])
def test_cluster_numbers_do_not_matter(table: Table, order: list[int]) -> None:
    assert _named(table, 5, order=order) == _named(table, 5)


@pytest.mark.parametrize("schema", [MALL, AGE_TOO], ids=["income+score", "with age"])
@pytest.mark.parametrize("k", range(2, 10))
def test_names_are_unique(table: Table, k: int, schema: Schema) -> None:
    names = _named(table, k, schema)
    assert len(names) == k


def test_equal_names_get_a_suffix_that_distinguishes_them(table: Table) -> None:
    assert {"High Income, High Score, lower income", "High Income, High Score, higher income"} <= set(
        _named(table, 6)
    )


def test_in_a_column_with_one_frequent_value_only_other_values_are_low_or_high(table: Table) -> None:
    score = np.where(np.arange(200) < 160, 100.0, 20.0)
    other = replace(table, columns={**table.columns, "spending_score": score})
    assert set(_named(other, 2, replace(MALL, clustering=("spending_score",)))) == {"Average", "Low Score"}


@pytest.mark.parametrize("total", [-1.0, 0.0])
def test_a_value_without_a_positive_total_gives_no_tiers(table: Table, total: float) -> None:
    age = np.where(np.arange(200) < 100, 10.0, total * 10.0)
    other = replace(table, columns={**table.columns, "age": age})
    reported = _named(other, 5, replace(MALL, value="age"))
    assert ({tier for tier, _, _ in reported.values()} == {""}) == (total < 0)


def test_without_a_value_column_there_is_no_tier(table: Table) -> None:
    schema = replace(MALL, value=None)
    reported = _named(table, 5, schema)
    assert {tier for tier, _, _ in reported.values()} == {""}
    assert all(str(action).startswith("Learn more before acting") for _, _, action in reported.values())
