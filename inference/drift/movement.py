"""Which customers changed their segment between two dates, and how much of it chance explains.

Noise in the columns carries customers over a border both ways alike: whoever is just above it today may be
just below it tomorrow. If nothing changed, a flow and its return flow are two draws from the same coin
(Bowker 1948), and so are all that enter a segment and all that leave it (McNemar 1947). A model that was
trained again moves the borders themselves, one way; how far by chance is known from its bootstraps.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

ALARM = 0.01  # the chance of any finding where nothing changed
LARGE = 2_000  # of a coin's draws; from here on the normal distribution gives the same two digits

Counts = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Flow:
    """More customers went from one segment to another than back.

    Attributes:
        source, target: indices in ``segments``.
        there, back: how many went each way.
        chance: that noise alone gives such a difference, corrected for all comparisons (Holm 1979).
    """

    source: int
    target: int
    there: int
    back: int
    chance: float


@dataclass(frozen=True, kw_only=True)
class Shift:
    """A segment that grew or shrank by customers who moved; ``chance`` as in ``Flow``."""

    segment: int
    entered: int
    left: int
    chance: float


@dataclass(frozen=True, kw_only=True)
class Movement:
    """The customers of two dates.

    Attributes:
        segments: names, ``K``.
        flows: ``[K, K]`` customers by their segment before (rows) and after (columns).
        arrived, gone: ``[K]`` customers of one date only, by the segment they have there.
    """

    segments: tuple[str, ...]
    flows: Counts
    arrived: Counts
    gone: Counts

    @property
    def customers(self) -> int:
        """How many are there at both dates."""
        return int(self.flows.sum())

    @property
    def moved(self) -> int:
        """How many of them changed their segment."""
        return self.customers - int(np.trace(self.flows))

    @property
    def came(self) -> Counts:
        """``[K]`` how many came into each segment from another one."""
        return np.asarray(self.flows.sum(axis=0) - np.diag(self.flows), dtype=np.int64)

    @property
    def left(self) -> Counts:
        """``[K]`` how many left each segment for another one."""
        return np.asarray(self.flows.sum(axis=1) - np.diag(self.flows), dtype=np.int64)

    @property
    def one_way(self) -> int:
        """How many moves are left when each is set off against one in the other direction."""
        return int(np.abs(self.flows - self.flows.T).sum() // 2)

    @property
    def unrelated(self) -> float:
        """The share that would have moved if the two dates had nothing to do with each other."""
        total = max(self.customers, 1)
        return 1.0 - float((self.flows.sum(axis=0) / total) @ (self.flows.sum(axis=1) / total))


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What of a movement chance does not explain.

    Attributes:
        flows, shifts: pairs of segments and segments with more than chance explains, the largest first;
            of two models, only as far as the refit does not explain them.
        beyond: how many customers that is, at least.
        refit: the share that another training alone may move; ``None`` where the model is the same.
    """

    flows: tuple[Flow, ...]
    shifts: tuple[Shift, ...]
    beyond: int
    refit: float | None

    @property
    def alarm(self) -> bool:
        """Whether anything is left that chance does not explain."""
        return self.beyond > 0


def refit_noise(jaccards: Sequence[float]) -> float:
    """The share of customers that another training on other customers alone may move.

    In bootstraps the weakest segment keeps ``J`` of the union of its customers (Hennig 2007), so that
    ``(1 - J) / (1 + J)`` of them change sides; two trainings differ by the noise of both.

    Args:
        jaccards: of the weakest segment of each model.

    Example:
        >>> round(refit_noise([0.94, 0.96]), 3), refit_noise([1.0])
        (0.062, 0.0)
    """
    weakest = min(jaccards)
    return min(1.0, 2 * (1 - weakest) / (1 + weakest))


def judge_movement(movement: Movement, *, refit: float | None = None) -> Judgement:
    """Compare each flow with its return flow, and who entered each segment with who left it.

    Args:
        refit: the share that another training alone may move (see ``refit_noise``), for two models.
    """
    flows, segments = movement.flows, range(len(movement.segments))
    pairs = [(a, b) for a in segments for b in segments if a < b and flows[a, b] + flows[b, a]]
    entered, left = movement.came, movement.left
    changed = [each for each in segments if entered[each] + left[each]]
    chances = _holm(
        [coin_chance(int(flows[a, b]), int(flows[b, a])) for a, b in pairs]
        + [coin_chance(int(entered[each]), int(left[each])) for each in changed]
    )
    found_flows = [
        Flow(source=a, target=b, there=int(flows[a, b]), back=int(flows[b, a]), chance=chance)
        if flows[a, b] >= flows[b, a]
        else Flow(source=b, target=a, there=int(flows[b, a]), back=int(flows[a, b]), chance=chance)
        for (a, b), chance in zip(pairs, chances, strict=False)
        if chance <= ALARM
    ]
    found_shifts = [
        Shift(segment=each, entered=int(entered[each]), left=int(left[each]), chance=chance)
        for each, chance in zip(changed, chances[len(pairs) :], strict=True)
        if chance <= ALARM
    ]
    net_shift = max((abs(each.entered - each.left) for each in found_shifts), default=0)
    beyond = max(sum(each.there - each.back for each in found_flows), net_shift)
    explained = 0 if refit is None else math.floor(refit * movement.customers)
    if beyond <= explained:
        found_flows, found_shifts = [], []
    return Judgement(
        flows=tuple(sorted(found_flows, key=lambda each: each.back - each.there)),
        shifts=tuple(sorted(found_shifts, key=lambda each: -abs(each.entered - each.left))),
        beyond=max(beyond - explained, 0),
        refit=refit,
    )


def coin_chance(heads: int, tails: int) -> float:
    """The probability that a fair coin falls at least as unevenly, two-sided (exact below 2,000 draws).

    Example:
        >>> coin_chance(10, 0) == 2 / 2**10, coin_chance(3, 3)
        (True, 1.0)
    """
    draws, fewer = heads + tails, min(heads, tails)
    if heads == tails:
        return 1.0
    if draws > LARGE:
        return 2.0 * NormalDist().cdf((fewer + 0.5 - draws / 2) / math.sqrt(draws / 4))
    ways = sum(math.comb(draws, each) for each in range(fewer + 1))
    return min(1.0, float(2 * ways / 2**draws))


def _holm(chances: Sequence[float]) -> list[float]:
    """Chances corrected for their number (Holm 1979), in their order."""
    corrected, highest = [1.0] * len(chances), 0.0
    for rank, index in enumerate(sorted(range(len(chances)), key=lambda index: chances[index])):
        highest = max(highest, min(1.0, (len(chances) - rank) * chances[index]))
        corrected[index] = highest
    return corrected
