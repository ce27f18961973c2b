"""How far each segment is from the other ones, column by column, in standard deviations, with a sign."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from trainer.schema.column_arrays import Columns
from trainer.schema.features import matrix
from trainer.segments.kmeans import Segmentation
from trainer.segments.naming.named_columns import NamedColumn, distinct_words, named_column
from trainer.segments.naming.property_words import HIGH, LOW, MID, is_flag

CLEAR = 0.7
"""Standard deviations from which on a difference makes a property (Cohen 1988: .5 is medium, .8 large)."""
SMALL = 0.25
"""Standard deviations below which no difference is mentioned."""
SLACK = 1.15  # how far CLEAR may move, as a factor, to be away from all differences
SIMILAR = 0.4
"""Share of a segment's largest difference from which on another one counts as large as it."""
MOST = 99.0  # standard deviations; of columns that are constant within the segments


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One column, or one category of it, and how the segments differ in it.

    Attributes:
        category: the category whose share is compared; empty for numbers and dates.
        standardised: ``[K]`` mean of the segment minus the mean of the other segments' means, divided by the
            standard deviation within the segment and the rest, pooled, on the scale that is clustered, which
            may be a logarithm. So the sizes of the other segments, which change from sample to sample,
            change no name.
        means: ``[K]`` on that scale, in standard deviations of all customers.
        shares: ``[K]`` of a category; of numbers the means on that scale.
        errors: ``[K]`` standard errors of the standardised differences, as of a contrast of means (Hedges and
            Olkin 1985, ch. 5).
        clear: ``[K]`` whether the difference makes a property.
        rank: ``[K]`` 0 for the largest difference of a segment and those of similar size, then 1, and so on.
    """

    column: NamedColumn
    category: str
    standardised: NDArray[np.float64]
    means: NDArray[np.float64]
    shares: NDArray[np.float64]
    errors: NDArray[np.float64]
    clear: NDArray[np.bool_]
    rank: NDArray[np.int64]

    def level(self, segment: int) -> str:
        """``"low"`` or ``"high"`` where the difference is clear, else ``"mid"``."""
        if not self.clear[segment]:
            return MID
        return HIGH if self.standardised[segment] > 0 else LOW

    def between(self, segment: int) -> bool:
        """Whether other segments are lower and others higher."""
        apart = self.means - self.means[segment]
        return bool(apart.min() <= -SMALL and apart.max() >= SMALL)


def differences(
    segmentation: Segmentation, columns: Columns, labels: NDArray[np.int64], names: Sequence[str]
) -> list[Difference]:
    """The differences of the columns or features ``names`` in rows ``[N]``, those without any left out."""
    schema, k = segmentation.schema, segmentation.k
    specs = {spec.name: spec for spec in schema.columns}
    found: list[tuple[NamedColumn, str, NDArray[np.float64]]] = []
    for column in distinct_words([named_column(schema, name) for name in names]):
        if column.category:
            cells = columns[column.name]
            values = [*dict.fromkeys(specs[column.name].values)]
            one = replace(column, flag=is_flag(values))
            found += [
                (one, value, np.where(cells == "", np.nan, cells == value).astype(float))
                for value in (values[:1] if one.flag and len(values) == 2 else values)
            ]
        else:
            found.append((column, "", _clipped(segmentation, columns, column.name)))
    raw = [(column, value, cells, *_standardised(cells, labels, k)) for column, value, cells in found]
    plain = [
        Difference(
            column=column,
            category=value,
            standardised=apart,
            means=means,
            shares=shares,
            errors=_errors(apart, labels),
            clear=np.zeros(k, dtype=np.bool_),
            rank=np.zeros(k, dtype=np.int64),
        )
        for column, value, _, apart, means, shares in raw
    ]
    return judged(plain, clear_edge(plain), SIMILAR)


def judged(found: Sequence[Difference], edge: float, similar: float) -> list[Difference]:
    """The differences, clear from ``edge`` on, and ranked: see ``SIMILAR``."""
    if not found:
        return []
    sizes = np.abs([each.standardised for each in found])
    ranks = np.column_stack([_ranks(own, similar) for own in sizes.T])
    return [
        replace(each, clear=size >= edge, rank=rank)
        for each, size, rank in zip(found, sizes, ranks, strict=True)
    ]


def _ranks(sizes: NDArray[np.float64], similar: float) -> NDArray[np.int64]:
    """0 for the largest and those of at least ``similar`` of its size; then 1 for the largest of the rest."""
    ranks, left = np.zeros(len(sizes), dtype=np.int64), np.ones(len(sizes), dtype=np.bool_)
    while left.any():
        left &= sizes < similar * sizes[left].max()
        ranks += left
    return ranks


def _clipped(segmentation: Segmentation, columns: Columns, name: str) -> NDArray[np.float64]:
    """The values ``[N]`` as they are clustered: clipped to the fences, which no far-out customer moves."""
    schema = segmentation.schema
    values = matrix(schema, columns, (name,))[:, 0]
    if name not in schema.clustering_features:
        return values
    index = schema.clustering_features.index(name)
    return values.clip(segmentation.fences.lower[index], segmentation.fences.upper[index])


def _standardised(
    values: NDArray[np.float64], labels: NDArray[np.int64], k: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Signed standardised differences, standardised means and means, ``[K]``; 0 where too little is known."""
    known = ~np.isnan(values)
    groups = [values[known & (labels == segment)] for segment in range(k)]
    apart, means, plain = np.zeros(k), np.zeros(k), np.zeros(k)
    spread = float(values[known].std()) if known.any() else 0.0
    centre = float(values[known].mean()) if known.any() else 0.0
    for segment, own in enumerate(groups):
        others = [each for number, each in enumerate(groups) if number != segment and len(each)]
        if len(own) == 0 or not others or spread == 0.0:
            continue
        apart[segment] = _apart(own, others)
        means[segment] = (float(own.mean()) - centre) / spread
        plain[segment] = float(own.mean())
    return apart, means, plain


