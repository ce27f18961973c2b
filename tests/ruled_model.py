"""A made-up model of three columns that answers by a rule, for tests of changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference import Segmenter
from inference.contract import Category, Column, Contract, Segment, Thresholds

NAMES = ["Low", "Mid", "High"]
Rule = Callable[[dict[str, NDArray[Any]]], NDArray[np.int64]]


class RuledModel(Segmenter):
    """Answers by a rule for the columns ``[N]``; the region ``south`` has the most certain answer."""

    def __init__(self, rule: Rule) -> None:
        super().__init__(None, CONTRACT)
        self.rule = rule
        self.batches = 0

    def _run(self, feeds: dict[str, NDArray[Any]], outputs: Sequence[str] = ()) -> dict[str, NDArray[Any]]:
        self.batches += 1
        columns = {name: feed[:, 0] for name, feed in feeds.items()}
        ids = self.rule(columns)
        rows = len(ids)
        surely = np.where(columns["region"] == "south", 0.9, 0.8)
        return {
            "segment": np.array(NAMES, dtype=object)[ids],
            "segment_id": ids,
            "probabilities": (np.eye(3)[ids] * surely[:, None]).astype(np.float32),
            "complete": ~np.isnan(columns["spend"] + columns["vip"]),
            "distances": np.zeros((rows, 3)),
            "novelty": np.zeros(rows),
            "classifier_probabilities": np.full((rows, 3), np.nan, dtype=np.float32),
        }


CONTRACT = Contract(
    name="stub",
    thresholds=Thresholds(answer_probability=0.0),
    columns=(
        Column(
            name="region",
            label="Region",
            kind="category",
            role="clustering",
            categories=tuple(Category(value=value) for value in ("north", "east", "south")),
            quantiles={},
        ),
        Column(
            name="spend",
            label="Yearly spend",
            kind="number",
            role="clustering",
            unit="k$",
            range=(0.0, 1000.0),
            quantiles={0.0: 0.0, 0.25: 20.0, 0.75: 60.0, 1.0: 100.0},
        ),
        Column(
            name="vip",
            label="VIP score",
            kind="number",
            role="clustering",
            range=(0.0, 1e6),
            integer=True,
            quantiles={0.0: 0.0, 0.25: 20_000.0, 0.75: 60_000.0, 1.0: 100_000.0},
        ),
    ),
    clustering=("spend", "vip"),
    segments=tuple(
        Segment(
            id=number,
            name=name,
            tier="average",
            high_potential=False,
            size=1,
            share=1 / 3,
            index=None,
            centroid={},
            profile={},
            action="",
        )
        for number, name in enumerate(NAMES)
    ),
)
ROW: dict[str, Any] = {"region": "north", "spend": 40.0, "vip": 50_000}


def above(column: str, *cuts: float) -> Rule:
    """The segment is the number of cuts that the column has reached."""
    return lambda columns: np.searchsorted(np.array(cuts), np.asarray(columns[column], np.float64), "right")
