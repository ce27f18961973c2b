"""Checks Evidently's reports, in their own environment: ``just evidently``."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.evidently

ROOT = Path(__file__).parents[1]
TABLE = ROOT / "trainer" / "data" / "mall_customers.csv"
DEVIATION = 26.2  # of the incomes, in thousands


def drift_of(path: Path) -> dict[str, Any]:
    """The PSI of each column in Evidently's figures."""
    metrics = json.loads(path.read_text(encoding="utf-8"))["metrics"]
    kind = "evidently:metric_v2:ValueDrift"
    return {each["config"]["column"]: each["value"] for each in metrics if each["config"]["type"] == kind}


@pytest.fixture
def richer(tmp_path: Path) -> Path:
    """The embedded table with incomes half a standard deviation higher."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row["Annual Income (k$)"] = str(round(float(row["Annual Income (k$)"]) + DEVIATION / 2))
    path = tmp_path / "richer.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_a_scored_file_is_compared_with_the_file_that_is_given(richer: Path, tmp_path: Path) -> None:
    from inference import score_file
    from service.monitor.evidently_report import main

    scored = tmp_path / "scored.csv"
    score_file(ROOT / "artifacts" / "model.onnx", richer, scored)
    page, figures = tmp_path / "report.html", tmp_path / "report.json"
    written = ["--reference", str(TABLE), "--html", str(page), "--json", str(figures)]
    assert main([str(scored), *written]) == 0
    drift = drift_of(figures)
    assert set(drift) == {"gender", "age", "annual_income", "spending_score", "segment"}
    assert drift["annual_income"] > 0.45
    assert drift["segment"] < 0.10
    assert drift["age"] == drift["gender"] == pytest.approx(0.0, abs=1e-9)
    text = page.read_text(encoding="utf-8")
    assert len(text) > 100_000
    assert "annual_income" in text


def test_without_a_reference_the_histograms_are_one(richer: Path, tmp_path: Path) -> None:
    from service.monitor.evidently_report import main

    same, other = tmp_path / "same.json", tmp_path / "other.json"
    assert main([str(TABLE), "--json", str(same)]) == 0
    assert main([str(richer), "--json", str(other)]) == 0
    assert drift_of(same)["gender"] == pytest.approx(0.0, abs=1e-9)
    assert drift_of(same)["segment"] == pytest.approx(0.0, abs=1e-9)
    assert drift_of(same)["annual_income"] < 0.2
    assert drift_of(other)["annual_income"] > 0.3


def test_a_file_that_cannot_be_used_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from service.monitor.evidently_report import main

    empty = tmp_path / "empty.csv"
    empty.write_text("a,b\n1,2\n", encoding="utf-8")
    assert main([str(empty), "--json", str(tmp_path / "out.json")]) == 2
    assert capsys.readouterr().err.startswith("error: ")
