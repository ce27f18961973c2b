"""Shapley values of a game whose players join one another: pure numpy, no model in sight.

A coalition is a row of ``d`` booleans, a game gives each coalition ``K`` numbers. The value of a player is
what it adds to those who came before, averaged over all orders of coming (Shapley 1953, "A value for n-person
games"). Up to about ten players that average is computed; for more it is estimated from sampled orders
(Castro, Gomez and Tejada 2009; Strumbelj and Kononenko 2014), each taken forward and backward, which is exact
for every game in which players interact at most in pairs.
"""

from __future__ import annotations

from math import factorial

import numpy as np
from numpy.typing import NDArray

Masks = NDArray[np.bool_]
Values = NDArray[np.float64]


def all_coalitions(players: int) -> Masks:
    """Every coalition, ``[2^d, d]``: row ``c`` holds player ``i`` where bit ``i`` of ``c`` is set.

    The first row is the empty coalition, the last one holds everybody.

    Example:
        >>> all_coalitions(2).astype(int).tolist()
        [[0, 0], [1, 0], [0, 1], [1, 1]]
    """
    rows = np.arange(2**players)[:, None]
    return (rows >> np.arange(players) & 1).astype(np.bool_)


def exact_values(worth: Values) -> Values:
    """Shapley values ``[d, K]`` from the worth ``[2^d, K]`` of ``all_coalitions(d)``.

    Example:
        >>> exact_values(np.array([[0.0], [1.0], [2.0], [5.0]])).tolist()
        [[2.0], [3.0]]
    """
    masks = all_coalitions((len(worth) - 1).bit_length())
    players = masks.shape[1]
    sizes = masks.sum(axis=1)
    orders = [factorial(size) * factorial(players - size - 1) for size in range(players)]
    shares = np.array(orders) / factorial(players)
    values = np.empty((players, worth.shape[1]))
    for player in range(players):
        before = np.flatnonzero(~masks[:, player])
        added = worth[before + 2**player] - worth[before]
        values[player] = shares[sizes[before]] @ added
    return values


def paired_orders(players: int, *, pairs: int, seed: int) -> NDArray[np.int64]:
    """Random orders of coming, ``[2 * pairs, d]``: row ``2j + 1`` is row ``2j`` backward."""
    generator = np.random.default_rng(seed)
    forward = generator.permuted(np.tile(np.arange(players), (pairs, 1)), axis=1)
    return np.stack([forward, forward[:, ::-1]], axis=1).reshape(-1, players)


def coalitions_on_the_way(orders: NDArray[np.int64]) -> Masks:
    """The coalitions met in the orders, ``[m * (d - 1) + 2, d]``.

    Nobody comes first and everybody last, each once; between them, for each order in turn, the ``d - 1``
    coalitions after its first arrival, its second, and so on.
    """
    players = orders.shape[1]
    arrival = np.argsort(orders, axis=1)
    met = arrival[:, None, :] < np.arange(1, players)[:, None]
    ends = np.zeros((1, players), dtype=np.bool_)
    return np.concatenate([ends, met.reshape(-1, players), ~ends])


def sampled_values(orders: NDArray[np.int64], worth: Values) -> tuple[Values, Values]:
    """Estimated Shapley values ``[d, K]`` and their standard errors ``[d, K]``.

    Args:
        orders: from ``paired_orders``; at least two pairs, or there is no error to tell.
        worth: ``[m * (d - 1) + 2, K]``, of ``coalitions_on_the_way(orders)``.

    The values sum to the worth of everybody less the worth of nobody whatever was sampled, because they do in
    each order. The error is the standard deviation between pairs over the square root of their number.
    """
    count, players = orders.shape
    met = worth[1:-1].reshape(count, players - 1, -1)
    nobody, everybody = (np.broadcast_to(end, (count, 1, worth.shape[1])) for end in (worth[0], worth[-1]))
    added = np.diff(np.concatenate([nobody, met, everybody], axis=1), axis=1)
    of_player = np.take_along_axis(added, np.argsort(orders, axis=1)[:, :, None], axis=1)
    of_pair = of_player.reshape(count // 2, 2, players, -1).mean(axis=1)
    return of_pair.mean(axis=0), of_pair.std(axis=0, ddof=1) / np.sqrt(count // 2)
