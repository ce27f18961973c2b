"""Noise and unhelpful scales hide groups from the first look, and are found in the next ones."""

import numpy as np

from trainer.segments.structure import ChoiceSettings, choose_k
from trainer.segments.structure.column_scales import MOST, scales_within_groups
from trainer.segments.structure.fences import fit_fences


def chain(rows: int = 300) -> np.ndarray:
    """Three groups in a row: the standard deviation of the first column is mostly the distance of groups."""
    rng = np.random.default_rng(1)
    return np.column_stack([4.5 * rng.integers(0, 3, rows), np.zeros(rows)]) + rng.normal(size=(rows, 2))


def scales(table: np.ndarray) -> np.ndarray | None:
    scaled = fit_fences(table).scaled(table)
    return scales_within_groups(scaled, range(2, 7), np.random.SeedSequence(0))


def test_a_column_with_groups_is_enlarged() -> None:
    factors = scales(chain())
    assert factors is not None
    assert factors[0] / factors[1] > 2.5


def test_a_cloud_keeps_its_scales() -> None:
    assert scales(np.random.default_rng(0).normal(size=(300, 3))) is None


def test_a_column_of_few_values_is_not_enlarged() -> None:
    rng = np.random.default_rng(0)
    table = np.column_stack([chain(), rng.integers(0, 2, 300)])
    factors = scales(table)
    assert factors is not None
    assert factors[2] <= 1
    assert factors.max() <= MOST


def test_a_chain_of_groups_is_found_and_the_scaler_knows_its_scales() -> None:
    found = choose_k(chain(), ChoiceSettings())
    assert (found.k, found.kind) == (3, "natural")
    np.testing.assert_array_equal(found.segments(chain()), found.labels)
    labels = [int(np.bincount(found.labels[np.abs(chain()[:, 0] - x) < 1]).argmax()) for x in (0, 4.5, 9)]
    assert len(set(labels)) == 3
