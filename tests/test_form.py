"""Checks that the form is made from the contract alone, and that any column may be unknown."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html import unescape

import pytest

from inference import Segmenter
from inference.dates import iso_date
from service.customer_values import common_value, typical_customer, unknown_customer
from service.kinds.scales import date_ticks, round_up, scale_of
from service.languages.language import LANGUAGES, speaking
from service.page.form import customer_form, form
from tests.synthetic import category, contract, day, number

NASTY = '<b>"A" & ${x} {{y}} `z`</b>'


def fields(markup: str) -> dict[str, str]:
    """The markup of each field, by its column's name."""
    parts = re.split(r'<div class="field ', markup)[1:]
    return {re.findall(r'data-name="([^"]*)"', part)[0]: part for part in parts}


def test_there_is_one_field_for_each_column_with_label_and_unit(published: Segmenter) -> None:
    known = published.contract
    found = fields(form(known, unknown_customer(known)))
    assert sorted(found) == sorted(known.names)
    assert tuple(found)[: len(known.clustering)] == known.clustering
    assert "Annual income" in found["annual_income"]
    assert '<span class="unit">k$</span>' in found["annual_income"]


def test_a_scale_is_in_the_label_and_not_after_the_value(published: Segmenter) -> None:
    found = fields(form(published.contract, unknown_customer(published.contract)))["spending_score"]
    assert '<span class="unit"> (1-100)</span>' in found
    assert '<span class="unit"></span>' in found


def test_the_box_takes_every_valid_number_and_the_slider_spans_what_is_usual(published: Segmenter) -> None:
    found = fields(form(published.contract, unknown_customer(published.contract)))["annual_income"]
    box, slider = re.findall(r"<input [^>]*type=\"(?:number|range)\"[^>]*>", found)
    assert 'min="0.0" max="10000.0"' in box
    assert 'min="10" max="130"' in slider


def test_every_kind_of_field_can_be_unknown() -> None:
    known = contract([number("a"), category("b", "xy"), category("c", "abcdefgh")], ["One", "Two"])
    found = fields(form(known, unknown_customer(known)))
    assert re.search(r'type="checkbox" checked aria-label="A: unknown"', found["a"])
    assert re.search(r'type="radio"[^>]* value="" checked>', found["b"])
    assert '<option value="" selected>Unknown</option>' in found["c"]


def test_a_required_column_cannot_be_unknown() -> None:
    columns = [number("a", missing_allowed=False), category("b", "xy", missing_allowed=False)]
    known = contract(columns, ["One", "Two"])
    found = fields(form(known, unknown_customer(known)))
    assert "checkbox" not in found["a"]
    assert "Unknown" not in found["b"]
    assert unknown_customer(known) == {"a": 50.0, "b": "x"}


def test_names_from_the_contract_are_text_and_never_markup() -> None:
    known = contract([number("a", label=NASTY), category("b", [NASTY, "other"])], [NASTY, "Two"])
    markup = form(known, typical_customer(known, known.segments[0]))
    assert "<b>" not in markup
    assert markup.count("&lt;b&gt;") > 3


def test_a_label_is_never_read_as_a_template() -> None:
    known = contract([number("a", label=NASTY)], ["One", "Two"])
    component = customer_form(known, unknown_customer(known))
    assert component.html_template == "${markup}"
    assert "${x}" in component.props["markup"]


def test_each_segment_gives_a_chip_that_fills_in_its_typical_customer(published: Segmenter) -> None:
    known = published.contract
    first = typical_customer(known, known.segments[0])
    chips = re.findall(r'data-fill="([^"]*)" aria-pressed="(\w+)"', form(known, first))
    filled = [json.loads(unescape(fill)) for fill, _ in chips]
    assert filled == [*(typical_customer(known, each) for each in known.segments), unknown_customer(known)]
    assert [pressed for _, pressed in chips] == ["true", *["false"] * len(known.segments)]


def test_a_typical_customer_has_the_medians_and_the_most_frequent_categories() -> None:
    known = contract([number("a"), category("b", "xy")], ["One", "Two"])
    assert typical_customer(known, known.segments[1]) == {"a": 75, "b": "x"}


def test_a_typical_customer_is_valid_and_of_the_segment(published: Segmenter) -> None:
    for segment in published.contract.segments:
        customer = typical_customer(published.contract, segment)
        assert published.predict(**customer).segment == segment.name
        assert isinstance(customer["age"], int)


def test_the_slider_leaves_out_a_far_tail_but_stays_valid() -> None:
    levels = {0.0: 1.0, 0.01: 2.0, 0.5: 50.0, 0.99: 98.0, 1.0: 1e6}
    quantiles = {str(level): value for level, value in levels.items()}
    known = contract([number("a", 1.0, 1e9, quantiles=quantiles)], ["One", "Two"])
    scale = scale_of(known.columns[0])
    assert (scale.low, scale.high) == (1.0, 140.0)


