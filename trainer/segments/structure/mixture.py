"""Gaussian mixtures started from K-Means, and the number of components with the smallest BIC.

EM from random starts finds other optima at each seed; from the K-Means partition the answer is one, and for
separated groups right more often.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from trainer.segments.structure.batched_kmeans import Floats, Labels

MOST_ITERATIONS = 60
LIKELIHOOD_TOLERANCE = 1e-2
"""Change of the table's log likelihood at which EM stops."""

MOST_PARAMETERS = 0.5
"""A form with more parameters than this for each row is not tried: it follows single rows."""

_REGULAR = 1e-4  # added to each variance; the columns have variance 1


@dataclass(frozen=True, kw_only=True)
class Family:
    """A form of covariance.

    Attributes:
        shaped: turns covariances [k, d, d] and weights [k] into this form.
        free: number of its parameters for k components and d columns.
    """

    shaped: Callable[[Floats, Floats], Floats]
    free: Callable[[int, int], int]


def _tied(covariances: Floats, weights: Floats) -> Floats:
    pooled = np.einsum("k,kij->ij", weights, covariances)
    return np.broadcast_to(pooled, covariances.shape)


def _diagonal(covariances: Floats, weights: Floats) -> Floats:
    diagonal: Floats = covariances * np.eye(covariances.shape[1])
    return diagonal


def _spherical(covariances: Floats, weights: Floats) -> Floats:
    d = covariances.shape[1]
    spherical: Floats = (np.trace(covariances, axis1=1, axis2=2) / d)[:, None, None] * np.eye(d)
    return spherical


FAMILIES: Mapping[str, Family] = {
    "full": Family(shaped=lambda covariances, _: covariances, free=lambda k, d: k * d * (d + 1) // 2),
    "tied": Family(shaped=_tied, free=lambda k, d: d * (d + 1) // 2),
    "diagonal": Family(shaped=_diagonal, free=lambda k, d: k * d),
    "spherical": Family(shaped=_spherical, free=lambda k, d: k),
}


def smallest_bic(table: Floats, labels: Labels) -> float:
    """Return the smallest BIC (Schwarz 1978) over four forms of covariance.

    Args:
        table: [n, d], columns of variance about 1.
        labels: [n], the K-Means partition EM starts from; one cluster for k = 1.
    """
    k, d = int(labels.max()) + 1, table.shape[1]
    bics = []
    for name, family in FAMILIES.items():
        parameters = family.free(k, d) + k * d + k - 1
        same = d == 1 and name in ("full", "diagonal")  # as spherical
        if name == "spherical" or (not same and parameters <= MOST_PARAMETERS * len(table)):
            bics.append(-2 * _log_likelihood(table, labels, family) + parameters * np.log(len(table)))
    return float(min(bics))


def _log_likelihood(table: Floats, labels: Labels, family: Family) -> float:
    shares = np.eye(int(labels.max()) + 1)[:, labels]
    previous = -np.inf
    for _ in range(MOST_ITERATIONS):
        densities = _log_densities(table, shares, family)
        top = densities.max(axis=0)
        relative = np.exp(densities - top)
        total = relative.sum(axis=0)
        likelihood = float((top + np.log(total)).sum())
        if abs(likelihood - previous) < LIKELIHOOD_TOLERANCE:
            break
        previous = likelihood
        shares = relative / total
    return likelihood


def _log_densities(table: Floats, shares: Floats, family: Family) -> Floats:
    """Weighted log densities [k, n] of the components that ``shares`` [k, n] of the rows make."""
    rows, d = table.shape
    sizes = shares.sum(axis=1) + 1e-10
    means = shares @ table / sizes[:, None]
    centred = table[None] - means[:, None]
    covariances = (centred * shares[:, :, None]).swapaxes(1, 2) @ centred / sizes[:, None, None]
    shaped = family.shaped(covariances, sizes / rows) + _REGULAR * np.eye(d)
    lower = np.linalg.cholesky(shaped)
    inverse = np.linalg.inv(lower)
    squares = ((centred @ inverse.swapaxes(1, 2)) ** 2).sum(axis=2)
    logs = np.log(np.diagonal(lower, axis1=1, axis2=2)).sum(axis=1)
    constant = np.log(sizes / rows) - logs - d / 2 * np.log(2 * np.pi)
    densities: Floats = constant[:, None] - squares / 2
    return densities
