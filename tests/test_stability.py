"""Checks that stability follows the published definition and detects unstable clusterings."""

from pathlib import Path

import numpy as np
import pytest
from numpy.random import SeedSequence

from trainer.parallel import Workers
from trainer.segments.cluster_metrics import Floats, fit_labels
from trainer.segments.stability import Stability, assess_stability, clusterwise_jaccard

TABLE = Path(__file__).parents[1] / "trainer" / "data" / "mall_customers.csv"


def scaled(raw: Floats) -> Floats:
    features: Floats = (raw - raw.mean(axis=0)) / raw.std(axis=0)
    return features


def table() -> Floats:
    """Return gender (1 for female), age, income and score, [200, 4]."""
    text = np.genfromtxt(TABLE, delimiter=",", skip_header=1, usecols=(1, 2, 3, 4), dtype=str)
    text[:, 0] = text[:, 0] == "Female"
    return np.char.replace(np.char.replace(text, "True", "1"), "False", "0").astype(np.float64)


def stability(features: Floats, k: int, *, bootstraps: int, jobs: int = 1) -> Stability:
    labellings = fit_labels(features, [k], n_init=10, seed=0)
    workers = Workers(jobs=jobs)
    (answer,) = assess_stability(
        features, labellings, bootstraps=bootstraps, n_init=10, seed=SeedSequence(0), workers=workers
    )
    return answer


def test_clusterwise_jaccard_equals_a_calculation_by_hand() -> None:
    # Ten customers 0..9: A = {0 1 2 3}, B = {4 5 6}, C = {7 8 9}. A bootstrap drew all but 3 and 9, which
    # leaves A* = {0 1 2}, B* = {4 5 6}, C* = {7 8}, and found D = {0 1}, E = {2 4 5 6}, F = {7 8}.
    # A*: with D 2 / 3, with E 1 / 6 -> 2 / 3. B*: with E 3 / 4 -> 3 / 4. C*: with F 2 / 2 -> 1.
    drawn = [0, 1, 2, 4, 5, 6, 7, 8]
    original = np.array([0, 0, 0, 0, 1, 1, 1, 2, 2, 2])
    found = np.array([0, 0, 1, 1, 1, 1, 1, 2, 2, 0])
    jaccard = clusterwise_jaccard(original[drawn], found[drawn], clusters=3)
    assert jaccard.tolist() == pytest.approx([2 / 3, 3 / 4, 1])


def test_a_cluster_without_a_drawn_row_has_no_similarity() -> None:
    jaccard = clusterwise_jaccard(np.array([0, 0, 2]), np.array([0, 1, 1]), clusters=3)
    assert jaccard[[0, 2]].tolist() == [0.5, 0.5]
    assert np.isnan(jaccard[1])


def test_two_clusters_may_have_the_same_most_similar_cluster() -> None:
    jaccard = clusterwise_jaccard(np.array([0, 0, 1, 1]), np.array([0, 0, 0, 0]), clusters=2)
    assert jaccard.tolist() == [0.5, 0.5]


def test_distant_groups_reappear_in_every_bootstrap_sample() -> None:
    rng = np.random.default_rng(0)
    features = np.repeat([[0.0, 0.0], [20.0, 0.0], [0.0, 20.0]], 20, axis=0) + rng.normal(size=(60, 2))
    answer = stability(features, 3, bootstraps=10)
    assert (answer.ari_mean, answer.ari_se, answer.ari_q10) == (1, 0, 1)
    assert answer.jaccard == (1, 1, 1)


def test_four_segments_of_income_and_score_are_less_stable_than_five() -> None:
    features = scaled(table()[:, 2:])
    four, five = (stability(features, k, bootstraps=30) for k in (4, 5))
    assert four.ari_mean < 0.85
    assert min(four.jaccard) < 0.75
    assert five.ari_mean >= 0.93
    assert min(five.jaccard) >= 0.90
    assert four.ari_q10 < four.ari_mean


def test_gender_and_products_as_clustering_columns_make_five_segments_unstable() -> None:
    gender, age, income, score = table().T
    six = np.column_stack([gender, age, income, score, score / (income + 1), income * score])
    answer = stability(scaled(six), 5, bootstraps=30)
    assert answer.ari_mean < 0.85
    assert min(answer.jaccard) < 0.75


def test_the_answer_is_the_same_on_one_thread_and_on_two() -> None:
    features = scaled(table()[:, 2:])
    assert stability(features, 6, bootstraps=8) == stability(features, 6, bootstraps=8, jobs=2)


def test_a_bootstrap_sample_with_fewer_points_than_clusters_is_measured_too() -> None:
    # Six points, one of them in one row only: a bootstrap without that row has five points for six clusters.
    features = np.array([[0.0], [2.0], [4.0], [6.0], [8.0]])[np.arange(20) % 5]
    answer = stability(np.vstack([features, [[100.0]]]), 6, bootstraps=10)
    assert len(answer.jaccard) == 6
    assert answer.jaccard == pytest.approx((1,) * 6)
