"""The terms of a program as expressions of SQL, and which of them become columns of their own.

A missing number is NULL: arithmetic and comparisons treat it as the model's graph treats NaN.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from inference.engines.dialects import Dialect
from inference.engines.program import Term, is_condition, is_positive

_FUNCTIONS = {"square_root": "SQRT", "exponential": "EXP", "logarithm": "LN", "power": "POWER"}
_SIGNS = {"add": "+", "subtract": "-", "multiply": "*", "less": "<", "at_most": "<="}
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


class Expressions:
    """Writes terms; those that are columns already by the column's name."""

    def __init__(self, dialect: Dialect, named: Named) -> None:
        self._dialect, self.named = dialect, named

    def of(self, term: Term) -> str:
        """The expression of a term."""
        if term in self.named:
            name = self.named[term]
            return f"({name} = 1)" if is_condition(term) else name
        return self.computed(term)

    def computed(self, term: Term) -> str:
        """The same, computed even if it is a column."""
        writer = _WRITERS.get(term.operation)
        if writer is not None:
            return writer(self, term)
        given = [self.of(each) for each in term.arguments]
        if term.operation in _FUNCTIONS:
            return f"{_FUNCTIONS[term.operation]}({', '.join(given)})"
        return f"({f' {_SIGNS[term.operation]} '.join(given)})"

    def column(self, term: Term) -> str:
        """What a term's column holds: conditions as 1 and 0."""
        found = self.computed(term)
        return f"CASE WHEN {found} THEN 1 ELSE 0 END" if is_condition(term) else found

    def constant(self, term: Term) -> str:
        """A constant."""
        value = term.value
        if isinstance(value, bool):
            return "(1 = 1)" if value else "(1 = 0)"
        if isinstance(value, str):
            return self._dialect.string(value)
        if isinstance(value, int):
            return str(value)
        return f"CAST(NULL AS {self._dialect.number})" if math.isnan(value) else number(value)

    def chosen(self, term: Term) -> str:
        """A choice."""
        condition, so, otherwise = term.arguments
        if is_condition(term):
            so_holds, else_holds = self.of(so), self.of(otherwise)
            return f"(CASE WHEN {self.of(condition)} THEN {so_holds} ELSE {else_holds} END)"
        return f"CASE WHEN {self.of(condition)} THEN {self.of(so)} ELSE {self.of(otherwise)} END"

    def divided(self, term: Term) -> str:
        """A quotient; by zero it is as in the graph as large as a number can be, and no error."""
        above, below = (self.of(each) for each in term.arguments)
        if is_positive(term.arguments[1]):
            return f"({above} / {below})"
        beyond = f"CASE WHEN {above} > 0 THEN {_LARGEST} WHEN {above} < 0 THEN -{_LARGEST} END"
        return f"CASE WHEN {below} = 0 THEN {beyond} ELSE {above} / {below} END"

    def weighted(self, term: Term) -> str:
        """A weighted sum, a few terms in each pair of parentheses."""
        weights, last = term.value
        parts = [self._part(each, weight) for each, weight in zip(term.arguments, weights, strict=True)]
        parts += [number(last)] if last else []
        while len(parts) > _ACROSS:
            parts = [
                f"({' + '.join(parts[start : start + _ACROSS])})" for start in range(0, len(parts), _ACROSS)
            ]
        return f"({' + '.join(parts)})"

    def _part(self, term: Term, weight: float) -> str:
        if term.operation == "choose" and term not in self.named:
            condition, so, otherwise = term.arguments
            if so.constant and otherwise.constant and not isinstance(so.value, bool):
                amounts = (number(each.value * weight) for each in (so, otherwise))
                return "CASE WHEN {} THEN {} ELSE {} END".format(self.of(condition), *amounts)
        return self.of(term) if weight == 1.0 else f"{number(weight)} * {self.of(term)}"

    def bounded(self, term: Term) -> str:
        """A number that is at least or at most a constant."""
        value, limit = (self.of(each) for each in term.arguments)
        sign = "<" if term.operation == "most" else ">"
        return f"CASE WHEN {value} {sign} {limit} THEN {limit} ELSE {value} END"

    def coded(self, term: Term) -> str:
        """The number of a category."""
        codes, default = term.value
        text = self.of(term.arguments[0])
        missing = dict(codes).get("", default)  # an empty text in the graph
        cases = [f"WHEN {text} IS NULL THEN {number(missing)}"]
        cases += [
            f"WHEN {text} = {self._dialect.string(key)} THEN {number(code)}" for key, code in codes if key
        ]
        return f"CASE {' '.join(cases)} ELSE {number(default)} END"

    def row(self, term: Term) -> str:
        """A cell of a short table."""
        cases = " ".join(f"WHEN {place} THEN {number(cell)}" for place, cell in enumerate(term.value))
        return f"CASE {self.of(term.arguments[0])} {cases} END"


_WRITERS: dict[str, Callable[[Expressions, Term], str]] = {
    "input": lambda written, term: written._dialect.identifier(cell_name(term.value)),
    "constant": Expressions.constant,
    "single": lambda written, term: written.of(term.arguments[0]),
    "choose": Expressions.chosen,
    "divide": Expressions.divided,
    "weighted": Expressions.weighted,
    "least": Expressions.bounded,
    "most": Expressions.bounded,
    "missing": lambda written, term: f"({written.of(term.arguments[0])} IS NULL)",
    "any": lambda written, term: f"({' OR '.join(written.of(each) for each in term.arguments)})",
    "code": Expressions.coded,
    "row": Expressions.row,
}
