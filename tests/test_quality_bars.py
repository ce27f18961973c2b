"""Checks that the published report meets the requirements for a segmentation.

The report is what `python -m trainer --check` rebuilds; its figures are compared with bounds two to four
standard errors inside the measured ones, so that no seed or library version flips them.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.fast

REPORT = Path(__file__).parents[1] / "artifacts" / "report.json"
CLASSIFIERS = ("logistic_regression", "random_forest", "xgboost")


@pytest.fixture(scope="module")
def report() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(REPORT.read_text(encoding="utf-8"))
    return loaded


def _scores(report: dict[str, Any], name: str, *missing: str) -> dict[str, dict[str, float]]:
    entries = report["evaluation"]["classifiers"][name]
    (found,) = (entry for entry in entries if entry["missing"] == list(missing))
    return {kind: found[kind] for kind in ("fidelity", "cross")}


def test_five_natural_segments_far_above_one_population(report: dict[str, Any]) -> None:
    choice = report["choice"]
    (row,) = (row for row in choice["table"] if row["k"] == choice["k"])
    assert (choice["k"], choice["chosen_by"], choice["kind"], choice["elbow"]) == (5, "rule", "natural", 5)
    assert choice["p_value"] <= 0.05
    assert report["clustering"] == ["annual_income", "spending_score"]
    assert row["silhouette"] >= 0.55
    assert row["davies_bouldin"] <= 0.60
    assert row["calinski_harabasz"] >= 240
    assert row["ari"] >= 0.93
    assert row["jaccard"] >= 0.90
    assert row["smallest_share"] >= 0.10
    assert row["excess"] - choice["limit"] * row["null_deviation"] >= 0.08
    assert row["valley"] <= 0.6
    assert row["failed"] == []


def test_the_evaluation_is_the_full_one(report: dict[str, Any]) -> None:
    assert (report["evaluation"]["folds"], report["evaluation"]["repeats"]) == (5, 10)
    assert report["config"]["choice"]["bootstraps"] == 20
    assert report["choice"]["draws"] >= 39


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_every_classifier_reproduces_complete_customers(report: dict[str, Any], name: str) -> None:
    figures = _scores(report, name)["fidelity"]
    assert figures["accuracy"] >= 0.93
    assert figures["f1"] >= 0.92


def test_the_nearest_centroid_is_the_segmentation(report: dict[str, Any]) -> None:
    figures = _scores(report, "nearest_centroid")
    assert figures["fidelity"]["accuracy"] == 1.0
    assert figures["cross"]["accuracy"] >= 0.98


@pytest.mark.parametrize(
    ("missing", "accuracy", "top2", "log_loss", "calibration"),
    [
        ((), 0.93, 0.95, 0.20, 0.08),
        (("spending_score",), 0.78, 0.94, 0.55, 0.10),
        (("annual_income",), 0.74, 0.93, 0.62, 0.11),
        (("annual_income", "spending_score"), 0.44, 0.70, 1.33, 0.17),
    ],
)
def test_the_chosen_classifier_is_better_than_the_prior(
    report: dict[str, Any],
    missing: tuple[str, ...],
    accuracy: float,
    top2: float,
    log_loss: float,
    calibration: float,
) -> None:
    figures = _scores(report, report["classifier"]["chosen"], *missing)["fidelity"]
    assert figures["accuracy"] >= accuracy
    assert figures["top2"] >= top2
    assert figures["log_loss"] <= log_loss
    assert figures["calibration_error"] <= calibration
    prior = _scores(report, "prior")["fidelity"]
    assert figures["log_loss"] < prior["log_loss"]


def test_one_segment_is_right_nine_times_in_ten_and_rare_without_clustering_columns(
    report: dict[str, Any],
) -> None:
    selective = report["evaluation"]["selective"]
    assert selective["accuracy"] >= 0.90
    assert selective["threshold"] == report["thresholds"]["answer_probability"]
    neither = ["annual_income", "spending_score"]
    (rare,) = (entry for entry in selective["patterns"] if entry["missing"] == neither)
    assert rare["answered"] <= 0.05


def test_all_six_columns_would_be_worse(report: dict[str, Any]) -> None:
    chosen, *others = report["sensitivity"]
    (six,) = (each for each in others if each["title"] == "with everything")
    assert six["kind"] != "natural" == chosen["kind"]
    assert six["excess"] < 0.5 * chosen["excess"]


def test_no_temperature_was_needed(report: dict[str, Any]) -> None:
    assert report["classifier"]["temperature"]["used"] == 1.0
