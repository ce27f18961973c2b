"""Asks the model about one customer with some columns changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.answers import Answer
from inference.contract import Column
from inference.errors import InputError
from inference.explanations.changes import Outcome
from inference.explanations.explanation import find_segment, value_in
from inference.kinds.registry import kind_of
from inference.segmenter import Segmenter
from inference.validation import Checked, check_row


@dataclass(frozen=True)
class Tried:
    """The model's answers for one trial: ids of segments and their probabilities, ``[n]`` each."""

    segments: NDArray[np.int64]
    probability: NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class Search:
    """One customer: the known columns that can change the answer, and the segments before and after.

    Attributes:
        before: the customer's segment; target: the segment to reach, ``None`` for any other.
        numbers, categories: columns that may be changed, each with the customer's own value.
    """

    segmenter: Segmenter
    checked: Checked
    before: int
    target: int | None
    outcome: Outcome
    numbers: tuple[tuple[Column, float], ...]
    categories: tuple[tuple[Column, str], ...]

    def ask(self, trials: Sequence[Mapping[str, NDArray[Any]]]) -> list[Tried]:
        """Predict for the customer with columns changed, in one batch.

        Args:
            trials: for each, column -> values ``[n]``; a trial's columns have the same length.
        """
        lengths = [len(next(iter(trial.values()))) for trial in trials]
        ends = np.cumsum([0, *lengths]).tolist()
        if not ends[-1]:
            nothing = Tried(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32))
            return [nothing] * len(trials)
        spans = [slice(*span) for span in pairwise(ends)]
        feeds = {name: np.repeat(feed, ends[-1], axis=0) for name, feed in self.checked.feeds.items()}
        for trial, span in zip(trials, spans, strict=True):
            for name, values in trial.items():
                feeds[name][span, 0] = values
        answers = self.segmenter.answer(Checked(feeds=feeds, rows=ends[-1]))
        return [Tried(answers.segment_id[span], answers.probability[span]) for span in spans]

    def moves(self, segments: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which answers are the segment to reach, or any other than the customer's own."""
        return np.not_equal(segments, self.before) if self.target is None else np.equal(segments, self.target)


def search_around(
    segmenter: Segmenter,
    row: Mapping[str, Any] | Checked,
    towards: str | int | None,
    answer: Answer | None,
) -> Search:
    """Check a row, predict its segment and find the segment to reach.

    Raises:
        InputError: for an invalid row, an unknown segment, or the customer's own one.
    """
    contract = segmenter.contract
    checked = row if isinstance(row, Checked) else check_row(contract, row)
    answer = answer or segmenter.answer_one(checked)
    target = None if towards is None else find_segment(contract, towards)
    if target is not None and target.id == answer.segment_id:
        raise InputError(
            f"towards must be another segment than the customer's own, but it is {target.name!r}; "
            "name another one or leave it out"
        )
    known = [
        column
        for column in contract.columns
        if value_in(checked, column) is not None and (column.clusters or not answer.complete)
    ]
    cells = {column.name: checked.feeds[column.name][0, 0] for column in known}
    return Search(
        segmenter=segmenter,
        checked=checked,
        before=answer.segment_id,
        target=None if target is None else target.id,
        outcome=Outcome(contract, answer.segment_id, answer.complete),
        numbers=tuple((each, float(cells[each.name])) for each in known if kind_of(each).ordered),
        categories=tuple((each, str(cells[each.name])) for each in known if not kind_of(each).ordered),
    )
