"""The answers of the model: for one customer, and for many."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cached_property
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


@dataclass(frozen=True, kw_only=True)
class Answers:
    """The answers for ``N`` customers and ``K`` segments, as arrays in the order of the rows.

    Attributes:
        segment_id: ``[N]`` int64; ``segment``: ``[N]`` names.
        probabilities: ``[N, K]`` float32; ``probability``: ``[N]`` float32, of the answered segment.
        complete: ``[N]`` bool; nothing: ``[N]`` bool, no column is known; ``route``: ``[N]`` words.
        distances: ``[N, K]`` double; NaN where not complete.
        novelty: ``[N]`` double; NaN where no clustering column is known.
        classifier_probabilities: ``[N, K]`` float32; NaN where the classifier did not run.
    """

    contract: Contract
    segment_id: NDArray[np.int64]
    probabilities: NDArray[np.float32]
    complete: NDArray[np.bool_]
    nothing: NDArray[np.bool_]
    distances: NDArray[np.float64]
    novelty: NDArray[np.float64]
    classifier_probabilities: NDArray[np.float32]

    @cached_property
    def segment(self) -> NDArray[Any]:
        """The segments' names ``[N]``."""
        return np.array(self.contract.segment_names, dtype=object)[self.segment_id]

    @cached_property
    def probability(self) -> NDArray[np.float32]:
        """The probability ``[N]`` of the answered segment."""
        return chosen(self.probabilities, self.segment_id)

    @cached_property
    def route(self) -> NDArray[Any]:
        """What decided, ``[N]``; see ``Answer``."""
        incomplete = np.where(self.nothing, PRIOR_ROUTE, PARTIAL_ROUTE)
        return np.where(self.complete, COMPLETE_ROUTE, incomplete)

    @cached_property
    def enough(self) -> NDArray[np.bool_]:
        """Whether the answer is certain enough for one segment, ``[N]``; see ``Answer``."""
        certain = self.probability >= np.float32(self.contract.answer_probability)
        with np.errstate(invalid="ignore"):
            unusual = self.novelty > self.contract.thresholds.novelty
        return np.asarray(self.complete | (~self.nothing & certain & ~unusual), dtype=bool)

    def __len__(self) -> int:
        return len(self.segment_id)

    def row(self, position: int) -> Answer:
        """The answer for the customer in row ``position``."""
        at = range(len(self))[position]
        (found,) = self._rows(slice(at, at + 1))
        return found

    def to_dicts(self) -> Iterator[dict[str, Any]]:
        """``Answer.to_dict`` for every row in turn: ten times as fast as ``row`` for each."""
        return (vars(each) for each in self._rows(slice(None)))

    def _rows(self, rows: slice) -> Iterator[Answer]:
        opinions = self.classifier_probabilities[rows]
        columns = (
            self.segment_id[rows], self.probabilities[rows], self.complete[rows], self.nothing[rows],
            self.distances[rows], self.novelty[rows], opinions, ~np.isnan(opinions).any(axis=1),
        )  # fmt: skip
        for row in zip(*(column.tolist() for column in columns), strict=True):
            place, every, complete, nothing, distances, novelty, opinion, asked = row
            found = (every, distances if complete else None, novelty, opinion if asked else None)
            yield one_answer(self.contract, place, found, nothing)


def chosen(probabilities: NDArray[np.float32], ids: NDArray[np.int64]) -> NDArray[np.float32]:
    """The probability ``[N]`` of the answered segment."""
    return probabilities[np.arange(len(ids)), ids]


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
