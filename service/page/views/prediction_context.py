"""What there is to show about one customer: computed once and passed to every card."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from inference import (
    Answer,
    Contract,
    Explanation,
    InputError,
    Segment,
    Segmenter,
    SmallestChanges,
    explain,
    smallest_changes,
)
from inference.answers import PRIOR_ROUTE
from inference.validation import check_row
from service.api.next_questions import next_questions
from service.api.schemas import Questions
from service.customer_values import Customer
from service.page.draw.decision_map import MapCache, Model, RegionMap

SAMPLES = 64  # orders of arrival where there are too many columns for exact reasons; the page answers at once


@dataclass(frozen=True, kw_only=True)
class PredictionContext:
    """One customer and everything that the model answers about them.

    Attributes:
        contract: describes the model.
        customer: column name -> value.
        answer: the answer, with the classifier's own probabilities.
        explanation: why; ``None`` when nothing is known.
        changes: the smallest changes that lead to another segment.
        questions: what to ask next; ``None`` where the segment is decided.
        region_map: the map at this customer's values; ``None`` where there is nothing to draw along.
    """

    contract: Contract
    customer: Customer
    answer: Answer
    explanation: Explanation | None
    changes: SmallestChanges
    region_map: RegionMap | None
    questions: Questions | None = None

    @property
    def informed(self) -> Answer | None:
        """The answer; ``None`` when nothing is known, so that only the segments' sizes count."""
        return None if self.answer.route == PRIOR_ROUTE else self.answer

    @property
    def segment(self) -> Segment | None:
        """The segment, where enough is known to name one."""
        if self.informed is None or not self.answer.enough:
            return None
        return self.contract.segments[self.answer.segment_id]


def predict_context(
    model: Model, maps: MapCache, customer: Customer, axes: Sequence[str] = ()
) -> PredictionContext:
    """Check a customer, ask the model, and explain its answer.

    Args:
        model: what answers.
        maps: draws the map.
        customer: column name -> value.
        axes: the clustering columns to draw the map along; else the leading ones.

    Raises:
        InputError: when a value or an axis is refused, or no customer was sent.
    """
    if not isinstance(customer, dict):
        raise InputError("a customer must be an object of column names and values")
    checked = check_row(model.contract, customer)
    answer = model.answer(checked, opinion=True).row(0)
    explanation: Explanation | None = None
    changes = SmallestChanges(of_one=(), of_two=None)
    if answer.route != PRIOR_ROUTE:
        segmenter = cast(Segmenter, model)  # of which both use the contract and the answers only
        explanation = explain(segmenter, checked, samples=SAMPLES, answer=answer)
        changes = smallest_changes(segmenter, checked, answer=answer)
    return PredictionContext(
        contract=model.contract,
        customer=customer,
        answer=answer,
        explanation=explanation,
        changes=changes,
        region_map=maps.map_for(customer, axes),
        questions=None if answer.complete else next_questions(model, customer),
    )
