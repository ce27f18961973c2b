"""A simulated table with a known answer: groups that are there, or one population without any."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Draw = Callable[[Generator, int], Floats]


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """One kind of table.

    Attributes:
        name: of the scenario.
        draw: from a generator and a number of rows to a table.
        k: the right number of groups; 1 for one population.
        group: ``"structured"``, ``"hard"`` (groups that may go unfound), ``"one"``, ``"own"`` and
            ``"kept_back"`` for further shapes of one population, or ``"large"`` for tables of many rows.
    """

    name: str
    draw: Draw
    k: int
    group: str
