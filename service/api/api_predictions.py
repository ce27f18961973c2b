"""What the API can ask the model, answered in plain JSON values.

REST, Gradio's endpoints and the MCP tools reach these methods through ``service.api.operations``, so that a
request has one answer and one refusal on every interface.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from inference import Answers, Change, ChangeOfTwo, Contract, InputError, Segmenter, explain, smallest_changes
from inference.explanations.explanation import Explanation
from inference.kinds.row_problems import RowProblems
from inference.validation import Checked, check_columns, check_row, check_values
from service.api.describe import column_info, segment_info, segmentation_info
from service.api.schemas import (
    ChangedColumn,
    Contribution,
    ModelInfo,
    Prediction,
    Predictions,
    Refusal,
    RowRefusal,
    SmallestChange,
    SmallestChangeOfTwo,
    Status,
    Why,
)
from service.monitor.monitor import Monitor

MOST_ROWS = 10_000
MOST_REFUSALS = 20  # of one customer; who sends more wrong fields has the wrong table
VERSION_LENGTH = 12


@dataclass(frozen=True)
class UnreadableRow:
    """In place of a row that could not be read; ``reason`` says why, in a sentence."""

    reason: str


class Predictor:
    """Answers about customers from one model; safe to share between threads.

    Args:
        segmenter: with the model.
        monitor: counts the customers that are answered; without one, nobody does.
    """

    def __init__(self, segmenter: Segmenter, monitor: Monitor | None = None) -> None:
        self.segmenter = segmenter
        self.monitor = monitor
        self.contract: Contract = segmenter.contract
        self.version = segmenter.fingerprint[:VERSION_LENGTH]

    def predict(self, customer: Mapping[str, Any]) -> Prediction:
        """Which segment one customer belongs to.

        Args:
            customer: column -> value; a column left out is unknown.

        Raises:
            InputError: for an unknown column or a value that is refused.
        """
        try:
            checked = check_row(self.contract, customer)
        except InputError:
            self._count_refused(1)
            raise
        answer = self.segmenter.answer_one(checked)
        if self.monitor is not None:
            self.monitor.observe_one(self.segmenter, checked, answer)
        return self._prediction(answer.to_dict())

    def predict_many(self, rows: Sequence[object]) -> Predictions:
        """The same for many customers; a refused row is listed in ``errors`` and the others are answered.

        Args:
            rows: a list of objects; an ``UnreadableRow`` among them is refused with its reason.

        Raises:
            InputError: when it is not a list, or one of more than ``MOST_ROWS`` rows.
        """
        if not isinstance(rows, list):
            raise InputError(f"rows must be a list of customers, but it is {type(rows).__name__}")
        if len(rows) > MOST_ROWS:
            raise InputError(
                f"there must be at most {MOST_ROWS:,} rows in one call, but there are {len(rows):,}; "
                "split them into several calls, or send a file"
            )
        errors: list[RowRefusal] = []
        sound = [index for index, row in enumerate(rows) if self._fits(row, index, errors)]
        answers: list[Prediction | None] = [None] * len(rows)
        if sound:
            columns = {name: [rows[at].get(name) for at in sound] for name in self.contract.names}
            checked = check_columns(self.contract, columns)
            refused = {sound[at] for at in checked.problems}
            for index in refused:
                errors += self._row_refusals(rows[index], index)
            found = self.segmenter.answer(checked)
            self._count(checked, found)
            for index, answer in zip(sound, found.to_dicts(), strict=True):
                answers[index] = None if index in refused else self._prediction(answer)
        self._count_refused(len(rows) - len(sound))
        errors.sort(key=lambda error: error["row"])
        return Predictions(
            model_version=self.version,
            rows=len(rows),
            answered=len(rows) - len({error["row"] for error in errors}),
            answers=answers,
            errors=errors,
        )

    def explain(self, customer: Mapping[str, Any], *, segment: str | int | None = None) -> Why:
        """What each known column adds to the answer, and the smallest change that would alter it.

        Raises:
            InputError: for a customer that ``predict`` refuses, or an unknown segment.
        """
        checked = check_row(self.contract, customer)
        answer = self.segmenter.answer_one(checked)
        why = explain(self.segmenter, checked, segment=segment, answer=answer)
        smallest = smallest_changes(self.segmenter, checked, answer=answer)
        return Why(
            **self._prediction(answer.to_dict()),
            explained_segment=why.segment,
            base=why.base[why.segment],
            explained_probability=answer.probabilities[why.segment],
            contributions=_contributions(why),
            nearest_change=_smallest(smallest.of_one[0]) if smallest.of_one else None,
            nearest_change_of_two=None if smallest.of_two is None else _smallest_of_two(smallest.of_two),
        )

    def ready(self) -> Status:
        """That the model answers; whatever keeps it from answering is raised."""
        self.segmenter.answer(check_row(self.contract, {}))
        return Status(status="ready", model_version=self.version)

    def model(self) -> ModelInfo:
        """What the model is: its columns, its segments and what it was trained on."""
        return ModelInfo(
            name=self.contract.name,
            model_version=self.version,
            model_sha256=self.segmenter.fingerprint,
            trained_on_rows=None if self.contract.data is None else self.contract.data.rows,
            answer_probability=self.contract.answer_probability,
            segmentation=segmentation_info(self.contract),
            columns=[column_info(column) for column in self.contract.columns],
            segments=[segment_info(segment) for segment in self.contract.segments],
        )

    def refusals(self, customer: Mapping[str, Any]) -> list[Refusal]:
        """Everything wrong with one customer, a field at a time; empty when nothing is."""
        found: list[Refusal] = []
        for name in (name for name in customer if name not in self.contract.names):
            if len(found) == MOST_REFUSALS:
                break
            try:
                check_row(self.contract, {name: None})
            except InputError as error:
                found.append(Refusal(field=name, message=str(error)))
        for column in self.contract.columns:
            cell = np.empty(1, dtype=object)
            cell[0] = customer.get(column.name)
            problems = RowProblems(1)
            check_values(column, cell, problems)
            found += [Refusal(field=field, message=message) for field, message in problems.values()]
        return found[:MOST_REFUSALS]

    def _count(self, checked: Checked, answers: Answers) -> None:
        """Let the monitor count rows that were asked about."""
        if self.monitor is not None:
            self.monitor.observe(self.segmenter, checked, answers)

    def _count_refused(self, rows: int) -> None:
        if self.monitor is not None and rows:
            self.monitor.refuse(self.segmenter, rows)

    def _fits(self, row: object, index: int, errors: list[RowRefusal]) -> bool:
        """Whether a row is an object of known columns; if not, it is noted."""
        if isinstance(row, UnreadableRow):
            errors.append(RowRefusal(row=index, field=None, message=row.reason))
            return False
        if not isinstance(row, dict):
            message = f"a row must be an object of columns and values, but it is {type(row).__name__}"
            errors.append(RowRefusal(row=index, field=None, message=message))
            return False
        if row.keys() <= set(self.contract.names):
            return True
        errors += self._row_refusals(row, index)
        return False

    def _row_refusals(self, row: Mapping[str, Any], index: int) -> list[RowRefusal]:
        """Everything wrong with one of many rows."""
        return [
            RowRefusal(row=index, field=each["field"], message=each["message"]) for each in self.refusals(row)
        ]

    def _prediction(self, answer: dict[str, Any]) -> Prediction:
        """An answer as JSON values (see ``inference.Answer.to_dict``), and which model gave it."""
        return cast(Prediction, {**answer, "model_version": self.version})


def _smallest(change: Change) -> SmallestChange:
    return SmallestChange(
        column=change.column,
        before=change.before,
        after=change.after,
        segment_after=change.segment_after,
        beyond_training=change.beyond_training,
        sentence=change.sentence,
    )


def _smallest_of_two(change: ChangeOfTwo) -> SmallestChangeOfTwo:
    changed = zip(change.columns, change.before, change.after, strict=True)
    return SmallestChangeOfTwo(
        changes=[ChangedColumn(column=name, before=old, after=new) for name, old, new in changed],
        segment_after=change.segment_after,
        sentence=change.sentence,
    )


def _contributions(why: Explanation) -> list[Contribution]:
    return [
        Contribution(column=name, value=why.row[name], contribution=amount, sentence=sentence)
        for (name, amount), sentence in zip(why.ranked(), why.sentences(), strict=True)
    ]
