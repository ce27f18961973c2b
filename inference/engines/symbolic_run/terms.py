"""Makes the terms of a program, each once; what follows from constants alone is computed here."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from inference.engines.symbolic_run.program import Term, pass_on
from inference.engines.symbolic_run.rounded_bounds import lower_bound, upper_bound

_COMPUTED: dict[str, Callable[..., Any]] = {
    "add": operator.add,
    "subtract": operator.sub,
    "multiply": operator.mul,
    "square_root": math.sqrt,
    "exponential": math.exp,
    "logarithm": math.log,
    "less": operator.lt,
    "at_most": operator.le,
    "missing": math.isnan,
    "single": lambda value: float(np.float32(value)),
}


@dataclass
class Terms:
    """Makes terms, each only once, and simplifies what can be without changing a value."""

    _known: dict[tuple[Any, ...], Term] = field(default_factory=dict)

    def make(self, operation: str, *arguments: Term, value: Any = None) -> Term:
        """The term of an operation."""
        if operation in _COMPUTED and all(each.constant for each in arguments):
            return self.constant(_COMPUTED[operation](*(each.value for each in arguments)))
        shown = repr(value) if isinstance(value, float) else value  # NaN is not equal to itself, 0 is to -0
        key = (operation, type(value), shown, *map(id, arguments))
        if key not in self._known:
            self._known[key] = Term(operation, arguments, value)
        return self._known[key]

    def constant(self, value: Any) -> Term:
        """A constant; numbers of numpy become Python's."""
        plain = value.item() if isinstance(value, np.generic) else value
        return self.make("constant", value=plain)

    def less(self, left: Term, right: Term) -> Term:
        """``left < right``, without rounding to single precision where one is constant."""
        return self._compared("less", left, right)

    def at_most(self, left: Term, right: Term) -> Term:
        """``left <= right``, without rounding to single precision where one is constant."""
        return self._compared("at_most", left, right)

    def _compared(self, operation: str, left: Term, right: Term) -> Term:
        if any(each.constant and math.isnan(each.value) for each in (left, right)):
            return self.constant(False)
        if left.operation == "single" and right.constant:
            operation, bound = upper_bound(operation, right.value)
            return self._compared(operation, left.arguments[0], self.constant(bound))
        if right.operation == "single" and left.constant:
            operation, bound = lower_bound(operation, left.value)
            return self._compared(operation, self.constant(bound), right.arguments[0])
        return self.make(operation, left, right)

    def missing(self, term: Term) -> Term:
        """Whether a number is missing: that of what it is computed from, where only one is not constant."""
        return self.make("missing", pass_on(term))

    def any(self, conditions: Sequence[Term]) -> Term:
        """Whether one of the conditions holds."""
        if any(each.constant and each.value for each in conditions):
            return self.constant(True)
        different = tuple(dict.fromkeys(each for each in conditions if not each.constant))
        if not different:
            return self.constant(False)
        return different[0] if len(different) == 1 else self.make("any", *different)

    def choose(self, condition: Term, so: Term, otherwise: Term) -> Term:
        """``so`` where the condition holds, else ``otherwise``."""
        if condition.constant:
            return so if condition.value else otherwise
        if so is otherwise:
            return so
        if condition.operation == "choose" and all(each.constant for each in condition.arguments[1:]):
            first, then, other = condition.arguments  # of a condition that was turned round
            return self.choose(first, self.choose(then, so, otherwise), self.choose(other, so, otherwise))
        if condition.operation == "less":
            low, high = condition.arguments
            if so is high and otherwise is low and high.constant:
                return self.make("most", low, high)
            if so is low and otherwise is high and low.constant:
                return self.make("least", high, low)
        return self.make("choose", condition, so, otherwise)

    def negated(self, condition: Term) -> Term:
        """Whether a condition does not hold; also where it compares something missing."""
        return self.choose(condition, self.constant(False), self.constant(True))

    def number(self, condition: Term) -> Term:
        """1 where a condition holds, else 0."""
        if condition.constant:
            return self.constant(float(condition.value))
        return self.choose(condition, self.constant(1.0), self.constant(0.0))

    def holds(self, number: Term) -> Term:
        """Whether a number is not 0."""
        if number.constant:
            return self.constant(bool(number.value))
        if number.operation == "weighted":
            counted = [self._counted(each) for each in number.arguments]
            weights, last = number.value
            if last >= 0 and min(weights) > 0 and all(each is not None for each in counted):
                return self.any([each for each in counted if each is not None])
        found = self._counted(number)
        if found is None:
            raise ValueError(f"whether a number is not 0 must follow from conditions, not {number.operation}")
        return found

    def _counted(self, number: Term) -> Term | None:
        """The condition that a term counts as 1 or 0; ``None`` for another term."""
        if number.operation == "choose":
            condition, so, otherwise = number.arguments
            if so.constant and otherwise.constant and {so.value, otherwise.value} == {0.0, 1.0}:
                return condition if so.value else self.negated(condition)
        return None

    def weighted(self, numbers: Sequence[Term], weights: Sequence[float], last: float = 0.0) -> Term:
        """The sum of numbers times weights, and a last number."""
        found: dict[Term, float] = {}
        for number, weight in zip(numbers, weights, strict=True):
            if number.constant:
                last += number.value * weight
            elif weight:
                found[number] = found.get(number, 0.0) + float(weight)
        if not found:
            return self.constant(float(last))
        (first, weight), *more = found.items()
        if not more and weight == 1.0 and not last:
            return first
        return self.make("weighted", *found, value=(tuple(found.values()), float(last)))
