"""What the languages have in common in which the terms of a program are written."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

from inference.engines.symbolic_run.program import Term, is_positive

_SIGNS = {"add": "+", "subtract": "-", "multiply": "*", "less": "<", "at_most": "<="}


class TermWriter(ABC):
    """Writes terms; those with a name by their name.

    Attributes:
        functions: operation -> the language's function.
        largest: the largest number, where a quotient by zero would be an error; empty where it is infinite.
        named: the terms that are known under a name.
    """

    functions: ClassVar[Mapping[str, str]]
    largest: ClassVar[str] = ""

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
            "divide": self.quotient,
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

    def quotient(self, term: Term) -> str:
        """A quotient; by zero it is as large as a number can be, as in the graph."""
        above, below = (self.of(each) for each in term.arguments)
        plain = f"({above} / {below})"
        if not self.largest or is_positive(term.arguments[1]):
            return plain
        negative = self.either(f"{above} < 0", f"-{self.largest}", self.number(math.nan))
        return self.either(f"{below} = 0", self.either(f"{above} > 0", self.largest, negative), plain)

    def code(self, term: Term) -> str:
        """The number of a category; an empty text in the graph is none here."""
        codes, default = term.value
        cell = self.of(term.arguments[0])
        found = self.number(default)
        for key, code in reversed(codes):
            if key:
                found = self.either(self.is_text(cell, key), self.number(code), found)
        return self.either(self.no_text(cell), self.number(dict(codes).get("", default)), found)

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
    def is_text(self, cell: str, text: str) -> str:
        """Whether a cell is a text."""

    @abstractmethod
    def no_text(self, cell: str) -> str:
        """Whether a cell has no text."""

    @abstractmethod
    def row(self, term: Term) -> str:
        """A cell of a short table."""
