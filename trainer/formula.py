"""Engineered features, each written once as arithmetic over raw columns.

The text ``"spending_score / (annual_income + 1)"`` is the definition: it is evaluated with numpy for
fitting, emitted as ONNX nodes for the graph, and stored in the contract for a reader.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference.errors import InputError
from trainer.graph import Graph

Values = NDArray[np.float64]

_BINARY: dict[type[ast.operator], tuple[str, Callable[[Values, Values], Values]]] = {
    ast.Add: ("Add", np.add),
    ast.Sub: ("Sub", np.subtract),
    ast.Mult: ("Mul", np.multiply),
    ast.Div: ("Div", np.divide),
}
_LOG1P = "log1p"


@dataclass(frozen=True)
class Formula:
    """Arithmetic over columns: ``+ - * /``, numbers, parentheses and ``log1p(...)``.

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
        """Names of the columns it reads, sorted."""
        names = {node.id for node in ast.walk(self._tree()) if isinstance(node, ast.Name)}
        return tuple(sorted(names - {_LOG1P}))

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


def _check(node: ast.expr, text: str) -> None:
    match node:
        case ast.Name() | ast.Constant(value=int() | float()):
            return
        case ast.BinOp(op=ast.Add() | ast.Sub() | ast.Mult() | ast.Div()):
            _check(node.left, text)
            _check(node.right, text)
        case ast.Call(func=ast.Name(id="log1p"), args=[inner], keywords=[]):
            _check(inner, text)
        case _:
            raise InputError(
                f"a formula may use + - * /, numbers, columns and log1p(...), but {text!r} has "
                f"{ast.unparse(node)!r}; write it with these"
            )


def _evaluate(node: ast.expr, columns: Mapping[str, Values]) -> Values:
    match node:
        case ast.Name(id=name):
            return columns[name]
        case ast.Constant(value=int() | float() as number):
            return np.float64(number)  # type: ignore[return-value]  # a scalar broadcasts like a column
        case ast.BinOp(left=left, op=operator, right=right):
            return _BINARY[type(operator)][1](_evaluate(left, columns), _evaluate(right, columns))
        case ast.Call(args=[inner]):
            return np.log(_evaluate(inner, columns) + 1.0)  # as the graph: ONNX has Log but no log1p
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
        case ast.Call(args=[inner]):
            return graph.node(
                "Log", graph.node("Add", _emit(inner, graph, tensors), graph.constant(np.float64(1.0)))
            )
    raise AssertionError(ast.dump(node))
