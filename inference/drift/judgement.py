"""All checks of one set of counts, the light over them, and whether the model should be trained again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from inference.drift import words
from inference.drift.alarms import Alarms
from inference.drift.checks import (
    COLUMN,
    DISTANCE,
    MISSING,
    NOVELTY,
    SEGMENTS,
    SHARES,
    Check,
    column_check,
    distance_check,
    missing_check,
    novelty_check,
    segments_check,
)
from inference.drift.counts import Counts
from inference.drift.lights import RED, alarming, worst

FOLLOW_UP = 0.05  # the level at which the distances are judged after a column turned red


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What was found in a number of customers.

    Attributes:
        rows: customers; complete: those with every clustering column.
        checks: columns first, then distance, novelty, segments and missing cells.
        light: the worst of theirs.
        retrain: a column is red and the distance ratio is at least amber.
        reasons: why, in sentences; the first is the most important.
        advice: whether to train again, and by which rule, in a sentence.
    """

    rows: int
    complete: int
    checks: tuple[Check, ...]
    light: str
    retrain: bool
    reasons: tuple[str, ...]
    advice: str

    def check(self, kind: str, column: str = "") -> Check:
        """One check; raises ``KeyError`` where there is none."""
        for each in self.checks:
            if (each.kind, each.column) == (kind, column):
                return each
        raise KeyError((kind, column))


def judge(counts: Counts, alarms: Alarms) -> Judgement:
    """Judge counts against the histograms in their model's contract.

    Where a column is red, drift is established, and the distances only say whether it matters to the
    segments. They are then judged at the usual 5%: without any drift, no alarm becomes more probable by it.

    Args:
        counts: of the customers.
        alarms: how probable a false alarm may be, over all checks together.
    """
    checks = tuple(_checks(counts, alarms.probability))
    contract = counts.layout.contract
    found = retrain(checks)
    return Judgement(
        rows=counts.rows,
        complete=counts.complete,
        checks=checks,
        light=worst(each.light for each in checks),
        retrain=found,
        reasons=words.reasons(contract, counts, checks),
        advice=words.advice(contract, checks, retrain=found),
    )


def retrain(checks: Sequence[Check]) -> bool:
    """Whether a column is red and the distance ratio is at least amber."""
    column = any(each.kind == COLUMN and each.light == RED for each in checks)
    return column and any(each.kind == DISTANCE and alarming(each.light) for each in checks)


def _checks(counts: Counts, probability: float) -> list[Check]:
    layout = counts.layout
    histograms = layout.contract.histograms
    found: list[Check] = []
    each_column = max(len(layout.columns), 1)
    for column in layout.columns:
        found.append(column_check(column, counts, probability * SHARES[COLUMN] / each_column))
    changed = any(each.light == RED for each in found)
    if histograms is not None and histograms.segments:
        base = sum(histograms.segments)
        if histograms.distance is not None and layout.far:
            share = FOLLOW_UP if changed else probability * SHARES[DISTANCE]
            found.append(distance_check(histograms.distance, base, counts, share))
        if layout.far:
            found.append(novelty_check(base, counts, probability * SHARES[NOVELTY]))
        found.append(segments_check(histograms.segments, counts, probability * SHARES[SEGMENTS]))
    for column in layout.columns:
        found.append(missing_check(column, counts, probability * SHARES[MISSING] / each_column))
    return found
