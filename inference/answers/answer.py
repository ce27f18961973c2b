"""The answer of the model for one customer."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import Any

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


def one_answer(
    contract: Contract,
    place: int,
    row: tuple[list[float], list[float] | None, float, list[float] | None],
    nothing: bool,
) -> Answer:
    """The answer for one customer, from plain numbers: a third of the time that arrays of one row take.

    Args:
        place: of the segment in the contract.
        row: probabilities, distances, novelty and the classifier's probabilities in the contract's order;
            distances are ``None`` where a clustering column is unknown.
    """
    probabilities, distances, novelty, opinions = row
    segment, names = contract.segments[place], contract.segment_names
    probability, complete = probabilities[place], distances is not None
    answer = object.__new__(Answer)  # without a call per field, as ``frozen`` has it
    answer.__dict__.update(
        segment=segment.name,
        segment_id=segment.id,
        tier=segment.tier,
        action=segment.action,
        probability=probability,
        probabilities=dict(zip(names, probabilities, strict=True)),
        route=COMPLETE_ROUTE if complete else PRIOR_ROUTE if nothing else PARTIAL_ROUTE,
        complete=complete,
        enough=complete
        or (
            not nothing
            and probability >= contract.least_probability
            and not novelty > contract.thresholds.novelty
        ),
        novelty=None if math.isnan(novelty) else novelty,
        distances=None if distances is None else dict(zip(names, distances, strict=True)),
        classifier_probabilities=None if opinions is None else dict(zip(names, opinions, strict=True)),
    )
    return answer
