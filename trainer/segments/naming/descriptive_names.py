"""A segment's name from at most two properties, the most distinguishing first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from trainer.schema import meanings as m
from trainer.segments.naming.differences import SMALL, Difference, by_size
from trainer.segments.naming.property_words import (
    HIGH,
    LOW,
    MID,
    category_words,
    compared_words,
    is_yes_or_no,
    words_for,
)

LONGEST = 30
"""Letters of a name of two properties; a second one that does not fit is left out."""
AT_MOST = 32
MAJORITY = 0.5  # of a segment's customers, for a name that says a category


@dataclass(frozen=True, kw_only=True)
class Property:
    """What a name says about a segment in one column.

    Attributes:
        column: the column or feature; empty for what is no column's, such as *Champions*.
        level: of the numbers.
    """

    column: str
    level: str
    words: str
    meaning: str = m.NO_MEANING
    turned: bool = False


def properties_of(found: Sequence[Difference], segment: int, k: int) -> list[Property]:
    """What distinguishes a segment, the largest difference first; in doubt in the order of the columns."""
    usable = [each for each in found if each.column.meaning != m.SENSITIVE]
    clear = [each for each in by_size(usable, segment) if each.clear[segment]]
    said: dict[str, Property] = {}
    for each in clear:
        words = _words(each, segment)
        if words and each.column.source not in said:
            said[each.column.source] = _property(each, each.level(segment), words)
    return list(said.values()) or _weak(usable, segment, k)


def _weak(usable: Sequence[Difference], segment: int, k: int) -> list[Property]:
    """Of a segment without a clear difference: what it is in the middle of, else its largest difference."""
    numbers = [each for each in usable if not each.category]
    between = [each for each in numbers if k > 2 and each.between(segment)]
    if between:
        return [_property(each, MID, words_for(each.column, MID)) for each in between[:2]]
    largest = max(numbers, key=lambda each: abs(each.standardised[segment]), default=None)
    if largest is None:
        return []
    if abs(largest.standardised[segment]) < SMALL:
        return [
            _property(each, MID, f"average {each.column.short or each.column.meaning}")
            for each in numbers[:2]
        ]
    level = HIGH if largest.standardised[segment] > 0 else LOW
    if k == 2:
        return [_property(largest, level, words_for(largest.column, level))]
    return [_property(largest, level, compared_words(largest.column, int(level == HIGH)))]


def _words(difference: Difference, segment: int) -> str:
    """The words of a clear difference; empty for a category that a name cannot say."""
    column, level = difference.column, difference.level(segment)
    if not difference.category:
        return words_for(column, level)
    if column.flag and is_yes_or_no(difference.category):
        clear = (difference.shares[segment] > MAJORITY) == (level == HIGH)
        return category_words(column, difference.category, frequent=level == HIGH) if clear else ""
    if level == HIGH and difference.shares[segment] > MAJORITY:
        return category_words(column, difference.category, frequent=True)
    return ""


def _property(difference: Difference, level: str, words: str) -> Property:
    column = difference.column
    return Property(
        column=column.name, level=level, words=words, meaning=column.meaning, turned=column.turned
    )


def joined(properties: Sequence[Property]) -> str:
    """The name: the first property, and the first other one that fits.

    >>> frequent = Property(column="f", level=HIGH, words="many orders", meaning="frequency")
    >>> joined([frequent, Property(column="v", level=HIGH, words="high spend", meaning="value")])
    'Frequent big spenders'
    >>> joined([frequent, Property(column="t", level=LOW, words="short tenure", meaning="tenure")])
    'Many orders, short tenure'
    """
    fitting = [each for each in properties if len(each.words) <= AT_MOST]
    if not fitting:
        return ""
    first, *others = fitting
    second = next((each for each in others if len(f"{first.words}, {each.words}") <= LONGEST), None)
    if second is None:
        return capital(first.words)
    both = {(each.meaning, each.level) for each in (first, second)}
    if both == {(m.FREQUENCY, HIGH), (m.VALUE, HIGH)}:
        return "Frequent big spenders"
    return capital(f"{first.words}, {second.words}")


def capital(words: str) -> str:
    """The words with a first capital letter."""
    return words[:1].upper() + words[1:]


def centres(found: Sequence[Difference], k: int) -> list[tuple[float, ...]]:
    """Per segment its standardised means, to order segments without their numbers."""
    return [tuple(np.round([each.means[segment] for each in found], 9).tolist()) for segment in range(k)]
