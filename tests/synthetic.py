"""A made-up model of any shape, for tests of the page: columns, segments and nearest centres, no file."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference import Answer, Answers, Contract
from inference.dates import day_number
from inference.validation import Checked, check_columns

LEVELS = (0.0, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1.0)
SHARPNESS = 20.0


def number(name: str, low: float = 0.0, high: float = 100.0, **changes: Any) -> dict[str, Any]:
    """A number column whose training values are evenly spaced from ``low`` to ``high``."""
    return {
        "name": name,
        "label": name.replace("_", " ").capitalize(),
        "aliases": [],
        "kind": "number",
        "role": "clustering",
        "unit": "",
        "range": [low, high],
        "categories": [],
        "missing_allowed": True,
        "integer": False,
        "quantiles": {str(level): low + level * (high - low) for level in LEVELS},
        "missing_share": 0.0,
        **changes,
    }


def day(name: str, first: str = "2020-01-01", last: str = "2024-12-31", **changes: Any) -> dict[str, Any]:
    """A date column whose training values are evenly spaced from ``first`` to ``last``."""
    low, high = (day_number(date.fromisoformat(end)) for end in (first, last))
    return number(name, low, high, **{"kind": "date", "integer": True, **changes})


def category(name: str, values: Sequence[str], **changes: Any) -> dict[str, Any]:
    """A category profile column."""
    described: dict[str, Any] = {"kind": "category", "role": "profile", "range": None, "quantiles": {}}
    known = [{"value": value, "aliases": []} for value in values]
    return number(name, **{**described, "categories": known, **changes})


def segments(columns: Sequence[Mapping[str, Any]], names: Sequence[str]) -> list[dict[str, Any]]:
    """Segments along the diagonal of the clustering columns, without tiers."""
    found = []
    for place, name in enumerate(names):
        at = (place + 0.5) / len(names)
        profile: dict[str, Any] = {}
        for column in columns:
            if column["categories"]:
                shares = [1.0, *[0.0] * (len(column["categories"]) - 1)]
                values = [each["value"] for each in column["categories"]]
                profile[column["name"]] = dict(zip(values, shares, strict=True))
            else:
                low, high = column["quantiles"]["0.0"], column["quantiles"]["1.0"]
                middle, width = low + at * (high - low), (high - low) / 20
                spread = {"q25": middle - width, "median": middle, "q75": middle + width}
                profile[column["name"]] = {"mean": middle, **spread}
        clustering = [column["name"] for column in columns if column["role"] == "clustering"]
        centroid = {key: profile[key]["mean"] for key in clustering if "mean" in profile[key]}
        found.append(
            {
                "id": place,
                "name": name,
                "tier": "",
                "high_potential": False,
                "size": 10,
                "share": 1 / len(names),
                "index": None,
                "centroid": centroid,
                "profile": profile,
                "action": f"Act on {name}",
            }
        )
    return found


def decision(kind: str) -> dict[str, Any]:
    """A choice of k without figures, whose segments are of this kind."""
    return {
        "k": 2,
        "chosen_by": "rule",
        "kind": kind,
        "p_value": 0.025,
        "reason": "",
        "table": [],
        "elbow": None,
        "second_opinions": [],
        "sample_rows": 0,
        "settings": {"min_ari": None},
    }


def contract(columns: Sequence[Mapping[str, Any]], names: Sequence[str], **changes: Any) -> Contract:
    """A contract of these columns with one segment for each name."""
    document = {
        "format": 2,
        "name": "synthetic",
        "columns": list(columns),
        "clustering": [column["name"] for column in columns if column["role"] == "clustering"],
        "segments": segments(columns, names),
        "thresholds": {"answer_probability": 0.6},
        **changes,
    }
    return Contract.parse(json.dumps(document))


class SyntheticModel:
    """Answers by the nearest centre; with a clustering column missing, all segments are equally likely."""

    fingerprint = "f" * 64
    sealed = True
    content = b""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract

    def predict_many(self, columns: Mapping[str, Any], *, opinion: bool = False) -> Answers:
        """Answer for many customers."""
        checked = check_columns(self.contract, columns)
        checked.raise_for_problems()
        return self.answer(checked, opinion=opinion)

    def answer_one(self, checked: Checked) -> Answer:
        """Answer for the one checked row."""
        return self.answer(checked).row(0)

    def answer(self, checked: Checked, *, opinion: bool = False) -> Answers:
        """Answer for checked rows."""
        distances = self._distances(checked)
        complete = np.asarray(~np.isnan(distances).any(axis=1), dtype=bool)
        count = len(self.contract.segments)
        chances = np.full((checked.rows, count), 1 / count, dtype=np.float32)
        known = distances[complete]
        weights = np.exp(-SHARPNESS * (known**2 - (known**2).min(axis=1, keepdims=True)))
        chances[complete] = weights / weights.sum(axis=1, keepdims=True)
        ids = chances.argmax(axis=1)
        return Answers(
            contract=self.contract,
            segment_id=ids,
            probabilities=chances,
            complete=complete,
            nothing=self._blank(checked),
            distances=distances,
            novelty=np.where(complete, distances.min(axis=1) * 4, np.nan),
            classifier_probabilities=np.full_like(chances, 1 / count),
        )

    def _distances(self, checked: Checked) -> NDArray[np.float64]:
        squares = np.zeros((checked.rows, len(self.contract.segments)))
        for column in self.contract.columns:
            if column.role != "clustering" or column.categories:
                continue
            span = column.quantiles[1.0] - column.quantiles[0.0]
            centres = np.array([segment.centroid[column.name] for segment in self.contract.segments])
            squares += ((checked.feeds[column.name] - centres) / span) ** 2
        return np.asarray(np.sqrt(squares))

    def _blank(self, checked: Checked) -> NDArray[np.bool_]:
        blank = np.ones(checked.rows, dtype=bool)
        for column in self.contract.columns:
            cells = checked.feeds[column.name][:, 0]
            blank &= (cells == "") if column.categories else np.isnan(cells.astype(np.float64))
        return blank
