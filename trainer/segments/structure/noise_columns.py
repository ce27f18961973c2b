"""Find the columns that hold the groups where others are noise.

Noise columns weigh as much as the others in a distance and hide the groups. Hard sparse K-Means (after Witten
and Tibshirani 2010, JASA 105): cluster, keep the columns that the clusters explain nearly as well as the best
one, repeat. Of the sets so found, the one whose mixture gains most over a single component is the candidate
(in the spirit of Raftery and Dean 2006, JASA 101).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.random import SeedSequence

from trainer.segments.structure.batched_kmeans import Floats, Labels, Search, kmeans_of_table
from trainer.segments.structure.mixture import smallest_bic
from trainer.segments.structure.unimodal import DIP_LIMIT, dip

KEPT_SHARE = 0.6
"""A column is kept whose explained variance is at least this share of the best column's."""

TRIED_KS = range(2, 7)

_ROUNDS = 6

Subset = tuple[int, ...]


def columns_with_groups(table: Floats, seed: SeedSequence) -> Subset | None:
    """Return the columns of ``table`` [n, d] most likely to hold groups, or ``None`` for no true subset.

    At least one of the columns returned has a significant dip (Hartigan and Hartigan 1985): noise that sparse
    K-Means picks by chance rarely has.
    """
    d = table.shape[1]
    if d < 2:
        return None
    sets = {tuple(range(d))}
    for k, s in zip(TRIED_KS, seed.spawn(len(TRIED_KS)), strict=True):
        sets.add(_sparse(table, k, s))
    if len(sets) == 1:
        return None
    ranked = sorted(sets)
    gains = [_gain(table[:, list(columns)], seed) for columns in ranked]
    best = ranked[int(np.argmax(gains))]
    if len(best) == d or not any(_is_dipped(table[:, j]) for j in best):
        return None
    return best


def _sparse(table: Floats, k: int, seed: SeedSequence) -> Subset:
    """Alternate between clustering the kept columns and keeping those that the clusters explain."""
    kept: Subset = tuple(range(table.shape[1]))
    for s in seed.spawn(_ROUNDS):
        labels = kmeans_of_table(table[:, list(kept)], k, Search(), s).labels[0]
        explained = _explained(table, labels)
        now = tuple(np.flatnonzero(explained >= KEPT_SHARE * explained.max()).tolist())
        if now == kept:
            break
        kept = now
    return kept


def _explained(table: Floats, labels: Labels) -> Floats:
    """Share [d] of each column's variance that lies between the clusters."""
    members = np.eye(int(labels.max()) + 1)[labels]
    sizes = members.sum(axis=0)
    means = members.T @ table / sizes.clip(min=1)[:, None]
    between = sizes @ (means - table.mean(axis=0)) ** 2
    explained: Floats = between / ((table - table.mean(axis=0)) ** 2).sum(axis=0)
    return explained


def _gain(table: Floats, seed: SeedSequence) -> float:
    """BIC of one component less the smallest of several."""
    partitions: Sequence[Labels] = [
        kmeans_of_table(table, k, Search(), seed).labels[0] for k in TRIED_KS if k <= len(table)
    ]
    one = smallest_bic(table, np.zeros(len(table), dtype=np.intp))
    return one - min(smallest_bic(table, labels) for labels in partitions)


def _is_dipped(column: Floats) -> bool:
    return bool(np.sqrt(len(column)) * dip(column) > DIP_LIMIT)
