"""The checks, from counts to figures with limits: columns, distances, novelty, segments, missing cells.

A figure raises an alarm when it is both material and beyond chance for the two sample sizes, that of the
training table and that of the new customers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference.contract import OwnDistance
from inference.drift.chance import chi_square_limit, normal_limit, share_limits
from inference.drift.counts import FOURTHS, SQUARES, Counts
from inference.drift.layout import CountedColumn
from inference.drift.lights import LEAST_ROWS, TOO_FEW, light_of

COLUMN, DISTANCE, NOVELTY, SEGMENTS, MISSING = "column", "distance", "novelty", "segments", "missing"
SHARES = {COLUMN: 0.4, DISTANCE: 0.25, NOVELTY: 0.15, SEGMENTS: 0.1, MISSING: 0.1}  # of a look's false alarms
PSI_AMBER, PSI_RED = 0.10, 0.25
RATIO_AMBER, RATIO_RED = 1.25, 1.5
FEW_DISTANCES = 100  # below it the mean square varies too much for ``RATIO_AMBER``
NOVEL_AMBER, NOVEL_RED = 0.03, 0.05
NOVEL_SHARE = 0.01  # of new customers like those in training, by the meaning of novelty
MISSING_AMBER, MISSING_RED = 0.05, 0.20  # difference of two shares
HALF = 0.5  # added to each count, so that an empty bin has a finite logarithm


@dataclass(frozen=True, kw_only=True)
class Check:
    """One figure and its light.

    Attributes:
        kind: ``"column"`` (PSI of its values), ``"distance"`` (ratio of mean squares), ``"novelty"`` (share
            beyond the 99% distance), ``"segments"`` (PSI of their shares) or ``"missing"`` (share).
        column: name of the column, or empty.
        light: ``"green"``, ``"amber"``, ``"red"`` or ``"too few"``.
        value: the figure; ``None`` with too few rows. expected: what it is without drift.
        amber, red: the limits that it must exceed; below ``expected``, limits that it must be under.
        chance: what chance alone may reach at these sample sizes.
        rows: customers it was computed from; training_rows: those it is compared with.
        bins: ``[B]`` positions of the bins, categories or segments that anybody is in; now, training: ``[B]``
            shares of these; empty for figures without bins.
    """

    kind: str
    column: str = ""
    light: str
    value: float | None
    expected: float
    amber: float
    red: float
    chance: float
    rows: int
    training_rows: int
    bins: tuple[int, ...] = ()
    now: tuple[float, ...] = ()
    training: tuple[float, ...] = ()


def population_stability(first: NDArray[np.int64], second: NDArray[np.int64]) -> float:
    """The population stability index of two ``[B]`` counts, half a count added to each.

    The sum of (p - q) ln(p / q), which is the symmetrised Kullback-Leibler divergence. Bins that are empty in
    both do not count.
    """
    p, q = _smoothed(first), _smoothed(second)
    return float(((p - q) * np.log(p / q)).sum())


def stability_limit(bins: int, first: int, second: int, probability: float) -> float:
    """What the index exceeds by chance with this probability, for samples of these sizes.

    Without a difference it is about chi-square times (1 / N + 1 / M) (Yurdakul & Naranjo 2020).
    """
    return chi_square_limit(probability, max(bins - 1, 1)) * (1 / max(first, 1) + 1 / max(second, 1))


def column_check(column: CountedColumn, counts: Counts, probability: float) -> Check:
    """The values of a column, where it is known."""
    now = counts.bins(column)
    training = np.append(column.reference, 0)
    return _shares_check(COLUMN, training, now, probability, column=column.column.name)


def segments_check(training: Sequence[int], counts: Counts, probability: float) -> Check:
    """The segments of complete customers."""
    return _shares_check(SEGMENTS, np.array(training), counts.segments, probability)


def _shares_check(
    kind: str, training: NDArray[np.int64], now: NDArray[np.int64], probability: float, *, column: str = ""
) -> Check:
    used = (training > 0) | (now > 0)
    training, now = training[used], now[used]
    rows, base = int(now.sum()), int(training.sum())
    chance = stability_limit(len(now), base, rows, probability)
    amber, red = max(PSI_AMBER, chance), max(PSI_RED, chance)
    few = min(rows, base) < LEAST_ROWS
    value = None if few else population_stability(training, now)
    return Check(
        kind=kind,
        column=column,
        light=TOO_FEW if value is None else light_of(value, amber=amber, red=red),
        value=value,
        expected=0.0,
        amber=amber,
        red=red,
        chance=chance,
        rows=rows,
        training_rows=base,
        bins=tuple(np.flatnonzero(used).tolist()),
        now=_shares(now),
        training=_shares(training),
    )


def distance_check(training: OwnDistance, base: int, counts: Counts, probability: float) -> Check:
    """The mean square of the distances to the own centroid, divided by that in training.

    By chance its logarithm is about normal, with the variation that the new distances have. Training ones are
    nearer, because the centroids were fitted to them: the expected ratio is (N + K) / (N - K), as for the
    final prediction error (Akaike 1969).
    """
    rows, segments = counts.complete, len(counts.layout.contract.segments)
    expected = (base + segments) / max(base - segments, 1)
    amber, red, value, chance = RATIO_AMBER, RATIO_RED, None, math.inf
    if min(rows, base) >= LEAST_ROWS and training.mean_square > 0:
        mean = float(counts.sums[SQUARES]) / rows
        value = mean / training.mean_square
        spread = max(float(counts.sums[FOURTHS]) / rows / mean**2 - 1, 0.0) ** 0.5 if mean > 0 else 0.0
        error = spread * (1 / rows + 1 / base) ** 0.5
        chance = expected * math.exp(normal_limit(probability) * error)
        amber = max(RATIO_RED if rows < FEW_DISTANCES else RATIO_AMBER, chance)
        red = max(RATIO_RED, chance)
    return Check(
        kind=DISTANCE,
        light=TOO_FEW if value is None else light_of(value, amber=amber, red=red),
        value=value,
        expected=1.0,
        amber=amber,
        red=red,
        chance=chance,
        rows=rows,
        training_rows=base,
    )


def novelty_check(base: int, counts: Counts, probability: float) -> Check:
    """The share of complete customers beyond the distance that 1% are expected to exceed.

    That distance is of a rank among the training customers, so that the true share has a beta distribution.
    """
    rows = counts.complete
    rank = min(base, math.ceil((base + 1) * (1 - NOVEL_SHARE)))
    few = rows < LEAST_ROWS or base < LEAST_ROWS
    chance = math.inf if few else share_limits(rows, base + 1 - rank, rank, 2 * probability)[1]
    amber, red = max(NOVEL_AMBER, chance), max(NOVEL_RED, chance)
    value = None if few else counts.novel / rows
    return Check(
        kind=NOVELTY,
        light=TOO_FEW if value is None else light_of(value, amber=amber, red=red),
        value=value,
        expected=NOVEL_SHARE,
        amber=NOVEL_AMBER if few else amber,
        red=NOVEL_RED if few else red,
        chance=chance,
        rows=rows,
        training_rows=base,
    )


def missing_check(column: CountedColumn, counts: Counts, probability: float) -> Check:
    """The share of customers in which a column is missing; the limits are on the side where it is."""
    rows, base = counts.rows, int(column.reference.sum()) + column.reference_missing
    expected = column.reference_missing / base if base else 0.0
    value, light, chance, side = None, TOO_FEW, math.inf, 1
    amber, red = MISSING_AMBER, MISSING_RED
    if min(rows, base) >= LEAST_ROWS:
        value = counts.missing(column) / rows
        hits = column.reference_missing + HALF
        low, high = share_limits(rows, hits, base - column.reference_missing + HALF, probability)
        side = 1 if value >= expected else -1
        chance = high if side > 0 else low
        by_chance = side * (chance - expected)
        amber, red = max(MISSING_AMBER, by_chance), max(MISSING_RED, by_chance)
        light = light_of(abs(value - expected), amber=amber, red=red)
    return Check(
        kind=MISSING,
        column=column.column.name,
        light=light,
        value=value,
        expected=expected,
        amber=expected + side * amber,
        red=expected + side * red,
        chance=chance,
        rows=rows,
        training_rows=base,
    )


def _smoothed(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    raised = counts + HALF
    return np.asarray(raised / raised.sum())


def _shares(counts: NDArray[np.int64]) -> tuple[float, ...]:
    total = int(counts.sum())
    return tuple((counts / total).tolist()) if total else ()
