"""The rule that turns measured figures into a number of segments. Nothing is computed from rows here.

A k is reproducible when its partition reappears in resampled data and no segment is tiny, and separated when
a valley of density lies between all neighbours. Where the silhouette of a reproducible k exceeds what one
population reaches, a Gaussian mixture's BIC proposes k; without a usable proposal the largest standardised
excess decides, unless more groups would be clearer and the rows are too few to show them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from trainer.segments.structure.choice_settings import ChoiceSettings

Kind = Literal["natural", "reproducible", "constructive"]

USABLE = range(3, 8)
"""Numbers of segments that marketing can act on; among reproducible ones the largest of these is chosen."""

OFFERED = range(3, 6)
"""Numbers of segments offered where no partition is reproducible."""

LEAST_ROWS = 5
"""A segment has at least this many rows, however small the table is."""

SMALL_EXCESS, LARGE_EXCESS = 0.06, 0.12

FINER = 1.1
"""A finer k whose excess is this many times as large shows that the rows are too few for a natural one."""

FINER_VALLEY = 0.95
"""A finer k with a shallower valley than this only cuts groups."""

STRIP = 0.9
"""Elongation across a border from which on clusters may be pieces of one strip."""

LEAST_DEVIATION = 0.016
"""Standard deviations of the null below this count as this, so that large tables do not favour tiny ones."""


@dataclass(frozen=True, kw_only=True)
class KFigures:
    """What was measured at one k.

    Attributes:
        k: number of segments.
        silhouette: mean silhouette.
        null_mean, null_deviation: of the silhouettes that tables of one population reach at this k.
        excess: silhouette less ``null_mean``.
        z: excess in units of ``null_deviation``.
        ari, ari_error: mean adjusted Rand index over the bootstrap samples, and its standard error.
        jaccard: smallest over the segments of the mean Jaccard similarity.
        inertia: sum of squared distances to the nearest centroid.
        smallest_share, smallest_rows: size of the smallest segment, as a share and as a number of rows.
        valley: highest ratio of the density between two neighbours to the lower of their peaks.
        path_valley: the same along the data, mean of the two shallowest pairs; ``None`` if not reproducible.
        border_elongation: how far clusters stretch across their borders: 1 and more for pieces of a strip.
        bic: smallest BIC of a Gaussian mixture with k components.
        reproducible: whether ARI, Jaccard and smallest share reach their limits.
        separated: whether both valleys are deep enough.
        passes: reproducible, separated, and above what one population reaches.
    """

    k: int
    silhouette: float
    null_mean: float
    null_deviation: float
    excess: float
    z: float
    ari: float
    ari_error: float
    jaccard: float
    inertia: float
    smallest_share: float
    smallest_rows: int
    valley: float
    path_valley: float | None
    border_elongation: float
    bic: float
    reproducible: bool
    separated: bool
    passes: bool


def valley_limit(excess: float, settings: ChoiceSettings) -> float:
    """Return how shallow the straight valleys may be: a small excess needs deeper ones.

    >>> [valley_limit(excess, ChoiceSettings()) for excess in (0.05, 0.06)]
    [0.75, 0.85]
    """
    return settings.max_small_valley if excess < SMALL_EXCESS else settings.max_valley


def path_limit(excess: float, elongation: float, settings: ChoiceSettings) -> float:
    """Return how shallow the valleys along the data may be.

    Groups whose silhouette exceeds one population by much have deep valleys; a bent population has a large
    excess without them. A small excess asks no more than the straight valley.

    Clusters that stretch across their borders are likely pieces of a strip and need the deepest valleys.

    >>> [round(path_limit(excess, 0.2, ChoiceSettings()), 3) for excess in (0.05, 0.09, 0.2)]
    [0.85, 0.735, 0.62]
    """
    if elongation >= STRIP:
        return settings.max_strip_valley
    low, high = SMALL_EXCESS, LARGE_EXCESS
    part = min(max((excess - low) / (high - low), 0.0), 1.0)
    return settings.max_valley + part * (settings.max_path_valley - settings.max_valley)


def exceeds(row: KFigures, *, limit: float, min_excess: float) -> bool:
    """Whether a k is reproducible and above what one population reaches."""
    return row.reproducible and row.z > limit and row.excess >= min_excess


def natural_k(rows: Sequence[KFigures], *, limit: float, bic_k: int, min_excess: float) -> int | None:
    """Return the number of natural segments, or ``None`` where the table may be one population.

    Args:
        rows: one for each k.
        limit: what the largest z over all k of one population stays below.
        bic_k: number of components with the smallest BIC, 1 included.
        min_excess: smallest excess that counts.
    """
    if not any(exceeds(row, limit=limit, min_excess=min_excess) for row in rows):
        return None
    proposed = next((row for row in rows if row.k == bic_k), None)
    if proposed is not None and proposed.reproducible and proposed.separated:
        return bic_k
    passing = [row for row in rows if row.passes]
    if not passing:
        return None
    clearest = max(passing, key=lambda row: row.excess / max(row.null_deviation, LEAST_DEVIATION))
    return None if _finer_is_clearer(rows, clearest, bic_k) else clearest.k


def _finer_is_clearer(rows: Sequence[KFigures], chosen: KFigures, bic_k: int) -> bool:
    """Whether more groups than chosen are farther above one population, but do not reappear.

    Then the rows are too few to see all groups, and a smaller number would merge some.
    """
    finer = [row for row in rows if row.k > chosen.k and not row.passes and row.valley <= FINER_VALLEY]
    return any(row.excess > (1.0 if row.k == bic_k else FINER) * chosen.excess for row in finer)


def other_k(rows: Sequence[KFigures], settings: ChoiceSettings) -> int:
    """Return the number of segments to use where none is natural.

    The largest reproducible k of 3 to 7; else the largest reproducible one; else, of 3 to 5 with no tiny
    segment, the one that reappears best; else, of all k, the one whose smallest segment has the most rows.
    """
    reproducible = [row.k for row in rows if row.reproducible]
    if usable := [k for k in reproducible if k in USABLE]:
        return max(usable)
    if reproducible:
        return max(reproducible)
    sizeable = [row for row in rows if is_sizeable(row.smallest_rows, row.smallest_share, settings)]
    if offered := [row for row in sizeable if row.k in OFFERED] or sizeable:
        return max(offered, key=lambda row: row.ari).k
    return max(rows, key=lambda row: row.smallest_rows).k


def is_sizeable(rows: int, share: float, settings: ChoiceSettings) -> bool:
    """Whether a smallest segment of so many rows, this share of all, is large enough."""
    return rows >= LEAST_ROWS and share >= settings.min_share


def kind_of(row: KFigures, natural: int | None) -> Kind:
    """Return what a partition with this k may be called, given the natural k of the table."""
    if natural is not None and (row.k == natural or row.passes):
        return "natural"
    return "reproducible" if row.reproducible else "constructive"


@dataclass(frozen=True, kw_only=True)
class OtherNumber:
    """Another number of segments that can be asked for.

    Attributes:
        k: number of segments.
        kind: what its segments may be called.
        ari: mean adjusted Rand index over the bootstrap samples: what the number costs in stability.
        jaccard: of the segment that reappears least.
    """

    k: int
    kind: Kind
    ari: float
    jaccard: float


def other_numbers(rows: Sequence[KFigures], k: int, natural: int | None) -> tuple[OtherNumber, ...]:
    """Return the other natural and reproducible k, and constructive ones where no usable k is either."""
    kinds = {row.k: kind_of(row, natural) for row in rows}
    good = [other for other, kind in kinds.items() if kind != "constructive"]
    usable = any(other in USABLE for other in good)
    offered = good if usable else [*good, *(other for other in kinds if other in OFFERED)]
    return tuple(
        OtherNumber(k=row.k, kind=kinds[row.k], ari=row.ari, jaccard=row.jaccard)
        for row in rows
        if row.k in offered and row.k != k
    )
