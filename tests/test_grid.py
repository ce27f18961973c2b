"""Checks that the values to try are valid and dense in the training range, and that a boundary is located."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from inference.contract import Column
from inference.explanations.grid import Grid, Numbers, grid_around

pytestmark = pytest.mark.fast

MONEY = Column(
    name="money",
    label="Money",
    kind="number",
    role="clustering",
    range=(0.0, 1000.0),
    quantiles={0.0: 10.0, 0.25: 20.0, 0.5: 30.0, 0.75: 60.0, 1.0: 110.0},
)
VISITS = replace(MONEY, name="visits", integer=True)


def anywhere(column: Column, own: float, *, limit: float = math.inf) -> Grid:
    """A grid up to the valid limits."""
    return grid_around(column, own, limit=limit, beyond=True)


def closed_in(grid: Grid, boundary: float) -> list[float]:
    """The values found where a customer moves when crossing one boundary."""

    def crossed(ticks: Numbers) -> NDArray[np.bool_]:
        return np.not_equal(grid.values(ticks) >= boundary, grid.own >= boundary)

    found = []
    hits = crossed(grid.ticks)
    for start in grid.brackets(hits.astype(np.int64), hits):
        bracket = start
        while len(ticks := bracket.between()):
            hits = crossed(ticks)
            bracket = bracket.narrowed(ticks, hits.astype(np.int64), hits)
        found.append(bracket.value)
    return found


def test_a_whole_number_column_is_tried_at_every_whole_number_of_training() -> None:
    grid = anywhere(VISITS, 40)
    values = grid.values(grid.ticks)
    assert set(range(111)) <= set(values.tolist())
    assert (values == np.rint(values)).all()


@pytest.mark.parametrize("own", [0.0, 33.3, 110.0, 640.25, 1000.0])
@pytest.mark.parametrize("column", [MONEY, VISITS], ids=lambda column: column.name)
def test_values_ascend_within_the_valid_range_and_reach_both_ends(column: Column, own: float) -> None:
    grid = anywhere(column, own)
    values = grid.values(grid.ticks)
    assert (np.diff(values) > 0).all()
    assert values[[0, -1]].tolist() == [0.0, 1000.0]
    assert len(values) <= 256 + 65 + 5 + 2 * 64


def test_valid_limits_between_two_steps_are_not_exceeded() -> None:
    limits = 0.00004, 999.99996  # rounding to the step of 0.0001 would pass both
    grid = anywhere(replace(MONEY, range=limits), 40)
    assert grid.values(grid.ticks)[[0, -1]].tolist() == [0.0001, 999.9999]


def test_training_is_tried_closely_and_every_quantile_is_tried() -> None:
    values = anywhere(MONEY, 40).values(anywhere(MONEY, 40).ticks)
    trained = values[(values >= 10) & (values <= 110)]
    assert np.diff(trained).max() < 100 / 250
    assert set(MONEY.quantiles.values()) <= set(values.tolist())


def test_values_are_dense_where_the_customers_are() -> None:
    skewed = replace(MONEY, quantiles={0.0: 0.0, 0.5: 1.0, 0.75: 2.0, 1.0: 1000.0})
    values = anywhere(skewed, 0).values(anywhere(skewed, 0).ticks)
    assert np.count_nonzero(values < 1) >= 32


@pytest.mark.parametrize("boundary", [10.0, 39.99, 40.0001, 71.234567, 110.0, 640.0])
def test_a_boundary_is_found_to_a_millionth_of_the_span(boundary: float) -> None:
    (value,) = closed_in(anywhere(MONEY, 40.0), boundary)
    beyond = value - boundary if boundary > 40 else boundary - value
    assert 0 <= beyond <= 100 * 1e-6 * (1 + 1e-9)


@pytest.mark.parametrize("boundary", [11, 39, 42, 110, 111, 555, 1000])
def test_a_boundary_among_whole_numbers_is_found_exactly(boundary: int) -> None:
    (value,) = closed_in(anywhere(VISITS, 40.0), boundary)
    assert value == (boundary if boundary > 40 else boundary - 1)


def test_a_boundary_among_millions_of_whole_numbers_is_found_exactly() -> None:
    wide = replace(VISITS, range=(0.0, 1e9), quantiles={0.0: 0.0, 1.0: 3e6})
    assert closed_in(anywhere(wide, 1_234_567.0), 1_777_777) == [1_777_777]
    assert closed_in(anywhere(wide, 1_234_567.0), 987_654_321) == [987_654_321]


def test_a_value_found_is_a_short_decimal() -> None:
    (value,) = closed_in(anywhere(MONEY, 40.0), 71.23456789)
    assert repr(value) == "71.2346"


def test_a_fractional_own_value_in_a_whole_number_column_moves_to_the_next_whole_number() -> None:
    assert closed_in(anywhere(VISITS, 40.5), 40.75) == [41]
    assert closed_in(anywhere(VISITS, 40.5), 40.25) == [40]
    wide = replace(VISITS, range=(0.0, 1e9), quantiles={0.0: 0.0, 1.0: 3e6})
    assert closed_in(anywhere(wide, 1_234_567.5), 1_234_568) == [1_234_568]
    assert closed_in(anywhere(wide, 1_234_567.5), 1_234_567.25) == [1_234_567]


def test_values_inside_training_come_before_nearer_ones_outside() -> None:
    grid = anywhere(VISITS, 110)
    moves = (grid.values(grid.ticks) >= 111) | (grid.values(grid.ticks) <= 50)
    (bracket,) = grid.brackets(moves.astype(np.int64), moves)
    assert bracket.value == 50
    assert not grid.is_beyond_training(50)
    assert [grid.is_beyond_training(value) for value in (9, 10, 110, 111)] == [True, False, False, True]


def test_values_between_training_and_an_outside_own_value_count_as_inside() -> None:
    grid = anywhere(VISITS, 640)
    moves = (grid.values(grid.ticks) >= 650) | (grid.values(grid.ticks) <= 300)
    (bracket,) = grid.brackets(moves.astype(np.int64), moves)
    assert bracket.value < 640


def test_a_second_boundary_between_two_values_tried_does_not_hide_the_first() -> None:
    grid = anywhere(MONEY, 40.0)
    segments = np.digitize(grid.values(grid.ticks), [45.1, 45.1005])
    (bracket,) = grid.brackets(segments, segments > 0)
    assert bracket.segment == 2
    while len(ticks := bracket.between()):
        segments = np.digitize(grid.values(ticks), [45.1, 45.1005])
        bracket = bracket.narrowed(ticks, segments, segments > 0)
    assert (bracket.value, bracket.segment) == (45.1, 1)


@pytest.mark.parametrize("boundary", [39.7, 12.3456, 640.0, 987.65])
def test_a_boundary_is_located_in_a_few_steps_in_both_directions(boundary: float) -> None:
    grid = anywhere(MONEY, 40.0)
    hits = np.not_equal(grid.values(grid.ticks) >= boundary, boundary <= 40.0)
    (bracket,) = grid.brackets(hits.astype(np.int64), hits)
    steps = 0
    while len(ticks := bracket.between()):
        hits = np.not_equal(grid.values(ticks) >= boundary, boundary <= 40.0)
        bracket = bracket.narrowed(ticks, hits.astype(np.int64), hits)
        steps += 1
    assert steps <= 7  # 16 parts a step: the widest bracket of 2 million ticks needs 6


def test_size_is_counted_in_interquartile_ranges_or_else_in_spans() -> None:
    assert anywhere(MONEY, 40).size(60) == 20 / 40
    mostly_one = replace(MONEY, quantiles={0.0: 0.0, 0.25: 5.0, 0.75: 5.0, 1.0: 10.0})
    assert anywhere(mostly_one, 5).size(10) == 0.5
    constant = replace(MONEY, quantiles={0.0: 5.0, 1.0: 5.0})
    assert anywhere(constant, 5).size(7) == 2


def test_a_column_without_quantiles_is_searched_over_its_valid_range() -> None:
    grid = anywhere(replace(MONEY, quantiles={}), 40)
    assert grid.trained == (0.0, 1000.0)
    assert closed_in(grid, 500.25) == pytest.approx([500.25], abs=1e-3)


@pytest.mark.parametrize("limit", [0.1, 0.33, 1.0, 5.0, math.inf])
def test_a_limit_keeps_every_value_within_it_and_reaches_it(limit: float) -> None:
    grid = anywhere(MONEY, 40.0, limit=limit)
    sizes = np.array([grid.size(value) for value in grid.values(grid.ticks)])
    assert sizes.max() == pytest.approx(min(limit, 960 / 40))
    assert sizes.max() <= limit * (1 + 1e-8)


def test_a_limit_of_exactly_the_change_needed_still_finds_it() -> None:
    visits = replace(VISITS, quantiles={0.0: 0.0, 0.25: 34.75, 0.75: 73.0, 1.0: 100.0})
    for change in range(1, 60):  # some of these times 1 / 38.25 times 38.25 are a little less than themselves
        limit = change / 38.25
        assert closed_in(anywhere(visits, 0.0, limit=limit), change) == [change]
        assert closed_in(anywhere(visits, 0.0, limit=limit * 0.999), change) == []


@pytest.mark.parametrize("own", [0.0, 33.3, 110.0, 640.25])
@pytest.mark.parametrize("column", [MONEY, VISITS], ids=lambda column: column.name)
def test_without_beyond_no_value_is_outside_the_training_range(column: Column, own: float) -> None:
    grid = grid_around(column, own)
    values = grid.values(grid.ticks)
    assert values[[0, -1]].tolist() == [10.0, 110.0]
    assert not any(grid.is_beyond_training(value) for value in values)


def test_a_customer_outside_the_training_range_is_moved_to_its_end_and_not_nearer() -> None:
    grid = grid_around(MONEY, 640.25)
    everywhere = np.ones(len(grid.ticks), dtype=np.bool_)
    (bracket,) = grid.brackets(everywhere.astype(np.int64), everywhere)
    assert (bracket.value, len(bracket.between())) == (110.0, 0)


def test_a_limit_that_does_not_reach_the_training_range_leaves_nothing() -> None:
    grid = grid_around(MONEY, 640.25, limit=1.0)
    assert len(grid.ticks) == 0
    assert grid.brackets(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.bool_)) == []