def _apart(own: NDArray[np.float64], others: Sequence[NDArray[np.float64]]) -> float:
    """The standardised difference; 0 where the other customers together are not on that side of a segment.

    Of a large and a small other segment, the small one alone makes nobody low or high.
    """
    rest = np.concatenate(others)
    squares = ((own - own.mean()) ** 2).sum() + ((rest - rest.mean()) ** 2).sum()
    pooled = float(np.sqrt(squares / max(len(own) + len(rest) - 2, 1)))
    difference = float(own.mean() - np.mean([each.mean() for each in others]))
    from_customers = float(own.mean() - rest.mean()) * np.sign(difference)
    if from_customers < SMALL * pooled:
        return 0.0
    return float(np.clip(difference / max(pooled, abs(difference) / MOST, 1e-300), -MOST, MOST))


def by_size(found: Sequence[Difference], segment: int) -> list[Difference]:
    """The differences of a segment, the largest first; those of similar size in their given order.

    In another sample of the customers they have the same order, and in a longer list of them, too.
    """
    return sorted(found, key=lambda each: int(each.rank[segment]))


def _errors(apart: NDArray[np.float64], labels: NDArray[np.int64]) -> NDArray[np.float64]:
    per_mean = 1 / np.bincount(labels, minlength=len(apart)).clip(1)
    others = (per_mean.sum() - per_mean) / max(len(apart) - 1, 1) ** 2
    return np.asarray(np.sqrt(per_mean + others + apart**2 / (2 * len(labels))))


def clear_edge(found: Sequence[Difference]) -> float:
    """``CLEAR``, moved to the middle of the widest gap near it.

    An edge away from all differences is passed by none of them in another sample of the customers.
    """
    low, high = np.log(CLEAR / SLACK), np.log(CLEAR * SLACK)
    apart = np.concatenate([np.zeros(0), *(each.standardised for each in found)])
    sizes = np.log(np.abs(apart[np.abs(apart) > 0]))
    inside = np.sort(sizes[(sizes > low - np.log(SLACK)) & (sizes < high + np.log(SLACK))])
    points = np.array([low - np.log(SLACK), *inside, high + np.log(SLACK)])
    widest = int(np.diff(points).argmax())
    return float(np.exp(np.clip((points[widest] + points[widest + 1]) / 2, low, high)))
