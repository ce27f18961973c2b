"""Checks that the values are Shapley's: what each player adds, averaged over all orders."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from inference.explanations.shapley import (
    Masks,
    Values,
    all_coalitions,
    exact_values,
    paired_orders,
    sampled_coalitions,
    sampled_values,
)

pytestmark = pytest.mark.fast

ROUNDING = 1e-12  # sums of a few thousand doubles of size one


def by_all_orders(coalition_values: Values) -> Values:
    """The definition: go through every order and average what each player adds."""
    players = (len(coalition_values) - 1).bit_length()
    orders = list(permutations(range(players)))
    total = np.zeros((players, coalition_values.shape[1]))
    for order in orders:
        coalition = 0
        for player in order:
            total[player] += coalition_values[coalition | 1 << player] - coalition_values[coalition]
            coalition |= 1 << player
    return total / len(orders)


def entangled(masks: Masks) -> Values:
    """Two games in which all players interact: ``[n, d]`` in, ``[n, 2]`` out."""
    pull = np.linspace(-0.5, 1.0, masks.shape[1])
    strength = masks @ pull
    return np.column_stack([np.tanh(strength), strength**3 * masks[:, 0]])


@pytest.mark.parametrize("players", [1, 2, 3, 5])
def test_exact_values_are_the_average_over_all_orders(players: int) -> None:
    coalition_values = np.random.default_rng(players).normal(size=(2**players, 3))
    np.testing.assert_allclose(
        exact_values(coalition_values), by_all_orders(coalition_values), rtol=0, atol=ROUNDING
    )


def test_values_sum_to_the_difference_between_full_and_empty_coalition() -> None:
    coalition_values = np.random.default_rng(0).normal(size=(2**10, 3))
    np.testing.assert_allclose(
        exact_values(coalition_values).sum(axis=0),
        coalition_values[-1] - coalition_values[0],
        rtol=0,
        atol=ROUNDING,
    )


def test_a_player_who_adds_nothing_gets_exactly_nothing() -> None:
    masks = all_coalitions(4)
    others = np.random.default_rng(1).normal(size=(16, 2))
    coalition_values = others[np.where(masks[:, 2], np.arange(16) - 4, np.arange(16))]
    assert exact_values(coalition_values)[2].tolist() == [0.0, 0.0]
    assert exact_values(coalition_values)[0].all()


def test_players_who_add_the_same_get_the_same() -> None:
    masks = all_coalitions(4)
    coalition_values = np.tanh(masks @ np.array([[0.3], [1.1], [0.3], [-2.0]]))
    values = exact_values(coalition_values)
    assert values[0, 0] == pytest.approx(values[2, 0], abs=ROUNDING)
    assert abs(values[0, 0] - values[1, 0]) > 0.1


def test_values_of_a_sum_of_games_are_the_sums_of_the_values() -> None:
    one, other = np.random.default_rng(2).normal(size=(2, 32, 1))
    together = exact_values(one + 3 * other)
    np.testing.assert_allclose(together, exact_values(one) + 3 * exact_values(other), rtol=0, atol=ROUNDING)


def test_a_game_without_players_has_no_values() -> None:
    assert all_coalitions(0).shape == (1, 0)
    assert exact_values(np.array([[0.2, 0.8]])).shape == (0, 2)


def test_every_second_order_is_the_one_before_it_backward() -> None:
    orders = paired_orders(7, pairs=20, seed=0)
    assert (np.sort(orders, axis=1) == np.arange(7)).all()
    assert (orders[1::2] == orders[::2, ::-1]).all()
    assert len({tuple(order) for order in orders.tolist()}) == 40


def test_sampling_is_as_precise_as_its_standard_error() -> None:
    exact = exact_values(entangled(all_coalitions(12)))
    misses = []
    for seed in range(20):
        orders = paired_orders(12, pairs=64, seed=seed)
        values, errors = sampled_values(orders, entangled(sampled_coalitions(orders)))
        assert (np.abs(values - exact) < 5 * errors + ROUNDING).all()
        misses.append((values - exact)[errors > 0] / errors[errors > 0])
    assert (
        0.8 < np.sqrt(np.mean(np.square(np.concatenate(misses)))) < 1.2
    )  # in standard errors: 1 when honest


def test_sixteen_times_the_samples_give_a_quarter_of_the_error() -> None:
    sizes = []
    for pairs in (64, 1024):
        orders = paired_orders(12, pairs=pairs, seed=0)
        sizes.append(sampled_values(orders, entangled(sampled_coalitions(orders)))[1].mean())
    assert sizes[0] / sizes[1] == pytest.approx(4, rel=0.15)


def test_sampled_values_sum_to_the_difference_for_any_sample() -> None:
    orders = paired_orders(12, pairs=2, seed=0)
    coalition_values = entangled(sampled_coalitions(orders))
    values, _ = sampled_values(orders, coalition_values)
    np.testing.assert_allclose(
        values.sum(axis=0), coalition_values[-1] - coalition_values[0], rtol=0, atol=ROUNDING
    )


def test_two_pairs_of_orders_are_exact_where_players_interact_in_pairs() -> None:
    links = np.random.default_rng(3).normal(size=(12, 12))

    def coalition_values(masks: Masks) -> Values:
        return np.asarray(((masks @ links) * masks).sum(axis=1, keepdims=True))

    orders = paired_orders(12, pairs=2, seed=0)
    values, errors = sampled_values(orders, coalition_values(sampled_coalitions(orders)))
    np.testing.assert_allclose(
        values, exact_values(coalition_values(all_coalitions(12))), rtol=0, atol=ROUNDING
    )
    assert errors.max() < ROUNDING
