"""Columns are clipped at Tukey's far-out fences and scaled."""

import numpy as np

from trainer.segments.structure.fences import fit_fences


def test_one_huge_value_does_not_set_the_scale() -> None:
    rng = np.random.default_rng(0)
    table = rng.normal(size=(500, 2))
    table[0, 0] = 1e6
    scaler = fit_fences(table)
    scaled = scaler.scaled(table)
    np.testing.assert_allclose(scaled[1:].std(axis=0), 1)
    assert scaled[0, 0] < 7
    np.testing.assert_allclose(scaled[1:].mean(axis=0), 0, atol=1e-12)


def test_a_column_without_outliers_is_only_standardised() -> None:
    table = np.random.default_rng(0).uniform(size=(300, 3))
    expected = (table - table.mean(axis=0)) / table.std(axis=0)
    np.testing.assert_allclose(fit_fences(table).scaled(table), expected)


def test_a_column_whose_middle_half_is_one_value_keeps_its_values() -> None:
    table = np.zeros((100, 1))
    table[:10] = 7
    scaler = fit_fences(table)
    assert np.isinf(scaler.upper).all()
    assert scaler.scaled(table).max() > 2.9


def test_points_come_back_in_the_units_of_the_columns() -> None:
    table = np.random.default_rng(0).gamma(1, size=(200, 3))
    scaler = fit_fences(table)
    part = scaler.only((0, 2))
    clipped = table[:, [0, 2]].clip(part.lower, part.upper)
    np.testing.assert_allclose(part.raw(part.scaled(table[:, [0, 2]])), clipped)
