"""The closest unimodal distribution keeps shape and steps but no second mode."""

import numpy as np
import pytest

from trainer.segments.structure.unimodal import DIP_LIMIT, closest_unimodal, dip


def slopes(values: np.ndarray, heights: np.ndarray) -> np.ndarray:
    return np.diff(heights) / np.diff(values)


def test_slopes_rise_up_to_the_mode_and_fall_after_it() -> None:
    rng = np.random.default_rng(0)
    column = np.concatenate([rng.normal(-3, 1, 300), rng.normal(3, 1, 200)])
    fitted = closest_unimodal(column)
    rising = np.diff(slopes(fitted.values, fitted.heights))
    mode = slopes(fitted.values, fitted.heights).argmax()
    assert (rising[:mode] >= -1e-9).all()
    assert (rising[mode:] <= 1e-9).all()
    assert fitted.heights[-1] == pytest.approx(1)


def test_the_gap_between_two_groups_is_filled() -> None:
    rng = np.random.default_rng(0)
    column = np.concatenate([rng.normal(-4, 1, 500), rng.normal(4, 1, 500)])
    drawn = closest_unimodal(column).quantiles(rng.random(4_000))
    assert (np.abs(column) < 1).mean() < 0.01
    assert (np.abs(drawn) < 1).mean() > 0.08


def test_a_unimodal_column_stays_close_to_itself() -> None:
    column = np.random.default_rng(0).gamma(2, size=1_000)
    fitted = closest_unimodal(column)
    probabilities = np.linspace(0.02, 0.98, 49)
    np.testing.assert_allclose(fitted.quantiles(probabilities), np.quantile(column, probabilities), atol=0.25)


def test_a_scale_of_steps_stays_a_scale_of_steps() -> None:
    column = np.repeat([1.0, 2.0, 3.0, 4.0, 5.0], [40, 10, 5, 15, 30])
    fitted = closest_unimodal(column)
    assert fitted.discrete
    shares = np.diff(fitted.heights, prepend=0)
    mode = shares.argmax()
    assert (np.diff(shares[: mode + 1]) >= -1e-9).all()
    assert (np.diff(shares[mode:]) <= 1e-9).all()
    assert set(fitted.quantiles(np.random.default_rng(0).random(500))) <= set(column)


def test_two_values_are_always_unimodal() -> None:
    fitted = closest_unimodal(np.repeat([0.0, 1.0], [70, 30]))
    np.testing.assert_allclose(fitted.heights, [0.7, 1])


def test_the_dip_tells_two_groups_from_one() -> None:
    rng = np.random.default_rng(0)
    one = np.mean([np.sqrt(300) * dip(rng.random(300)) > DIP_LIMIT for _ in range(100)])
    two = [np.sqrt(300) * dip(rng.normal(4 * rng.integers(0, 2, 300), 1)) for _ in range(10)]
    assert one <= 0.1
    assert min(two) > DIP_LIMIT
    assert dip(np.array([1.0, 1, 2, 2, 3])) == 0
