"""Customers of three groups that overlap, with cells that are unknown or far out."""

from __future__ import annotations

import numpy as np
import pyarrow as pa


def overlapping_customers(
    rows: int, *, third: tuple[int, int] = (50, 90), spread: int = 9, visits: bool = True
) -> pa.Table:
    """Some incomes are unknown or far out; a third of the genders is unknown.

    Args:
        third: mean income and score of the third group.
        spread: standard deviation of both in each group.
        visits: whether there is a count that has nothing to do with the groups.
    """
    rng = np.random.default_rng(0)
    group = rng.choice(3, rows, p=[0.4, 0.3, 0.3])
    income, score = np.array([[20, 20], [80, 25], third])[group].T + rng.normal(size=(2, rows)) * spread
    income[::50] = np.nan
    income[7::500] = 1e6
    return pa.table(
        {
            "id": np.arange(rows),
            "income": pa.array(income.round(2), from_pandas=True),
            "score": score.round(2),
            **({"visits": rng.poisson(3, rows)} if visits else {}),
            "gender": rng.choice(["f", "m", ""], rows),
        }
    )
