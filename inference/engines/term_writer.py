"""What the languages have in common in which the terms of a program are written."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

from inference.engines.program import Term

_SIGNS = {"add": "+", "subtract": "-", "multiply": "*", "divide": "/", "less": "<", "at_most": "<="}


class TermWriter(ABC):
    """Writes terms; those with a name by their name.

    Attributes:
        functions: operation -> the language's function.
        named: the terms that are known under a name.
    """

    functions: ClassVar[Mapping[str, str]]

    def __init__(self, named: dict[Term, str]) -> None:
        self.named = named

    def of(self, term: Term) -> str:
        """The expression of a term, or its name."""
        return self.named.get(term) or self.computed(term)

    def computed(self, term: Term) -> str:
        """The expression of a term, even if it has a name."""
        writer = self._writers().get(term.operation)
        if writer is not None:
            return writer(term)
        given = [self.of(each) for each in term.arguments]
        if term.operation in self.functions:
            return f"{self.functions[term.operation]}({', '.join(given)})"
        return f"({f' {_SIGNS[term.operation]} '.join(given)})"

    def _writers(self) -> dict[str, Callable[[Term], str]]:
        """What is not an operator between terms or a function of them."""
        return {
            "input": self.input,
            "constant": self.constant,
            "single": self.single,
            "choose": self.choice,
            "weighted": self.weighted,
            "least": self.bounded,
            "most": self.bounded,
            "missing": self.missing,
            "any": self.any,
            "code": self.code,
            "row": self.row,
        }

    def single(self, term: Term) -> str:
        """A number in single precision; as it is where the language has none."""
        return self.of(term.arguments[0])

    def weighted(self, term: Term) -> str:
        """A weighted sum."""
        weights, last = term.value
        parts = [self.part(each, weight) for each, weight in zip(term.arguments, weights, strict=True)]
        return self.summed([*parts, *([self.number(last)] if last else [])])

    def part(self, term: Term, weight: float) -> str:
        """One part of a weighted sum."""
        return self.of(term) if weight == 1.0 else f"{self.number(weight)} * {self.of(term)}"

    def summed(self, parts: Sequence[str]) -> str:
        """A sum."""
        return f"({' + '.join(parts)})"

    def bounded(self, term: Term) -> str:
        """A number that is at least or at most a constant; a missing one stays missing."""
        value, limit = (self.of(each) for each in term.arguments)
        beyond = f"{value} {'<' if term.operation == 'most' else '>'} {limit}"
        return self.either(beyond, limit, value)

    def choice(self, term: Term) -> str:
        """What holds under a condition, or else."""
        return self.either(*(self.of(each) for each in term.arguments))

    @abstractmethod
    def either(self, condition: str, so: str, otherwise: str) -> str:
        """One of two expressions; the second where something missing is compared."""

    @abstractmethod
    def number(self, value: float) -> str:
        """A double, so that the same one is read; NaN is the language's missing number."""

    @abstractmethod
    def input(self, term: Term) -> str:
        """One of the model's columns."""

    @abstractmethod
    def constant(self, term: Term) -> str:
        """A number, a truth or a text."""

    @abstractmethod
    def missing(self, term: Term) -> str:
        """Whether a number is missing."""

    @abstractmethod
    def any(self, term: Term) -> str:
        """Whether one of several conditions holds."""

    @abstractmethod
    def code(self, term: Term) -> str:
        """The number of a category."""

    @abstractmethod
    def row(self, term: Term) -> str:
        """A cell of a short table."""
