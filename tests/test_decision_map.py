"""Checks that the map shows the model's own regions, the centres and where the customer may be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from inference import Answers, InputError, Segmenter
from inference.validation import Checked, check_row
from service.page.draw.contours import Loop, outlines
from service.page.draw.decision_map import MOST_KEPT, SURE, MapCache, Model, leading_columns
from service.page.views.map_figure import map_figure
from tests.synthetic import SyntheticModel, category, contract, number

NAMES = ["Low", "Middle", "High"]
CLOSE_ENOUGH = 0.995  # of random points; others are within a step of the grid
NEAR_BORDER = 0.004  # of the map's width; nearer than this, a straightened border may fall either way


def drawn_for(model: Any, customer: Mapping[str, object], *, known: bool = True) -> str:
    """The map of a customer."""
    drawn = MapCache(model).map_for(customer)
    assert drawn is not None
    return map_figure(
        model.contract,
        drawn,
        customer,
        model.answer(check_row(model.contract, customer), opinion=True).row(0) if known else None,
    )


def area(loop: Loop) -> float:
    """The signed area of a loop."""
    x, y = np.array(loop).T
    return float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2


def inside(loops: list[Loop], x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which points are inside, by the even-odd rule."""
    found = np.zeros(len(x), dtype=bool)
    for loop in loops:
        for (x0, y0), (x1, y1) in zip(loop, [*loop[1:], loop[0]], strict=True):
            if y0 != y1:
                found ^= ((y0 > y) != (y1 > y)) & (x < x0 + (y - y0) / (y1 - y0) * (x1 - x0))
    return found


def test_an_outline_encloses_what_is_below_zero_exactly() -> None:
    across, upward = np.meshgrid(np.linspace(0, 1, 31), np.linspace(0, 1, 21))
    (loop,) = outlines(across + upward / 2 - 0.75)
    assert sorted(loop) == [pytest.approx(each) for each in [(0, 0), (0, 1), (0.25, 1), (0.75, 0)]]
    assert abs(area(loop)) == pytest.approx(0.5)


def test_an_outline_follows_the_border_and_keeps_holes() -> None:
    whole = outlines(-np.ones((5, 7)))
    assert [sorted(loop) for loop in whole] == [[(0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0)]]
    hole = -np.ones((9, 9))
    hole[4, 4] = 1.0
    assert len(outlines(hole)) == 2


@pytest.mark.parametrize("flipped", [False, True])
def test_points_that_touch_at_a_corner_get_separate_lines(flipped: bool) -> None:
    score = np.ones((4, 4))
    score[1, 1] = score[2, 2] = -1.0
    loops = outlines(score[:, ::-1] if flipped else score)
    assert [abs(area(loop)) for loop in loops] == [pytest.approx(0.5 / 9), pytest.approx(0.5 / 9)]


def test_the_regions_are_the_models_own(published: Segmenter) -> None:
    drawn = MapCache(published).map_for({})
    assert drawn is not None
    assert drawn.y is not None
    rng = np.random.default_rng(0)
    x, y = rng.random((2, 4000))
    points = {"annual_income": drawn.x.scale.values(x), "spending_score": drawn.y.scale.values(y)}
    answers = published.predict_many(points)
    clear = np.ones(len(x), dtype=bool)
    for right, up in ((1, 0), (-1, 0), (0, 1), (0, -1)):
        moved = {
            "annual_income": drawn.x.scale.values(np.clip(x + right * NEAR_BORDER, 0, 1)),
            "spending_score": drawn.y.scale.values(np.clip(y + up * NEAR_BORDER, 0, 1)),
        }
        clear &= published.predict_many(moved).segment_id == answers.segment_id
    for segment, loops in enumerate(drawn.loops):
        assert (inside(loops, x, y) == (answers.segment_id == segment))[clear].all()
    assert clear.mean() > 0.95
    assert sum(abs(area(loop)) for loops in drawn.loops for loop in loops) == pytest.approx(1, abs=5e-3)


def test_the_two_columns_that_separate_the_segments_most_are_drawn() -> None:
    columns = [number("a"), number("b"), number("c"), category("d", "xy", role="clustering")]
    made = contract(columns, NAMES)
    alike = tuple(replace(each, centroid={**each.centroid, "a": 50.0}) for each in made.segments)
    known = replace(made, segments=alike)
    assert [column.name for column in leading_columns(known)] == ["b", "c"]


def test_one_call_draws_a_map_and_it_is_cached(published: Segmenter) -> None:
    calls: list[int] = []

    class Counting:
        contract = published.contract

        def answer(self, checked: Checked, *, opinion: bool = False) -> Answers:
            calls.append(1)
            return published.answer(checked, opinion=opinion)

    counting: Model = Counting()
    atlas = MapCache(counting)
    first = atlas.map_for({"annual_income": 20})
    assert atlas.map_for({"annual_income": 90, "age": 50}) is first
    assert len(calls) == 1


def test_maps_are_cached_by_the_values_of_the_other_clustering_columns() -> None:
    model = SyntheticModel(contract([number("a"), number("b"), number("c")], NAMES))
    atlas = MapCache(model)
    (other,) = {"a", "b", "c"} - {column.name for column in atlas.leading}
    first = atlas.map_for({other: 1.0})
    assert atlas.map_for({other: 2.0}) is not first
    assert atlas.map_for({other: 1.0}) is first
    for value in range(MOST_KEPT + 5):
        atlas.map_for({other: float(value)})
    assert len(atlas._maps) == MOST_KEPT


