"""Checks that people see amounts in the table's units where logarithms are clustered."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from inference import Contract
from service.kinds.scales import LogScale, map_scale
from service.page.draw.decision_map import centre
from tests.drawn import drawn, texts
from trainer import ChoiceSettings, TrainConfig, Trained, train
from trainer.report.card.card_about import segments

LOGARITHM = re.compile(r"\blog (?!loss)", re.IGNORECASE)


@pytest.fixture(scope="module")
def spenders() -> Trained:
    rng = np.random.default_rng(3)
    group = np.arange(240) % 2
    frame = pd.DataFrame(
        {
            "Grocery spend": np.round(
                np.exp(rng.normal([6.0, 9.0], 0.6, (240, 2))[np.arange(240), group]), 2
            ),
            "Wine spend": np.round(np.exp(rng.normal([5.0, 7.0], 0.9, (240, 2))[np.arange(240), group]), 2),
        }
    )
    config = TrainConfig(folds=3, repeats=1, choice=ChoiceSettings(user_k=2), sensitivity=False)
    trained = train(frame, config)
    assert trained.described.logarithms.keys() == {"grocery_spend", "wine_spend"}
    return trained


def test_the_card_gives_centroids_in_the_unit_of_the_column(spenders: Trained) -> None:
    words = segments(spenders)
    assert not LOGARITHM.search(words)
    assert "| Grocery spend |" in words
    low = next(each for each in spenders.fitted.segments if each.tier == "low-spending")
    assert 300 < np.expm1(low.centroid["log_grocery_spend"]) < 500
    assert f"{np.expm1(low.centroid['log_grocery_spend']):,.4g}" in words


@pytest.mark.parametrize("figure", ["segments", "profiles"])
def test_figures_have_amounts_on_their_axes(spenders: Trained, tmp_path: Path, figure: str) -> None:
    drawn(spenders, figure).savefig(tmp_path / f"{figure}.svg")
    found = texts(tmp_path, figure)
    assert any("Grocery spend" in each for each in found)
    assert not any(LOGARITHM.search(each) for each in found)
    assert figure == "profiles" or "1,000" in found


def test_the_map_is_logarithmic_and_its_centres_are_centroids(spenders: Trained) -> None:
    contract = Contract.parse(spenders.contract)
    column = contract.column("grocery_spend")
    scale = map_scale(contract, column)
    assert isinstance(scale, LogScale)
    low, high = (
        centre(contract, place, column)
        for place in sorted((0, 1), key=lambda each: centre(contract, each, column) or 0)
    )
    assert low is not None
    assert high is not None
    assert 300 < low < 500
    assert 6_000 < high < 10_000
    assert 0.1 < scale.position(low) < 0.5 < scale.position(high) < 0.95
    assert np.allclose(
        [scale.position(value) for value in scale.values(np.linspace(0, 1, 5))], np.linspace(0, 1, 5)
    )
    assert 3 <= len(scale.ticks()) <= 7
