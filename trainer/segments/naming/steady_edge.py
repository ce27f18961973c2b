"""From which difference on a property is said, so that another sample of customers gives the same names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from trainer.segments.naming.differences import CLEAR, Difference, clear_edge

OTHER_EDGES = (CLEAR, 0.6, 0.5, 0.4, 0.85, 1.0, 1.2, 1.5)
"""Standard deviations that are tried where names at the usual edge change too easily.

Neighbours follow one another, since they often give the same names; the lower ones come first: they say more.
"""
SAMPLES = 60
STEADY = 0.95  # of the samples

Names = Callable[[Sequence[Difference], Sequence[Difference]], list[str]]


def at_steady_edge(
    found: Sequence[Difference],
    described: Sequence[Difference],
    labels: NDArray[np.int64],
    names: Names,
) -> list[Difference]:
    """The differences, clear from the first edge on whose names come back in 95% of samples, else the best.

    A sample moves each difference by a normal error of its standard error: a parametric bootstrap (Efron and
    Tibshirani 1993, ch. 6.5) of the differences in place of the customers.

    Args:
        found: of the clustering columns, clear by the usual edge; described: of further numbers.
        labels: ``[N]`` segments of the customers.
        names: the names of the segments by both.
    """
    rng = np.random.default_rng(0)
    order = _in_one_order(found)
    samples = [
        tuple([_moved(each, labels, order, rng) for each in some] for some in (found, described))
        for _ in range(SAMPLES)
    ]
    usual = clear_edge(np.concatenate([each.standardised for each in found]))
    most, steadiest = -1, list(found)
    for edge in (usual, *OTHER_EDGES):
        given = _clear_from(found, edge)
        own = names(given, described)
        times = sum(names(_clear_from(one, edge), other) == own for one, other in samples)
        if times > most:
            most, steadiest = times, given
        if times >= STEADY * SAMPLES:
            break
    return steadiest


def _clear_from(found: Sequence[Difference], edge: float) -> list[Difference]:
    return [replace(each, clear=np.abs(each.standardised) >= edge) for each in found]


def _in_one_order(found: Sequence[Difference]) -> NDArray[np.intp]:
    """The segments in an order that does not depend on their numbers."""
    return np.lexsort([each.means.round(9) for each in found])


def _moved(
    difference: Difference, labels: NDArray[np.int64], order: NDArray[np.intp], rng: np.random.Generator
) -> Difference:
    """A difference as another sample might give it; the segment's mean moves by the same error.

    Args:
        order: ``[K]`` segments in the order in which they get their errors.
    """
    apart = difference.standardised
    own = np.bincount(labels, minlength=len(apart))
    rest = (len(labels) - own) / max(len(labels), 1)
    error = np.empty(len(apart))
    error[order] = rng.normal(size=len(apart))
    error *= difference.errors
    known = (np.abs(apart) > 1e-9) & (rest > 0)
    per_apart = np.where(known, difference.means / np.where(known, apart * rest, 1.0), 1.0)
    return replace(difference, standardised=apart + error, means=difference.means + error * per_apart * rest)
