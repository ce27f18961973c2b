"""Rows of a table as sums of steps, for engines that cannot look up a row.

The trees of the classifier are a table over pairs of features: the index of a cell is a sum of conditions on
two features. Such a table is a sum of few steps, because each tree has few, such as .2 where x >= 3 and
y >= 5. They are found from the lowest cell on; what differs by less than ``TOLERANCE`` from the steps so far
needs none, so that no cell is wrong by more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference.engines.symbolic_run.program import Program, Term, in_order, pass_on
from inference.engines.symbolic_run.terms import Terms

TOLERANCE = 1.5e-7  # of the cells, which are sums in single precision
_MOST_CELLS = 4096  # of one table


@dataclass(frozen=True, kw_only=True)
class _Axis:
    """The conditions on one number in the order in which they become true, and what they add to the index.

    Attributes:
        conditions: one for each state but the first, the last may be that the number is missing.
        indices: what the index is in each state, of this number alone.
        ends_missing: whether the last condition is that the number is missing.
    """

    conditions: tuple[Term, ...]
    indices: tuple[int, ...]
    ends_missing: bool

    def reached(self) -> NDArray[np.float64]:
        """Which conditions hold in each state ``[states, states]``, the first column always."""
        found = np.tril(np.ones((len(self.indices), len(self.indices))))
        if self.ends_missing:
            found[-1, 1:-1] = 0.0
        return found


def without_rows(program: Program) -> Program:
    """The same program with steps in place of table rows, where the indices allow it."""
    terms = Terms()
    made: dict[Term, Term] = {}
    for term in in_order(program.roots):
        arguments = tuple(made[each] for each in term.arguments)
        found = _as_steps(terms, arguments[0], term.value) if term.operation == "row" else None
        made[term] = found or terms.make(term.operation, *arguments, value=term.value)
    outputs = {name: tuple(made[each] for each in found) for name, found in program.outputs.items()}
    return Program(outputs=outputs)


def _as_steps(terms: Terms, index: Term, cells: Sequence[float]) -> Term | None:
    """The cell as a sum of steps; ``None`` where the index is not a sum of conditions on two numbers."""
    if index.operation != "weighted" or not np.isfinite(cells).all():
        return None
    axes, first = _axes(index)
    sizes = [len(axis.indices) for axis in axes]
    if not 1 <= len(axes) <= 2 or np.prod(sizes) > _MOST_CELLS:
        return None
    one, other = axes if len(axes) == 2 else (*axes, _Axis(conditions=(), indices=(0,), ends_missing=False))
    indices = first + np.add.outer(one.indices, other.indices)
    return _summed(terms, one, other, _steps(np.asarray(cells)[indices], one.reached(), other.reached()))


def _axes(index: Term) -> tuple[list[_Axis], int]:
    """The numbers that an index depends on, and the index where no condition holds."""
    weights, last = index.value
    found: dict[Term, list[tuple[Term, float]]] = {}
    for argument, weight in zip(index.arguments, weights, strict=True):
        if argument.operation != "choose" or not all(each.constant for each in argument.arguments[1:]):
            return [], 0
        condition, so, otherwise = argument.arguments
        number = next((each for each in condition.arguments if not each.constant), None)
        if number is None or condition.operation == "any":
            return [], 0
        last += weight * otherwise.value
        step = weight * (so.value - otherwise.value)
        found.setdefault(pass_on(number), []).append((condition, step))
    return [_axis(each) for each in found.values()], round(last)


def _axis(steps: list[tuple[Term, float]]) -> _Axis:
    ordered = sorted((each for each in steps if each[0].operation != "missing"), key=_bound)
    unknown = [each for each in steps if each[0].operation == "missing"]
    reached = np.cumsum([0.0, *(step for _, step in ordered)])
    indices = (*(round(each) for each in reached), *(round(step) for _, step in unknown))
    conditions = tuple(condition for condition, _ in (*ordered, *unknown))
    return _Axis(conditions=conditions, indices=indices, ends_missing=bool(unknown))


def _bound(step: tuple[Term, float]) -> tuple[float, bool]:
    """Where a condition ``bound <= x`` or ``bound < x`` becomes true, for ordering."""
    condition = step[0]
    return condition.arguments[0].value, condition.operation == "less"


def _steps(
    cells: NDArray[np.float64], one: NDArray[np.float64], other: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The steps ``[states, states]`` whose sums are the cells of the same shape."""
    found = np.zeros(cells.shape)
    for row, column in np.ndindex(cells.shape):
        rest = cells[row, column] - one[row] @ found @ other[column]
        if abs(rest) > TOLERANCE:
            found[row, column] = rest
    return found


def _summed(terms: Terms, one: _Axis, other: _Axis, steps: NDArray[np.float64]) -> Term:
    true = terms.constant(True)
    rows = []
    for condition, row in zip((true, *one.conditions), steps, strict=True):
        if row.any():
            numbers = [terms.number(each) for each in (true, *other.conditions)]
            rows.append(terms.choose(condition, terms.weighted(numbers, row.tolist()), terms.constant(0.0)))
    return terms.weighted(rows, [1.0] * len(rows))
