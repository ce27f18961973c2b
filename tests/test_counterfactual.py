"""Checks that a reported change really moves the customer, and that no smaller one of its kind does."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from inference import InputError, Segmenter
from inference.explanations.changes import Change
from inference.explanations.counterfactual import nearest_change, nearest_changes
from tests.ruled_model import ROW, RuledModel, above


def customers(count: int) -> list[dict[str, Any]]:
    """Customers in and slightly outside the training range, half of them with an unknown column."""
    random = np.random.default_rng(0)
    rows: list[dict[str, Any]] = []
    for number in range(count):
        row = {
            "gender": ["Female", "Male"][number % 2],
            "age": int(random.integers(10, 85)),
            "annual_income": int(random.integers(5, 170)),
            "spending_score": int(random.integers(1, 101)),
        }
        if number % 2:
            del row[list(row)[int(random.integers(4))]]
        rows.append(row)
    return rows


def smallest_by_brute_force(segmenter: Segmenter, row: dict[str, Any], name: str) -> int | None:
    """Distance of the nearest whole number within training that moves the customer."""
    column = segmenter.contract.column(name)
    own = row[name]
    assert column.range is not None
    numbers = np.arange(column.range[0], column.range[1] + 1)
    others = {other: [value] * len(numbers) for other, value in row.items() if other != name}
    moves = segmenter.predict_many(others | {name: numbers}).segment != segmenter.predict(**row).segment
    near = (numbers >= column.quantiles[0.0]) & (numbers <= column.quantiles[1.0])
    hits = numbers[moves & near]
    return int(np.abs(hits - own).min()) if len(hits) else None


@pytest.mark.parametrize("row", customers(24), ids=lambda row: "-".join(map(str, row.values())))
def test_no_smaller_whole_number_moves_the_customer(published: Segmenter, row: dict[str, Any]) -> None:
    changes = nearest_changes(published, row)
    found = {change.column: change for change in changes if not change.beyond_training}
    for name in ("age", "annual_income", "spending_score"):
        expected = smallest_by_brute_force(published, row, name) if name in row else None
        distance = abs(float(found[name].after) - row[name]) if name in found else None
        assert distance == expected


@pytest.mark.parametrize("row", customers(24), ids=lambda row: "-".join(map(str, row.values())))
def test_the_model_itself_moves_the_customer_and_not_one_step_before(
    published: Segmenter, row: dict[str, Any]
) -> None:
    for change in nearest_changes(published, row):
        assert change.segment_before == published.predict(**row).segment
        assert change.segment_after == published.predict(**row | {change.column: change.after}).segment
        assert change.segment_after != change.segment_before
        if not isinstance(change.after, str):
            before = change.after - np.sign(change.after - row[change.column])
            levels = published.contract.column(change.column).quantiles
            if not change.beyond_training and not levels[0.0] <= before <= levels[1.0]:
                continue  # the customer is outside the training range, and moved to its end
            assert published.predict(**row | {change.column: before}).segment == change.segment_before


@pytest.mark.parametrize(("own", "after"), [(40.0, 23.4567), (12.25, 23.4568)])
def test_a_boundary_between_decimals_is_found_to_a_millionth_of_the_span(own: float, after: float) -> None:
    change = nearest_change(RuledModel(above("spend", 23.4567891)), {"spend": own})
    assert change is not None
    assert change.after == after
    assert change.size == abs(after - own) / 40


@pytest.mark.parametrize("row", customers(6), ids=lambda row: "-".join(map(str, row.values())))
def test_the_model_agrees_about_columns_that_are_not_whole(published: Segmenter, row: dict[str, Any]) -> None:
    columns = tuple(replace(column, integer=False) for column in published.contract.columns)
    decimal = Segmenter(published._session, replace(published.contract, columns=columns))
    changes = nearest_changes(decimal, row)
    assert changes
    for change in changes:
        assert not isinstance(change.after, str)
        span = np.ptp(list(decimal.contract.column(change.column).quantiles.values()))
        before = change.after - np.sign(change.after - row[change.column]) * span * 1e-6
        assert published.predict(**row | {change.column: change.after}).segment == change.segment_after
        assert published.predict(**row | {change.column: before}).segment == change.segment_before


def test_changes_are_sorted_by_size_with_one_per_column() -> None:
    def rule(columns: dict[str, NDArray[Any]]) -> NDArray[np.int64]:
        moved = (columns["region"] != "north") | (columns["spend"] >= 90) | (columns["spend"] < 35)
        return np.where(moved | (columns["vip"] > 70_000), 1, 0)

    changes = nearest_changes(RuledModel(rule), ROW)
    assert [(change.column, change.after) for change in changes] == [
        ("spend", 34.9999),
        ("vip", 70_001),
        ("region", "south"),  # east moves the customer too, less surely
    ]
    assert [change.size for change in changes] == pytest.approx([5.0001 / 40, 20_001 / 40_000, 1.0])
    assert nearest_change(RuledModel(rule), ROW) == changes[0]


def test_all_columns_share_a_few_batches() -> None:
    def rule(columns: dict[str, NDArray[Any]]) -> NDArray[np.int64]:
        return ((columns["spend"] > 777.7) | (columns["vip"] > 654_321)).astype(np.int64)

    stub = RuledModel(rule)
    assert [change.after for change in nearest_changes(stub, ROW)] == [654_322, 777.7001]
    assert stub.batches <= 10


def test_a_change_outside_training_is_used_only_if_none_inside_moves_the_customer() -> None:
    def only_beyond(columns: dict[str, NDArray[Any]]) -> NDArray[np.int64]:
        return (columns["vip"] > 100_000).astype(np.int64)

    def also_within(columns: dict[str, NDArray[Any]]) -> NDArray[np.int64]:
        return only_beyond(columns) | (columns["vip"] < 10)

    row = ROW | {"vip": 99_000}
    beyond = nearest_change(RuledModel(only_beyond), row)
    within = nearest_change(RuledModel(also_within), row)
    assert beyond is not None
    assert (beyond.after, beyond.beyond_training) == (100_001, True)
    assert beyond.sentence == (
        "No change within the range of the training data moves this customer. With VIP score 100001 instead "
        "of 99000, a value outside that range, this customer would be 'Mid'"
    )
    assert within is not None
    assert (within.after, within.beyond_training) == (9, False)


def test_no_change_beyond_training_is_offered_next_to_one_within() -> None:
    def rule(columns: dict[str, NDArray[Any]]) -> NDArray[np.int64]:
        return ((columns["vip"] > 100_000) | (columns["spend"] > 90)).astype(np.int64)

    (change,) = nearest_changes(RuledModel(rule), ROW)
    assert (change.column, change.beyond_training) == ("spend", False)


def test_a_customer_outside_the_training_range_is_moved_into_it() -> None:
    change = nearest_change(RuledModel(above("vip", 200_000)), ROW | {"vip": 900_000})
    assert change is not None
    assert (change.after, change.beyond_training, change.segment_after) == (100_000, False, "Low")


def test_profile_columns_of_a_complete_customer_are_not_asked_about(published: Segmenter) -> None:
    row = {"gender": "Female", "age": 30, "annual_income": 80, "spending_score": 80}
    assert {each.column for each in nearest_changes(published, row)} <= {"annual_income", "spending_score"}
    del row["annual_income"]
    assert "age" in {each.column for each in nearest_changes(published, row)}


def test_a_segment_farther_than_the_nearest_one_can_be_requested() -> None:
    stub = RuledModel(above("spend", 45, 75))
    for towards in ("High", 2):
        change = nearest_change(stub, ROW, towards=towards)
        assert change is not None
        assert (change.after, change.segment_after) == (75, "High")
    nearer = nearest_change(stub, ROW)
    assert nearer is not None
    assert (nearer.after, nearer.segment_after) == (45, "Mid")


def test_a_limit_drops_what_is_larger() -> None:
    stub = RuledModel(above("spend", 60))
    assert nearest_changes(stub, ROW, limit=0.5)[0].size == 0.5
    assert nearest_changes(stub, ROW, limit=0.49) == ()
    by_region = RuledModel(lambda columns: (columns["region"] != "north").astype(np.int64))
    assert nearest_changes(by_region, ROW, limit=1)[0].after == "south"
    assert nearest_changes(by_region, ROW, limit=0.99) == ()


def test_nothing_is_found_where_nothing_moves_the_customer() -> None:
    nowhere = RuledModel(lambda columns: np.zeros(len(columns["spend"]), dtype=np.int64))
    assert nearest_change(nowhere, ROW) is None
    assert nearest_change(RuledModel(above("spend", 45)), ROW, towards="High") is None


def test_unknown_columns_are_not_changed(published: Segmenter) -> None:
    assert nearest_changes(RuledModel(above("spend", 45)), {"vip": 50_000, "spend": None}) == ()
    assert nearest_changes(published, {}) == ()


@pytest.mark.parametrize(
    ("column", "sentence"),
    [
        ("spend", "With yearly spend 45.5 instead of 40 (k$) this customer would be 'Mid'"),
        ("vip", "With VIP score 50001 instead of 50000 this customer would be 'Mid'"),
    ],
)
def test_a_sentence_contains_value_unit_and_segment(column: str, sentence: str) -> None:
    cut = {"spend": 45.5, "vip": 50_001}[column]
    assert nearest_changes(RuledModel(above(column, cut)), ROW) == (
        Change(
            column=column,
            before=ROW[column],
            after=cut,
            segment_before="Low",
            segment_after="Mid",
            size={"spend": 5.5 / 40, "vip": 1 / 40_000}[column],
            beyond_training=False,
            sentence=sentence,
        ),
    )


def test_a_sentence_about_an_incomplete_customer_is_less_certain() -> None:
    change = nearest_change(RuledModel(above("spend", 45.5)), {"spend": 40})
    assert change is not None
    assert change.sentence == (
        "With yearly spend 45.5 instead of 40 (k$) this customer would most likely be 'Mid'"
    )


def test_a_sentence_about_a_category_needs_no_unit() -> None:
    stub = RuledModel(lambda columns: (columns["region"] == "east").astype(np.int64))
    change = nearest_change(stub, ROW)
    assert change is not None
    assert change.sentence == "With region east instead of north this customer would be 'Mid'"


@pytest.mark.parametrize(
    "row", [{"age": -1}, {"age": "31"}, {"gender": "Femal"}, {"spending_score": 101}, {"income": 17}], ids=str
)
def test_refuses_invalid_rows_with_the_message_of_predict(published: Segmenter, row: dict[str, Any]) -> None:
    with pytest.raises(InputError) as refused:
        published.predict(**row)
    with pytest.raises(InputError) as also_refused:
        nearest_change(published, row)
    assert str(also_refused.value) == str(refused.value)
    assert also_refused.value.column == refused.value.column


def test_refuses_the_customers_own_segment_and_an_unknown_one() -> None:
    with pytest.raises(InputError, match=r"towards must be another segment .* but it is 'Low'"):
        nearest_change(RuledModel(above("spend", 45)), ROW, towards="Low")
    with pytest.raises(InputError, match=r"unknown segment 'Hihg'; .* Did you mean 'High'\?"):
        nearest_change(RuledModel(above("spend", 45)), ROW, towards="Hihg")


@pytest.mark.parametrize("limit", [0, -1.0, float("nan")])
def test_refuses_a_limit_that_leaves_nothing(limit: float) -> None:
    with pytest.raises(InputError, match="limit must be above 0"):
        nearest_change(RuledModel(above("spend", 45)), ROW, limit=limit)