def test_a_map_can_be_drawn_along_other_clustering_columns() -> None:
    model = SyntheticModel(contract([number("a"), number("b"), number("c")], NAMES))
    atlas = MapCache(model)
    drawn = atlas.map_for({"a": 7.0}, ["c", "b"])
    assert drawn is not None
    assert [axis.column.name for axis in drawn.axes] == ["c", "b"]
    assert drawn.held == {"a": 7.0}
    assert atlas.map_for({"a": 7.0}, ["b", "c"]) is not drawn
    strip = atlas.map_for({}, ["c", "c"])
    assert strip is not None
    assert strip.y is None


def test_a_map_along_another_column_is_refused() -> None:
    known = contract([number("a"), number("b"), number("age", role="profile")], NAMES)
    with pytest.raises(InputError, match="drawn along 'a', 'b', but 'age' was asked for"):
        MapCache(SyntheticModel(known)).map_for({}, ["age"])


def test_the_map_has_stronger_colours_where_the_model_is_more_certain(published: Segmenter) -> None:
    drawn = MapCache(published).map_for({})
    assert drawn is not None
    assert drawn.y is not None
    x, y = np.random.default_rng(0).random((2, 4_000))
    raw = {"annual_income": drawn.x.scale.values(x), "spending_score": drawn.y.scale.values(y)}
    chances = published.predict_many(raw).probabilities
    for segment, areas in enumerate(drawn.sure):
        for loops, level in zip(areas, SURE, strict=True):
            sure = inside(loops, x, y)
            assert sure.any()
            assert np.mean(sure == (chances[:, segment] >= level)) > CLOSE_ENOUGH
    markup = drawn_for(published, {"annual_income": 80, "spending_score": 80})
    assert markup.count('class="region sure"') == len(SURE) * 4
    assert markup.count('class="region own sure"') == len(SURE)


def test_the_customer_and_every_centre_are_marked(published: Segmenter) -> None:
    markup = drawn_for(published, {"annual_income": 80, "spending_score": 80})
    assert markup.count('class="here') == 1
    assert "This customer" in markup
    assert markup.count('class="pip"') == len(published.contract.segments)
    assert all(segment.name in markup for segment in published.contract.segments)
    assert markup.count('class="region own"') == 1


def test_the_map_has_a_text_for_screen_readers(published: Segmenter) -> None:
    markup = drawn_for(published, {"annual_income": 80, "spending_score": 80})
    reported = re.search(r'role="img" aria-label="([^"]*)"', markup)
    assert reported is not None
    assert "Annual income (k$)" in reported[1]
    assert "This customer: annual income 80 k$, spending score 80, in High income, high score." in reported[1]
    assert "The centre of Mid income, mid score is at annual income" in reported[1]


@pytest.mark.parametrize(
    ("customer", "kind"),
    [({"annual_income": 80}, "line upward"), ({"spending_score": 80}, "line across")],
)
def test_an_unknown_axis_gives_a_line(published: Segmenter, customer: dict[str, object], kind: str) -> None:
    markup = drawn_for(published, customer)
    assert f'class="{kind}' in markup
    assert "Somewhere on this line" in markup
    assert 'class="here' not in markup


def test_a_customer_with_both_axes_unknown_could_be_anywhere(published: Segmenter) -> None:
    markup = drawn_for(published, {"age": 30})
    assert "Could be anywhere: annual income and spending score unknown" in markup
    assert 'class="region own"' not in markup


def test_a_customer_outside_the_map_is_at_its_border(published: Segmenter) -> None:
    markup = drawn_for(published, {"annual_income": 5000, "spending_score": 50})
    assert "off the map: 5,000 k$" in markup
    assert 'style="left:100.00%' in markup


def test_one_clustering_column_gives_a_strip() -> None:
    markup = drawn_for(SyntheticModel(contract([number("a")], NAMES)), {"a": 10.0})
    assert 'class="plot strip"' in markup
    assert "y-ticks" not in markup
    assert markup.count('class="pip"') == 3


def test_the_map_says_what_the_other_clustering_columns_are_fixed_at() -> None:
    model = SyntheticModel(contract([number("a"), number("b"), number("c", unit="days")], NAMES))
    assert "Drawn for C 7 days." in drawn_for(model, {"a": 1.0, "b": 2.0, "c": 7.0})
    assert "C 50 days (the most common value, because unknown)" in drawn_for(model, {"a": 1.0, "b": 2.0})


def test_without_a_clustering_number_there_is_no_map() -> None:
    known = contract([category("a", "xy", role="clustering"), number("b", role="profile")], NAMES)
    assert MapCache(SyntheticModel(known)).map_for({"a": "x"}) is None


def test_crowded_or_long_names_move_into_a_legend() -> None:
    ten = SyntheticModel(contract([number("a"), number("b")], [f"Segment {place}" for place in range(10)]))
    long = SyntheticModel(contract([number("a"), number("b")], ["A name " * 9, "Other"]))
    for model in (ten, long):
        markup = drawn_for(model, {"a": 1.0, "b": 1.0})
        assert 'class="legend"' in markup
        assert 'class="name"' not in markup


def test_names_on_the_map_are_text_and_never_markup() -> None:
    model = SyntheticModel(contract([number("a", label="<i>a</i>"), number("b")], ["<b>", '"&']))
    for known in (True, False):
        markup = drawn_for(model, {"a": 1.0, "b": 1.0}, known=known)
        assert "<b>" not in markup
        assert "<i>a" not in markup
