"""The terms of a program as expressions of SQL, and which of them become columns of their own.

A missing number is NULL: arithmetic and comparisons treat it as the model's graph treats NaN.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import ClassVar

from inference.engines.sql.dialects import Dialect
from inference.engines.symbolic_run.program import Term
from inference.engines.symbolic_run.term_writer import TermWriter

_LARGEST = "1.7976931348623157e308"
_ACROSS = 40  # terms of a sum in one pair of parentheses; some engines limit the depth of an expression

Named = dict[Term, str]


def cell_name(column: str) -> str:
    """The column that holds the checked cells of one of the model's columns."""
    return f"cs_in_{column}"


def number(value: float) -> str:
    """A double so that every engine reads the same one, and none a decimal."""
    if math.isnan(value):
        return "NULL"
    if math.isinf(value):
        return _LARGEST if value > 0 else f"-{_LARGEST}"
    shown = repr(float(value))
    return shown if "e" in shown else f"{shown}e0"


class Expressions(TermWriter):
    """Writes terms; those that are columns already by the column's name."""

    functions: ClassVar[Mapping[str, str]] = {
        "square_root": "SQRT",
        "exponential": "EXP",
        "logarithm": "LN",
        "power": "POWER",
    }

    largest = _LARGEST

    def __init__(self, dialect: Dialect, named: Named) -> None:
        super().__init__(named)
        self._dialect = dialect

    def of(self, term: Term) -> str:
        """The expression of a term; a condition that is a column is 1 there."""
        found = super().of(term)
        return f"({found} = 1)" if term in self.named and term.condition else found

    def column(self, term: Term) -> str:
        """What a term's column holds: conditions as 1 and 0."""
        found = self.computed(term)
        return f"CASE WHEN {found} THEN 1 ELSE 0 END" if term.condition else found

    def either(self, condition: str, so: str, otherwise: str) -> str:
        """A ``CASE``."""
        return f"CASE WHEN {condition} THEN {so} ELSE {otherwise} END"

    def choice(self, term: Term) -> str:
        """A ``CASE``, in parentheses where it is a condition."""
        found = super().choice(term)
        return f"({found})" if term.condition else found

    def number(self, value: float) -> str:
        """A double."""
        return number(value)

    def input(self, term: Term) -> str:
        """The column with the checked cells."""
        return self._dialect.identifier(cell_name(term.value))

    def constant(self, term: Term) -> str:
        """A constant; truths are comparisons, which every engine knows."""
        value = term.value
        if isinstance(value, bool):
            return "(1 = 1)" if value else "(1 = 0)"
        if isinstance(value, str):
            return self._dialect.string(value)
        if isinstance(value, int):
            return str(value)
        return f"CAST(NULL AS {self._dialect.number})" if math.isnan(value) else number(value)

    def part(self, term: Term, weight: float) -> str:
        """One part of a weighted sum; the weight of a step is in its amounts."""
        if term.operation == "choose" and term not in self.named:
            condition, so, otherwise = term.arguments
            if so.constant and otherwise.constant and not isinstance(so.value, bool):
                return self.either(
                    self.of(condition), *(number(each.value * weight) for each in (so, otherwise))
                )
        return super().part(term, weight)

    def summed(self, parts: Sequence[str]) -> str:
        """A sum, a few terms in each pair of parentheses."""
        while len(parts) > _ACROSS:
            starts = range(0, len(parts), _ACROSS)
            parts = [super(Expressions, self).summed(parts[start : start + _ACROSS]) for start in starts]
        return super().summed(parts)

    def missing(self, term: Term) -> str:
        """Whether a number is missing."""
        return f"({self.of(term.arguments[0])} IS NULL)"

    def any(self, term: Term) -> str:
        """Whether one of several conditions holds."""
        return f"({' OR '.join(self.of(each) for each in term.arguments)})"

    def is_text(self, cell: str, text: str) -> str:
        """Whether a column is a text."""
        return f"{cell} = {self._dialect.string(text)}"

    def no_text(self, cell: str) -> str:
        """Whether a column has no text."""
        return f"{cell} IS NULL"

    def row(self, term: Term) -> str:
        """A cell of a short table."""
        cases = " ".join(f"WHEN {index} THEN {number(cell)}" for index, cell in enumerate(term.value))
        return f"CASE {self.of(term.arguments[0])} {cases} END"
