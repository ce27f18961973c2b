"""How far a segment is from the other customers, column by column, from the contract alone.

Means of the others follow from sizes and means of the segments. A standard deviation of all customers is
not in the contract; by the law of total variance it is the mean variance inside the segments plus the
variance of their means. Inside, it is the interquartile range over that of a normal distribution.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from inference import Column, Contract, Segment
from inference.contract.segments import Spread

NORMAL_IQR = 1.349  # interquartile range of a normal distribution, in standard deviations


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One column, or one category of one.

    Attributes:
        value: the category; empty for a number or a date.
        own, others: mean or share in the segment and in all other segments together.
        size: their difference in standard deviations, positive where the segment has more.
    """

    column: Column
    value: str = ""
    own: float
    others: float
    size: float


def differences(contract: Contract, segment: Segment) -> list[Difference]:
    """All columns that are known in every segment, the largest difference first."""
    found = [each for column in contract.columns for each in _of_column(contract, segment, column)]
    return sorted(found, key=lambda each: -abs(each.size))


def _of_column(contract: Contract, segment: Segment, column: Column) -> list[Difference]:
    if len(contract.segments) < 2:
        return []
    if column.categories:
        return _of_categories(contract, segment, column)
    spreads = [each.spread(column.name) for each in contract.segments]
    known = [each for each in spreads if each is not None]
    if len(known) < len(spreads):
        return []
    weights = [each.size for each in contract.segments]
    index = contract.segments.index(segment)
    own, others = known[index].mean, _others([each.mean for each in known], weights, index)
    deviation = _deviation(known, weights)
    size = (own - others) / deviation if deviation else 0.0
    return [Difference(column=column, own=own, others=others, size=size)]


def _of_categories(contract: Contract, segment: Segment, column: Column) -> list[Difference]:
    """Each category; the second of two would only repeat the first."""
    if not all(each.shares(column.name) for each in contract.segments):
        return []
    weights = [each.size for each in contract.segments]
    index, found = contract.segments.index(segment), []
    for category in column.categories:
        shares = [each.shares(column.name).get(category.value, 0.0) for each in contract.segments]
        own, others = shares[index], _others(shares, weights, index)
        overall = _mean(shares, weights)
        deviation = sqrt(overall * (1 - overall)) if 0 < overall < 1 else 0.0
        size = (own - others) / deviation if deviation else 0.0
        found.append(Difference(column=column, value=category.value, own=own, others=others, size=size))
    return [max(found, key=lambda each: each.size)] if len(found) == 2 else found


def _mean(values: Sequence[float], weights: Sequence[int]) -> float:
    total = sum(weights)
    return (
        sum(value * weight for value, weight in zip(values, weights, strict=True)) / total if total else 0.0
    )


def _others(values: Sequence[float], weights: Sequence[int], index: int) -> float:
    return _mean(values, [0 if at == index else weight for at, weight in enumerate(weights)])


def _deviation(spreads: Sequence[Spread], weights: Sequence[int]) -> float:
    means = [each.mean for each in spreads]
    centre = _mean(means, weights)
    inside = [((each.q75 - each.q25) / NORMAL_IQR) ** 2 for each in spreads]
    return sqrt(_mean(inside, weights) + _mean([(mean - centre) ** 2 for mean in means], weights))
