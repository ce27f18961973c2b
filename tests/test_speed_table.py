"""Checks how measurements become ratios and rows of the table."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from benchmarks.speed import in_duckdb, languages, speed_page
from benchmarks.speed.__main__ import CASES, RESULTS
from benchmarks.speed.made_customers import customers
from benchmarks.speed.measuring import (
    NOT_INSTALLED,
    OURS,
    Case,
    Metric,
    Way,
    in_words,
    measure,
    times_better,
)
from inference import Segmenter

SECONDS = Metric(key="seconds", unit="s")
RATE = Metric(key="rate", unit="rows/s", more_is_better=True)


def _case(asked: list[tuple[str, int]]) -> Case:
    @contextmanager
    def ways() -> Iterator[Mapping[str, Way]]:
        def way(name: str, seconds: float) -> Way:
            def run(turn: int) -> dict[str, float]:
                asked.append((name, turn))
                return {"seconds": seconds * (turn + 1), "rate": 12 / seconds}

            return run

        yield {OURS: way(OURS, 2.0), "other": way("other", 6.0)}

    return Case(
        key="made-up", title="made up", metrics=(SECONDS, RATE), ways=ways, rounds=3, wanted="2 times"
    )


def test_ways_run_in_turn_and_the_warm_up_does_not_count() -> None:
    asked: list[tuple[str, int]] = []
    found = measure(_case(asked))
    assert asked == [(name, turn) for turn in (-1, 0, 1, 2) for name in (OURS, "other")]
    assert found["other"] == {"seconds": [6.0, 12.0, 18.0], "rate": [2.0, 2.0, 2.0]}


def test_better_is_less_of_a_time_and_more_of_a_rate_round_by_round() -> None:
    assert times_better(SECONDS, [1.0, 10.0], [2.0, 20.0]).median == 2.0
    assert times_better(RATE, [3.0, 30.0], [2.0, 20.0]).median == 1.5


def test_the_table_has_a_row_for_each_alternative(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case = _case([])
    page = tmp_path / "README.md"
    page.write_text(f"before\n{speed_page._BEGIN}\nold\n{speed_page._END}\nafter\n", encoding="utf-8")
    monkeypatch.setattr(speed_page, "PAGE", page)
    results = {case.key: {"figures": measure(case), "commit": "0123456789", "cores": 2}}
    speed_page.publish((case,), results)
    text = page.read_text(encoding="utf-8")
    ratios = "**3.0** (3.0-3.0), **3.0** (3.0-3.0) rows/s"
    assert f"| made up | other | {ratios} | 4.0 s, 6.0 rows/s | 12 s, 2.0 rows/s | 2 times |" in text
    assert "old" not in text
    assert text.startswith("before\n")
    assert text.endswith("after\n")


def test_what_is_not_installed_is_said_and_has_no_figures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "README.md"
    page.write_text(f"{speed_page._BEGIN}\n{speed_page._END}\n", encoding="utf-8")
    monkeypatch.setattr(speed_page, "PAGE", page)
    case, absent = _case([]), {"far": NOT_INSTALLED}
    figures = measure(case)
    speed_page.publish(
        (case,), {case.key: {"figures": figures, "absent": absent, "commit": "0123456", "cores": 2}}
    )
    assert "|  | far | not installed |  | not installed |  |" in page.read_text(encoding="utf-8")
    assert list(in_words(case, figures, absent))[-1] == "  far: not installed"


def test_without_duckdb_its_way_is_absent_and_does_not_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(in_duckdb, "INSTALLED", False)
    assert [dict(case.absent()) for case in in_duckdb.CASES] == [{in_duckdb.DUCKDB: NOT_INSTALLED}] * 3
    with in_duckdb.CASES[0].ways() as ways:
        assert set(ways) == {OURS}


def test_a_language_without_its_tools_is_absent_and_not_built(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: name if name == "python3" else None)
    (case,) = languages.CASES
    absent = dict(case.absent())
    assert set(absent.values()) == {NOT_INSTALLED}
    assert {"C, with onnxruntime", "Rust, with onnxruntime", languages.WITHOUT_RUNTIME} <= set(absent)
    with case.ways() as ways:
        assert set(ways) == {OURS}


def test_the_languages_are_asked_for_complete_customers_only(published: Segmenter) -> None:
    rows = customers(20, seed=1)
    vectors = languages.complete_vectors(published, rows)
    assert vectors["outputs"]["complete"] == [True] * 20
    assert vectors["inputs"]["age"] == rows["age"].tolist()
    assert vectors["outputs"]["classifier_probabilities"][0] == [None] * len(published.contract.segments)


def test_a_program_that_tells_no_time_is_an_error() -> None:
    def said(text: str, status: int) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(["program"], status, text, "")

    assert languages._told(lambda: said("p50 of one row: 0.269 us\n", 0), 0) == {"us": 0.269}
    for text, status in (("nothing", 0), ("p50 of one row: 1.0 us", 1)):
        with pytest.raises(RuntimeError, match="must print its median"):
            languages._told(partial(said, text, status), 0)


def test_the_published_table_is_that_of_the_stored_results(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    published = speed_page.PAGE.read_text(encoding="utf-8")
    copy = tmp_path / "README.md"
    copy.write_text(published, encoding="utf-8")
    monkeypatch.setattr(speed_page, "PAGE", copy)
    speed_page.publish(CASES, json.loads(RESULTS.read_text(encoding="utf-8")))
    assert copy.read_text(encoding="utf-8") == published
