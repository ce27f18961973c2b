"""Where customers are in their life cycle, from recency, frequency, value and tenure, and marketing's names.

The names are those of the usual grid of recency by frequency and monetary value (Hughes 1994; Putler's and
Kohavi's eleven groups), chosen by the segment's position among the other segments.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from trainer.schema import meanings as m
from trainer.segments.naming.differences import Difference
from trainer.segments.naming.property_words import HIGH, LOW, MID

NEW, ESTABLISHED, ACTIVE, COOLING, AWAY = "new", "established", "active", "cooling", "away"
LEAST_DAYS = 30
"""Days since the last purchase below which nobody is away, however recent the others are."""
MEDIUM = 0.5
"""Standard deviations from which on a segment is high or low in the grid (Cohen 1988)."""
CUSTOMERS = {
    "champions": "Champions",
    "loyal": "Loyal customers",
    "big spenders": "Big spenders",
    "new customers": "New customers",
    "promising": "Promising customers",
    "potential loyalists": "Potential loyalists",
    "need attention": "Need attention",
    "occasional": "Occasional customers",
    "cannot lose": "Cannot lose them",
    "at risk": "At risk",
    "lapsed": "Lapsed customers",
}
"""Fact -> name."""


@dataclass(frozen=True, kw_only=True)
class LifeCycle:
    """What recency and tenure say about a segment.

    Attributes:
        stage: ``"new"``, ``"active"``, ``"cooling"``, ``"away"``, ``"established"`` or empty.
        group: key of ``CUSTOMERS``; empty without recency, frequency and value.
    """

    stage: str = ""
    group: str = ""


def life_cycle(
    found: Sequence[Difference], days: Sequence[float | None], segment: int, *, grouped: bool
) -> LifeCycle:
    """The life cycle of one segment.

    Args:
        days: ``[K]`` median days since the last purchase, ``None`` where unknown.
        grouped: whether recency, frequency and value decide the segments.
    """
    levels = {
        meaning: _level(found, meaning, segment) for meaning in (m.RECENCY, m.FREQUENCY, m.VALUE, m.TENURE)
    }
    recency, tenure = levels[m.RECENCY], levels[m.TENURE]
    away = recency == HIGH and (days[segment] is None or float(days[segment] or 0.0) >= LEAST_DAYS)
    if recency is None:
        stage = {LOW: NEW, HIGH: ESTABLISHED}.get(tenure or MID, "")
    else:
        stage = AWAY if away else ACTIVE if recency == LOW else COOLING
        if tenure == LOW and levels[m.FREQUENCY] != HIGH and stage == ACTIVE:
            stage = NEW
    group = _group(stage, levels[m.FREQUENCY] or MID, levels[m.VALUE] or MID) if grouped else ""
    return LifeCycle(stage=stage, group=group)


def _group(stage: str, frequency: str, value: str) -> str:
    most = HIGH if HIGH in (frequency, value) else LOW if LOW in (frequency, value) else MID
    both = frequency == value == HIGH
    if stage == AWAY:
        return "cannot lose" if both else "at risk" if most == HIGH else "lapsed"
    if stage != COOLING and both:
        return "champions"
    if most == HIGH:
        return "loyal" if frequency == HIGH else "big spenders"
    if stage == COOLING:
        return "occasional" if most == LOW else "need attention"
    return "new customers" if stage == NEW else "promising" if most == LOW else "potential loyalists"


def _level(found: Sequence[Difference], meaning: str, segment: int) -> str | None:
    """The level of the column with this meaning, high recency as many days; ``None`` without one."""
    own = [each for each in found if each.column.meaning == meaning and not each.category]
    if not own:
        return None
    largest = max(own, key=lambda each: abs(each.standardised[segment]))
    apart = float(largest.standardised[segment])
    level = MID if abs(apart) < MEDIUM else HIGH if apart > 0 else LOW
    return {LOW: HIGH, HIGH: LOW}.get(level, level) if largest.column.turned else level
