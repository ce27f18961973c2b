"""Names, tiers and actions from a segment's differences to the other segments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference.contract.outcomes import Outcome
from trainer.schema import meanings as m
from trainer.schema.column_arrays import Columns
from trainer.schema.kinds.column_kinds import column_kind
from trainer.schema.schema import Schema
from trainer.segments.kmeans import Segmentation
from trainer.segments.naming.action_catalogue import actions_for
from trainer.segments.naming.descriptive_names import Property, properties_of
from trainer.segments.naming.differences import CLEAR, Difference, by_size, differences
from trainer.segments.naming.figures_behind import figures_behind, median_of
from trainer.segments.naming.life_cycle import CUSTOMERS, LifeCycle, life_cycle
from trainer.segments.naming.named_columns import named_column
from trainer.segments.naming.named_outcomes import ClearOutcome, clear_outcomes
from trainer.segments.naming.property_words import HIGH, LOW
from trainer.segments.naming.segment_value import (
    AVERAGE,
    LOW_SPENDING,
    PREMIUM,
    SegmentValue,
    segment_values,
)
from trainer.segments.naming.steady_rule import by_steady_rule
from trainer.segments.naming.unique_names import unique_names

GRID = (m.RECENCY, m.FREQUENCY, m.VALUE)
GRID_CLUSTERS = (
    2  # of the three, at least so many decide the segments, or the grid's names say nothing of them
)
UNSAID_FACTS = (m.NO_MEANING, m.SENSITIVE, m.VALUE)  # high value is a fact of tiers, and of no single column
LARGER = 1.2  # times the largest difference in a column, from which on an outcome is first in the name
_VALUE_FACTS = {PREMIUM: "value high", AVERAGE: "value average", LOW_SPENDING: "value low"}


@dataclass(frozen=True, kw_only=True)
class Naming:
    """The name of one segment, its value, and its suggested action with the figures it follows from."""

    name: str
    value: SegmentValue
    high_potential: bool
    action: str
    because: str


def name_segments(
    segmentation: Segmentation,
    columns: Columns,
    labels: NDArray[np.int64],
    outcomes: Sequence[Outcome] = (),
) -> list[Naming]:
    """Name the ``K`` segments of the rows ``[N]``, in the order of their numbers.

    Args:
        outcomes: what came of the customers, per segment; a clear difference is in action and, where it is
            the largest, in the name.
    """
    schema, k = segmentation.schema, segmentation.k
    found = differences(segmentation, columns, labels, schema.clustering)
    described = differences(segmentation, columns, labels, _described(schema))
    values = segment_values(schema, columns, labels, k)
    story = _story(schema, [*found, *described])
    cycles = _life_cycles(schema, columns, labels, story, k)
    clear = [clear_outcomes(schema, outcomes, segment) for segment in range(k)]

    def names_of(found: Sequence[Difference], described: Sequence[Difference]) -> list[str]:
        properties = [
            _with_outcome(
                _named_properties(found, cycles[segment], segment, k), found, clear[segment], segment
            )
            for segment in range(k)
        ]
        return unique_names(properties, found, described)

    found = by_steady_rule(found, described, labels, names_of)
    names = names_of(found, described)
    facts = [
        _facts(schema, found, segment, values[segment], cycles[segment], clear[segment])
        for segment in range(k)
    ]
    actions = actions_for(facts, names)
    return [
        Naming(
            name=names[segment],
            value=values[segment],
            high_potential="potential" in facts[segment],
            action=_with_figures(actions[segment], clear[segment]),
            because=figures_behind(
                schema,
                columns,
                labels == segment,
                named=_named(found, story, cycles[segment], segment),
                segment=segment,
                value=values[segment],
            ),
        )
        for segment in range(k)
    ]


def _described(schema: Schema) -> tuple[str, ...]:
    """The numbers and dates that do not cluster, nor have a logarithm that does, and the value."""
    sources = {named_column(schema, name).source for name in schema.clustering}
    numbers = (spec.name for spec in schema.columns if column_kind(spec).ordered)
    others = [name for name in numbers if name not in sources and name not in schema.clustering]
    value = schema.value
    return (*others, *([value] if value and value not in (*others, *sources, *schema.clustering) else []))


def _life_cycles(
    schema: Schema, columns: Columns, labels: NDArray[np.int64], story: Sequence[Difference], k: int
) -> list[LifeCycle]:
    meanings = {each.column.meaning: each for each in story}
    clustering = {meaning for meaning in GRID if meaning in meanings and _clusters(schema, meanings[meaning])}
    grouped = set(GRID) <= meanings.keys() and len(clustering) >= GRID_CLUSTERS
    recency = meanings.get(m.RECENCY)
    days: list[float | None] = [None] * k
    if recency is not None:
        grouped &= bool(recency.clear.any())
        if not recency.column.turned:
            found = [
                median_of(schema, columns, labels == segment, recency.column.source) for segment in range(k)
            ]
            days = [None if median is None else median * recency.column.days for median in found]
    return [life_cycle(story, days, segment, grouped=grouped) for segment in range(k)]


def _story(schema: Schema, found: Sequence[Difference]) -> list[Difference]:
    """One column per meaning, the first; of value the one that tiers are computed from."""
    value = schema.value or ""
    ordered = sorted(found, key=lambda each: value not in (each.column.name, each.column.source))
    return list({each.column.meaning: each for each in ordered[::-1] if not each.category}.values())[::-1]


def _clusters(schema: Schema, difference: Difference) -> bool:
    """Whether a column decides the segments, by itself or as a part of a feature."""
    sources = {source for name in schema.clustering for source in schema.sources(name)}
    return bool(sources & set(schema.sources(difference.column.name)))


def _named_properties(found: Sequence[Difference], cycle: LifeCycle, segment: int, k: int) -> list[Property]:
    if cycle.group:
        return [Property(column="", level="", words=CUSTOMERS[cycle.group])]
    return properties_of(found, segment, k)


def _with_outcome(
    properties: list[Property], found: Sequence[Difference], clear: Sequence[ClearOutcome], segment: int
) -> list[Property]:
    """The properties, an outcome first where no column distinguishes the segment as clearly."""
    named = [each for each in clear if each.words]
    largest = max((abs(float(each.standardised[segment])) for each in found), default=0.0)
    if not named or abs(named[0].apart) < max(CLEAR, largest * LARGER):
        return properties
    level = HIGH if named[0].apart > 0 else LOW
    return [Property(column="", level=level, words=named[0].words), *properties]


def _facts(
    schema: Schema,
    found: Sequence[Difference],
    segment: int,
    value: SegmentValue,
    cycle: LifeCycle,
    clear: Sequence[ClearOutcome],
) -> frozenset[str]:
    """What is true of a segment, in the words of the catalogue."""
    levels = {each.column.name: each.level(segment) for each in found if not each.category}
    facts = {cycle.stage, cycle.group, _VALUE_FACTS.get(value.tier, "")}
    facts |= {each.fact for each in clear}
    for each in found:
        level = each.level(segment)
        if level in (LOW, HIGH) and not each.category and each.column.meaning not in UNSAID_FACTS:
            turned = {LOW: HIGH, HIGH: LOW}[level] if each.column.turned else level
            facts.add(f"{each.column.meaning} {turned}")
        worse = each.column.direction == m.WORSE and each.column.meaning == m.NO_MEANING
        facts |= {"worse"} if worse and level == HIGH else set()
    both = (levels.get(schema.capacity or ""), levels.get(schema.spend or ""))
    facts |= {"potential"} if both == (HIGH, LOW) else {"enthusiast"} if both == (LOW, HIGH) else set()
    return frozenset(facts - {""})


def _with_figures(action: str, clear: Sequence[ClearOutcome]) -> str:
    """The action with the outcome it answers in front."""
    return f"{clear[0].sentence}. {action}" if clear else action


def _named(
    found: Sequence[Difference], story: Sequence[Difference], cycle: LifeCycle, segment: int
) -> list[Difference]:
    """The columns a reader asks for: the grid's, or those of the largest differences."""
    if cycle.group:
        return [each for meaning in GRID for each in story if each.column.meaning == meaning]
    usable = [each for each in found if each.column.meaning != m.SENSITIVE]
    ordered = sorted(by_size(usable, segment), key=lambda each: not each.clear[segment])
    kept: dict[str, Difference] = {}
    for each in ordered:
        kept.setdefault(each.column.source, each)
    return list(kept.values())[:2]
