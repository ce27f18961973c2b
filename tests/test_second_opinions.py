"""Checks that the second opinions are the published criteria and are reported in words."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.random import SeedSequence
from trainer.segments.k_rule import KRow

from trainer.parallel import Workers
from trainer.segments.cluster_metrics import Floats, fit_each
from trainer.segments.second_opinions import Gap, elbow, gap_rule, gap_statistic, second_opinions

TABLE = Path(__file__).parents[1] / "trainer" / "data" / "mall_customers.csv"


def income_and_score() -> Floats:
    raw = np.genfromtxt(TABLE, delimiter=",", skip_header=1, usecols=(3, 4))
    scaled: Floats = (raw - raw.mean(axis=0)) / raw.std(axis=0)
    return scaled


def gaps(*values: float, error: float = 0.05) -> list[Gap]:
    return [Gap(k=k, gap=value, error=error) for k, value in enumerate(values, start=1)]


def row(k: int, **asked: float) -> KRow:
    figures: dict[str, Any] = dict.fromkeys(KRow.__dataclass_fields__)
    return KRow(**figures | {"k": k, **asked})


def test_elbow_and_gap_of_income_and_score_are_the_measured_ones() -> None:
    features = income_and_score()
    fits = fit_each(features, range(1, 11), n_init=10, seed=0, workers=Workers())
    inertias = {fit.k: fit.inertia for fit in fits}
    assert elbow(list(inertias)[1:], list(inertias.values())[1:]) == 5
    measured = gap_statistic(features, inertias, draws=10, seed=SeedSequence(0), workers=Workers())
    assert measured[4].gap == pytest.approx(1.066, abs=3 * 0.043 * np.sqrt(1 / 10 + 1 / 20))
    assert measured[4].error == pytest.approx(0.043, rel=0.5)
    assert (gap_rule(measured), gap_rule(measured[1:])) == (1, 3)


def test_the_gap_statistic_finds_far_groups() -> None:
    rng = np.random.default_rng(0)
    features = np.repeat([[0.0, 0.0], [9.0, 0.0], [0.0, 9.0]], 20, axis=0) + rng.normal(size=(60, 2))
    fits = fit_each(features, range(1, 6), n_init=10, seed=0, workers=Workers())
    inertias = {fit.k: fit.inertia for fit in fits}
    assert gap_rule(gap_statistic(features, inertias, draws=10, seed=SeedSequence(0), workers=Workers())) == 3


def test_the_gap_rule_takes_the_first_k_that_the_next_does_not_clearly_exceed() -> None:
    assert gap_rule(gaps(0.1, 0.3, 0.9, 0.94, 2.0)) == 3  # 0.9 >= 0.94 - 0.05
    assert gap_rule(gaps(0.1, 0.3, 0.9)) is None


def test_a_zero_inertia_has_no_gap() -> None:
    features = np.repeat([[0.0], [1.0]], 10, axis=0)
    none = gap_statistic(features, {1: 5.0, 2: 0.0}, draws=2, seed=SeedSequence(0), workers=Workers())[1]
    assert (none.gap, none.error) == (None, None)
    assert gap_rule([*gaps(0.1), none]) is None


def test_a_straight_or_short_curve_has_no_elbow_and_raises_no_warning() -> None:
    assert elbow([2, 3, 4, 5], [40.0, 30.0, 20.0, 10.0]) is None
    assert elbow([2, 3], [40.0, 10.0]) is None


def test_agreeing_criteria_share_a_sentence_and_others_have_their_own() -> None:
    rows = [
        row(2, davies_bouldin=1.30, calinski_harabasz=96.3),
        row(3, davies_bouldin=0.57, calinski_harabasz=151.3),
        row(4, davies_bouldin=0.71, calinski_harabasz=174.6),
    ]
    assert second_opinions(rows, 3, elbow=3, gaps=gaps(0.9, 0.3, 0.5, 0.52)) == (
        "Elbow and Davies-Bouldin also recommend k = 3.",
        "Gap statistic recommends k = 1, no segments; from k = 2 it recommends k = 3.",
        "Calinski-Harabasz recommends k = 4, the end of the range tried.",
    )
    assert second_opinions(rows, 2, elbow=None, gaps=gaps(0.1, 0.3, 0.5, 0.7)) == (
        "Elbow does not bend clearly up to k = 4.",
        "Gap statistic recommends no k up to k = 4.",
        "Davies-Bouldin recommends k = 3.",
        "Calinski-Harabasz recommends k = 4, the end of the range tried.",
    )
