"""Checks that the page about the model shows what its contract has, as text and as curves."""

from __future__ import annotations

import json
import re

from inference import Contract, Segmenter
from service.languages.number_format import number as written
from service.page.views.about_panel import hero
from service.page.views.model_info import model_info
from tests.conftest import ROOT
from tests.shown_text import words
from trainer import Trained


def test_model_info_shows_every_segment_column_and_decision(published: Segmenter) -> None:
    known = published.contract
    reported = words(model_info(known, published.fingerprint, sealed=published.sealed))
    assert "Seal of the model file compared when the file was loaded" in reported
    assert "a change would not be noticed" in words(model_info(known, "f" * 64, sealed=False))
    for segment in known.segments:
        assert segment.name in reported
        assert segment.action in reported
    assert all(column.label in reported for column in known.columns)
    assert f"Why {len(known.segments)} segments" in reported
    assert known.choice is not None
    assert known.data is not None
    assert all(sentence in reported for sentence in known.choice.second_opinions)
    assert known.choice.reason.split(".")[0] in reported
    assert known.data.source in reported
    assert published.fingerprint[:12] in reported


def test_model_info_shows_kind_figures_and_other_numbers(trained: Trained) -> None:
    choice = trained.choice
    reported = words(model_info(trained.described, "f" * 64))
    assert "Natural segments Customers form separate groups" in reported
    assert choice.reason in reported
    assert choice.others
    for other in choice.others:
        segments = "; ".join(f"{name} ({size})" for name, size in other.segments)
        assert f"{other.ari:.3f} {segments} --k {other.k}" in reported
    for row in choice.table:
        assert f"{row.silhouette:.3f} {row.null_mean:.3f} {row.ari:.3f} {row.jaccard:.3f}" in reported
    document = json.loads(trained.contract)
    document["choice"]["others"] = []
    without = words(model_info(Contract.parse(json.dumps(document)), "f" * 64))
    assert "Other numbers of segments" not in without


def test_one_population_is_drawn_and_described(published: Segmenter) -> None:
    markup = model_info(published.contract, published.fingerprint)
    assert published.contract.choice is not None
    (silhouette,) = re.findall(r'aria-label="(Silhouette by [^"]*)"', markup)
    lowest = published.contract.choice.table[0]
    assert lowest.null_mean is not None
    assert f"For comparison, one population: {lowest.k}: {written(lowest.null_mean)}" in silhouette
    assert "reaches the dashed line on average" in words(markup)


def test_a_file_of_0_1_0_is_shown_with_what_it_knows() -> None:
    known = Contract.parse((ROOT / "tests" / "contract_0_1_0.json").read_text(encoding="utf-8"))
    reported = words(model_info(known, "f" * 64))
    assert "Why 5 segments Natural segments" in reported
    assert "5 natural 0.555 not measured 0.978 0.976 11.0%" in reported
    assert "mean ARI 0.816 over the bootstraps, 0.85 needed; Jaccard" in reported
    assert "reaches the dashed line on average" not in reported
    assert "Other numbers of segments" not in reported
    assert 'role="note"' not in hero(known)


def test_the_classifiers_figures_are_called_surrogate_fidelity(published: Segmenter) -> None:
    markup = model_info(published.contract, published.fingerprint)
    reported = words(markup)
    assert "Surrogate fidelity" in reported
    assert "not an accuracy of the segments" in reported
    for name in ("Logistic regression", "Random forest", "XGBoost", "Nearest centre", "Segment sizes only"):
        assert name in reported
    assert "cannot answer" in reported
    assert 'class="marked"' in markup


def test_all_curves_are_drawn_with_the_chosen_k_and_described(published: Segmenter) -> None:
    markup = model_info(published.contract, published.fingerprint)
    assert published.contract.choice is not None
    chosen = published.contract.choice.k
    reported = re.findall(r'role="img" aria-label="([^"]*)"', markup)
    *curves, calibration = reported
    assert [each.split(" by ")[0] for each in curves] == ["Silhouette", "Stability", "Elbow: inertia"]
    assert all(f"Chosen: k = {chosen}." in each for each in curves)
    assert calibration.startswith("Predicted probability of the classifier")
    assert 'class="limit"' in markup


def test_the_commit_that_the_app_was_built_from_is_shown_where_it_is_known(published: Segmenter) -> None:
    shown = words(model_info(published.contract, published.fingerprint, "0123456789abcdef" * 2))
    assert "App built from commit 0123456789ab…" in " ".join(shown.split())
    assert "built from" not in words(model_info(published.contract, published.fingerprint))
