"""Checks the size of a test of an action against published values, and what is refused."""

from __future__ import annotations

import pytest

from inference import InputError, Segmenter
from service.api.experiment_size import Experiment, exact_size, plan_test, planned


@pytest.mark.parametrize(
    ("baseline", "difference", "power", "size"),
    # The examples on the help page of R's power.prop.test: n = 76.7, power = 0.740, p2 = 0.8026.
    [(0.5, 0.25, 0.9, 76.7), (0.5, 0.25, 0.740, 50.0), (0.5, 0.3026, 0.9, 50.0)],
)
def test_sizes_are_those_that_r_publishes(
    baseline: float, difference: float, power: float, size: float
) -> None:
    found = exact_size(Experiment(baseline=baseline, difference=difference, power=power))
    assert found == pytest.approx(size, abs=0.05)


def test_a_fall_needs_as_many_as_the_opposite_rise() -> None:
    rise = Experiment(baseline=0.2, difference=0.1)
    fall = Experiment(baseline=0.3, difference=-0.1)
    assert rise.per_group == fall.per_group


def test_a_segment_is_large_enough_from_exactly_that_size(published: Segmenter) -> None:
    contract, test = published.contract, Experiment(baseline=0.2, difference=0.2)
    first = contract.segments[0]
    for customers in (300, 3000):
        found = plan_test(contract, test, customers)["segments"][0]
        assert found["customers"] == int(first.share * customers)
        assert found["large_enough"] is (int(first.share * customers) >= 2 * test.per_group)


def test_without_customers_those_in_training_count(published: Segmenter) -> None:
    found = planned(published.contract, baseline="0.1", difference="0.05")
    assert [each["customers"] for each in found["segments"]] == [s.size for s in published.contract.segments]
    assert found["needed"] == 2 * found["per_group"]


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"baseline": "ten", "difference": "0.1"}, "baseline must be a number"),
        ({"baseline": "nan", "difference": "0.1"}, "baseline must be a number"),
        ({"baseline": "1", "difference": "0.1"}, "baseline must be from"),
        ({"baseline": "0.1", "difference": "0"}, "difference must not be 0"),
        ({"baseline": "0.95", "difference": "0.1"}, "baseline plus difference"),
        ({"baseline": "0.1", "difference": "1e-9"}, "choose a larger one"),
        ({"baseline": "0.1", "difference": "0.1", "power": "0.01"}, "power must be from"),
        ({"baseline": "0.1", "difference": "0.1", "customers": "1.5"}, "whole number"),
        ({"baseline": "0.1", "difference": "0.1", "customers": "0"}, "customers must be from 1"),
    ],
)
def test_what_cannot_be_planned_is_refused(published: Segmenter, given: dict[str, str], named: str) -> None:
    with pytest.raises(InputError, match=named) as refused:
        planned(published.contract, **given)
    assert len(str(refused.value)) <= 300
