"""Counterfactuals: the smallest change of one column that moves a customer to another segment."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.answers import Answer
from inference.contract import Column
from inference.errors import InputError
from inference.explanations.explanation import find_segment, value_in, value_text
from inference.explanations.grid import Bracket, Grid, grid_around
from inference.kinds.registry import kind_of
from inference.segmenter import Segmenter
from inference.validation import Checked, check_row
from inference.wording import quoted

CATEGORY_SIZE = 1.0  # another category counts as much as one interquartile range of a number
BEYOND = " (a value outside the range of all training customers)"


@dataclass(frozen=True, kw_only=True)
class Change:
    """One column changed, and the segment the customer would then be in.

    Attributes:
        column: the column to change; all others stay as they are.
        before, after: its values, in the column's unit; ISO text for a date.
        segment_before, segment_after: the segments, by name.
        size: of the change, in interquartile ranges of the training rows; 1 for another category.
        beyond_training: the new value is outside the range of the training rows.
        sentence: the same in words.
    """

    column: str
    before: float | str
    after: float | str
    segment_before: str
    segment_after: str
    size: float
    beyond_training: bool
    sentence: str


def nearest_change(
    segmenter: Segmenter,
    row: Mapping[str, Any] | Checked,
    *,
    towards: str | int | None = None,
    limit: float = math.inf,
    answer: Answer | None = None,
) -> Change | None:
    """The smallest of ``nearest_changes``, or ``None`` when no change of one column moves the customer.

    Example:
        >>> segmenter = Segmenter.load("artifacts/model.onnx")
        >>> change = nearest_change(segmenter, {"annual_income": 60, "spending_score": 50})
        >>> change.segment_before != change.segment_after
        True
    """
    changes = nearest_changes(segmenter, row, towards=towards, limit=limit, answer=answer)
    return changes[0] if changes else None


def nearest_changes(
    segmenter: Segmenter,
    row: Mapping[str, Any] | Checked,
    *,
    towards: str | int | None = None,
    limit: float = math.inf,
    answer: Answer | None = None,
) -> tuple[Change, ...]:
    """The smallest change of each known column that moves the customer to another segment, smallest first.

    Numbers, and dates as days, are tried within their valid range: first within the training span, extended
    to include the customer's own value. Only if no value there moves the customer, values outside it are
    used, where there are no training rows. All columns are tried in one batch: a number at 256 values evenly
    over the span, 65 evenly by rank, the training quantiles, and up to 64 on each side in growing steps up
    to the valid limits. The boundary is then located between the first value upward or downward that moves
    the customer and the last value before it that does not.

    Guaranteed: the model itself predicts the new segment for the new value, and the old segment for a value
    one step nearer (a whole number, or at most a millionth of the span). In a column of whole numbers whose
    extended span has at most 256 of them, there is no smaller change within that span. Otherwise a small
    region of another segment between two neighbours of the grid may be missed; if a clustering column is
    unknown, trees decide, which are constant in steps and can have such regions. Other categories all have
    the same size; the one whose segment is most probable is chosen. Unknown columns are not changed.

    Args:
        segmenter: the model.
        row: column -> value, as for ``Segmenter.predict``, or the one row of a ``Checked``.
        towards: name or id of the segment to reach; by default any other segment.
        limit: largest size of a change to consider, in interquartile ranges; another category has size 1.
        answer: the model's answer for this row, if it is already available.

    Raises:
        InputError: for an invalid row, an unknown segment, the customer's own segment, or a limit that is
            not above 0.
    """
    if not limit > 0:
        raise InputError(f"limit must be above 0, in interquartile ranges, but it is {quoted(limit)}")
    search = _search(segmenter, row, towards, answer)
    grids = [grid_around(column, own, limit=limit) for column, own in search.numbers]
    categories = [
        (column, own, np.array(kind_of(column).choices(column), dtype=object))
        for column, own in search.categories
        if limit >= CATEGORY_SIZE
    ]
    tried = search.ask(
        [(grid.column.name, grid.values(grid.ticks)) for grid in grids]
        + [(column.name, values) for column, _, values in categories]
    )
    changes = [_number_change(search, each) for each in _located(search, grids, tried[: len(grids)])]
    for (column, own, values), answers in zip(categories, tried[len(grids) :], strict=True):
        moves = search.moves(answers.segments)
        if moves.any():
            best = int(np.where(moves, answers.probability, -1.0).argmax())
            segment = int(answers.segments[best])
            changes.append(_change(search, column, (own, values[best]), segment, CATEGORY_SIZE, beyond=False))
    return tuple(sorted(changes, key=lambda change: change.size))


@dataclass(frozen=True)
class _Tried:
    """The model's answers for one trial: ids of segments and their probabilities, ``[n]`` each."""

    segments: NDArray[np.int64]
    probability: NDArray[np.float32]


