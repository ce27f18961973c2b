"""Outcomes per segment: rates with Wilson's interval, means with the normal one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.contract import CATEGORY
from inference.contract.outcomes import Outcome, OutcomeFigure
from trainer.schema.column_spec import ColumnSpec
from trainer.schema.order_statistics import MIN_CUSTOMERS
from trainer.table.customer_table import Table

Z = 1.959964  # of the normal distribution, for 95%
_NO = frozenset(("0", "0.0", "no", "n", "false", "nein", "non", "nao", "não", "nie", "hayir", "нет"))


def outcomes_by_segment(table: Table, labels: NDArray[np.int64], k: int) -> tuple[Outcome, ...]:
    """The outcomes of the clustered rows ``[M]`` with the given labels, overall and per segment."""
    rows = table.clusterable()
    return tuple(
        outcome
        for spec in table.schema.outcomes
        for outcome in _outcomes(spec, table.outcomes[spec.name][rows], labels, k)
    )


def wilson(count: int, customers: int) -> tuple[float, float]:
    """Wilson's 95% score interval of a rate (Wilson 1927, JASA 22, 209-212).

    >>> [round(each, 3) for each in wilson(8, 10)]
    [0.49, 0.943]
    """
    rate, weight = count / customers, Z**2 / customers
    middle = (rate + weight / 2) / (1 + weight)
    half = Z / (1 + weight) * (rate * (1 - rate) / customers + weight / (4 * customers)) ** 0.5
    return max(0.0, middle - half), min(1.0, middle + half)


def _outcomes(spec: ColumnSpec, cells: NDArray[Any], labels: NDArray[np.int64], k: int) -> Iterator[Outcome]:
    if spec.kind != CATEGORY:
        known = ~np.isnan(cells)
        yield _outcome(spec, "", cells, known, labels, k)
        return
    known = cells != ""
    for event in _events(spec):
        happened = np.asarray(cells == event, dtype=float)
        if happened.sum() >= MIN_CUSTOMERS:
            yield _outcome(spec, event, happened, known, labels, k)


def _events(spec: ColumnSpec) -> list[str]:
    """The categories that are counted: of two, the one that does not say no."""
    values = [each.value for each in spec.categories]
    if len(values) > 2:
        return values
    return [value for value in values if value.casefold() not in _NO][-1:]


def _outcome(
    spec: ColumnSpec,
    event: str,
    cells: NDArray[Any],
    known: NDArray[np.bool_],
    labels: NDArray[np.int64],
    k: int,
) -> Outcome:
    figure = _rate if event else _mean
    return Outcome(
        name=spec.name,
        label=spec.label,
        event=event,
        overall=figure(cells[known]),
        segments=tuple(figure(cells[known & (labels == segment)]) for segment in range(k)),
    )


def _rate(happened: NDArray[np.float64]) -> OutcomeFigure:
    if len(happened) < MIN_CUSTOMERS:
        return _unknown(happened)
    low, high = wilson(int(happened.sum()), len(happened))
    return OutcomeFigure(customers=len(happened), value=float(happened.mean()), low=low, high=high)


def _mean(values: NDArray[np.float64]) -> OutcomeFigure:
    if len(values) < MIN_CUSTOMERS:
        return _unknown(values)
    mean, half = float(values.mean()), Z * float(values.std(ddof=1)) / len(values) ** 0.5
    return OutcomeFigure(customers=len(values), value=mean, low=mean - half, high=mean + half)


def _unknown(values: NDArray[np.float64]) -> OutcomeFigure:
    return OutcomeFigure(customers=len(values), value=None, low=None, high=None)
