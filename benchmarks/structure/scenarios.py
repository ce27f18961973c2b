"""All simulated tables by name, and how one is drawn."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from benchmarks.structure.grouped_tables import blobs, grouped
from benchmarks.structure.population_tables import one_population
from benchmarks.structure.scenario import Floats, Scenario
from benchmarks.structure.shape_tables import own_shapes


def scenarios() -> Mapping[str, Scenario]:
    """Return all scenarios by name."""
    planted = Scenario(name="planted 4 groups", draw=blobs(4, 8, 0.01), k=4, group="large")
    every = [*grouped(), *one_population(), *own_shapes(), planted]
    return {scenario.name: scenario for scenario in every}


def table(scenario: Scenario, rows: int, seed: int) -> Floats:
    """Draw the table of a scenario; the same name, rows and seed give the same table."""
    mixed = [seed, rows, *scenario.name.encode()]
    return scenario.draw(np.random.default_rng(mixed), rows)