@dataclass(frozen=True)
class _Search:
    """One customer: the known columns, the segment by the serving rule, and the segment to reach."""

    segmenter: Segmenter
    checked: Checked
    before: int
    complete: bool
    target: int | None
    numbers: list[tuple[Column, float]]
    categories: list[tuple[Column, str]]

    def ask(self, trials: Sequence[tuple[str, NDArray[Any]]]) -> list[_Tried]:
        """Predict for the customer with one column changed: trials of (column, values ``[n]``), one batch."""
        ends = np.cumsum([0, *(len(values) for _, values in trials)]).tolist()
        spans = [slice(*span) for span in pairwise(ends)]
        feeds = {name: np.repeat(feed, ends[-1], axis=0) for name, feed in self.checked.feeds.items()}
        for (name, values), span in zip(trials, spans, strict=True):
            feeds[name][span, 0] = values
        answers = self.segmenter.answer(Checked(feeds=feeds, rows=ends[-1]))
        return [_Tried(answers.segment_id[span], answers.probability[span]) for span in spans]

    def moves(self, segments: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which answers are the segment to reach, or any other than the customer's own."""
        return np.not_equal(segments, self.before) if self.target is None else np.equal(segments, self.target)


def _search(
    segmenter: Segmenter,
    row: Mapping[str, Any] | Checked,
    towards: str | int | None,
    answer: Answer | None,
) -> _Search:
    contract = segmenter.contract
    checked = row if isinstance(row, Checked) else check_row(contract, row)
    answer = answer or segmenter.answer(checked).row(0)
    before = answer.segment_id
    target = None if towards is None else find_segment(contract, towards)
    if target is not None and target.id == before:
        raise InputError(
            f"towards must be another segment than the customer's own, but it is {target.name!r}; "
            "name another one or leave it out"
        )
    known = [column for column in contract.columns if value_in(checked, column) is not None]
    cells = {column.name: checked.feeds[column.name][0, 0] for column in known}
    return _Search(
        segmenter=segmenter,
        checked=checked,
        before=before,
        complete=answer.complete,
        target=None if target is None else target.id,
        numbers=[(each, float(cells[each.name])) for each in known if kind_of(each).ordered],
        categories=[(each, str(cells[each.name])) for each in known if not kind_of(each).ordered],
    )


def _located(search: _Search, grids: list[Grid], tried: list[_Tried]) -> list[Bracket]:
    """The smallest change of each number column that has one; each step is one batch for all of them."""
    brackets = [
        bracket
        for grid, answers in zip(grids, tried, strict=True)
        for bracket in grid.brackets(answers.segments, search.moves(answers.segments))
    ]
    between = [bracket.between() for bracket in brackets]
    while any(map(len, between)):
        trials = [
            (bracket.grid.column.name, bracket.grid.values(ticks))
            for bracket, ticks in zip(brackets, between, strict=True)
        ]
        brackets = [
            bracket.narrowed(ticks, answers.segments, search.moves(answers.segments))
            for bracket, ticks, answers in zip(brackets, between, search.ask(trials), strict=True)
        ]
        between = [bracket.between() for bracket in brackets]
    smallest: dict[str, Bracket] = {}
    for bracket in sorted(brackets, key=lambda bracket: bracket.size):
        smallest.setdefault(bracket.grid.column.name, bracket)
    return list(smallest.values())


def _number_change(search: _Search, bracket: Bracket) -> Change:
    grid = bracket.grid
    column, kind = grid.column, kind_of(grid.column)
    values = kind.as_json(column, grid.own), kind.as_json(column, bracket.value)
    beyond = grid.is_beyond_training(bracket.value)
    return _change(search, column, values, bracket.segment, bracket.size, beyond)


def _change(
    search: _Search,
    column: Column,
    values: tuple[float | str, float | str],
    segment: int,
    size: float,
    beyond: bool,
) -> Change:
    segments = search.segmenter.contract.segments
    before, after = values
    would_be = f"would {'' if search.complete else 'most likely '}be {segments[segment].name!r}"
    return Change(
        column=column.name,
        before=before,
        after=after,
        segment_before=segments[search.before].name,
        segment_after=segments[segment].name,
        size=size,
        beyond_training=beyond,
        sentence=f"{_condition(column, values)}{BEYOND if beyond else ''} this customer {would_be}",
    )


def _condition(column: Column, values: tuple[float | str, float | str]) -> str:
    before, after = map(value_text, values)
    label = column.label
    if label[1:2].islower():  # but "VIP score" keeps its capitals
        label = label[0].lower() + label[1:]
    unit = f" ({column.unit})" if column.unit else ""
    return f"With {label} {after} instead of {before}{unit}"