@pytest.mark.parametrize("quantiles", [{}, {"0.0": 7.0, "1.0": 7.0}])
def test_a_column_without_spread_still_has_a_slider(quantiles: dict[str, float]) -> None:
    made = contract([number("a")], ["One", "Two"]).column("a")
    levels = {float(level): value for level, value in quantiles.items()}
    column = replace(made, quantiles=levels)
    scale = scale_of(column)
    assert scale.low < scale.high
    assert scale.ticks()
    assert scale_of(made).ticks() == [0.0, 20.0, 40.0, 60.0, 80.0, 100.0]


@pytest.mark.parametrize(("size", "rounded"), [(0.03, 0.05), (1.0, 1.0), (1.2, 2.0), (130 / 7, 20.0)])
def test_steps_are_round_numbers(size: float, rounded: float) -> None:
    assert round_up(size) == rounded


def test_the_most_common_value_is_the_median_or_the_largest_category() -> None:
    counts = {"columns": {"b": {"counts": {"x": 1, "y": 5}, "missing": 0}}}
    known = contract([number("a"), category("b", "xy")], ["One", "Two"], histograms=counts)
    assert [common_value(known, column) for column in known.columns] == [50.0, "y"]


def test_profile_columns_of_many_are_folded() -> None:
    columns = [number("z", role="profile"), *(number(name) for name in "abcdefghijkl")]
    known = contract(columns, ["One", "Two"])
    markup = form(known, unknown_customer(known))
    shown, folded = markup.split("<details", maxsplit=1)
    assert 'data-name="l"' in shown
    assert 'data-name="z"' not in shown
    assert 'data-name="z"' in folded
    assert "1 more field (" in folded
    few = contract(columns[:12], ["One", "Two"])
    assert "<details" not in form(few, unknown_customer(few))


def test_the_form_can_be_shared_as_a_link(published: Segmenter) -> None:
    markup = form(published.contract, unknown_customer(published.contract))
    assert "data-share " in markup
    assert 'role="status"' in markup


def test_a_date_has_a_date_box_that_can_be_unknown() -> None:
    known = contract([day("joined"), number("a")], ["One", "Two"])
    empty = fields(form(known, unknown_customer(known)))["joined"]
    (box,) = re.findall(r"<input type=\"date\"[^>]*>", empty)
    assert 'min="2020-01-01" max="2024-12-31" data-middle="2022-07-02"' in box
    assert " value=" not in box
    assert re.search(r'type="checkbox" checked aria-label="Joined: unknown"', empty)
    assert "typical 2021-04-01 to 2023-10-02" in empty
    assert "valid 2020-01-01 to 2024-12-31" in empty
    typical = typical_customer(known, known.segments[0])
    assert typical["joined"] == "2021-04-01"
    assert 'value="2021-04-01"' in fields(form(known, typical))["joined"]


def test_the_hints_of_a_date_are_in_the_form_of_the_language() -> None:
    known = contract([day("joined"), number("a")], ["One", "Two"])
    with speaking(LANGUAGES["de"]):
        shown = fields(form(known, unknown_customer(known)))["joined"]
    assert "typisch 01.04.2021 bis 02.10.2023" in shown
    assert "zulässig 01.01.2020 bis 31.12.2024" in shown


def test_a_date_without_limits_takes_every_date_of_the_calendar() -> None:
    known = contract([day("joined", range=None, missing_allowed=False)], ["One", "Two"])
    customer = unknown_customer(known)
    assert customer == {"joined": "2022-07-02"}
    assert 'min="0001-01-01" max="9999-12-31"' in fields(form(known, customer))["joined"]


@pytest.mark.parametrize(
    ("first", "last", "wanted"),
    [
        ("2020-01-01", "2024-12-31", ["2020-01-01", "2022-01-01", "2024-01-01"]),
        ("2024-01-15", "2024-12-20", ["2024-04-01", "2024-07-01", "2024-10-01"]),
        ("1950-06-01", "2010-06-01", ["1970-01-01", "1990-01-01", "2010-01-01"]),
        ("2024-03-02", "2024-03-20", ["2024-03-08", "2024-03-18"]),
    ],
)
def test_a_scale_of_dates_has_its_few_ticks_on_firsts_of_months_or_round_days(
    first: str, last: str, wanted: list[str]
) -> None:
    scale = scale_of(contract([day("joined", first, last)], ["One", "Two"]).columns[0])
    assert [iso_date(tick) for tick in date_ticks(scale)] == wanted


def test_the_columns_that_decide_come_first() -> None:
    columns = [number("a", role="profile"), number("b"), number("c", role="profile"), number("d")]
    known = contract(columns, ["One", "Two"])
    shown = form(known, typical_customer(known, known.segments[0]))
    places = [shown.index(f'data-name="{name}"') for name in "bdac"]
    assert places == sorted(places)
