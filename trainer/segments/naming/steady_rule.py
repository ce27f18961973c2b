"""By which rule differences become properties, so that another sample of customers gives the same names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from trainer.segments.naming.differences import CLEAR, SIMILAR, Difference, clear_edge, judged

OTHER_EDGES = (CLEAR, 0.6, 0.5, 0.4, 0.85, 1.0, 1.2, 1.35, 1.5, 1.7, 2.0)
"""Standard deviations that are tried where names at the usual edge change too easily.

Neighbours follow one another, since they often give the same names; the lower ones come first: they say more.
"""
SIMILARS = (SIMILAR, 0.25, 0.6)
SAMPLES = 60
MARGIN = 1.35
"""Standard errors in a sample's, since segments that are fitted again move with their customers."""

Names = Callable[[Sequence[Difference], Sequence[Difference]], list[str]]


def by_steady_rule(
    found: Sequence[Difference],
    described: Sequence[Difference],
    labels: NDArray[np.int64],
    names: Names,
) -> list[Difference]:
    """The differences, judged by the first rule whose names come back in all samples, else in most.

    A rule says from where on a difference is clear, and which ones count as equally large. A sample moves
    each difference by a normal error of its standard error: a parametric bootstrap (Efron and Tibshirani
    1993, ch. 6.5) of the differences in place of the customers.

    Args:
        found: of the clustering columns; described: of further numbers.
        labels: ``[N]`` segments of the customers.
        names: the names of the segments by both.
    """
    samples = _samples(found, described, labels)
    fewest, steadiest = SAMPLES + 1, list(found)
    for edge, similar in _rules(clear_edge(found)):
        given = judged(found, edge, similar)
        own, changed = names(given, described), 0
        for one, other in samples:
            changed += names(judged(one, edge, similar), other) != own
            if changed >= fewest:
                break
        else:
            fewest, steadiest = changed, given
        if fewest == 0:
            break
    return steadiest


def _rules(usual: float) -> Iterator[tuple[float, float]]:
    for edge in (usual, *OTHER_EDGES):
        for similar in SIMILARS:
            yield edge, similar


def _samples(
    found: Sequence[Difference], described: Sequence[Difference], labels: NDArray[np.int64]
) -> list[tuple[list[Difference], list[Difference]]]:
    rng = np.random.default_rng(0)
    order = _in_one_order(found)
    return [
        (
            [_moved(each, labels, order, rng) for each in found],
            [_moved(each, labels, order, rng) for each in described],
        )
        for _ in range(SAMPLES)
    ]


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
    size = np.bincount(labels, minlength=len(difference.means))
    error = np.empty(len(size))
    error[order] = rng.normal(size=len(size))
    error *= MARGIN * difference.errors
    # The standard deviation within the groups in that of all customers, by the law of total variance.
    within = np.sqrt(np.clip(1 - size / (len(labels) - size).clip(1) * difference.means**2, 0, 1))
    return replace(
        difference,
        standardised=difference.standardised + error,
        means=difference.means + error * within,
    )
