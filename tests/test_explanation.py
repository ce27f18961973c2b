"""Checks that an explanation adds up to the product's own answer and names what is unknown."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from inference import InputError, Segmenter
from inference.contract import Column, Contract, Segment, Thresholds
from inference.explanations.explanation import Explanation, explain

MODEL = Path(__file__).parents[1] / "artifacts" / "model.onnx"
SINGLE = 1e-6  # probabilities come as float32
CUSTOMER = {"gender": "Female", "age": 31, "annual_income": 17, "spending_score": 40}
PATTERNS: list[dict[str, Any]] = [
    CUSTOMER,
    {"annual_income": 88.5, "spending_score": 80},
    {"gender": "Male", "age": 22, "spending_score": 77},
    {"gender": "Male", "age": 60, "annual_income": 120},
    {"age": 45},
    {},
]


class Stub(Segmenter):
    """Two segments and number columns ``c0``, ``c1``, ...; the last one is never read."""

    def __init__(self, columns: int, contract: Contract | None = None) -> None:
        super().__init__(None, contract or stub_contract(columns))
        self.pull = np.append(np.linspace(-1.0, 1.5, columns - 1), 0.0)
        self.batches: list[int] = []

    def _run(self, feeds: dict[str, NDArray[Any]], outputs: Sequence[str] = ()) -> dict[str, NDArray[Any]]:
        known = ~np.isnan(np.hstack([feeds[name] for name in self.contract.names]))
        rows = len(known)
        self.batches.append(rows)
        second = 1 / (1 + np.exp(-(known @ self.pull)))
        probabilities = np.column_stack([1 - second, second]).astype(np.float32)
        ids = probabilities.argmax(axis=1)
        return {
            "segment": np.array(["First", "Second"], dtype=object)[ids],
            "segment_id": ids,
            "probabilities": probabilities,
            "complete": np.array([self._is_complete(feeds, row) for row in range(rows)]),
            "distances": np.full((rows, 2), np.nan),
            "novelty": np.full(rows, np.nan),
            "classifier_probabilities": probabilities,
        }

    def _is_complete(self, feeds: dict[str, NDArray[Any]], row: int) -> bool:
        """Whether the contract has clustering columns and this row all of them."""
        clustering = [column.name for column in self.contract.columns if column.clusters]
        return bool(clustering) and not any(np.isnan(feeds[name][row, 0]) for name in clustering)


def stub_contract(columns: int) -> Contract:
    return Contract(
        thresholds=Thresholds(answer_probability=0.0),
        name="stub",
        columns=tuple(
            Column(
                name=f"c{number}",
                label=f"Column {number}",
                kind="number",
                role="profile",
                unit="k$" if number else "",
                range=(0.0, 100.0),
                quantiles={0.0: 0.0, 1.0: 100.0},
            )
            for number in range(columns)
        ),
        clustering=(),
        segments=tuple(
            Segment(
                id=number,
                name=name,
                tier="average",
                high_potential=False,
                size=1,
                share=0.5,
                index=None,
                centroid={},
                profile={},
                action="",
            )
            for number, name in enumerate(["First", "Second"])
        ),
    )


def full_row(columns: int) -> dict[str, float]:
    return {f"c{number}": 1.5 for number in range(columns)}


def assert_adds_up(explanation: Explanation) -> None:
    for segment, contributions in explanation.by_segment.items():
        gained = explanation.answer.probabilities[segment] - explanation.base[segment]
        assert math.fsum(contributions.values()) == pytest.approx(gained, abs=SINGLE)


@pytest.mark.parametrize("row", PATTERNS, ids=lambda row: "+".join(row) or "nothing")
def test_contributions_lead_from_the_prior_to_the_answer(published: Segmenter, row: dict[str, Any]) -> None:
    explanation = explain(published, row)
    assert explanation.answer == published.predict(**row)
    assert explanation.base == pytest.approx(published.predict().probabilities, abs=SINGLE)
    assert explanation.segment == explanation.answer.segment
    assert explanation.exact
    assert_adds_up(explanation)


@pytest.mark.parametrize("row", PATTERNS, ids=lambda row: "+".join(row) or "nothing")
def test_contributions_are_the_average_over_all_orders_of_columns(
    published: Segmenter, row: dict[str, Any]
) -> None:
    complete = {"annual_income", "spending_score"} <= row.keys()
    orders = list(
        permutations([name for name in row if published.contract.column(name).clusters or not complete])
    )
    expected = {
        name: dict.fromkeys(published.contract.names, 0.0) for name in published.predict().probabilities
    }
    for order in orders:
        for position, column in enumerate(order):
            before = published.predict(**{name: row[name] for name in order[:position]}).probabilities
            after = published.predict(**{name: row[name] for name in order[: position + 1]}).probabilities
            for segment, contributions in expected.items():
                contributions[column] += (after[segment] - before[segment]) / len(orders)
    for segment, contributions in explain(published, row).by_segment.items():
        assert contributions == pytest.approx(expected[segment], abs=SINGLE)


@pytest.mark.parametrize("customer", range(12))
def test_profile_columns_contribute_exactly_nothing_to_a_complete_answer(
    published: Segmenter, customer: int
) -> None:
    random = np.random.default_rng(customer)
    row = {
        "gender": ["Female", "Male"][customer % 2],
        "age": int(random.integers(18, 71)),
        "annual_income": int(random.integers(15, 138)),
        "spending_score": int(random.integers(1, 100)),
    }
    explanation = explain(published, row)
    assert explanation.unused == ("gender", "age")
    for contributions in explanation.by_segment.values():
        assert contributions["gender"] == contributions["age"] == 0.0
    assert [name for name, _ in explanation.ranked()][2:] == ["gender", "age"]
    assert explanation.sentences()[3] == (
        f"Age {row['age']} (years) changes nothing, because every clustering column is known"
    )
    assert_adds_up(explanation)
    without = {name: row[name] for name in ("annual_income", "spending_score")}
    for segment, contributions in explain(published, without).by_segment.items():
        assert contributions == explanation.by_segment[segment]


def test_profile_columns_still_contribute_to_a_partial_answer(published: Segmenter) -> None:
    explanation = explain(published, {"gender": "Male", "age": 22, "spending_score": 77})
    assert explanation.unused == ()
    assert abs(explanation.contributions["age"]) > 0.01


def test_many_profile_columns_leave_a_complete_explanation_exact() -> None:
    stub = Stub(14)
    clustering = tuple(
        replace(column, role="clustering") if number < 3 else column
        for number, column in enumerate(stub.contract.columns)
    )
    stub = Stub(14, replace(stub.contract, columns=clustering))
    explanation = explain(stub, full_row(14))
    assert explanation.exact
    assert explanation.unused == tuple(f"c{number}" for number in range(3, 14))
    assert sum(stub.batches) == 1 + 2**3


def test_a_column_that_is_never_read_contributes_exactly_nothing() -> None:
    explanation = explain(Stub(5), full_row(5))
    assert explanation.contributions["c4"] == 0.0
    assert explanation.unknown == ()


def test_an_unknown_column_contributes_nothing_and_is_named() -> None:
    explanation = explain(Stub(5), {"c0": 1, "c2": None, "c3": float("nan"), "c4": 2})
    assert explanation.unknown == ("c1", "c2", "c3")
    assert [explanation.contributions[name] for name in explanation.unknown] == [0.0, 0.0, 0.0]
    assert [name for name, _ in explanation.ranked()] == ["c0", "c4", "c1", "c2", "c3"]
    assert explanation.sentences()[-1] == "Column 3 is unknown and adds nothing"


def test_ten_known_columns_are_exact_in_one_batch() -> None:
    stub = Stub(11)
    explanation = explain(stub, full_row(10))
    assert sorted(stub.batches) == [1, 1024]
    assert explanation.exact
    assert set(explanation.errors.values()) == {0.0}
    assert_adds_up(explanation)


def test_eleven_known_columns_are_sampled_with_their_errors() -> None:
    stub = Stub(12)
    explanation = explain(stub, full_row(11), samples=64)
    assert sorted(stub.batches) == [1, 64 * 10 + 2]
    assert not explanation.exact
    assert explanation.errors["c0"] > 0
    assert explanation.errors["c11"] == 0  # unknown
    assert_adds_up(explanation)


def test_sampled_contributions_are_those_of_their_own_columns() -> None:
    explanation = explain(Stub(12), full_row(12), segment="Second", samples=512)
    pull = np.append(np.linspace(-1.0, 1.5, 11), 0.0)
    found = np.array([explanation.contributions[f"c{number}"] for number in range(12)])
    assert np.argsort(found).tolist() == np.argsort(pull).tolist()
    assert found[11] == 0


def test_the_same_seed_gives_the_same_explanation() -> None:
    first, again, other = (explain(Stub(12), full_row(12), samples=8, seed=seed) for seed in (1, 1, 2))
    assert first.by_segment == again.by_segment
    assert first.by_segment != other.by_segment


@pytest.mark.parametrize("segment", ["Second", 1])
def test_another_segment_can_be_explained(segment: str | int) -> None:
    row = {"c0": 1.5}
    explanation = explain(Stub(3), row, segment=segment)
    assert explanation.answer.segment == "First"
    assert explanation.segment == "Second"
    assert explanation.contributions == explanation.by_segment["Second"]
    assert explanation.contributions["c0"] == pytest.approx(-explain(Stub(3), row).contributions["c0"])


def test_sentences_contain_value_unit_and_direction_sorted_by_size() -> None:
    assert explain(Stub(3), {"c0": 2.5, "c1": 7, "c2": 1}).sentences() == [
        "Column 1 7 (k$) makes 'Second' more likely: +0.34",
        "Column 0 2.5 makes 'Second' less likely: -0.21",
        "Column 2 1 (k$) hardly changes 'Second' (by less than 0.01)",
    ]


def test_sentences_name_the_error_of_a_sampled_contribution() -> None:
    explanation = explain(Stub(12), full_row(12))
    assert f"(standard error {explanation.errors['c10']:.2g})" in explanation.sentences()[0]


def test_values_are_shown_as_the_model_used_them(published: Segmenter) -> None:
    explanation = explain(published, {**CUSTOMER, "gender": " f "})
    assert repr(explanation.row) == repr(CUSTOMER)  # whole numbers as such, not as 31.0
    assert any(sentence.startswith("Annual income 17 (k$) makes") for sentence in explanation.sentences())


@pytest.mark.parametrize(
    "row",
    [{"age": -1}, {"age": "31"}, {"gender": "Femal"}, {"spending_score": 101}, {"income": 17}],
    ids=str,
)
def test_refuses_invalid_rows_with_the_message_of_predict(published: Segmenter, row: dict[str, Any]) -> None:
    with pytest.raises(InputError) as refused:
        published.predict(**row)
    with pytest.raises(InputError) as also_refused:
        explain(published, row)
    assert str(also_refused.value) == str(refused.value)
    assert also_refused.value.column == refused.value.column


def test_refuses_an_unknown_segment_and_names_the_nearest() -> None:
    with pytest.raises(
        InputError, match=r"unknown segment 'Secnd'; known: 'First', 'Second'.*mean 'Second'\?"
    ):
        explain(Stub(3), full_row(3), segment="Secnd")
    with pytest.raises(InputError, match="unknown segment 2;"):
        explain(Stub(3), full_row(3), segment=2)


def test_refuses_too_few_samples_for_a_standard_error() -> None:
    with pytest.raises(InputError, match=r"samples must be at least 4.* but it is 3"):
        explain(Stub(12), full_row(12), samples=3)
