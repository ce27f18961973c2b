"""Checks that the figures of docs/scale.md are those of the measurement."""

from __future__ import annotations

import json

import pytest

from benchmarks.scale import CORES, PAGE, PRICE, RESULTS, ROWS, lines, page_with

MEASURED = {
    "rows": 1_000_000,
    "cores": 2,
    "rows_per_cpu_second": 100_000.0,
    "one_process_cpu_seconds": 2.0,
    "first_cpu_seconds": 730.0,
    "second_cpu_seconds": 10.0,
    "source_mb": 12.8,
    "target_mb": 25.6,
}


def test_the_page_shows_the_committed_measurement() -> None:
    report = json.loads(RESULTS.read_text(encoding="utf-8"))
    figures = list(lines(report, rows=ROWS, cores=CORES, price=PRICE))
    page = PAGE.read_text(encoding="utf-8")
    assert page_with(page, figures) == page
    assert report["same"]
    assert report["killed"]


def test_cost_follows_from_rows_per_cpu_second() -> None:
    text = "\n".join(lines(MEASURED, rows=3.6e9, cores=10, price=0.2))
    assert "10.0 core-hours, 46 GB to read in 360 tasks" in text
    assert "of 128 MB, and 92 GB to write" in text
    assert "the start of Java and of the workers: 6 min of each core" in text
    assert "| 1 | 1.1 h | 2.20 |" in text
    assert "| 4 | 21 min | 2.80 |" in text
    assert "One process without Spark computes for 2.0 h" in text


def test_a_page_without_marks_is_refused() -> None:
    with pytest.raises(ValueError, match=r"scale\.md must have the lines"):
        page_with("no marks", [])
