"""Customers of planted groups, which their columns as they are do not show."""

from __future__ import annotations

import numpy as np
import pandas as pd


def groups_in_shares(rows: int = 300) -> tuple[pd.DataFrame, np.ndarray]:
    """Customers of three tastes; what they spend in all varies much more and has nothing to do with it."""
    rng = np.random.default_rng(3)
    tastes = np.array([[0.4, 0.2, 0.2, 0.2], [0.2, 0.4, 0.2, 0.2], [0.2, 0.2, 0.3, 0.3]])
    own = rng.integers(0, 3, rows)
    shares = np.array([rng.dirichlet(150 * tastes[taste]) for taste in own])
    spent = shares * np.exp(rng.normal(6.0, 1.2, rows))[:, None]
    return pd.DataFrame(spent.round(2), columns=["Wine", "Meat", "Fish", "Sweets"]), own


def groups_among_noise(rows: int = 300) -> tuple[pd.DataFrame, np.ndarray]:
    """Four groups in two columns, and columns in which everybody is of one population."""
    rng = np.random.default_rng(3)
    own = rng.integers(0, 4, rows)
    corners = np.array([[0, 0], [0, 5], [5, 0], [5, 5]])[own] + rng.normal(size=(rows, 2))
    names = ["visits", "orders", *(f"noise_{letter}" for letter in "abcdefghijkl")]
    return pd.DataFrame(np.c_[corners, rng.normal(size=(rows, 12))].round(3), columns=names), own
