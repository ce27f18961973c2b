"""The answer for one customer as one arithmetic expression for each output, free of any engine.

A program is a directed graph of ``Term``: each is an operation on other terms, and the same operation on the
same terms is the same object. Missing is NaN in numbers, as in the model's graph: arithmetic with it is
missing, and a comparison with it is false. What follows from constants alone is computed here.

| operation | arguments | value |
|---|---|---|
| ``input`` | | its name: a double, NaN where missing, or a text |
| ``constant`` | | a float, int, bool or text |
| ``add``, ``subtract``, ``multiply``, ``divide``, ``power`` | two numbers | |
| ``square_root``, ``exponential``, ``logarithm`` | a number | |
| ``single`` | a number | rounds it to single precision |
| ``weighted`` | numbers | weights and what is added last |
| ``least``, ``most`` | a number, a constant | missing stays missing |
| ``less``, ``at_most`` | two numbers | a condition |
| ``missing`` | a number | a condition |
| ``any`` | conditions | a condition |
| ``choose`` | a condition, what is so, what else | |
| ``code`` | a text | number by text, and the number of others |
| ``row`` | a whole number | a table [n]: its cell in that place |
"""

from __future__ import annotations

import math
import operator
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from inference.engines.single_precision import lower_bound, upper_bound

_CONDITIONS = frozenset(("less", "at_most", "missing", "any"))
_CHEAP = frozenset(("input", "constant", "missing", "less", "at_most", "single"))
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


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """One operation; two terms are equal only as the same object."""

    operation: str
    arguments: tuple[Term, ...] = ()
    value: Any = None

    @property
    def constant(self) -> bool:
        """Whether it is a constant."""
        return self.operation == "constant"

    @property
    def condition(self) -> bool:
        """Whether it is true or false."""
        if self.operation == "choose":
            return self.arguments[1].condition
        return self.operation in _CONDITIONS or isinstance(self.value, bool)


@dataclass(frozen=True, kw_only=True)
class Program:
    """The outputs of a model for one customer.

    Attributes:
        outputs: name -> its terms, one for each segment where it has one per segment.
    """

    outputs: dict[str, tuple[Term, ...]]

    @property
    def roots(self) -> list[Term]:
        """The terms of all outputs."""
        return [term for each in self.outputs.values() for term in each]


def in_order(roots: Sequence[Term]) -> Iterator[Term]:
    """Every term below the roots once, each after its arguments."""
    seen: set[Term] = set()
    waiting: list[tuple[Term, bool]] = [(root, False) for root in reversed(roots)]
    while waiting:
        term, ready = waiting.pop()
        if ready:
            yield term
        elif term not in seen:
            seen.add(term)
            waiting.append((term, True))
            waiting.extend((each, False) for each in reversed(term.arguments) if each not in seen)


def is_positive(term: Term) -> bool:
    """Whether a number is always above zero."""
    if term.constant:
        return bool(term.value > 0)
    if term.operation in ("exponential", "row"):
        return term.operation == "exponential" or min(term.value) > 0
    if term.operation == "most":
        return bool(term.arguments[1].value > 0)
    if term.operation == "weighted":
        weights, last = term.value
        return last >= 0 and min(weights) > 0 and all(map(is_positive, term.arguments))
    if term.operation == "add":
        return all(map(is_positive, term.arguments))
    return False


def shared_terms(roots: Sequence[Term]) -> list[Term]:
    """The terms that are used more than once and are worth a column, each after those it needs."""
    ordered = list(in_order(roots))
    uses = Counter(each for term in ordered for each in term.arguments)
    uses.update(roots)
    return [term for term in ordered if uses[term] > 1 and not _is_cheap(term)]


def _is_cheap(term: Term) -> bool:
    if term.operation == "choose":
        condition, *results = term.arguments
        return condition.operation in _CHEAP and all(each.constant for each in results)
    return term.operation in _CHEAP


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


_PASS_ON = frozenset(
    ("single", "add", "subtract", "multiply", "divide", "least", "most", "weighted", "square_root")
)


def pass_on(term: Term) -> Term:
    """The term that is missing exactly where this one is: what it is computed from, as far as that is one."""
    while term.operation in _PASS_ON:
        unknown = [each for each in term.arguments if not each.constant]
        if len(unknown) != 1:
            break
        term = unknown[0]
    return term
