"""Checks which properties tables without segments keep and lose, and that their limit has a 5% level."""

import numpy as np
import pytest
from numpy.random import SeedSequence
from scipy.stats import spearmanr

from trainer.parallel import Workers
from trainer.segments.cluster_metrics import Floats
from trainer.segments.null_models import copula_correlation, copula_draw, limit_95, null_silhouettes, permuted


def crossed(rows: int = 400) -> Floats:
    """Return skewed, related columns with ties: income, spending, visits."""
    rng = np.random.default_rng(0)
    income = rng.lognormal(3, 1, rows)
    spending = np.sqrt(income) + rng.normal(0, 2, rows)
    visits = np.floor(10 / (1 + income / 20) + rng.random(rows))
    return np.column_stack([income, spending, visits])


def rank_correlation(raw: Floats) -> Floats:
    return np.asarray(spearmanr(raw).statistic)


def test_permuted_columns_keep_their_values_exactly_and_lose_their_relation() -> None:
    raw = crossed()
    drawn = permuted(raw, np.random.default_rng(1))
    assert np.array_equal(np.sort(drawn, axis=0), np.sort(raw, axis=0))
    assert abs(rank_correlation(raw)[0, 1]) > 0.5
    assert np.abs(np.triu(rank_correlation(drawn), 1)).max() < 0.15  # 3 / sqrt(400)


def test_the_copula_keeps_the_columns_values_exactly_and_their_rank_correlation() -> None:
    raw = crossed()
    correlation = copula_correlation(raw)
    draws = [copula_draw(raw, correlation, np.random.default_rng(seed)) for seed in range(20)]
    for drawn in draws:
        assert np.array_equal(np.sort(drawn, axis=0), np.sort(raw, axis=0))
    mean = np.mean([rank_correlation(drawn) for drawn in draws], axis=0)
    assert mean == pytest.approx(rank_correlation(raw), abs=0.03)  # 3 / sqrt(400 * 20)


def test_the_correlation_is_that_of_a_gaussian_pair_with_the_given_rank_correlation() -> None:
    ranks = np.array([[1, 1], [2, 3], [3, 2], [4, 4], [5, 5]], dtype=np.float64)  # rho = 1 - 6 * 2 / 120
    assert copula_correlation(ranks)[0, 1] == pytest.approx(2 * np.sin(np.pi * 0.9 / 6))


def test_an_indefinite_correlation_is_repaired() -> None:
    one, two = np.random.default_rng(1).uniform(size=(2, 50))
    raw = np.column_stack([one, two, one + two, one - two])  # such rank correlations fit no Gaussian
    rho = rank_correlation(raw)
    assert np.linalg.eigvalsh(2 * np.sin(np.pi * rho / 6)).min() < -0.01
    correlation = copula_correlation(raw)
    assert np.linalg.eigvalsh(correlation).min() > -1e-12
    assert np.diag(correlation) == pytest.approx([1, 1, 1, 1])
    assert correlation == pytest.approx(2 * np.sin(np.pi * rho / 6), abs=0.05)


@pytest.mark.parametrize(("draws", "rank"), [(19, 19), (39, 38), (99, 95)])
def test_the_limit_is_exceeded_by_a_further_draw_once_in_twenty(draws: int, rank: int) -> None:
    values = np.random.default_rng(0).permutation(np.arange(1.0, draws + 1))
    assert limit_95(values) == rank


def test_fewer_than_19_draws_are_refused() -> None:
    with pytest.raises(ValueError, match="a 95% limit needs at least 19 draws; found 18; draw more"):
        limit_95(np.arange(18.0))


def test_two_columns_of_noise_score_around_two_fifths() -> None:
    seeds = SeedSequence(0).spawn(19)
    tables = [np.random.default_rng(seed).uniform(size=(200, 2)) for seed in seeds]
    null = null_silhouettes(tables, [3, 4, 5], n_init=10, seeds=seeds, label="noise", workers=Workers())
    assert 0.38 < null.limit < 0.46
    assert null.limit == max(null.limits)  # with 19 draws both are the largest silhouette seen
    assert all(mean < limit for mean, limit in zip(null.means, null.limits, strict=True))
