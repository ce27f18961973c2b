"""Draw tables of one population: a Gaussian copula on the unimodal distributions closest to the columns.

Each column keeps its skew, tails and steps but not its groups, and the columns keep their rank correlation
(after Hennig and Lin 2015, Statistics and Computing 25). What K-Means reaches on such tables is what chance
and shape alone give.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from scipy.stats import norm, rankdata

from trainer.segments.structure.batched_kmeans import Floats
from trainer.segments.structure.unimodal import UnimodalColumn, closest_unimodal


@dataclass(frozen=True, kw_only=True)
class OnePopulation:
    """One population like a table.

    Attributes:
        columns: a unimodal distribution for each column.
        factor: [d, d], of the copula's correlations.
        deviations: [d], standard deviations of the table's columns.
    """

    columns: tuple[UnimodalColumn, ...]
    factor: Floats
    deviations: Floats

    def draw(self, rows: int, rng: Generator) -> Floats:
        """Draw a table [rows, d] with mean 0 and the table's standard deviation in each column.

        With several columns the ranks of the Gaussian rows are mapped, so every table has the same values; a
        single column would then never vary, so it is drawn.
        """
        cloud = rng.standard_normal((rows, len(self.columns))) @ self.factor.T
        single = len(self.columns) == 1
        positions = norm.cdf(cloud) if single else (_ranks(cloud) + 0.5) / rows
        table = np.column_stack(
            [column.quantiles(p) for column, p in zip(self.columns, positions.T, strict=True)]
        )
        deviation = table.std(axis=0)
        scaled: Floats = (
            (table - table.mean(axis=0)) * self.deviations / np.where(deviation > 0, deviation, 1)
        )
        return scaled


def fit_one_population(table: Floats) -> OnePopulation:
    """Measure the closest unimodal distributions and the rank correlation of ``table`` [n, d]."""
    values, vectors = np.linalg.eigh(_copula_correlation(table))
    return OnePopulation(
        columns=tuple(closest_unimodal(column) for column in table.T),
        factor=vectors * np.sqrt(values.clip(min=0)),
        deviations=table.std(axis=0),
    )


def _ranks(cloud: Floats) -> Floats:
    ranks: Floats = cloud.argsort(axis=0).argsort(axis=0).astype(np.float64)
    return ranks


def _copula_correlation(table: Floats) -> Floats:
    """Correlations [d, d] of the Gaussian copula with the table's rank correlation: 2 sin(pi rho / 6).

    Pearson (1907). The matrix may be slightly indefinite; negative eigenvalues are set to zero and the
    diagonal is brought back to one.
    """
    rho = np.atleast_2d(np.corrcoef(rankdata(table, axis=0), rowvar=False))
    values, vectors = np.linalg.eigh(2 * np.sin(np.pi * rho / 6))
    repaired: Floats = (vectors * values.clip(min=0)) @ vectors.T
    scale = np.sqrt(np.diag(repaired))
    correlation: Floats = repaired / np.outer(scale, scale)
    return correlation
