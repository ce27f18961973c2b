"""Shapley values of a cooperative game, in pure numpy and independent of any model.

A coalition is a row of ``d`` booleans; a game gives each coalition ``K`` numbers. The Shapley value of a
player is what it adds when it joins the players before it, averaged over all orders (Shapley 1953, "A value
for n-person games"). Up to about ten players this average is computed exactly; for more it is estimated from
sampled orders (Castro, Gomez and Tejada 2009; Strumbelj and Kononenko 2014). Each order is used forward and
backward, which is exact for every game in which players interact at most in pairs.
"""

from __future__ import annotations

from math import factorial

import numpy as np
from numpy.typing import NDArray

Masks = NDArray[np.bool_]
Values = NDArray[np.float64]


def all_coalitions(players: int) -> Masks:
    """Every coalition, ``[2^d, d]``: row ``c`` contains player ``i`` where bit ``i`` of ``c`` is set.

    The first row is the empty coalition, the last one contains all players.

    Example:
        >>> all_coalitions(2).astype(int).tolist()
        [[0, 0], [1, 0], [0, 1], [1, 1]]
    """
    rows = np.arange(2**players)[:, None]
    return (rows >> np.arange(players) & 1).astype(np.bool_)


def exact_values(coalition_values: Values) -> Values:
    """Shapley values ``[d, K]`` from the values ``[2^d, K]`` of ``all_coalitions(d)``.

    Example:
        >>> exact_values(np.array([[0.0], [1.0], [2.0], [5.0]])).tolist()
        [[2.0], [3.0]]
    """
    masks = all_coalitions((len(coalition_values) - 1).bit_length())
    players = masks.shape[1]
    sizes = masks.sum(axis=1)
    orders = [factorial(size) * factorial(players - size - 1) for size in range(players)]
    shares = np.array(orders) / factorial(players)
    values = np.empty((players, coalition_values.shape[1]))
    for player in range(players):
        before = np.flatnonzero(~masks[:, player])
        added = coalition_values[before + 2**player] - coalition_values[before]
        values[player] = shares[sizes[before]] @ added
    return values


def paired_orders(players: int, *, pairs: int, seed: int) -> NDArray[np.int64]:
    """Random orders of the players, ``[2 * pairs, d]``: row ``2j + 1`` is row ``2j`` backward."""
    generator = np.random.default_rng(seed)
    forward = generator.permuted(np.tile(np.arange(players), (pairs, 1)), axis=1)
    return np.stack([forward, forward[:, ::-1]], axis=1).reshape(-1, players)


def sampled_coalitions(orders: NDArray[np.int64]) -> Masks:
    """The coalitions that occur in the orders, ``[m * (d - 1) + 2, d]``.

    The first row is the empty coalition and the last one contains all players. Between them are, for each
    order, the ``d - 1`` coalitions after its first player, its second, and so on.
    """
    players = orders.shape[1]
    arrival = np.argsort(orders, axis=1)
    met = arrival[:, None, :] < np.arange(1, players)[:, None]
    ends = np.zeros((1, players), dtype=np.bool_)
    return np.concatenate([ends, met.reshape(-1, players), ~ends])


def sampled_values(orders: NDArray[np.int64], coalition_values: Values) -> tuple[Values, Values]:
    """Estimated Shapley values ``[d, K]`` and their standard errors ``[d, K]``.

    Args:
        orders: from ``paired_orders``; at least two pairs, which the standard error needs.
        coalition_values: ``[m * (d - 1) + 2, K]``, the values of ``sampled_coalitions(orders)``.

    The Shapley values sum to the value of all players minus that of the empty coalition for any sample,
    because they do in each order. The error is the standard deviation between pairs divided by the square
    root of their number.
    """
    count, players = orders.shape
    met = coalition_values[1:-1].reshape(count, players - 1, -1)
    empty, full = (
        np.broadcast_to(end, (count, 1, coalition_values.shape[1]))
        for end in (coalition_values[0], coalition_values[-1])
    )
    added = np.diff(np.concatenate([empty, met, full], axis=1), axis=1)
    of_player = np.take_along_axis(added, np.argsort(orders, axis=1)[:, :, None], axis=1)
    of_pair = of_player.reshape(count // 2, 2, players, -1).mean(axis=1)
    return of_pair.mean(axis=0), of_pair.std(axis=0, ddof=1) / np.sqrt(count // 2)
