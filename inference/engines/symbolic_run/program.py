"""The answer for one customer as one arithmetic expression for each output, free of any engine.

A program is a directed graph of ``Term``: each is an operation on other terms, and the same operation on the
same terms is the same object. Missing is NaN in numbers, as in the model's graph: arithmetic with it is
missing, and a comparison with it is false.

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
| ``row`` | a whole number | a table [n]: its cell at that index |
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

_CONDITIONS = frozenset(("less", "at_most", "missing", "any"))
_CHEAP = frozenset(("input", "constant", "missing", "less", "at_most", "single"))
_PASS_ON = frozenset(
    ("single", "add", "subtract", "multiply", "divide", "least", "most", "weighted", "square_root")
)


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


def pass_on(term: Term) -> Term:
    """The term that is missing exactly where this one is: what it is computed from, as far as that is one."""
    while term.operation in _PASS_ON:
        unknown = [each for each in term.arguments if not each.constant]
        if len(unknown) != 1:
            break
        term = unknown[0]
    return term
