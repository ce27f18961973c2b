"""Checks that a temperature is fitted correctly, tested on other customers, and used only where it helps."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.conftest import fit
from trainer import MALL, Table, Trained
from trainer.classifier.candidates import BOOSTED, CANDIDATES
from trainer.classifier.fitted_classifier import tempered
from trainer.classifier.missing_patterns import served_patterns
from trainer.classifier.models.temperature import at_temperature, choose_temperature, fit_temperature
from trainer.export.build_graph import build_model
from trainer.export.verify import verify


def test_reverses_an_applied_temperature() -> None:
    rng = np.random.default_rng(0)
    honest = rng.dirichlet(np.ones(4), 20_000)
    labels = (honest.cumsum(axis=1) > rng.random((20_000, 1))).argmax(axis=1)
    assert fit_temperature(honest, labels) == pytest.approx(1.0, abs=0.05)
    assert fit_temperature(tempered(honest, 0.5), labels) == pytest.approx(2.0, rel=0.05)


def test_no_answer_changes_and_zero_stays_zero() -> None:
    probabilities = np.array([[0.7, 0.3, 0.0], [0.2, 0.5, 0.3]])
    softer = tempered(probabilities, 2.0)
    assert softer.sum(axis=1) == pytest.approx([1.0, 1.0])
    assert np.array_equal(softer.argmax(axis=1), probabilities.argmax(axis=1))
    assert softer[0, 2] == 0.0
    assert softer[0, 0] < 0.7


def test_only_an_overconfident_classifier_gets_a_temperature(trained: Trained) -> None:
    patterns = served_patterns(MALL)
    chosen = choose_temperature(trained.held_out, BOOSTED, patterns)
    assert chosen.used == 1.0
    certain = at_temperature(trained.held_out, BOOSTED, 0.3)
    found = choose_temperature(certain, BOOSTED, patterns)
    assert found.used == found.fitted > 2.0
    assert found.change < -2 * found.change_se


def test_only_the_named_classifier_is_changed(trained: Trained) -> None:
    changed = at_temperature(trained.held_out, BOOSTED, 2.0)
    for before, after in zip(trained.held_out.folds, changed.folds, strict=True):
        for (name, pattern), values in before.probabilities.items():
            assert np.array_equal(values, after.probabilities[name, pattern]) == (name != BOOSTED)


@pytest.mark.parametrize("name", list(CANDIDATES))
def test_the_graph_answers_at_the_temperature(table: Table, name: str) -> None:
    plain = fit(table, name, 5)
    warm = replace(plain, classifier=replace(plain.classifier, temperature=1.7))
    assert verify(warm, build_model(warm, "{}").SerializeToString(), table, rows=4_000).rows > 20_000
    hidden = {**table.columns, "spending_score": np.full(200, np.nan)}
    assert warm.answer(hidden)["probabilities"].max() < plain.answer(hidden)["probabilities"].max()
