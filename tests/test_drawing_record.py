"""Checks that the record about drawings quotes the stored figures, and that they support what it decides."""

import json
import math
import re
from typing import Any

import pytest

from benchmarks.drawing.drawing_tables import BEGIN, END, RECORD, RESULTS, TITLES, tables
from benchmarks.speed.measuring import OURS

VEGA, PICTURE, PLOTLY, PLOT = (
    "Altair, Vega in the browser",
    "Altair, SVG by vl-convert",
    "Plotly",
    "Observable Plot",
)


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    return dict(json.loads(RESULTS.read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def record() -> str:
    return RECORD.read_text(encoding="utf-8")


def quoted(record: str, pattern: str) -> list[float]:
    """The numbers that a sentence of the record has."""
    sentence = re.search(pattern, " ".join(record.partition(BEGIN)[0].split()))
    assert sentence, f"the record must say {pattern!r}"
    return [float(each.replace(",", "")) for each in sentence.groups()]


def lowest(found: dict[str, Any], way: str, key: str) -> float:
    return min(float(found["drawings"][name][way][key]) for name in TITLES)


def test_the_tables_are_those_of_the_stored_results(found: dict[str, Any], record: str) -> None:
    table = record.partition(f"{BEGIN}\n")[2].partition(f"\n{END}")[0]
    assert table == tables(found)
    assert quoted(record, r"the median of (\d+) rounds") == [found["rounds"]]


def test_the_text_quotes_what_a_first_visit_loads(found: dict[str, Any], record: str) -> None:
    loads = [round(found["first_visit"][way]["packed_bytes"] / 1e3) for way in (OURS, PLOT, VEGA, PLOTLY)]
    said = quoted(record, r"sends (\d+) kB .*? Observable Plot (\d+) kB, Vega (\d+) kB and Plotly (\d+) kB")
    assert said == loads
    assert quoted(record, r"without Vega-Lite, (\d+) kB") == [
        round(found["vega_without_vega_lite_bytes"] / 1e3)
    ]


def test_the_text_quotes_the_time_of_pictures_made_on_the_server(found: dict[str, Any], record: str) -> None:
    (said,) = quoted(record, r"SVG takes at least (\d+) ms")
    assert said == math.floor(lowest(found, PICTURE, "make_ms"))
    assert quoted(record, r"installs (\d+) MB") == [round(found["installed_mb"]["vl-convert-python"])]


def test_the_text_quotes_the_writers_of_html(found: dict[str, Any], record: str) -> None:
    cards = found["cards"]
    said = quoted(record, r"htpy takes ([\d.]+) times the time, Jinja2 ([\d.]+) times")
    assert said == [float(f"{cards[name]['us_times_ours'][0]:.2g}") for name in ("htpy", "Jinja2")]
    elements = found["elements"]
    assert quoted(record, r"has (\d+) elements, a card (\d+)") == [elements["answer"], elements["card"]]


def test_nothing_of_ours_costs_accessibility_or_a_phone(found: dict[str, Any]) -> None:
    for name in TITLES:
        ours = found["drawings"][name][OURS]
        assert (ours["axe_violations"], ours["texts_cut_off_at_320"]) == (0, 0)
        assert not ours["scrolls_at_320"]
        assert not ours["faults_under_strict_policy"]


def test_every_other_way_costs_something_that_is_asked_for(found: dict[str, Any]) -> None:
    budget = 50
    assert lowest(found, PICTURE, "make_ms") > budget
    for way in (VEGA, PLOTLY):
        assert found["first_visit"][way]["packed_bytes"] > 20 * found["first_visit"][OURS]["packed_bytes"]
        assert any(found["drawings"][name][way]["texts_cut_off_at_320"] for name in TITLES)
    assert all(found["drawings"][name][PLOT]["axe_violations"] for name in TITLES)


def test_every_writer_of_html_makes_the_same_card_and_escapes(found: dict[str, Any]) -> None:
    for writer in found["cards"].values():
        assert writer["escapes_hostile_text"]
        assert writer["same_as_the_page"]
