"""The BIC of mixtures started from K-Means finds groups of Gaussian shape."""

import numpy as np
import pytest
from numpy.random import SeedSequence
from sklearn.mixture import GaussianMixture

from trainer.segments.structure import mixture
from trainer.segments.structure.batched_kmeans import Search, kmeans_of_table
from trainer.segments.structure.mixture import smallest_bic


def bics(table: np.ndarray, most: int) -> list[float]:
    return [
        smallest_bic(table, kmeans_of_table(table, k, Search(), SeedSequence(0)).labels[0])
        for k in range(1, most + 1)
    ]


@pytest.mark.parametrize(("k", "d"), [(1, 2), (3, 2), (4, 5), (2, 1)])
def test_the_number_of_groups_has_the_smallest_bic(k: int, d: int) -> None:
    rng = np.random.default_rng(k)
    centres = 6 * np.eye(max(k, d))[:k, :d]
    table = centres[rng.integers(0, k, 300)] + rng.normal(size=(300, d))
    table = (table - table.mean(axis=0)) / table.std(axis=0)
    assert int(np.argmin(bics(table, 6))) + 1 == k


def test_the_bic_of_full_covariances_is_that_of_scikit_learn(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    table = 5 * rng.integers(0, 2, 200)[:, None] + rng.normal(size=(200, 2)) @ [[1, 0.5], [0, 1]]
    table = (table - table.mean(axis=0)) / table.std(axis=0)
    monkeypatch.setattr(mixture, "FAMILIES", {"full": mixture.FAMILIES["full"]})
    labels = kmeans_of_table(table, 2, Search(), SeedSequence(0)).labels[0]
    reference = GaussianMixture(2, reg_covar=1e-4, tol=1e-9, max_iter=500, random_state=0).fit(table)
    assert smallest_bic(table, labels) == pytest.approx(reference.bic(table), abs=0.2)


def test_a_column_of_few_values_gives_a_finite_bic() -> None:
    table = np.random.default_rng(0).integers(0, 2, (100, 3)).astype(float)
    assert np.isfinite(bics(table, 5)).all()
