"""Checks the choice of k for a schema, and how it is described: columns left out, other numbers offered."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from inference.contract import CATEGORY, NUMBER, Category, ChoiceOfK
from tests.conftest import quick_config
from tests.quick_choice import QUICK_CHOICE
from trainer import MALL, ChoiceSettings, ColumnSpec, Roles, Schema, SegmentNumber, Table, TrainConfig
from trainer.parallel import Progress, no_progress
from trainer.schema.column_arrays import Columns
from trainer.segments import choose_for_schema
from trainer.segments.choose_for_schema import ChosenNumber, choose_for
from trainer.segments.described_choice import Choice, describe_choice
from trainer.segments.kmeans import segmentation_of
from trainer.segments.ordering import in_order
from trainer.segments.profile import describe_segments
from trainer.segments.structure import choose_k

GROUPED, NOISE = ("visits", "basket"), ("height", "shoe", "humidity", "phase")


def numbers_schema(*names: str) -> Schema:
    """Number columns, all of them clustering columns."""
    specs = tuple(
        ColumnSpec(name=name, header=name, label=name.capitalize(), kind=NUMBER, range=(-100, 100))
        for name in names
    )
    return Schema(name="shop", title="Shop", columns=specs, features=(), clustering=names)


def corners(rows: int = 200, noise: int = 0) -> NDArray[np.float64]:
    """Four groups at the corners of a square, and columns of noise, [rows, 2 + noise]."""
    rng = np.random.default_rng(0)
    table = 6 * rng.integers(0, 2, (rows, 2)) + rng.normal(size=(rows, 2))
    return np.hstack([table, 3 * rng.normal(size=(rows, noise))])


def by_name(table: NDArray[np.float64], *names: str) -> dict[str, NDArray[Any]]:
    return dict(zip(names, table.T, strict=True))


def decided(
    schema: Schema,
    columns: Columns,
    settings: ChoiceSettings = QUICK_CHOICE,
    progress: Progress = no_progress,
) -> Choice:
    return describe_choice(choose_for(schema, columns, settings, progress=progress), columns, progress)


@pytest.fixture(scope="module")
def noisy() -> tuple[ChosenNumber, Columns]:
    """The decision about two columns with groups and four without."""
    columns = by_name(corners(noise=4), *GROUPED, *NOISE)
    return choose_for(numbers_schema(*GROUPED, *NOISE), columns, QUICK_CHOICE), columns


@pytest.fixture(scope="module")
def mall(table: Table) -> Choice:
    return decided(MALL, table.columns, replace(QUICK_CHOICE, k_max=10))


@pytest.fixture(scope="module")
def cloud() -> tuple[Schema, Columns]:
    """One population."""
    table = np.random.default_rng(0).normal(size=(200, 2))
    return numbers_schema(*GROUPED), by_name(table, *GROUPED)


def test_columns_that_show_no_groups_leave_the_schema(noisy: tuple[ChosenNumber, Columns]) -> None:
    chosen, _ = noisy
    assert (chosen.number.k, chosen.number.kind) == (4, "natural")
    assert chosen.schema.clustering == GROUPED
    assert chosen.schema.names == (*GROUPED, *NOISE)  # they stay as profile columns
    assert chosen.left_out == NOISE


def test_the_segmentation_needs_the_columns_that_are_used_only(noisy: tuple[ChosenNumber, Columns]) -> None:
    chosen, columns = noisy
    segmentation = segmentation_of(chosen.schema, columns, chosen.number)
    assert np.array_equal(segmentation.nearest(columns), chosen.number.labels)
    elsewhere = {**columns, **{name: np.full(200, 99.0) for name in NOISE}}
    assert np.array_equal(segmentation.distances(elsewhere), segmentation.distances(columns))


def test_columns_that_are_not_used_are_named(noisy: tuple[ChosenNumber, Columns]) -> None:
    choice = describe_choice(*noisy, no_progress)
    assert choice.unused_columns == ("Height", "Shoe", "Humidity", "Phase")
    assert choice.reason.endswith(" Height, Shoe, Humidity and Phase show no groups and are not used.")
    one = describe_choice(replace(noisy[0], left_out=("shoe",)), noisy[1], no_progress)
    assert one.reason.endswith(" Shoe shows no groups and is not used.")


def test_a_clustering_column_that_the_user_named_is_never_left_out(
    noisy: tuple[ChosenNumber, Columns],
) -> None:
    config = TrainConfig(choice=QUICK_CHOICE, roles=Roles(cluster=(*GROUPED, *NOISE)))
    chosen = choose_for(numbers_schema(*GROUPED, *NOISE), noisy[1], config.choice_of_columns)
    assert chosen.schema.clustering == (*GROUPED, *NOISE)
    assert chosen.left_out == ()
    assert len(chosen.number.columns) == 6
    assert TrainConfig(choice=QUICK_CHOICE).choice_of_columns == QUICK_CHOICE


def test_where_a_category_would_be_cut_apart_all_columns_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """The choice is made to leave out one of a category's two indicators."""
    colours = ColumnSpec(
        name="colour",
        header="colour",
        label="Colour",
        kind=CATEGORY,
        categories=tuple(Category(value=value) for value in ("blue", "green", "red")),
    )
    numbers = numbers_schema(*GROUPED)
    schema = replace(numbers, columns=(*numbers.columns, colours), clustering=(*GROUPED, "colour"))
    colour = np.array(["blue", "green", "red"], dtype=object)[np.arange(200) % 3]
    columns = by_name(corners(), *GROUPED) | {"colour": colour}
    searched: list[bool] = []

    def cutting(table: NDArray[np.float64], settings: ChoiceSettings, *, progress: Progress) -> SegmentNumber:
        searched.append(settings.search_columns)
        if settings.search_columns:
            return replace(choose_k(table[:, used], settings), columns=tuple(used))
        return choose_k(table, settings)

    monkeypatch.setattr(choose_for_schema, "choose_k", cutting)
    used = [0, 1, 3]
    chosen = choose_for(schema, columns, QUICK_CHOICE)
    assert searched == [True, False]
    assert (chosen.schema.clustering, chosen.left_out) == (schema.clustering, ())
    assert chosen.number.columns == (0, 1, 2, 3)
    used = [0, 1]  # without the whole category
    assert choose_for(schema, columns, QUICK_CHOICE).left_out == ("colour",)


