"""Tensors of terms, and what is done to each of their cells."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.engines.symbolic_run.program import Term
from inference.engines.symbolic_run.terms import Terms

Tensor = NDArray[Any]
"""Terms, or plain numbers where the graph has a constant."""
Attributes = Mapping[str, Any]
Operator = Callable[[Terms, Sequence[Tensor], Attributes], Tensor]


def as_terms(terms: Terms, tensor: Tensor) -> Tensor:
    """The tensor with terms in its cells."""
    if tensor.dtype == object:
        return tensor
    found = np.empty(tensor.shape, dtype=object)
    for index, value in np.ndenumerate(tensor):
        found[index] = terms.constant(value)
    return found


def for_each(terms: Terms, call: Callable[..., Term], *tensors: Tensor) -> Tensor:
    """A function of terms for every cell, broadcast as numpy does."""
    ready = [as_terms(terms, each) for each in tensors]
    shape = np.broadcast_shapes(*(each.shape for each in ready))
    found = np.empty(shape, dtype=object)
    cells = [np.broadcast_to(each, shape) for each in ready]
    for index in np.ndindex(shape):
        found[index] = call(*(each[index] for each in cells))
    return found


def elementwise(operation: str) -> Operator:
    """An operator that makes one operation of the cells in the same position."""

    def make(terms: Terms, given: Sequence[Tensor], _: Attributes) -> Tensor:
        return for_each(terms, lambda *arguments: terms.make(operation, *arguments), *given)

    return make


def divided(terms: Terms, given: Sequence[Tensor], _: Attributes) -> Tensor:
    """Quotients; of constants as floating point has them, also by zero."""

    def divide(left: Term, right: Term) -> Term:
        if left.constant and right.constant:
            with np.errstate(all="ignore"):
                return terms.constant(np.float64(left.value) / np.float64(right.value))
        return terms.make("divide", left, right)

    return for_each(terms, divide, *given)


def bounded(operation: str) -> Operator:
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

        return for_each(terms, bounded, *given)

    return bound
