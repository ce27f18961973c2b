"""Checks that labels do not overlap, and that short numbers are never rounded to nothing."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.report.figures.figure_style import named, number, percent, spread


@given(st.lists(st.tuples(st.floats(-10, 10), st.floats(0.1, 3)), min_size=1, max_size=12))
def test_spread_labels_keep_their_order_and_never_overlap(labels: list[tuple[float, float]]) -> None:
    places, sizes = zip(*labels, strict=True)
    moved = spread(places, sizes)
    order = sorted(range(len(places)), key=lambda each: (places[each], each))
    for below, above in pairwise(order):
        assert moved[above] - moved[below] >= (sizes[above] + sizes[below]) / 2 - 1e-9


def test_labels_with_room_stay_where_they_are() -> None:
    assert spread([5.0, 1.0, 9.0], [1.0, 1.0, 1.0]) == [5.0, 1.0, 9.0]
    assert spread([1.0, 1.0], [1.0, 3.0]) == [-0.5, 1.5]


@pytest.mark.parametrize(
    ("value", "expected"),
    [(7101.4, "7,101"), (86.54, "86.5"), (0.966, "0.97"), (2_345_678.0, "2.3M"), (-3.5, "-3.50")],
)
def test_a_number_is_shortened(value: float, expected: str) -> None:
    assert number(value) == expected


@pytest.mark.parametrize(
    ("share", "expected"), [(0.0, "0%"), (0.001, "under 1%"), (0.42, "42%"), (0.9986, "99.8%"), (1.0, "100%")]
)
def test_a_small_percentage_is_never_shown_as_zero(share: float, expected: str) -> None:
    assert percent(share) == expected


def test_names_break_after_commas() -> None:
    assert named("High Income, High Score") == "High Income,\nHigh Score"
    assert named("Low Age, Low Income, High Score") == "Low Age, Low Income,\nHigh Score"
    assert named("Average") == "Average"