def test_income_and_score_make_five_natural_segments(mall: Choice) -> None:
    assert (mall.k, mall.kind, mall.chosen_by, mall.natural_k) == (5, "natural", "rule", 5)
    assert mall.reason.startswith("5 segments are natural: their silhouette of 0.55")
    assert "one population (p = 0.025)" in mall.reason
    assert (mall.row.k, mall.row.kind, mall.row.failed) == (5, "natural", ())
    assert mall.row.silhouette >= 0.55
    assert mall.row.davies_bouldin <= 0.60
    assert mall.row.calinski_harabasz >= 240
    assert mall.row.ari >= 0.93
    assert mall.row.jaccard >= 0.90
    assert mall.row.smallest_share >= 0.10
    assert mall.row.smallest_rows == 22
    assert mall.row.excess >= 0.08
    assert mall.row.z > mall.limit


def test_every_k_has_its_row_and_each_that_is_not_natural_its_reasons(mall: Choice) -> None:
    assert [row.k for row in mall.table] == list(range(2, 11))
    assert all(bool(row.failed) != row.passes for row in mall.table)
    assert {row.kind for row in mall.table if row.passes} == {"natural"}
    assert (mall.left_out, mall.unused_columns, mall.sample_rows) == ((), (), 200)


def test_the_elbow_agrees_and_the_other_criteria_are_reported(mall: Choice) -> None:
    assert mall.elbow == 5
    assert mall.second_opinions[0].startswith("Elbow")
    assert mall.second_opinions[0].endswith("also recommend k = 5.")
    gap = mall.second_opinions[1]
    assert gap.startswith("Gap statistic recommends k = 1, no segments; with at least 2 it ")
    assert "The BIC of a Gaussian mixture recommends k = 7." in mall.second_opinions


