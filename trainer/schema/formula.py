"""Engineered features, each written once as arithmetic over raw columns.

The text ``"spending_score / (annual_income + 1)"`` is the definition: it is evaluated with numpy for
fitting, emitted as ONNX nodes for the graph, and stored in the contract for a reader.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference.contract.columns import DerivedColumn
from inference.dates import read_day
from inference.errors import InputError
from trainer.schema.onnx_graph import Graph

Values = NDArray[np.float64]

_BINARY: dict[type[ast.operator], tuple[str, Callable[[Values, Values], Values]]] = {
    ast.Add: ("Add", np.add),
    ast.Sub: ("Sub", np.subtract),
    ast.Mult: ("Mul", np.multiply),
    ast.Div: ("Div", np.divide),
}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@dataclass(frozen=True)
class Formula:
    """Arithmetic over columns: ``+ - * /``, numbers, parentheses, ``log1p(...)`` and ``days_since(...)``.

    ``days_since(joined, "2026-01-01")`` is the number of days from a date column's date to that day, which is
    written down so that the same customer gets the same answer tomorrow; below 0 for a later date.
    ``log1p(spend)`` is log(1 + spend), and 0 for a negative number, such as the spend of a customer whose
    returns exceed the purchases.

    Example:
        >>> formula = Formula("score / (income + 1)")
        >>> formula.columns
        ('income', 'score')
        >>> formula.evaluate({"score": np.array([40.0]), "income": np.array([17.0])}).round(4).tolist()
        [2.2222]
    """

    text: str

    def __post_init__(self) -> None:
        _check(self._tree(), self.text)

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns it reads, numbers and dates, sorted."""
        return tuple(sorted({*self.numbers, *self.dates}))

    @property
    def numbers(self) -> tuple[str, ...]:
        """Names of the columns it takes as numbers, sorted."""
        return tuple(sorted(name for name, is_date in _names(self._tree()) if not is_date))

    @property
    def dates(self) -> tuple[str, ...]:
        """Names of the columns inside ``days_since``, sorted."""
        return tuple(sorted(name for name, is_date in _names(self._tree()) if is_date))

    @property
    def logarithm_of(self) -> str | None:
        """The column whose ``log1p`` it is, and nothing else; ``None`` for any other formula."""
        return DerivedColumn(name="", label="", formula=self.text).logarithm_of

    @property
    def is_logarithm(self) -> bool:
        """Whether it is one ``log1p(...)`` around everything."""
        return isinstance(self._tree(), ast.Call) and self.text.lstrip().startswith("log1p")

    def evaluate(self, columns: Mapping[str, Values]) -> Values:
        """Compute the feature ``[N]`` in double from columns ``[N]``; NaN where a part is NaN."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return _evaluate(self._tree(), columns)

    def emit(self, graph: Graph, tensors: Mapping[str, str]) -> str:
        """Append the same arithmetic as nodes over ``[N, 1]`` tensors; returns the result's name."""
        return _emit(self._tree(), graph, tensors)

    def _tree(self) -> ast.expr:
        try:
            return ast.parse(self.text, mode="eval").body
        except SyntaxError as error:
            raise InputError(
                f"a formula must be arithmetic over columns, but {self.text!r} is not: {error.msg}"
            ) from error


def _names(node: ast.expr) -> set[tuple[str, bool]]:
    """The columns below a node, and whether each is taken as a date."""
    match node:
        case ast.Name(id=name):
            return {(name, False)}
        case ast.BinOp(left=left, right=right):
            return _names(left) | _names(right)
        case ast.Call(args=[ast.Name(id=name), _]):
            return {(name, True)}
        case ast.Call(args=[inner]):
            return _names(inner)
    return set()


def _check(node: ast.expr, text: str) -> None:
    match node:
        case ast.Name() | ast.Constant(value=int() | float()):
            return
        case ast.BinOp(op=ast.Add() | ast.Sub() | ast.Mult() | ast.Div()):
            _check(node.left, text)
            _check(node.right, text)
        case ast.Call(func=ast.Name(id="log1p"), args=[inner], keywords=[]):
            _check(inner, text)
        case ast.Call(
            func=ast.Name(id="days_since"),
            args=[ast.Name(), ast.Constant(value=str() as day)],
            keywords=[],
        ):
            if not _DAY.fullmatch(day) or read_day(day) is None:
                raise InputError(
                    f"days_since must count to a day such as '2026-01-01', but {text!r} has {day!r}"
                )
        case _:
            raise InputError(
                "a formula may use + - * /, numbers, columns, log1p(...) and days_since(date, '2026-01-01'), "
                f"but {text!r} has {ast.unparse(node)!r}; write it with these"
            )


def _evaluate(node: ast.expr, columns: Mapping[str, Values]) -> Values:
    match node:
        case ast.Name(id=name):
            return columns[name]
        case ast.Constant(value=int() | float() as number):
            return np.float64(number)  # type: ignore[return-value]  # a scalar broadcasts like a column
        case ast.BinOp(left=left, op=operator, right=right):
            return _BINARY[type(operator)][1](_evaluate(left, columns), _evaluate(right, columns))
        case ast.Call(args=[ast.Name(id=name), ast.Constant(value=str() as day)]):
            return _number_of(day) - columns[name]
        case ast.Call(args=[inner]):
            values = _evaluate(inner, columns)
            return np.log(np.where(values < 0.0, 0.0, values) + 1.0)  # as the graph: ONNX has no log1p
    raise AssertionError(ast.dump(node))


def _emit(node: ast.expr, graph: Graph, tensors: Mapping[str, str]) -> str:
    match node:
        case ast.Name(id=name):
            return tensors[name]
        case ast.Constant(value=int() | float() as number):
            return graph.constant(np.float64(number))
        case ast.BinOp(left=left, op=operator, right=right):
            kind = _BINARY[type(operator)][0]
            return graph.node(kind, _emit(left, graph, tensors), _emit(right, graph, tensors))
        case ast.Call(args=[ast.Name(id=name), ast.Constant(value=str() as day)]):
            return graph.node("Sub", graph.constant(_number_of(day)), tensors[name])
        case ast.Call(args=[inner]):
            values, zero = _emit(inner, graph, tensors), graph.constant(np.float64(0.0))
            positive = graph.node("Where", graph.node("Less", values, zero), zero, values)  # NaN stays
            return graph.node("Log", graph.node("Add", positive, graph.constant(np.float64(1.0))))
    raise AssertionError(ast.dump(node))


def _number_of(day: str) -> np.float64:
    days = read_day(day)
    if days is None:
        raise AssertionError(day)  # was refused when the formula was made
    return np.float64(days)
