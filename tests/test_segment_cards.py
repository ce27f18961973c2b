"""Checks the tab Segments: how far a segment is from the others, its card, the chart and the export."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest

from inference import Contract, Segmenter
from inference.contract.segments import Segment, Spread
from service.page.segments.segment_cards import segment_cards, value_share
from service.page.segments.segment_differences import differences
from service.page.segments.segment_export import segments_csv
from service.page.segments.value_chart import value_chart


@pytest.fixture
def contract(published: Segmenter) -> Contract:
    return published.contract


def test_the_others_are_weighted_by_their_size(contract: Contract) -> None:
    first = contract.segments[0]
    found = {each.column.name: each for each in differences(contract, first) if not each.value}
    others = contract.segments[1:]
    total = sum(each.size * _mean(each, "age") for each in others)
    assert found["age"].others == pytest.approx(total / sum(each.size for each in others))
    assert found["age"].own == _mean(first, "age")


def test_the_estimated_deviation_is_close_to_that_of_the_training_table(contract: Contract) -> None:
    assert contract.scaling is not None
    for name in contract.clustering:
        for segment in contract.segments:
            each = next(each for each in differences(contract, segment) if each.column.name == name)
            assert (each.own - each.others) / each.size == pytest.approx(
                contract.scaling.scale[name], rel=0.1
            )


def test_the_largest_difference_is_first_and_two_categories_are_one_difference(contract: Contract) -> None:
    for segment in contract.segments:
        found = differences(contract, segment)
        assert [abs(each.size) for each in found] == sorted((abs(each.size) for each in found), reverse=True)
        assert sum(each.column.name == "gender" for each in found) == 1


def test_a_column_without_spread_has_no_difference(contract: Contract) -> None:
    same = Spread(mean=5.0, q25=5.0, median=5.0, q75=5.0)
    segments = tuple(replace(each, profile={**each.profile, "age": same}) for each in contract.segments)
    changed = replace(contract, segments=segments)
    found = {each.column.name: each.size for each in differences(changed, segments[0])}
    assert found["age"] == 0


def test_a_column_that_one_segment_does_not_know_is_left_out(contract: Contract) -> None:
    first, *rest = contract.segments
    changed = replace(contract, segments=(first, replace(rest[0], profile={}), *rest[1:]))
    assert differences(changed, first) == []


def test_a_single_segment_has_nobody_to_differ_from(contract: Contract) -> None:
    alone = replace(contract, segments=contract.segments[:1])
    assert differences(alone, alone.segments[0]) == []


def test_cards_are_of_the_chosen_segments_and_columns(contract: Contract) -> None:
    shown = segment_cards(contract, [1, 3], frozenset({"age"}))
    names = [f'aria-label="{segment.name}"' in shown for segment in contract.segments]
    assert names == [place in {1, 3} for place in range(len(names))]
    assert shown.count("special-track") == 2


def test_a_bar_tells_the_difference_in_units_of_the_table(contract: Contract) -> None:
    assert "k$ on average, other customers" in segment_cards(contract, [0])


def test_names_from_a_table_are_text(contract: Contract) -> None:
    named = (replace(contract.segments[0], name="<b>x</b>"), *contract.segments[1:])
    changed = replace(contract, segments=named)
    assert "<b>x</b>" not in segment_cards(changed) + value_chart(changed)


def test_shares_of_value_make_a_whole(contract: Contract) -> None:
    assert sum(value_share(each) or 0 for each in contract.segments) == pytest.approx(1, abs=0.01)


def test_without_value_there_is_no_chart_and_no_share(contract: Contract) -> None:
    plain = replace(contract, segments=tuple(replace(each, index=None) for each in contract.segments))
    assert not value_chart(plain)
    assert "of value" not in segment_cards(plain)


def test_the_file_has_a_row_for_each_segment_and_no_formula(contract: Contract) -> None:
    named = (replace(contract.segments[0], name="=1+1"), *contract.segments[1:])
    rows = list(csv.DictReader(io.StringIO(segments_csv(replace(contract, segments=named)))))
    assert [int(row["customers"]) for row in rows] == [each.size for each in contract.segments]
    assert rows[0]["segment"] == "'=1+1"
    assert float(rows[0]["median: Age (years)"]) == 32


def _mean(segment: Segment, name: str) -> float:
    spread = segment.spread(name)
    assert spread is not None
    return spread.mean
