"""What each operator of the model's graph does with terms instead of numbers, for one customer."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.engines.program import Term, Terms
from inference.engines.trees import tree_sums

Tensor = NDArray[Any]
"""Terms, or plain numbers where the graph has a constant."""
Attributes = Mapping[str, Any]
Operator = Callable[[Terms, Sequence[Tensor], Attributes], Tensor]

_FLOAT, _BOOL = 1, 9  # element types of ONNX
_DEEP = 80.0  # some engines refuse to compute exp(-1000)


def as_terms(terms: Terms, tensor: Tensor) -> Tensor:
    """The tensor with terms in its cells."""
    if tensor.dtype == object:
        return tensor
    found = np.empty(tensor.shape, dtype=object)
    for place, value in np.ndenumerate(tensor):
        found[place] = terms.constant(value)
    return found


def _each(terms: Terms, call: Callable[..., Term], *tensors: Tensor) -> Tensor:
    """A function of terms for every cell, broadcast as numpy does."""
    ready = [as_terms(terms, each) for each in tensors]
    shape = np.broadcast_shapes(*(each.shape for each in ready))
    found = np.empty(shape, dtype=object)
    cells = [np.broadcast_to(each, shape) for each in ready]
    for place in np.ndindex(shape):
        found[place] = call(*(each[place] for each in cells))
    return found


def _of(operation: str) -> Operator:
    return lambda terms, given, _: _each(terms, lambda *arguments: terms.make(operation, *arguments), *given)


def _divided(terms: Terms, given: Sequence[Tensor], _: Attributes) -> Tensor:
    def divide(left: Term, right: Term) -> Term:
        if left.constant and right.constant:
            with np.errstate(all="ignore"):
                return terms.constant(np.float64(left.value) / np.float64(right.value))
        return terms.make("divide", left, right)

    return _each(terms, divide, *given)


def _bounded(operation: str) -> Operator:
    """``Max`` and ``Min`` with a constant."""

    def bound(terms: Terms, given: Sequence[Tensor], _: Attributes) -> Tensor:
        def bounded(one: Term, other: Term) -> Term:
            if one.constant and other.constant:
                return terms.constant((max if operation == "most" else min)(one.value, other.value))
            number, limit = (other, one) if one.constant else (one, other)
            if not limit.constant:
                raise ValueError("Max and Min must have a constant, but both sides differ between customers")
            if math.isinf(limit.value):
                return number
            return terms.make(operation, number, limit)

        return _each(terms, bounded, *given)

    return bound


def _cast(terms: Terms, given: Sequence[Tensor], attributes: Attributes) -> Tensor:
    wanted = attributes["to"]

    def cast(term: Term) -> Term:
        if wanted == _BOOL:
            return term if term.condition else terms.holds(term)
        if term.condition:
            return terms.number(term)
        return terms.make("single", term) if wanted == _FLOAT and not _is_single(term) else term

    return _each(terms, cast, given[0])


def _is_single(term: Term) -> bool:
    """Whether rounding to single precision changes nothing."""
    small = term.operation == "choose" and all(each.constant for each in term.arguments[1:])
    return term.operation in ("single", "code") or small or (term.constant and term.value in (0.0, 1.0))


def _where(terms: Terms, given: Sequence[Tensor], _: Attributes) -> Tensor:
    return _each(terms, terms.choose, *given)


def _not(terms: Terms, given: Sequence[Tensor], _: Attributes) -> Tensor:
    return _each(terms, terms.negated, given[0])


def _is_missing(terms: Terms, given: Sequence[Tensor], _: Attributes) -> Tensor:
    return _each(terms, terms.missing, given[0])


def _less(terms: Terms, given: Sequence[Tensor], _: Attributes) -> Tensor:
    return _each(terms, terms.less, *given)


def _greater(terms: Terms, given: Sequence[Tensor], _: Attributes) -> Tensor:
    return _each(terms, lambda one, other: terms.less(other, one), *given)


def _greater_or_equal(terms: Terms, given: Sequence[Tensor], _: Attributes) -> Tensor:
    return _each(terms, lambda one, other: terms.at_most(other, one), *given)


def _product(terms: Terms, left: Tensor, right: Tensor, added: Tensor | None = None) -> Tensor:
    """A matrix product of which one side is constant, and what is added to it."""
    if left.dtype == object and right.dtype == object:
        raise ValueError("a matrix product must have a constant side, but both differ between customers")
    flat = left.ndim == 1
    rows = left[None, :] if flat else left
    found = np.empty((rows.shape[0], right.shape[1]), dtype=object)
    last = np.zeros(found.shape) if added is None else np.broadcast_to(added, found.shape)
    for row, column in np.ndindex(found.shape):
        one, other = rows[row], right[:, column]
        numbers, weights = (one, other) if rows.dtype == object else (other, one)
        weighted = terms.weighted(list(as_terms(terms, numbers)), weights.tolist(), float(last[row, column]))
        found[row, column] = weighted
    return found[0] if flat else found


def _gemm(terms: Terms, given: Sequence[Tensor], attributes: Attributes) -> Tensor:
    left = given[0].T if attributes.get("transA") else given[0]
    right = given[1].T if attributes.get("transB") else given[1]
    return _product(terms, left, right, given[2] if len(given) > 2 else None)


def _matmul(terms: Terms, given: Sequence[Tensor], _: Attributes) -> Tensor:
    return _product(terms, *given)


def _axes(given: Sequence[Tensor], attributes: Attributes, rank: int) -> tuple[int, ...]:
    if len(given) > 1:
        return tuple(int(each) % rank for each in given[1])
    return tuple(each % rank for each in attributes.get("axes", range(rank)))


def _reduced(call: Callable[[Terms, list[Term]], Term]) -> Operator:
    """A reduction over axes, from the terms that become one."""

    def reduce(terms: Terms, given: Sequence[Tensor], attributes: Attributes) -> Tensor:
        tensor = as_terms(terms, given[0])
        axes = _axes(given, attributes, tensor.ndim)
        kept = [axis for axis in range(tensor.ndim) if axis not in axes]
        turned = tensor.transpose([*kept, *axes]).reshape(*(tensor.shape[each] for each in kept), -1)
        found = np.empty(turned.shape[:-1], dtype=object)
        for place in np.ndindex(found.shape):
            found[place] = call(terms, list(turned[place]))
        return np.expand_dims(found, axes) if attributes.get("keepdims", 1) else found

    return reduce


def _sum(terms: Terms, numbers: list[Term]) -> Term:
    return terms.weighted(numbers, [1.0] * len(numbers))


def _sum_of_squares(terms: Terms, numbers: list[Term]) -> Term:
    return _sum(terms, [terms.make("multiply", each, each) for each in numbers])


def _extreme(*, lowest: bool) -> Callable[[Terms, list[Term]], tuple[Term, Term]]:
    """The first lowest or highest of several numbers, and its place."""

    def find(terms: Terms, numbers: list[Term]) -> tuple[Term, Term]:
        best, place = numbers[0], terms.constant(0)
        for at, number in enumerate(numbers[1:], start=1):
            better = terms.less(number, best) if lowest else terms.less(best, number)
            place = terms.choose(better, terms.constant(at), place)
            best = terms.choose(better, number, best)
        return best, place

    return find


def _found(part: int, *, lowest: bool) -> Operator:
    find = _extreme(lowest=lowest)
    reduce = _reduced(lambda terms, numbers: find(terms, numbers)[part])

    def run(terms: Terms, given: Sequence[Tensor], attributes: Attributes) -> Tensor:
        one_axis = {**attributes, "axes": [attributes["axis"]]} if "axis" in attributes else attributes
        return reduce(terms, given, one_axis)

    return run


def _softmax(terms: Terms, given: Sequence[Tensor], attributes: Attributes) -> Tensor:
    scores = as_terms(terms, given[0])
    axis = attributes.get("axis", -1)
    highest = _found(0, lowest=False)(terms, [scores], {"axes": [axis], "keepdims": 1})
    apart = _of("subtract")(terms, [scores, highest], {})
    floor = np.array(-_DEEP)  # what is below is nothing in single precision
    weights = _of("exponential")(terms, [_bounded("most")(terms, [apart, floor], {})], {})
    total = _reduced(_sum)(terms, [weights], {"axes": [axis], "keepdims": 1})
    return _divided(terms, [weights, total], {})


def _gather(terms: Terms, given: Sequence[Tensor], attributes: Attributes) -> Tensor:
    table, places = given
    if places.dtype != object:
        return np.take(table, places.astype(np.int64), axis=attributes.get("axis", 0))
    if attributes.get("axis", 0) != 0 or table.dtype == object:
        raise ValueError("Gather by places that differ between customers must be from a constant's rows")
    found = np.empty((*places.shape, *table.shape[1:]), dtype=object)
    columns = table.reshape(len(table), -1)
    for place in np.ndindex(places.shape):
        index: Any = places[place]
        cells = [terms.make("row", index, value=tuple(column)) for column in columns.T.tolist()]
        found[place] = np.array(cells, dtype=object).reshape(table.shape[1:]) if table.ndim > 1 else cells[0]
    return found


def _label_encoded(terms: Terms, given: Sequence[Tensor], attributes: Attributes) -> Tensor:
    keys = [each.decode() if isinstance(each, bytes) else each for each in attributes["keys_strings"]]
    codes = tuple(zip(keys, attributes["values_floats"], strict=True))
    value = (codes, attributes["default_float"])
    return _each(terms, lambda term: terms.make("code", term, value=value), given[0])


def _linear_classified(terms: Terms, given: Sequence[Tensor], attributes: Attributes) -> Tensor:
    """Scores of a linear classifier as probabilities."""
    intercepts = np.array(attributes["intercepts"])
    weights = np.array(attributes["coefficients"]).reshape(len(intercepts), -1)
    numbers = given[0].T if given[0].dtype == object else as_terms(terms, given[0].T)
    scores = _product(terms, weights, numbers, intercepts[:, None]).T
    if attributes["post_transform"] == b"SOFTMAX":
        return _softmax(terms, [scores], {"axis": 1})
    turned = _of("subtract")(terms, [np.array(0.0), scores], {})
    powers = _of("exponential")(terms, [_bounded("least")(terms, [turned, np.array(_DEEP)], {})], {})
    one = np.array(1.0)
    return _divided(terms, [one, _of("add")(terms, [one, powers], {})], {})


def _normalized(terms: Terms, given: Sequence[Tensor], _: Attributes) -> Tensor:
    total = _reduced(_sum)(terms, [given[0]], {"axes": [1], "keepdims": 1})
    return _divided(terms, [given[0], total], {})


def _trees(terms: Terms, given: Sequence[Tensor], attributes: Attributes) -> Tensor:
    """The sums over trees ``[1, n]``, as nested choices."""
    return np.array([tree_sums(terms, list(as_terms(terms, given[0])[0]), attributes)], dtype=object)


def _reshaped(_: Terms, given: Sequence[Tensor], __: Attributes) -> Tensor:
    return given[0].reshape([int(each) for each in given[1]])


OPERATORS: dict[str, Operator] = {
    "Add": _of("add"),
    "ArgMax": _found(1, lowest=False),
    "ArgMin": _found(1, lowest=True),
    "Cast": _cast,
    "Concat": lambda terms, given, found: np.concatenate(
        [as_terms(terms, each) for each in given], axis=found["axis"]
    ),
    "ConstantOfShape": lambda _, given, found: np.full([int(each) for each in given[0]], found["value"][0]),
    "Div": _divided,
    "Exp": _of("exponential"),
    "Gather": _gather,
    "Gemm": _gemm,
    "Greater": _greater,
    "GreaterOrEqual": _greater_or_equal,
    "Identity": lambda _, given, __: given[0],
    "IsNaN": _is_missing,
    "LabelEncoder": _label_encoded,
    "Less": _less,
    "LinearClassifier": _linear_classified,
    "Log": _of("logarithm"),
    "MatMul": _matmul,
    "Max": _bounded("most"),
    "Min": _bounded("least"),
    "Mul": _of("multiply"),
    "Normalizer": _normalized,
    "Not": _not,
    "Pow": _of("power"),
    "ReduceMax": _found(0, lowest=False),
    "ReduceMin": _found(0, lowest=True),
    "ReduceSum": _reduced(_sum),
    "ReduceSumSquare": _reduced(_sum_of_squares),
    "Reshape": _reshaped,
    "Shape": lambda _, given, __: np.array(given[0].shape),
    "Softmax": _softmax,
    "Sqrt": _of("square_root"),
    "Squeeze": lambda _, given, __: np.squeeze(given[0], tuple(int(each) for each in given[1])),
    "Sub": _of("subtract"),
    "Transpose": lambda _, given, found: given[0].transpose(found["perm"]),
    "TreeEnsembleRegressor": _trees,
    "Unsqueeze": lambda _, given, __: np.expand_dims(given[0], tuple(int(each) for each in given[1])),
    "Where": _where,
}
"""Operator of ONNX -> what it does; ``Split`` and ``If`` have several results and are in ``read_graph``."""
