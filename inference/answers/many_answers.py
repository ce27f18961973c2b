"""The answers of the model for many customers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.answers.answer import COMPLETE_ROUTE, PARTIAL_ROUTE, PRIOR_ROUTE, Answer, one_answer
from inference.contract import Contract


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