def test_the_choice_is_ready_for_json_and_for_the_contract(mall: Choice) -> None:
    again = json.loads(json.dumps(asdict(mall), allow_nan=False))
    assert again["table"][3]["jaccard"] == mall.table[3].jaccard
    assert again["settings"]["bootstraps"] == 10
    read = ChoiceOfK.read(again)
    assert (read.k, read.kind, read.p_value, read.reason) == (5, "natural", mall.p_value, mall.reason)
    assert [(row.k, row.kind, row.valley) for row in read.table] == [
        (row.k, row.kind, row.valley) for row in mall.table
    ]
    assert [other.segments for other in read.others] == [other.segments for other in mall.others]


def test_another_number_is_offered_with_what_its_option_would_give(mall: Choice, table: Table) -> None:
    assert mall.others
    for other in mall.others:
        row = next(row for row in mall.table if row.k == other.k)
        assert (other.kind, other.ari, other.jaccard) == (row.kind, row.ari, row.jaccard)
        assert other.option == f"--k {other.k}"
        asked = choose_for(MALL, table.columns, replace(mall.settings, user_k=other.k))
        fitted, _ = in_order(segmentation_of(asked.schema, table.columns, asked.number), table.columns, None)
        segments = describe_segments(fitted, table.columns, fitted.nearest(table.columns))
        assert other.segments == tuple((each.name, each.size) for each in segments)


def test_a_number_with_a_segment_of_too_few_customers_is_not_offered(
    cloud: tuple[Schema, Columns],
) -> None:
    schema, columns = cloud
    chosen = choose_for(schema, columns, QUICK_CHOICE)
    offered = {other.k for other in describe_choice(chosen, columns, no_progress).others}
    assert offered == {other.k for other in chosen.number.others} != set()
    few = {name: values[:11] for name, values in columns.items()}
    assert describe_choice(chosen, few, no_progress).others == ()


@pytest.mark.parametrize("seed", [1, 2])
def test_permuted_columns_have_no_natural_segments(seed: int, table: Table) -> None:
    values = np.column_stack([table.columns[name] for name in MALL.clustering])
    noise = np.random.default_rng(seed).permuted(values, axis=0)
    choice = decided(MALL, table.columns | by_name(noise, *MALL.clustering))
    assert choice.natural_k is None
    assert choice.kind != "natural"
    assert choice.chosen_by == "rule"


@pytest.mark.parametrize("seed", [1, 2])
def test_one_correlated_cloud_has_no_natural_segments(seed: int) -> None:
    rows = np.random.default_rng(seed).multivariate_normal([0, 0], [[1, 0.7], [0.7, 1]], size=200)
    choice = decided(numbers_schema(*GROUPED), by_name(rows, *GROUPED))
    assert choice.natural_k is None
    assert {row.kind for row in choice.table} <= {"reproducible", "constructive"}
    assert all(row.failed for row in choice.table)


def test_what_the_user_asks_for_is_used_and_judged(cloud: tuple[Schema, Columns]) -> None:
    choice = decided(*cloud, replace(QUICK_CHOICE, user_k=7))
    assert (choice.k, choice.chosen_by, choice.natural_k) == (7, "user", None)
    assert "k = 7 was chosen by the user" in choice.reason
    assert [row.k for row in choice.table] == [2, 3, 4, 5, 7]
    assert 7 not in {other.k for other in choice.others}


def test_progress_names_each_part_of_the_work_and_ends(cloud: tuple[Schema, Columns]) -> None:
    reported: dict[str, tuple[int, int]] = {}
    decided(*cloud, progress=lambda label, done, total: reported.update({label: (done, total)}))
    assert {"clusterings", "mixtures", "gap statistic"} <= reported.keys()
    assert all(done == total for done, total in reported.values())


def test_a_run_searches_columns_unless_the_user_names_them() -> None:
    assert quick_config().choice_of_columns.search_columns
    named = replace(quick_config(), roles=Roles(cluster=("age",)))
    assert not named.choice_of_columns.search_columns
