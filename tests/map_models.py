"""A table whose map leaves clustering columns out: two dates, an amount, a number and a category decide."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np

from inference import Category
from trainer import ColumnSpec, Feature, Schema
from trainer.schema.formula import Formula

LAST = date(2026, 1, 1)
MANY = Schema(
    name="many",
    title="Many clustering columns",
    columns=(
        ColumnSpec(name="joined", header="Joined", label="Joined", kind="date"),
        ColumnSpec(name="visits", header="Visits", label="Visits", kind="number", range=(0.0, 1000.0)),
        ColumnSpec(
            name="spend", header="Spend", label="Spend", kind="number", unit="EUR", range=(0.0, 1_000_000.0)
        ),
        ColumnSpec(
            name="channel",
            header="Channel",
            label="Channel",
            kind="category",
            categories=(
                Category(value="shop", number=0.0),
                Category(value="web", aliases=("online",), number=1.0),
            ),
        ),
        ColumnSpec(name="bought", header="Last purchase", label="Last purchase", kind="date"),
        ColumnSpec(name="age", header="Age", label="Age", kind="number", unit="years", range=(0.0, 120.0)),
    ),
    features=(
        Feature(
            name="tenure",
            label="Days since joining",
            formula=Formula('days_since(joined, "2026-01-01")'),
        ),
        Feature(name="log_spend", label="Log of the spend", formula=Formula("log1p(spend)")),
        Feature(
            name="recency",
            label="Days since the last purchase",
            formula=Formula('days_since(bought, "2026-01-01")'),
        ),
    ),
    clustering=("tenure", "visits", "log_spend", "channel", "recency"),
)
GROUPS = (
    (60, 30, 40, "shop"),
    (500, 3_000, 44, "shop"),
    (900, 200, 42, "web"),
)  # days, spend, visits, channel


def write_many(path: Path) -> None:
    """Three clear groups of 60, farthest apart by the last purchase and by the spend."""
    rng = np.random.default_rng(5)
    rows = []
    for days, spend, visits, channel in GROUPS:
        for _ in range(60):
            bought = LAST - timedelta(days=int(rng.normal(days, 15)))
            joined = LAST - timedelta(days=int(rng.normal(1_400, 150)))
            spent = spend * np.exp(rng.normal(0, 0.2))
            came, age = int(rng.normal(visits, 9)), int(rng.integers(18, 80))
            rows.append(f"{joined},{came},{spent:.2f},{channel},{bought},{age}")
    header = "Joined,Visits,Spend,Channel,Last purchase,Age"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
