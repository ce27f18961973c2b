"""What each operator of the model's graph does with terms instead of numbers, for one customer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from inference.engines.symbolic_run.program import Term
from inference.engines.symbolic_run.reductions import (
    DEEP,
    extreme,
    reduced,
    softmax,
    sum_of_squares,
    total_of,
)
from inference.engines.symbolic_run.tensors import (
    Attributes,
    Operator,
    Tensor,
    as_terms,
    bounded,
    divided,
    elementwise,
    for_each,
)
from inference.engines.symbolic_run.terms import Terms
from inference.engines.symbolic_run.trees import tree_sums

_FLOAT, _BOOL = 1, 9  # element types of ONNX


def _cast(terms: Terms, given: Sequence[Tensor], attributes: Attributes) -> Tensor:
    wanted = attributes["to"]

    def cast(term: Term) -> Term:
        if wanted == _BOOL:
            return term if term.condition else terms.holds(term)
        if term.condition:
            return terms.number(term)
        return terms.make("single", term) if wanted == _FLOAT and not _is_single(term) else term

    return for_each(terms, cast, given[0])


def _is_single(term: Term) -> bool:
    """Whether rounding to single precision changes nothing."""
    small = term.operation == "choose" and all(each.constant for each in term.arguments[1:])
    return term.operation in ("single", "code") or small or (term.constant and term.value in (0.0, 1.0))


def _where(terms: Terms, given: Sequence[Tensor], _: Attributes) -> Tensor:
    return for_each(terms, terms.choose, *given)


def _not(terms: Terms, given: Sequence[Tensor], _: Attributes) -> Tensor:
    return for_each(terms, terms.negated, given[0])


def _is_missing(terms: Terms, given: Sequence[Tensor], _: Attributes) -> Tensor:
    return for_each(terms, terms.missing, given[0])


def _less(terms: Terms, given: Sequence[Tensor], _: Attributes) -> Tensor:
    return for_each(terms, terms.less, *given)


def _greater(terms: Terms, given: Sequence[Tensor], _: Attributes) -> Tensor:
    return for_each(terms, lambda one, other: terms.less(other, one), *given)


def _greater_or_equal(terms: Terms, given: Sequence[Tensor], _: Attributes) -> Tensor:
    return for_each(terms, lambda one, other: terms.at_most(other, one), *given)


def _product(terms: Terms, left: Tensor, right: Tensor, added: Tensor | None = None) -> Tensor:
    """A matrix product of which one side is constant, and what is added to it."""
    if left.dtype == object and right.dtype == object:
        raise ValueError("a matrix product must have a constant side, but both differ between customers")
    flat = left.ndim == 1
    rows = left[None, :] if flat else left
    found = np.empty((rows.shape[0], right.shape[1]), dtype=object)
    last = np.broadcast_to(np.zeros(()) if added is None else added, found.shape)
    for row, column in np.ndindex(found.shape):
        one, other = rows[row], right[:, column]
        numbers, weights = (one, other) if rows.dtype == object else (other, one)
        more, more_weights, number = _summands(last[row, column])
        summed = [*as_terms(terms, numbers), *more]
        found[row, column] = terms.weighted(summed, [*weights.tolist(), *more_weights], number)
    return found[0] if flat else found


def _summands(added: Any) -> tuple[Sequence[Term], Sequence[float], float]:
    """What is added to a product as terms, their weights and a number, so that it is one sum with it."""
    if not isinstance(added, Term):
        return (), (), float(added)
    if added.operation == "weighted":
        weights, number = added.value
        return added.arguments, weights, number
    return (added,), (1.0,), 0.0


def _gemm(terms: Terms, given: Sequence[Tensor], attributes: Attributes) -> Tensor:
    left = given[0].T if attributes.get("transA") else given[0]
    right = given[1].T if attributes.get("transB") else given[1]
    return _product(terms, left, right, given[2] if len(given) > 2 else None)


def _matmul(terms: Terms, given: Sequence[Tensor], _: Attributes) -> Tensor:
    return _product(terms, *given)


def _gather(terms: Terms, given: Sequence[Tensor], attributes: Attributes) -> Tensor:
    table, indices = given
    if indices.dtype != object:
        return np.take(table, indices.astype(np.int64), axis=attributes.get("axis", 0))
    if attributes.get("axis", 0) != 0 or table.dtype == object:
        raise ValueError("Gather by indices that differ between customers must be from a constant's rows")
    found = np.empty((*indices.shape, *table.shape[1:]), dtype=object)
    columns = table.reshape(len(table), -1)
    for position in np.ndindex(indices.shape):
        index: Any = indices[position]
        cells = [terms.make("row", index, value=tuple(column)) for column in columns.T.tolist()]
        found[position] = (
            np.array(cells, dtype=object).reshape(table.shape[1:]) if table.ndim > 1 else cells[0]
        )
    return found


def _label_encoded(terms: Terms, given: Sequence[Tensor], attributes: Attributes) -> Tensor:
    keys = [each.decode() if isinstance(each, bytes) else each for each in attributes["keys_strings"]]
    codes = tuple(zip(keys, attributes["values_floats"], strict=True))
    value = (codes, attributes["default_float"])
    return for_each(terms, lambda term: terms.make("code", term, value=value), given[0])


def _linear_classified(terms: Terms, given: Sequence[Tensor], attributes: Attributes) -> Tensor:
    """Scores of a linear classifier as probabilities."""
    intercepts = np.array(attributes["intercepts"])
    weights = np.array(attributes["coefficients"]).reshape(len(intercepts), -1)
    numbers = given[0].T if given[0].dtype == object else as_terms(terms, given[0].T)
    scores = _product(terms, weights, numbers, intercepts[:, None]).T
    if attributes["post_transform"] == b"SOFTMAX":
        return softmax(terms, [scores], {"axis": 1})
    turned = elementwise("subtract")(terms, [np.array(0.0), scores], {})
    powers = elementwise("exponential")(terms, [bounded("least")(terms, [turned, np.array(DEEP)], {})], {})
    one = np.array(1.0)
    return divided(terms, [one, elementwise("add")(terms, [one, powers], {})], {})


def _normalized(terms: Terms, given: Sequence[Tensor], _: Attributes) -> Tensor:
    total = reduced(total_of)(terms, [given[0]], {"axes": [1], "keepdims": 1})
    return divided(terms, [given[0], total], {})


def _trees(terms: Terms, given: Sequence[Tensor], attributes: Attributes) -> Tensor:
    """The sums over trees ``[1, n]``, as nested choices."""
    return np.array([tree_sums(terms, list(as_terms(terms, given[0])[0]), attributes)], dtype=object)


def _reshaped(_: Terms, given: Sequence[Tensor], __: Attributes) -> Tensor:
    return given[0].reshape([int(each) for each in given[1]])


OPERATORS: dict[str, Operator] = {
    "Add": elementwise("add"),
    "ArgMax": extreme(1, lowest=False),
    "ArgMin": extreme(1, lowest=True),
    "Cast": _cast,
    "Concat": lambda terms, given, found: np.concatenate(
        [as_terms(terms, each) for each in given], axis=found["axis"]
    ),
    "ConstantOfShape": lambda _, given, found: np.full([int(each) for each in given[0]], found["value"][0]),
    "Div": divided,
    "Exp": elementwise("exponential"),
    "Gather": _gather,
    "Gemm": _gemm,
    "Greater": _greater,
    "GreaterOrEqual": _greater_or_equal,
    "Identity": lambda _, given, __: given[0],
    "IsNaN": _is_missing,
    "LabelEncoder": _label_encoded,
    "Less": _less,
    "LinearClassifier": _linear_classified,
    "Log": elementwise("logarithm"),
    "MatMul": _matmul,
    "Max": bounded("most"),
    "Min": bounded("least"),
    "Mul": elementwise("multiply"),
    "Normalizer": _normalized,
    "Not": _not,
    "Pow": elementwise("power"),
    "ReduceMax": extreme(0, lowest=False),
    "ReduceMin": extreme(0, lowest=True),
    "ReduceSum": reduced(total_of),
    "ReduceSumSquare": reduced(sum_of_squares),
    "Reshape": _reshaped,
    "Shape": lambda _, given, __: np.array(given[0].shape),
    "Softmax": softmax,
    "Sqrt": elementwise("square_root"),
    "Squeeze": lambda _, given, __: np.squeeze(given[0], tuple(int(each) for each in given[1])),
    "Sub": elementwise("subtract"),
    "Transpose": lambda _, given, found: given[0].transpose(found["perm"]),
    "TreeEnsembleRegressor": _trees,
    "Unsqueeze": lambda _, given, __: np.expand_dims(given[0], tuple(int(each) for each in given[1])),
    "Where": _where,
}
"""Operator of ONNX -> what it does; ``Split`` and ``If`` have several results and are in ``read_graph``."""
