"""Operators that make one term of several along an axis."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from inference.engines.symbolic_run.program import Term
from inference.engines.symbolic_run.tensors import (
    Attributes,
    Operator,
    Tensor,
    as_terms,
    bounded,
    divided,
    elementwise,
)
from inference.engines.symbolic_run.terms import Terms

DEEP = 80.0  # some engines refuse to compute exp(-1000)


def _axes(given: Sequence[Tensor], attributes: Attributes, rank: int) -> tuple[int, ...]:
    if len(given) > 1:
        return tuple(int(each) % rank for each in given[1])
    return tuple(each % rank for each in attributes.get("axes", range(rank)))


def reduced(call: Callable[[Terms, list[Term]], Term]) -> Operator:
    """A reduction over axes, from the terms that become one."""

    def reduce(terms: Terms, given: Sequence[Tensor], attributes: Attributes) -> Tensor:
        tensor = as_terms(terms, given[0])
        axes = _axes(given, attributes, tensor.ndim)
        kept = [axis for axis in range(tensor.ndim) if axis not in axes]
        turned = tensor.transpose([*kept, *axes]).reshape(*(tensor.shape[each] for each in kept), -1)
        found = np.empty(turned.shape[:-1], dtype=object)
        for index in np.ndindex(found.shape):
            found[index] = call(terms, list(turned[index]))
        return np.expand_dims(found, axes) if attributes.get("keepdims", 1) else found

    return reduce


def total_of(terms: Terms, numbers: list[Term]) -> Term:
    """The sum of several numbers."""
    return terms.weighted(numbers, [1.0] * len(numbers))


def sum_of_squares(terms: Terms, numbers: list[Term]) -> Term:
    """The sum of the squares of several numbers."""
    return total_of(terms, [terms.make("multiply", each, each) for each in numbers])


def _extreme(*, lowest: bool) -> Callable[[Terms, list[Term]], tuple[Term, Term]]:
    """The first lowest or highest of several numbers, and its index."""

    def find(terms: Terms, numbers: list[Term]) -> tuple[Term, Term]:
        best, index = numbers[0], terms.constant(0)
        for at, number in enumerate(numbers[1:], start=1):
            better = terms.less(number, best) if lowest else terms.less(best, number)
            index = terms.choose(better, terms.constant(at), index)
            best = terms.choose(better, number, best)
        return best, index

    return find


def extreme(part: int, *, lowest: bool) -> Operator:
    """A reduction to the lowest or highest number, ``part`` 0, or to its index, ``part`` 1."""
    find = _extreme(lowest=lowest)
    reduce = reduced(lambda terms, numbers: find(terms, numbers)[part])

    def run(terms: Terms, given: Sequence[Tensor], attributes: Attributes) -> Tensor:
        one_axis = {**attributes, "axes": [attributes["axis"]]} if "axis" in attributes else attributes
        return reduce(terms, given, one_axis)

    return run


def softmax(terms: Terms, given: Sequence[Tensor], attributes: Attributes) -> Tensor:
    """Scores as probabilities that add up to 1."""
    scores = as_terms(terms, given[0])
    axis = attributes.get("axis", -1)
    highest = extreme(0, lowest=False)(terms, [scores], {"axes": [axis], "keepdims": 1})
    apart = elementwise("subtract")(terms, [scores, highest], {})
    floor = np.array(-DEEP)  # what is below is nothing in single precision
    weights = elementwise("exponential")(terms, [bounded("most")(terms, [apart, floor], {})], {})
    total = reduced(total_of)(terms, [weights], {"axes": [axis], "keepdims": 1})
    return divided(terms, [weights, total], {})
