"""The answers of the model: for one customer, and for many."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.contract import Contract

COMPLETE_ROUTE = "complete"
PARTIAL_ROUTE = "partial"
PRIOR_ROUTE = "prior"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The answer for one customer.

    Attributes:
        segment, segment_id, tier, action: the segment by the serving rule, as in the contract.
        probability: of that segment; ``probabilities`` has all of them by name, in the contract's order.
        complete: every clustering column is known, so the nearest centroid decided.
        route: what decided: ``"complete"`` (the nearest centroid), ``"partial"`` (the classifier) or
            ``"prior"`` (nothing is known; the probabilities are the segments' shares).
        enough: whether the answer is certain enough for one segment; if not, show ``probabilities`` as a
            ranked list. Always true for a complete customer; for the classifier it depends on the threshold
            in the contract, and is false for a customer unlike those in training.
        distances: name -> distance to the centroid in scaled units; ``None`` when not complete.
        novelty: distance to the segment's centroid divided by the distance that 1% of new customers exceed,
            over the known clustering columns; above 1 the customer is unlike those in training. ``None``
            when no clustering column is known.
        classifier_probabilities: the classifier's own probabilities; ``None`` when it did not run.
    """

    segment: str
    segment_id: int
    tier: str
    action: str
    probability: float
    probabilities: dict[str, float]
    route: str
    complete: bool
    enough: bool
    novelty: float | None
    distances: dict[str, float] | None
    classifier_probabilities: dict[str, float] | None

    def to_dict(self) -> dict[str, Any]:
        """The same in plain values, ready for JSON, in the order of the fields."""
        return {each.name: getattr(self, each.name) for each in fields(self)}


@dataclass(frozen=True, kw_only=True)
class Answers:
    """The answers for ``N`` customers and ``K`` segments, as arrays in the order of the rows.

    Attributes:
        segment: ``[N]`` names; segment_id: ``[N]`` int64.
        probability: ``[N]`` float32, of the answered segment; probabilities: ``[N, K]`` float32.
        complete: ``[N]`` bool; enough: ``[N]`` bool, see ``Answer``.
        route: ``[N]`` words.
        distances: ``[N, K]`` double; NaN where not complete.
        novelty: ``[N]`` double; NaN where no clustering column is known.
        classifier_probabilities: ``[N, K]`` float32; NaN where the classifier did not run.
    """

    contract: Contract
    segment: NDArray[Any]
    segment_id: NDArray[np.int64]
    probability: NDArray[np.float32]
    probabilities: NDArray[np.float32]
    complete: NDArray[np.bool_]
    route: NDArray[Any]
    enough: NDArray[np.bool_]
    distances: NDArray[np.float64]
    novelty: NDArray[np.float64]
    classifier_probabilities: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.segment_id)

    def row(self, position: int) -> Answer:
        """The answer for the customer in row ``position``."""
        at = range(len(self))[position]
        (found,) = self._dicts(slice(at, at + 1))
        return Answer(**found)

    def to_dicts(self) -> Iterator[dict[str, Any]]:
        """``Answer.to_dict`` for every row in turn: ten times as fast as ``row`` for each."""
        return self._dicts(slice(None))

    def _dicts(self, rows: slice) -> Iterator[dict[str, Any]]:
        names = [segment.name for segment in self.contract.segments]
        opinions = self.classifier_probabilities[rows]
        columns = (
            self.segment_id[rows], self.probability[rows], self.probabilities[rows], self.route[rows],
            self.complete[rows], self.enough[rows], self.novelty[rows], self.distances[rows],
            ~np.isnan(opinions).any(axis=1), opinions,
        )  # fmt: skip
        for row in zip(*(column.tolist() for column in columns), strict=True):
            number, probability, every, route, complete, enough, novelty, distances, asked, opinion = row
            segment = self.contract.segments[number]
            yield {
                "segment": segment.name,
                "segment_id": segment.id,
                "tier": segment.tier,
                "action": segment.action,
                "probability": probability,
                "probabilities": dict(zip(names, every, strict=True)),
                "route": route,
                "complete": complete,
                "enough": enough,
                "novelty": None if math.isnan(novelty) else novelty,
                "distances": dict(zip(names, distances, strict=True)) if complete else None,
                "classifier_probabilities": dict(zip(names, opinion, strict=True)) if asked else None,
            }


@dataclass(frozen=True, kw_only=True)
class Brief:
    """The answers for ``N`` customers, with a few numbers each.

    Attributes:
        segment_id: ``[N]`` int64; probability: ``[N]`` float32, of that segment.
        complete: ``[N]`` bool; nothing: ``[N]`` bool, no column is known.
        novelty: ``[N]`` double; NaN where no clustering column is known.
    """

    segment_id: NDArray[np.int64]
    probability: NDArray[np.float32]
    complete: NDArray[np.bool_]
    nothing: NDArray[np.bool_]
    novelty: NDArray[np.float64]
