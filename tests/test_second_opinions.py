"""Checks that the second opinions are the published criteria and are reported in words."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.random import SeedSequence
from sklearn.metrics import calinski_harabasz_score, davies_bouldin_score

from tests.quick_choice import QUICK_CHOICE
from trainer import choose_k
from trainer.parallel import Workers
from trainer.segments.other_criteria import (
    Gap,
    elbow,
    gap_rule,
    gap_statistic,
    hdbscan,
    prediction_strength,
)
from trainer.segments.second_opinions import opinion_sentences, second_opinions
from trainer.segments.structure.batched_kmeans import Floats, Search, kmeans_of_table

TABLE = Path(__file__).parents[1] / "trainer" / "data" / "mall_customers.csv"


def income_and_score() -> Floats:
    raw = np.genfromtxt(TABLE, delimiter=",", skip_header=1, usecols=(3, 4))
    scaled: Floats = (raw - raw.mean(axis=0)) / raw.std(axis=0)
    return scaled


def gaps(*values: float, error: float = 0.05) -> list[Gap]:
    return [Gap(k=k, gap=value, error=error) for k, value in enumerate(values, start=1)]


def inertias(table: Floats, ks: range) -> list[float]:
    return [float(kmeans_of_table(table, k, Search(), SeedSequence(0)).inertias[0]) for k in ks]


def far_groups(rows: int = 60) -> Floats:
    """Three far groups, [rows, 2]."""
    centres = np.array([[0.0, 0.0], [9.0, 0.0], [0.0, 9.0]])[np.arange(rows) % 3]
    return centres + np.random.default_rng(0).normal(size=(rows, 2))


def test_elbow_and_gap_of_income_and_score_are_the_measured_ones() -> None:
    features = income_and_score()
    assert elbow(list(range(2, 11)), inertias(features, range(2, 11))) == 5
    measured = gap_statistic(features, range(1, 11), draws=10, seed=SeedSequence(0), workers=Workers())
    assert measured[4].gap == pytest.approx(1.066, abs=3 * 0.043 * np.sqrt(1 / 10 + 1 / 20))
    assert measured[4].error == pytest.approx(0.043, rel=0.5)
    assert gap_rule(measured) == 1
    assert gap_rule(measured[1:]) in (2, 3)  # their gaps differ by less than the error of ten draws


def test_every_criterion_finds_far_groups() -> None:
    features = far_groups()
    gaps = gap_statistic(features, range(1, 6), draws=10, seed=SeedSequence(0), workers=Workers())
    assert gap_rule(gaps) == 3
    assert prediction_strength(features, range(2, 6), SeedSequence(0)) == 3
    assert hdbscan(features) == 3
    assert elbow(list(range(2, 9)), inertias(features, range(2, 9))) == 3


def test_prediction_strength_and_hdbscan_find_nothing_in_one_population() -> None:
    cloud = np.random.default_rng(0).normal(size=(1_000, 2))
    assert prediction_strength(cloud[:200], range(2, 6), SeedSequence(0)) == 1
    assert hdbscan(cloud) == 1


def test_prediction_strength_leaves_out_a_k_that_half_of_the_rows_cannot_have() -> None:
    corners = np.array([[0.0], [10.0], [20.0], [30.0]])
    assert prediction_strength(corners, range(2, 5), SeedSequence(0)) in (1, 2)


def test_the_gaps_are_the_same_on_two_threads() -> None:
    one, two = (
        gap_statistic(far_groups(), range(1, 4), draws=3, seed=SeedSequence(0), workers=Workers(jobs=jobs))
        for jobs in (1, 2)
    )
    assert one == two


def test_the_gap_rule_takes_the_first_k_that_the_next_does_not_clearly_exceed() -> None:
    assert gap_rule(gaps(0.1, 0.3, 0.9, 0.94, 2.0)) == 3  # 0.9 >= 0.94 - 0.05
    assert gap_rule(gaps(0.1, 0.3, 0.9)) is None


def test_a_zero_inertia_has_no_gap() -> None:
    features = np.repeat([[0.0], [1.0]], 10, axis=0)
    none = gap_statistic(features, [1, 2], draws=2, seed=SeedSequence(0), workers=Workers())[1]
    assert (none.gap, none.error) == (None, None)
    assert gap_rule([*gaps(0.1), none]) is None


def test_a_straight_or_short_curve_has_no_elbow_and_raises_no_warning() -> None:
    assert elbow([2, 3, 4, 5], [40.0, 30.0, 20.0, 10.0]) is None
    assert elbow([2, 3], [40.0, 10.0]) is None


def test_agreeing_criteria_share_a_sentence_and_others_have_their_own() -> None:
    answers: dict[str, int | None]
    answers = {"elbow": 3, "gap statistic": 1, "Davies-Bouldin": 3, "Calinski-Harabasz": 4, "HDBSCAN": 1}
    assert opinion_sentences(answers, 3, [2, 3, 4], gaps(0.9, 0.3, 0.5, 0.52)) == (
        "Elbow and Davies-Bouldin also recommend k = 3.",
        "Gap statistic recommends k = 1, no segments; with at least 2 it recommends k = 3.",
        "Calinski-Harabasz recommends k = 4, the end of the range tried.",
        "HDBSCAN recommends k = 1, no segments.",
    )
    answers = {"elbow": None, "gap statistic": None, "Davies-Bouldin": 3, "HDBSCAN": 2}
    assert opinion_sentences(answers, 2, [2, 3, 4], gaps(0.1, 0.3, 0.5, 0.7)) == (
        "HDBSCAN also recommends k = 2.",
        "Elbow does not bend clearly up to k = 4.",
        "Gap statistic recommends no k up to k = 4.",
        "Davies-Bouldin recommends k = 3.",
    )
    (alone,) = opinion_sentences({"gap statistic": 1}, 2, [2, 3], gaps(0.9, 0.1, 0.9))
    no_segments = "Gap statistic recommends k = 1, no segments; "
    assert alone == no_segments + "with at least 2 it recommends no k up to k = 3."


def test_opinions_are_about_the_rows_and_partitions_that_were_judged() -> None:
    number = choose_k(far_groups(900), replace(QUICK_CHOICE, sample_rows=300))
    found = second_opinions(number, Workers())
    assert len(number.sample) == 300
    for each, row, partition in zip(found.indices, number.table, number.partitions, strict=True):
        labels = partition.labels[0]
        assert each.davies_bouldin == pytest.approx(davies_bouldin_score(number.sample, labels))
        assert each.calinski_harabasz == pytest.approx(calinski_harabasz_score(number.sample, labels))
        assert row.inertia == pytest.approx(float(partition.inertias[0]))
    assert found.answers["the BIC of a Gaussian mixture"] == number.bic_k == 3
    assert set(found.answers.values()) == {3}
    assert found.sentences[0].startswith("Elbow, gap statistic, Davies-Bouldin, Calinski-Harabasz, the BIC")
    assert found.sentences[0].endswith("also recommend k = 3.")
