"""Which unknown column to ask for next, so that a customer's segment is known after few questions.

A column is worth its expected information gain: how much less uncertain (in bits of entropy) the segment is
once it is known. The model answers for every subset of columns, so it is asked about each likely value. How
likely a value is, given what is known, follows from the answers to that value alone, as if columns depended
on each other through the segment only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from inference import Answers, Column, Contract
from inference.validation import Checked, check_columns, check_row
from service.api.schemas import Question, Questions
from service.customer_values import unknown_customer
from service.kinds.kind_views import kind_view

LEVELS = tuple((decile + 0.5) / 10 for decile in range(10))  # quantiles that stand for the values of a number
Probabilities = NDArray[np.float64]


class Answering(Protocol):
    """What is asked; ``inference.Segmenter`` is one."""

    @property
    def contract(self) -> Contract:
        """What the model says about itself."""

    def answer(self, checked: Checked, *, opinion: bool = False) -> Answers:
        """Answer about rows that were checked."""


@dataclass(frozen=True, kw_only=True)
class Likely:
    """Values of a column and how common each is among the training customers."""

    column: Column
    values: Sequence[Any]
    weights: Probabilities


def next_questions(model: Answering, customer: Mapping[str, Any]) -> Questions:
    """The unknown columns, the one that tells most first; none where the segment is decided.

    Raises:
        InputError: for a customer that a prediction refuses.
    """
    contract = model.contract
    known = {name: value for name, value in customer.items() if value is not None}
    nobody = unknown_customer(contract)
    person = {**nobody, **customer, **{name: nobody[name] for name in nobody.keys() - known.keys()}}
    now = model.answer(check_row(contract, person)).row(0)
    unknown = [column for column in contract.columns if column.name not in known]
    if now.complete:
        return Questions(decided=True, uncertainty=0.0, questions=[])
    likely = [each for column in unknown if (each := _likely(contract, column)) is not None]
    found, gains = _gains(model, likely, person=person, nobody=nobody)
    questions = [
        Question(column=each.column.name, label=each.column.title, gain=bits)
        for each, bits in sorted(zip(likely, gains, strict=True), key=lambda pair: -pair[1])
    ]
    return Questions(decided=False, uncertainty=float(entropy(found)), questions=questions)


def _gains(
    model: Answering, likely: Sequence[Likely], *, person: Mapping[str, Any], nobody: Mapping[str, Any]
) -> tuple[Probabilities, list[float]]:
    """The probabilities of a person's segments, and the gain of each column in bits; asked in one batch."""
    rows = [person, nobody]
    for each in likely:
        rows += [{**base, each.column.name: value} for base in (person, nobody) for value in each.values]
    now, before, *_ = found = _probabilities(model, rows)
    gains, start = [], 2
    for each in likely:
        count = len(each.values)
        then, alone = found[start : start + count], found[start + count : start + 2 * count]
        gains.append(gain(then, _given(each.weights, alone, now=now, before=before)))
        start += 2 * count
    return now, gains


def gain(then: Probabilities, weights: Probabilities) -> float:
    """The mutual information, in bits, of a value with ``weights`` and the segment, ``then[value]``.

    Example:
        >>> gain(np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([0.5, 0.5]))
        1.0
    """
    return max(0.0, float(entropy(weights @ then) - weights @ entropy(then)))


def entropy(probabilities: Probabilities) -> Any:
    """The entropy along the last axis, in bits."""
    safe = np.where(probabilities > 0, probabilities, 1.0)
    return -(safe * np.log2(safe)).sum(axis=-1)


def _given(
    weights: Probabilities, alone: Probabilities, *, now: Probabilities, before: Probabilities
) -> Probabilities:
    """How likely each value is for this customer: its share, by how well its segments fit."""
    fit = weights * (alone * (now / np.maximum(before, 1e-12))).sum(axis=1)
    return fit / fit.sum() if fit.sum() > 0 else weights


def _likely(contract: Contract, column: Column) -> Likely | None:
    """The values of a column; ``None`` where none is known."""
    if column.categories:
        counts = contract.histograms.category(column.name) if contract.histograms else {}
        values: list[Any] = [each.value for each in column.categories]
        weights = np.array([float(counts.get(value, 0)) for value in values])
        weights = weights if weights.sum() > 0 else np.ones(len(values))
    elif column.quantiles:
        levels = sorted(column.quantiles)
        numbers = np.interp(LEVELS, levels, [column.quantiles[level] for level in levels])
        values = [kind_view(column).rounded(column, float(number)) for number in numbers]
        weights = np.ones(len(values))
    else:
        return None
    return Likely(column=column, values=values, weights=weights / weights.sum())


def _probabilities(model: Answering, rows: Sequence[Mapping[str, Any]]) -> Probabilities:
    columns = {name: [row[name] for row in rows] for name in model.contract.names}
    checked = check_columns(model.contract, columns)
    checked.raise_for_problems()
    return model.answer(checked).probabilities.astype(np.float64)
