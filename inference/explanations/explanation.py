"""Explains an answer: what each known column adds to the probability of each segment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.answers import Answer
from inference.contract import Column, Contract, Segment
from inference.errors import InputError
from inference.explanations.shapley import (
    all_coalitions,
    exact_values,
    paired_orders,
    sampled_coalitions,
    sampled_values,
)
from inference.kinds.registry import kind_of
from inference.segmenter import Segmenter
from inference.validation import Checked, check_row
from inference.wording import nearest, quoted, quoted_names

EXACT_COLUMNS = 10  # 1,024 masked rows; each further column doubles them
NEGLIGIBLE = 0.01  # a sentence gives no number for a smaller contribution


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """How each column changes the probability of a segment, starting from the model's prior.

    For every segment, ``base`` plus the contributions is the probability in ``answer``, apart from the
    rounding of the model's single precision.

    Attributes:
        segment: the explained segment: the predicted one, or the requested one.
        base: segment -> probability when nothing is known, the prior from which the contributions start.
        answer: the model's answer for this customer.
        by_segment: segment -> column -> contribution to its probability; columns in ``unknown`` and
            ``unused`` contribute exactly 0.
        errors_by_segment: the standard error of each contribution; 0 when ``exact``.
        row: column -> the value that the model used, a date as ISO text; ``None`` where it is unknown.
        unknown: the columns that are unknown for this customer.
        unused: known columns that cannot change the answer: the profile columns of a complete customer.
        exact: computed over all coalitions; otherwise estimated from sampled orders.
    """

    segment: str
    base: dict[str, float]
    answer: Answer
    by_segment: dict[str, dict[str, float]]
    errors_by_segment: dict[str, dict[str, float]]
    row: dict[str, float | str | None]
    unknown: tuple[str, ...]
    unused: tuple[str, ...]
    exact: bool
    contract: Contract = field(repr=False)

    @property
    def contributions(self) -> dict[str, float]:
        """Column -> contribution to the probability of ``segment``."""
        return self.by_segment[self.segment]

    @property
    def errors(self) -> dict[str, float]:
        """Column -> standard error of its contribution to ``segment``; 0 when ``exact``."""
        return self.errors_by_segment[self.segment]

    def ranked(self) -> list[tuple[str, float]]:
        """Columns with their contributions to ``segment``: the largest absolute first.

        ``unused`` columns come after those that count, and ``unknown`` ones last.
        """
        return sorted(
            self.contributions.items(),
            key=lambda entry: (entry[0] in self.unknown, entry[0] in self.unused, -abs(entry[1])),
        )

    def sentences(self) -> list[str]:
        """One sentence per column, in the order of ``ranked``.

        For example ``Spending score 40 (1-100) makes 'Average' more likely: +0.31``.
        """
        return [self._sentence(self.contract.column(name), value) for name, value in self.ranked()]

    def _sentence(self, column: Column, contribution: float) -> str:
        known = self.row[column.name]
        if known is None:
            return f"{column.label} is unknown and adds nothing"
        unit = f" ({column.unit})" if column.unit else ""
        subject = f"{column.label} {value_text(known)}{unit}"
        if column.name in self.unused:
            return f"{subject} changes nothing, because every clustering column is known"
        if abs(contribution) < NEGLIGIBLE:
            return f"{subject} hardly changes {self.segment!r} (by less than {NEGLIGIBLE})"
        error = "" if self.exact else f" (standard error {self.errors[column.name]:.2g})"
        likely = "more" if contribution > 0 else "less"
        return f"{subject} makes {self.segment!r} {likely} likely: {contribution:+.2f}{error}"


def explain(
    segmenter: Segmenter,
    row: Mapping[str, Any] | Checked,
    *,
    segment: str | int | None = None,
    samples: int = 256,
    seed: int = 0,
    answer: Answer | None = None,
) -> Explanation:
    """Shapley values of the raw columns, computed by the model's own handling of unknown columns.

    The explained quantity is the probability of each segment *by the serving rule*, for this customer with
    some of the known columns hidden: with all clustering columns, the soft membership of the nearest
    centroids; with fewer, the classifier's probability; with none, the prior. So a contribution also includes
    the differences between these, especially that of the clustering column which is added last. This is part
    of the product's answer; contributions of the classifier alone would add up to another probability than
    the one shown. Nothing is imputed, and no other customers are used instead of hidden values, because the
    model is trained for unknown columns. (A required column is hidden like the others.)

    If every clustering column is known, no other column can change the answer. The values are then computed
    over the clustering columns only, with the others hidden throughout, and the others contribute exactly 0:
    otherwise columns that the answer does not depend on would get a share of it, from coalitions in which the
    classifier answers (Frye, Rowat and Feige 2020, "Asymmetric Shapley values", discuss such orders).

    Up to 10 columns the values are exact, from one batch of ``2^d`` masked rows. With more they are
    estimated from ``samples`` orders of the columns, with standard errors. In both cases they sum to the
    answer minus the prior. See ``inference.explanations.shapley`` for the sources.

    Args:
        segmenter: the model.
        row: column -> value, as for ``Segmenter.predict``, or the one row of a ``Checked``.
        segment: name or id of the segment to explain; by default the predicted one.
        samples: orders to sample for more than 10 columns; half of them are the others backward.
        seed: the random seed of the sampled orders.
        answer: the model's answer for this row, if it is already available.

    Raises:
        InputError: for an invalid row, an unknown segment, or fewer than 4 samples.

    Example:
        >>> segmenter = Segmenter.load("artifacts/model.onnx")
        >>> why = explain(segmenter, {"age": 31, "annual_income": 17, "spending_score": 40})
        >>> why.unknown, why.exact
        (('gender',), True)
        >>> gained = why.answer.probability - why.base[why.segment]
        >>> abs(sum(why.contributions.values()) - gained) < 1e-6
        True
    """
    contract = segmenter.contract
    checked = row if isinstance(row, Checked) else check_row(contract, row)
    asked = None if segment is None else find_segment(contract, segment)
    if samples < 4:
        raise InputError(
            f"samples must be at least 4, two orders and their reverses, but it is {quoted(samples)}"
        )
    taken = {column.name: value_in(checked, column) for column in contract.columns}
    if answer is None:
        answer = segmenter.answer_one(checked)  # as predict gives it; batches may differ by a bit
    known = [name for name, value in taken.items() if value is not None]
    players = [name for name in known if contract.column(name).clusters] if answer.complete else known
    exact = len(players) <= EXACT_COLUMNS
    orders = None if exact else paired_orders(len(players), pairs=samples // 2, seed=seed)
    coalitions = all_coalitions(len(players)) if orders is None else sampled_coalitions(orders)
    answers = segmenter.answer(_masked(checked, players, coalitions))
    coalition_values = answers.probabilities.astype(np.float64)
    values, errors = (
        _exactly(coalition_values) if orders is None else sampled_values(orders, coalition_values)
    )
    return Explanation(
        segment=answer.segment if asked is None else asked.name,
        base=answers.row(0).probabilities,
        answer=answer,
        by_segment=_named(contract, players, values),
        errors_by_segment=_named(contract, players, errors),
        row=taken,
        unknown=tuple(name for name in contract.names if name not in known),
        unused=tuple(name for name in known if name not in players),
        exact=exact,
        contract=contract,
    )


def find_segment(contract: Contract, segment: str | int) -> Segment:
    """The segment with this name or id.

    Raises:
        InputError: when no segment has this name.
    """
    for each in contract.segments:
        if segment == (each.name if isinstance(segment, str) else each.id):
            return each
    names = [each.name for each in contract.segments]
    raise InputError(
        f"unknown segment {quoted(segment)}; known: {quoted_names(names)}, or their ids",
        suggestion=nearest(segment, names),
    )


def value_in(checked: Checked, column: Column) -> float | str | None:
    """The value of one checked row as ``predict`` takes it: a date as ISO text, ``None`` when unknown."""
    kind, cells = kind_of(column), checked.feeds[column.name][:1, 0]
    return None if kind.missing_in(cells)[0] else kind.as_json(column, cells[0])


def value_text(value: float | str) -> str:
    """A value in a sentence, with up to 15 digits."""
    return value if isinstance(value, str) else f"{value:.15g}"


def _exactly(coalition_values: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    values = exact_values(coalition_values)
    return values, np.zeros_like(values)


def _masked(checked: Checked, players: list[str], masks: NDArray[np.bool_]) -> Checked:
    """One row per mask ``[M, d]``, in which only the columns of its coalition are known."""
    rows = len(masks)
    feeds: dict[str, NDArray[Any]] = {}
    for name, feed in checked.feeds.items():
        masked = np.full((rows, 1), "" if feed.dtype == object else np.nan, dtype=feed.dtype)
        if name in players:
            masked[masks[:, players.index(name)]] = feed[0, 0]
        feeds[name] = masked
    return Checked(feeds=feeds, rows=rows)


def _named(
    contract: Contract, players: list[str], values: NDArray[np.float64]
) -> dict[str, dict[str, float]]:
    """Values ``[d, K]`` as segment -> column -> value, with 0 for the other columns."""
    return {
        segment.name: dict.fromkeys(contract.names, 0.0)
        | dict(zip(players, values[:, segment.id].tolist(), strict=True))
        for segment in contract.segments
    }
