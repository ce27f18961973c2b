"""Counterfactuals: the smallest changes that move a customer to another segment."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from inference.answers import Answer
from inference.errors import InputError
from inference.explanations.changes import Change, SmallestChanges
from inference.explanations.grid import Bracket, Grid, grid_around
from inference.explanations.search import Search, Tried, search_around
from inference.explanations.two_columns import CATEGORY_SIZE, smallest_of_two
from inference.kinds.registry import kind_of
from inference.segmenter import Segmenter
from inference.validation import Checked
from inference.wording import quoted


def nearest_change(
    segmenter: Segmenter,
    row: Mapping[str, Any] | Checked,
    *,
    towards: str | int | None = None,
    limit: float = math.inf,
    answer: Answer | None = None,
) -> Change | None:
    """The smallest of ``nearest_changes``, or ``None`` when no change of one column is offered.

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
    """The changes of one column of ``smallest_changes``, smallest first."""
    return smallest_changes(segmenter, row, towards=towards, limit=limit, answer=answer).of_one


def smallest_changes(
    segmenter: Segmenter,
    row: Mapping[str, Any] | Checked,
    *,
    towards: str | int | None = None,
    limit: float = math.inf,
    answer: Answer | None = None,
) -> SmallestChanges:
    """The smallest changes that move the customer to another segment, within the range of the training data.

    First, each known column alone. If no value within the range of the training rows moves the customer, two
    clustering columns together, also within it. Only if that is not enough either, single columns are changed
    to values outside it, up to their valid limits, where there are no training rows; the sentence says so.
    In a complete answer, only clustering columns are changed, because no other column can move the customer.

    Columns are tried in one batch: a number, and a date as days, at 256 values evenly over the training
    range, 65 evenly by rank and the training quantiles; beyond it, at up to 64 on each side in growing steps.
    The boundary is then located between the first value upward or downward that moves the customer and the
    last value before it that does not. For two columns see ``inference.explanations.two_columns``.

    Guaranteed: the model itself predicts the new segment for the new value, and the old segment for a value
    one step nearer (a whole number, or at most a millionth of the span) that is also within the range. In a
    column of whole numbers whose range has at most 256 of them, there is no smaller change within it.
    Otherwise a small region of another segment between two neighbours of the grid may be missed; if a
    clustering column is unknown, trees decide, which are constant in steps and can have such regions. Other
    categories all have the same size; the one whose segment is most probable is chosen. Unknown columns are
    not changed.

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
    search = search_around(segmenter, row, towards, answer)
    within = _of_one(search, limit, beyond=False)
    if within:
        return SmallestChanges(of_one=within, of_two=None)
    of_two = smallest_of_two(search, limit=limit)
    return SmallestChanges(
        of_one=() if of_two else _of_one(search, limit, beyond=True),
        of_two=of_two,
    )


def _of_one(search: Search, limit: float, *, beyond: bool) -> tuple[Change, ...]:
    """The smallest change of each column that moves the customer, smallest first."""
    grids = [grid_around(column, own, limit=limit, beyond=beyond) for column, own in search.numbers]
    categories = [
        (column, own, np.array(kind_of(column).choices(column), dtype=object))
        for column, own in search.categories
        if limit >= CATEGORY_SIZE
    ]
    tried = search.ask(
        [{grid.column.name: grid.values(grid.ticks)} for grid in grids]
        + [{column.name: values} for column, _, values in categories]
    )
    changes = [_number_change(search, each) for each in _located(search, grids, tried[: len(grids)])]
    for (column, own, values), answers in zip(categories, tried[len(grids) :], strict=True):
        moves = search.moves(answers.segments)
        if moves.any():
            best = int(np.where(moves, answers.probability, -1.0).argmax())
            segment = int(answers.segments[best])
            changes.append(
                search.outcome.change(column, (own, values[best]), segment, CATEGORY_SIZE, beyond=False)
            )
    return tuple(sorted(changes, key=lambda change: change.size))


def _located(search: Search, grids: list[Grid], tried: list[Tried]) -> list[Bracket]:
    """The smallest change of each number column that has one; each step is one batch for all of them."""
    brackets = [
        bracket
        for grid, answers in zip(grids, tried, strict=True)
        for bracket in grid.brackets(answers.segments, search.moves(answers.segments))
    ]
    between = [bracket.between() for bracket in brackets]
    while any(map(len, between)):
        trials = [
            {bracket.grid.column.name: bracket.grid.values(ticks)}
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


def _number_change(search: Search, bracket: Bracket) -> Change:
    grid = bracket.grid
    column, kind = grid.column, kind_of(grid.column)
    values = kind.as_json(column, grid.own), kind.as_json(column, bracket.value)
    beyond = grid.is_beyond_training(bracket.value)
    return search.outcome.change(column, values, bracket.segment, bracket.size, beyond=beyond)
