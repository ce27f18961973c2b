"""Checks that names, tiers and actions follow from the figures and stay the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from inference.contract import CATEGORY, NUMBER, Category
from tests.test_difficult_headers import schema_of
from trainer import MALL, Schema, Table
from trainer.schema.column_arrays import Columns
from trainer.schema.column_spec import ColumnSpec
from trainer.segments.kmeans import Segmentation, fit_segmentation, match
from trainer.segments.naming.name_segments import Naming, name_segments

AGE_TOO = replace(MALL, clustering=("age", "annual_income", "spending_score"))
RESAMPLES = 60
SAME_PARTITION = 0.95  # adjusted Rand index
SAME_NAMES = 0.95  # of resampled tables with the same partition


def _names(columns: Columns, k: int, schema: Schema = MALL, order: list[int] | None = None) -> list[Naming]:
    segmentation = fit_segmentation(schema, columns, k, seed=0)
    if order is not None:
        segmentation = segmentation.reordered(np.array(order))
    names = name_segments(segmentation, columns, segmentation.nearest(columns))
    assert len(names) == k
    return names


def _named(
    table: Table, k: int, schema: Schema = MALL, order: list[int] | None = None
) -> dict[str, tuple[object, ...]]:
    names = _names(table.columns, k, schema, order)
    return {each.name: (each.value.tier, each.high_potential, each.action, each.because) for each in names}


def test_the_five_segments_get_their_published_names_and_tiers(table: Table) -> None:
    found = {name: reported[:2] for name, reported in _named(table, 5).items()}
    assert found == {
        "High income, high score": ("premium", False),
        "Mid income, mid score": ("average", False),
        "Low income, high score": ("average", False),
        "High income, low score": ("low-spending", True),
        "Low income, low score": ("low-spending", False),
    }


def test_actions_differ_and_fit(table: Table) -> None:
    actions = {name: str(reported[2]) for name, reported in _named(table, 5).items()}
    assert len(set(actions.values())) == 5
    assert actions["High income, high score"].startswith("Retain")
    assert actions["High income, low score"].startswith("Win over")
    assert actions["Low income, high score"].startswith("Keep close")


def test_each_action_has_the_figures_it_follows_from(table: Table) -> None:
    because = {name: reported[3] for name, reported in _named(table, 5).items()}
    assert because["High income, high score"] == (
        "median annual income 80 k$ (others 54 k$); median spending score 83 (others 45); "
        "2.33 times the average income-spend interaction"
    )


@pytest.mark.parametrize("order", [[4, 3, 2, 1, 0], [2, 0, 1, 4, 3]])
@pytest.mark.parametrize("k", [5, 8])
def test_cluster_numbers_do_not_matter(table: Table, order: list[int], k: int) -> None:
    order = [*order, *range(5, k)]
    assert _named(table, k, order=order) == _named(table, k)


@pytest.mark.parametrize("schema", [MALL, AGE_TOO], ids=["income+score", "with age"])
@pytest.mark.parametrize("k", range(2, 11))
def test_names_and_actions_are_unique_and_short(table: Table, k: int, schema: Schema) -> None:
    named = _named(table, k, schema)
    assert len({frozenset(name.casefold().split(", ")) for name in named}) == k
    assert len({reported[2] for reported in named.values()}) == k
    assert all(len(name) <= 32 for name in named)


def test_of_two_segments_with_one_name_the_one_farther_out_says_so(table: Table) -> None:
    named = set(_named(table, 10))
    assert {"High income, high score", "Very high income, high score"} <= named


def test_two_halves_are_low_and_high_and_not_average(table: Table) -> None:
    score = np.where(np.arange(200) < 106, 20.0, 90.0) + np.arange(200) % 3
    other = replace(table, columns={**table.columns, "spending_score": score})
    assert set(_named(other, 2, replace(MALL, clustering=("spending_score",)))) == {"Low score", "High score"}


@pytest.mark.parametrize("total", [-1.0, 0.0])
def test_a_value_without_a_positive_total_gives_no_tiers(table: Table, total: float) -> None:
    income = np.where(np.arange(200) < 100, 10.0, total * 10.0)
    other = replace(table, columns={**table.columns, "annual_income": income})
    schema = replace(MALL, value="annual_income", clustering=("spending_score",), capacity=None)
    reported = _named(other, 3, schema)
    assert ({each[0] for each in reported.values()} == {""}) == (total < 0)


def test_without_a_value_column_there_is_no_tier(table: Table) -> None:
    reported = _named(table, 5, replace(MALL, value=None))
    assert {each[0] for each in reported.values()} == {""}
    assert len({each[2] for each in reported.values()}) == 5


def _rfm(rng: np.random.Generator, rows: int = 400) -> tuple[Schema, Columns]:
    """Four groups: few recent orders for a short time, many recent ones, many long ago, few long ago."""
    group = np.arange(rows) % 4
    recency = rng.gamma(4, np.array([5.0, 4.0, 60.0, 70.0])[group] / 4)
    frequency = rng.poisson(np.array([2, 20, 18, 2])[group]) + 1.0
    monetary = frequency * rng.gamma(20, np.array([2.0, 4.0, 4.0, 2.0])[group])
    tenure = recency + rng.gamma(20, np.array([1.0, 30.0, 30.0, 30.0])[group])
    headers = ("recency", "frequency", "monetary (EUR)", "tenure")
    columns = dict(zip(("c0", "c1", "c2", "c3"), (recency * 3, frequency, monetary, tenure), strict=True))
    schema = replace(schema_of(headers, "c2"), clustering=("c0", "c1", "c2"))
    return schema, columns


def test_recency_frequency_and_value_give_the_names_of_marketing() -> None:
    schema, columns = _rfm(np.random.default_rng(0))
    names = {each.name: each for each in _names(columns, 4, schema)}
    assert set(names) == {"New customers", "Champions", "Cannot lose them", "Lapsed customers"}
    assert names["Champions"].value.tier == "premium"
    assert names["Lapsed customers"].action.startswith("Win back")
    assert "days since the last purchase" in names["Lapsed customers"].because


def test_nobody_is_lapsed_after_a_few_days() -> None:
    schema, columns = _rfm(np.random.default_rng(0))
    columns = {**columns, "c0": columns["c0"] / 40}
    names = {each.name for each in _names(columns, 4, schema)}
    assert not names & {"Lapsed customers", "At risk", "Cannot lose them"}


def test_segments_of_one_marketing_group_are_told_apart() -> None:
    schema, columns = _rfm(np.random.default_rng(0))
    names = [each.name for each in _names(columns, 8, schema)]
    assert len({name.casefold() for name in names}) == 8
    assert max(map(len, names)) <= 32


def test_negative_cells_lower_a_value_and_keep_its_tiers() -> None:
    rng = np.random.default_rng(0)
    spend = np.r_[rng.normal(10, 2, 60), rng.normal(200, 9, 60)]
    spend[:3] = -90.0
    names = {each.name: each.value for each in _names({"c0": spend}, 2, schema_of(("monetary",), "c0"))}
    assert {name: each.tier for name, each in names.items()} == {
        "Low spend": "low-spending",
        "High spend": "premium",
    }
    spend[:30] = -30.0
    low = next(
        each for each in _names({"c0": spend}, 2, schema_of(("monetary",), "c0")) if "Low" in each.name
    )
    assert low.value.index is not None
    assert low.value.index < 0
    assert "total monetary below zero" in low.because


def test_a_total_that_nearly_cancels_out_gives_no_index() -> None:
    spend = np.r_[np.full(50, 100.0), np.full(50, -95.0)] + np.arange(100) / 100
    assert {each.value.index for each in _names({"c0": spend}, 2, schema_of(("revenue",), "c0"))} == {None}


def _telecom(rng: np.random.Generator) -> tuple[Schema, Columns]:
    tenure = np.r_[rng.uniform(1, 20, 100), rng.uniform(50, 72, 100)]
    monthly = np.r_[rng.normal(95, 5, 100), rng.normal(60, 5, 100)]
    columns = {"c0": tenure, "c1": tenure * monthly}
    schema = schema_of(("tenure", "TotalCharges"), "c1")
    return replace(schema, clustering=("c0",)), columns


def test_a_value_that_accumulates_with_tenure_is_judged_by_its_rate() -> None:
    schema, columns = _telecom(np.random.default_rng(0))
    names = {each.name: each for each in _names(columns, 2, schema)}
    short = names["Short tenure"]
    assert (short.value.kind, short.value.tier) == ("rate", "premium")
    assert short.value.index is not None
    assert short.value.index < 0.6
    assert "per unit of tenure" in short.because


def test_categories_are_named_by_what_most_have() -> None:
    rng = np.random.default_rng(0)
    plan = np.where(np.arange(200) < 100, "Fiber optic", "DSL").astype(object)
    plan[150:160] = "None"
    spec = ColumnSpec(
        name="plan",
        header="Internet",
        label="Internet",
        kind=CATEGORY,
        categories=(Category(value="DSL"), Category(value="Fiber optic"), Category(value="None")),
    )
    other = ColumnSpec(name="calls", header="calls", label="Calls", kind=NUMBER)
    schema = Schema(name="t", title="T", columns=(other, spec), features=(), clustering=("calls", "plan"))
    calls = np.r_[rng.normal(0, 1, 100), rng.normal(3, 1, 100)]
    names = {each.name for each in _names({"plan": plan, "calls": calls}, 2, schema)}
    assert names == {"Fiber optic, few calls", "Many calls, internet DSL"}


def _blobs(rng: np.random.Generator) -> tuple[Schema, Columns]:
    centres = np.array([[0, 0, 4], [6, 1, 0], [6, 7, 5], [1, 7, 1]], dtype=float)
    points = centres[np.arange(240) % 4] + rng.normal(0, 1, (240, 3))
    headers = ("Days since last order", "orders", "Average basket")
    return schema_of(headers), {f"c{place}": points[:, place] * 20 + 200 for place in range(3)}


def _embedded(rng: np.random.Generator) -> tuple[Schema, Columns]:
    from trainer import read_table

    del rng
    return MALL, dict(read_table().columns)


@pytest.mark.parametrize("refit", [False, True], ids=["same centroids", "fitted again"])
@pytest.mark.parametrize(
    ("make", "k"), [(_embedded, 5), (_rfm, 4), (_blobs, 4)], ids=["embedded", "rfm", "blobs"]
)
def test_resampled_customers_get_the_same_names(
    make: Callable[[np.random.Generator], tuple[Schema, Columns]], k: int, *, refit: bool
) -> None:
    rng = np.random.default_rng(4)
    schema, columns = make(rng)
    usual = fit_segmentation(schema, columns, k, seed=0)
    labels = usual.nearest(columns)
    names = [each.name for each in name_segments(usual, columns, labels)]
    times: Counter[bool] = Counter()
    for _ in range(RESAMPLES):
        rows = rng.integers(0, len(labels), len(labels))
        drawn = {name: cells[rows] for name, cells in columns.items()}
        again = _again(usual, drawn) if refit else usual
        if adjusted_rand_score(labels[rows], again.nearest(drawn)) < SAME_PARTITION:
            continue
        found = [each.name for each in name_segments(again, drawn, again.nearest(drawn))]
        times[found == names] += 1
    assert times.total() >= RESAMPLES / 3
    assert times[True] >= SAME_NAMES * times.total(), times


def _again(usual: Segmentation, columns: Columns) -> Segmentation:
    """Fitted again to resampled customers, with the numbering of the usual segments."""
    again = fit_segmentation(usual.schema, columns, usual.k, seed=0, n_init=5)
    scaled = usual.fences.scaled
    return again.reordered(match(scaled(usual.raw_centroids()), scaled(again.raw_centroids())))


def test_channels_one_and_two_are_no_yes_and_no() -> None:
    rng = np.random.default_rng(0)
    channel = np.array(["1"] * 100 + ["2"] * 100, dtype=object)
    spec = ColumnSpec(
        name="channel",
        header="Channel",
        label="Channel",
        kind=CATEGORY,
        categories=(Category(value="1"), Category(value="2")),
    )
    other = ColumnSpec(name="calls", header="calls", label="Calls", kind=NUMBER)
    schema = Schema(name="t", title="T", columns=(other, spec), features=(), clustering=("calls", "channel"))
    calls = np.r_[rng.normal(0, 1, 100), rng.normal(3, 1, 100)]
    names = {each.name for each in _names({"channel": channel, "calls": calls}, 2, schema)}
    assert names == {"Channel 1, few calls", "Channel 2, many calls"}
