"""Why each light is what it is, in sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from inference.contract import Contract
from inference.drift.checks import COLUMN, DISTANCE, MISSING, NOVELTY, SEGMENTS, Check
from inference.drift.counts import Counts
from inference.drift.layout import CountedColumn
from inference.drift.lights import GREEN, LEAST_ROWS, RED, TOO_FEW, alarming
from inference.kinds.registry import kind_of
from inference.wording import counted, listed

RULE = "The rule: train again when a column is red and the distance ratio is at least amber."


def reasons(contract: Contract, counts: Counts, checks: Sequence[Check]) -> tuple[str, ...]:
    """What was found: every alarm in a sentence, red ones first; without any, that there was none."""
    if all(each.light == TOO_FEW for each in checks):
        return (too_few(counts.rows),)
    columns = {each.column.name: each for each in counts.layout.columns}
    alarms = sorted((each for each in checks if alarming(each.light)), key=lambda each: each.light != RED)
    found = [sentence(contract, each, columns) for each in alarms]
    if not found:
        found = [
            f"No check found a difference to the training customers in {counted(counts.rows, 'customer')}."
        ]
    segments = [each for each in checks if each.kind == SEGMENTS and each.light == GREEN]
    if segments and any(each.kind in (COLUMN, DISTANCE) for each in alarms):
        found.append(
            f"The shares of the segments do not show it: their PSI is {segments[0].value:.2f}. Segments hide "
            "such a change, because each customer still gets the nearest one."
        )
    few = [_name(contract, each) for each in checks if each.light == TOO_FEW]
    if few:
        found.append(
            f"Not judged, with fewer than {LEAST_ROWS} customers: {listed(list(dict.fromkeys(few)))}."
        )
    return tuple(found)


def too_few(rows: int) -> str:
    """That there are too few customers to judge."""
    return (
        f"Too few customers to judge: there must be at least {LEAST_ROWS}, but there are {rows}. Chance "
        "explains almost any difference between so few."
    )


def not_judged() -> str:
    """The advice before anything was judged."""
    return f"Not judged yet. {RULE}"


def sentence(contract: Contract, check: Check, columns: Mapping[str, CountedColumn]) -> str:
    """One check in a sentence: its figure, the limit and what it means."""
    return _SENTENCES[check.kind](contract, check, columns)


def advice(contract: Contract, checks: Sequence[Check], *, retrain: bool) -> str:
    """Whether to train again, why, and the rule."""
    red = [_label(contract, each.column) for each in checks if each.kind == COLUMN and each.light == RED]
    ratio = next((each for each in checks if each.kind == DISTANCE), None)
    figure = "" if ratio is None or ratio.value is None else f" ({ratio.value:.2f})"
    if retrain and ratio is not None:
        return (
            f"Train the model again: {listed(red)} {'is' if len(red) == 1 else 'are'} red and the distance "
            f"ratio{figure} is {ratio.light}. {RULE}"
        )
    if not checks or all(each.light == TOO_FEW for each in checks):
        return not_judged()
    if not red:
        return f"No need to train again: no column is red. {RULE}"
    where = "is not known" if not figure else f"is below its limit{figure}: the segments still fit"
    return (
        f"No need to train again yet: {listed(red)} {'is' if len(red) == 1 else 'are'} red, but the distance "
        f"ratio {where}. {RULE}"
    )


def _column(contract: Contract, check: Check, columns: Mapping[str, CountedColumn]) -> str:
    at = _moved_most(check)
    name = bin_name(columns[check.column], check.bins[at])
    return (
        f"{_label(contract, check.column)} differs from training: PSI {_figure(check)}, limit "
        f"{check.amber:.2f} for {counted(check.rows, 'customer')}. {name}: {check.training[at]:.0%} in "
        f"training, now {check.now[at]:.0%}."
    )


def _distance(contract: Contract, check: Check, columns: Mapping[str, CountedColumn]) -> str:
    del contract, columns
    return (
        f"Customers are farther from the centroids of their segments: the mean squared distance is "
        f"{_figure(check)} times that in training, limit {check.amber:.2f}."
    )


def _novelty(contract: Contract, check: Check, columns: Mapping[str, CountedColumn]) -> str:
    del contract, columns
    return (
        f"{_percent(check.value)} of the customers are unlike all in training, where {check.expected:.0%} is "
        f"expected; limit {check.amber:.1%}."
    )


def _segments(contract: Contract, check: Check, columns: Mapping[str, CountedColumn]) -> str:
    del columns
    at = _moved_most(check)
    name = contract.segments[check.bins[at]].name
    return (
        f"The shares of the segments changed: PSI {_figure(check)}, limit {check.amber:.2f}. {name!r}: "
        f"{check.training[at]:.0%} in training, now {check.now[at]:.0%}."
    )


def _missing(contract: Contract, check: Check, columns: Mapping[str, CountedColumn]) -> str:
    del columns
    rises = (check.value or 0.0) > check.expected
    return (
        f"{_label(contract, check.column)} is missing {'more' if rises else 'less'} often than in training: "
        f"{_percent(check.value)} against {check.expected:.1%}, limit {max(check.amber, 0.0):.1%}."
    )


_SENTENCES = {
    COLUMN: _column,
    DISTANCE: _distance,
    NOVELTY: _novelty,
    SEGMENTS: _segments,
    MISSING: _missing,
}
_NAMES = {DISTANCE: "the distance ratio", NOVELTY: "novelty", SEGMENTS: "the shares of the segments"}


def _moved_most(check: Check) -> int:
    """The index of the share that changed most."""
    moved = [abs(now - before) for now, before in zip(check.now, check.training, strict=True)]
    return max(range(len(moved)), key=moved.__getitem__)


def bin_name(column: CountedColumn, index: int) -> str:
    """A bin in words, such as ``94 and above``.

    Values on an edge belong to the bin above it.
    """
    if index == column.bins:
        return "Others"
    if not column.kind.ordered:
        return column.categories[index]
    if not column.edges:
        return "all values"
    edges = [_value(column, edge) for edge in column.edges]
    if index == 0:
        return f"Below {edges[0]}"
    if index == len(edges):
        return f"{edges[-1]} and above"
    return f"{edges[index - 1]} to below {edges[index]}"


def _value(column: CountedColumn, edge: float) -> str:
    plain = kind_of(column.column).as_json(column.column, edge)
    return plain if isinstance(plain, str) else f"{plain:,.6g}"


def _name(contract: Contract, check: Check) -> str:
    return _NAMES.get(check.kind) or _label(contract, check.column)


def _label(contract: Contract, name: str) -> str:
    return contract.column(name).label


def _figure(check: Check) -> str:
    return "unknown" if check.value is None else f"{check.value:.2f}"


def _percent(share: float | None) -> str:
    return "unknown" if share is None else f"{share:.1%}"
