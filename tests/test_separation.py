"""Checks that the effect of the clustering columns is shown, and that unsuitable ones give warnings."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.quick_choice import QUICK_CHOICE
from trainer import MALL, Alternative, Table, TrainConfig, alternatives
from trainer.segments.alternatives import variants
from trainer.segments.kmeans import fit_segmentation
from trainer.segments.separation import clustering_warnings, separation

CONFIG = TrainConfig(choice=replace(QUICK_CHOICE, k_min=4, k_max=6))


@pytest.fixture(scope="module")
def judged(table: Table) -> dict[str, Alternative]:
    return {each.title: each for each in alternatives(table, CONFIG)}


def test_the_chosen_columns_come_first_and_agree_with_themselves(judged: dict[str, Alternative]) -> None:
    first = next(iter(judged.values()))
    assert (first.title, first.clustering, first.k) == ("as chosen", ("annual_income", "spending_score"), 5)
    assert first.agreement == 1.0
    assert first.kind == "natural"
    assert first.ari >= 0.93
    assert first.excess >= 0.08


def test_every_kind_of_alternative_is_there(judged: dict[str, Alternative]) -> None:
    assert set(judged) == {
        "as chosen",
        "with every number",
        "with engineered columns",
        "with categories",
        "with everything",
    }


def test_all_six_columns_are_unstable_with_five_segments_and_split_by_gender(
    judged: dict[str, Alternative],
) -> None:
    six = judged["with everything"]
    assert len(six.clustering) == 6
    assert six.ari_at_chosen_k is not None
    assert six.ari_at_chosen_k < 0.85
    assert six.kind != "natural" or six.k != 5
    assert six.separates["gender"] > 0.5
    assert six.agreement < 0.6


def test_skewed_money_is_tried_as_a_logarithm(table: Table) -> None:
    income = np.exp(table.columns["annual_income"] / 25)
    found = variants(replace(table, columns={**table.columns, "annual_income": income}))
    (logs,) = (each for each in found if each.title == "with logarithms of skewed columns")
    assert logs.schema.clustering == ("log_annual_income", "spending_score")


def test_separation_by_hand(table: Table) -> None:
    """Groups (1, 3) and (5, 7): variance 5 in all, 4 between the groups."""
    columns = {name: np.resize(values, 4) for name, values in table.columns.items()}
    columns["age"] = np.array([1.0, 3.0, 5.0, 7.0])
    columns["annual_income"] = np.array([1.0, np.nan, 1.0, 1.0])
    columns["gender"] = np.array(["Male", "Male", "Female", "Female"], dtype=object)
    shares = separation(MALL, columns, np.array([0, 0, 1, 1]))
    assert shares["age"] == pytest.approx(0.8)
    assert shares["gender"] == 1.0
    assert shares["annual_income"] == 0.0


def _warnings(table: Table, *clustering: str) -> list[str]:
    segmentation = fit_segmentation(replace(MALL, clustering=clustering), table.columns, 5, seed=0)
    return clustering_warnings(segmentation, table.columns, segmentation.nearest(table.columns))


def test_good_columns_give_no_warning(table: Table) -> None:
    assert _warnings(table, "annual_income", "spending_score") == []
    assert _warnings(table, "age", "income_spend_interaction") == []


def test_a_clustering_category_gives_a_warning_with_its_share(table: Table) -> None:
    (reported,) = _warnings(table, "gender", "annual_income", "spending_score")
    assert reported.startswith("Gender is a clustering column with 2 values; ")
    assert "of its variance lies between the segments" in reported


def test_a_product_of_other_clustering_columns_gives_a_warning_with_its_share(table: Table) -> None:
    (reported,) = _warnings(table, "annual_income", "spending_score", "income_spend_interaction")
    assert "and so are Annual income and Spending score, which it is computed from" in reported
    columns = table.columns
    income, score = columns["annual_income"], columns["spending_score"]
    design = np.column_stack([income, score, np.ones(200)])
    residual = income * score - design @ np.linalg.lstsq(design, income * score, rcond=None)[0]
    explained = 1 - residual.var() / (income * score).var()
    assert f"explain {explained:.0%} of it" in reported
