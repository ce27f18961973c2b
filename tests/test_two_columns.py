"""Checks that two columns are changed only where one is not enough, within the data, as little as needed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from inference import Segmenter, smallest_changes
from inference.contract import Contract
from inference.explanations.changes import ChangeOfTwo
from service.api.api_predictions import Predictor
from tests.ruled_model import CONTRACT, ROW, Rule, RuledModel

pytestmark = pytest.mark.fast
SPEND, VIP = CONTRACT.column("spend"), CONTRACT.column("vip")  # quartile ranges 40 and 40,000


def both_above(spend: float, vip: float) -> Rule:
    """The second segment begins where both columns are high."""
    return lambda columns: np.asarray((columns["spend"] >= spend) & (columns["vip"] >= vip), dtype=np.int64)


def found(rule: Rule, row: dict[str, Any] = ROW, **settings: Any) -> ChangeOfTwo:
    changes = smallest_changes(RuledModel(rule), row, **settings)
    assert changes.of_one == ()
    assert changes.of_two is not None
    return changes.of_two


def test_a_corner_that_needs_both_columns_is_found_exactly() -> None:
    change = found(both_above(82.5, 60_001))
    assert change == ChangeOfTwo(
        columns=("spend", "vip"),
        before=(40, 50_000),
        after=(82.5, 60_001),
        segment_before="Low",
        segment_after="Mid",
        size=42.5 / 40 + 10_001 / 40_000,
        sentence="With yearly spend 82.5 instead of 40 (k$) and VIP score 60001 instead of 50000 this "
        "customer would be 'Mid'",
    )


def test_no_pair_is_offered_where_one_column_is_enough() -> None:
    changes = smallest_changes(RuledModel(lambda columns: (columns["spend"] > 90).astype(np.int64)), ROW)
    assert [each.column for each in changes.of_one] == ["spend"]
    assert changes.of_two is None


@pytest.mark.parametrize(("spend", "vip"), [(101, 60_000), (60, 100_001), (500, 500_000)])
def test_values_outside_the_training_range_are_never_part_of_a_pair(spend: float, vip: float) -> None:
    changes = smallest_changes(RuledModel(both_above(spend, vip)), ROW)
    assert changes.of_two is None
    assert changes.of_one == ()


def test_the_smallest_trade_off_is_found_on_a_sloping_border() -> None:
    """The border spend / 50 + vip / 40,000 = 4: changing the score is cheaper, so it goes up to its limit."""

    def rule(columns: dict[str, NDArray[Any]]) -> NDArray[np.int64]:
        return np.asarray(columns["spend"] / 50 + columns["vip"] / 40_000 >= 4, dtype=np.int64)

    change = found(rule)
    assert list(zip(change.columns, change.after, strict=True)) == [("vip", 100_000), ("spend", 75)]
    assert change.size == pytest.approx(50_000 / 40_000 + 35 / 40)


def _by_brute_force(rule: Rule, row: dict[str, Any], steps: tuple[float, float]) -> float:
    """The smallest size over a fine grid of the training ranges."""
    spend, vip = np.meshgrid(np.arange(0, 100.01, steps[0]), np.arange(0, 100_001, steps[1]), indexing="ij")
    moves = rule({"spend": spend.ravel(), "vip": vip.ravel()}) != 0
    sizes = np.abs(spend.ravel() - row["spend"]) / 40 + np.abs(vip.ravel() - row["vip"]) / 40_000
    return float(sizes[moves].min())


@pytest.mark.parametrize("seed", range(15))
def test_nothing_smaller_is_found_by_trying_every_pair(seed: int) -> None:
    """Segments by the nearest of four centres, as the exported model decides; the corner needs both."""
    random = np.random.default_rng(seed)
    centres = np.array([[20.0, 30_000.0], [30.0, 95_000.0], [90.0, 30_000.0], [75.0, 85_000.0]])
    centres += random.normal(0, 1, centres.shape) * [4, 4_000]
    row = ROW | {"spend": float(random.integers(10, 40)), "vip": int(random.integers(10_000, 40_000))}

    def rule(columns: dict[str, NDArray[Any]]) -> NDArray[np.int64]:
        points = np.stack([np.asarray(columns["spend"], float), np.asarray(columns["vip"], float)], axis=1)
        distances = (((points[:, None] - centres) / [40, 40_000]) ** 2).sum(axis=2)
        return np.asarray(np.array([0, 1, 1, 2])[distances.argmin(axis=1)], dtype=np.int64)

    def reached(columns: dict[str, NDArray[Any]]) -> NDArray[np.int64]:
        return np.equal(rule(columns), 2).astype(np.int64)

    change = found(rule, row, towards=2)
    assert change.size <= _by_brute_force(reached, row, (0.1, 100.0)) + 1e-6


def test_one_step_nearer_in_either_column_does_not_move_the_customer() -> None:
    rule = both_above(71.2345, 71_234)
    change = found(rule)
    stub = RuledModel(rule)
    values = dict(zip(change.columns, change.after, strict=True))
    assert stub.predict(**ROW | values).segment == change.segment_after
    for name, step in (("spend", 1e-4), ("vip", 1)):
        nearer = ROW | values | {name: float(values[name]) - step}
        assert stub.predict(**nearer).segment == change.segment_before


def test_a_category_can_be_one_of_the_two() -> None:
    def rule(columns: dict[str, NDArray[Any]]) -> NDArray[np.int64]:
        return np.asarray((columns["region"] == "east") & (columns["spend"] >= 50), dtype=np.int64)

    change = found(rule)
    assert dict(zip(change.columns, change.after, strict=True)) == {"region": "east", "spend": 50}
    assert change.size == pytest.approx(1 + 10 / 40)


def test_profile_and_unknown_columns_are_never_part_of_a_pair() -> None:
    class WithProfile(RuledModel):
        contract: Contract

    def rule(columns: dict[str, NDArray[Any]]) -> NDArray[np.int64]:
        return np.asarray((columns["region"] == "east") & (columns["spend"] >= 50), dtype=np.int64)

    stub = WithProfile(rule)
    region, *others = CONTRACT.columns
    stub.contract = replace(CONTRACT, columns=(replace(region, role="profile"), *others))
    assert smallest_changes(stub, {"region": "north", "spend": 40.0}).of_two is None
    assert (
        smallest_changes(RuledModel(both_above(50, 60_000)), {"region": "north", "spend": 40.0}).of_two
        is None
    )


def test_a_limit_drops_larger_pairs_and_keeps_one_of_its_size() -> None:
    rule = both_above(60, 70_000)
    assert found(rule, limit=1.0).size == 1.0
    changes = smallest_changes(RuledModel(rule), ROW, limit=0.99)
    assert (changes.of_one, changes.of_two) == ((), None)


def test_a_segment_can_be_requested() -> None:
    def rule(columns: dict[str, NDArray[Any]]) -> NDArray[np.int64]:
        high = (columns["spend"] >= 80) & (columns["vip"] >= 80_000)
        return np.where(high, 2, (columns["spend"] >= 50).astype(np.int64))

    assert smallest_changes(RuledModel(rule), ROW).of_two is None
    change = found(rule, towards="High")
    assert (change.segment_after, dict(zip(change.columns, change.after, strict=True))) == (
        "High",
        {"spend": 80, "vip": 80_000},
    )


def test_an_incomplete_customer_is_answered_less_certainly() -> None:
    stub = RuledModel(both_above(60, 70_000))
    incomplete = replace(stub.predict(**ROW), complete=False)
    change = smallest_changes(stub, ROW, answer=incomplete).of_two
    assert change is not None
    assert change.sentence.endswith("this customer would most likely be 'Mid'")


def test_the_api_gives_the_pair_in_a_field_of_its_own() -> None:
    answer = Predictor(RuledModel(both_above(82.5, 60_001))).explain(ROW)
    assert answer["nearest_change"] is None
    assert answer["nearest_change_of_two"] == {
        "changes": [
            {"column": "spend", "before": 40, "after": 82.5},
            {"column": "vip", "before": 50_000, "after": 60_001},
        ],
        "segment_after": "Mid",
        "sentence": found(both_above(82.5, 60_001)).sentence,
    }


def test_the_published_model_confirms_its_pairs(published: Segmenter) -> None:
    """From each segment to every other one; corners opposite to each other need two columns."""
    needed = 0
    for start in published.contract.segments:
        row = {name: start.spread(name).median for name in published.contract.clustering}  # type: ignore[union-attr]  # clustering columns have one
        for goal in published.contract.segments:
            if goal.name == published.predict(**row).segment:
                continue
            change = smallest_changes(published, row, towards=goal.name).of_two
            if change is None:
                continue
            needed += 1
            after = row | dict(zip(change.columns, change.after, strict=True))
            assert published.predict(**after).segment == goal.name
            for name, value in zip(change.columns, change.after, strict=True):
                levels = published.contract.column(name).quantiles
                assert levels[0.0] <= float(value) <= levels[1.0]
    assert needed > 0
