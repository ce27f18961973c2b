"""Names that differ by more than case: of segments with one name, the one farthest out says so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from trainer.schema import meanings as m
from trainer.segments.naming.descriptive_names import AT_MOST, LONGEST, Property, capital, centres, joined
from trainer.segments.naming.differences import SMALL, Difference
from trainer.segments.naming.property_words import HIGH, LOW, compared_words, stronger_words, words_for

CUSTOMERS = " customers"
SIZES = (0.6, 1.2)  # of gaps, in standard deviations; among gaps of one size the order of the columns decides


def unique_names(
    properties: Sequence[Sequence[Property]], found: Sequence[Difference], others: Sequence[Difference]
) -> list[str]:
    """One name per segment.

    Args:
        properties: of each segment, the most distinguishing first.
        found: the differences in the clustering columns; others: in further numbers, used in need only.
    """
    names = [joined(each) or "Group" for each in properties]
    usable = [
        [each for each in some if not each.category and each.column.meaning != m.SENSITIVE]
        for some in (found, others)
    ]
    while True:
        times = Counter(map(same_name, names))
        shared = next((same_name(name) for name in names if times[same_name(name)] > 1), None)
        if shared is None:
            return names
        group = [number for number, name in enumerate(names) if same_name(name) == shared]
        renamed = next(
            (
                one
                for some in usable
                for one in [_rename_one(group, names, properties, some)]
                if one is not None
            ),
            None,
        )
        if renamed is None:
            _letters(group, names, centres(found, len(names)))
        else:
            names[renamed[0]] = renamed[1]


def same_name(name: str) -> frozenset[str]:
    """What two names share that a reader takes for one: the properties, in any order and case.

    >>> same_name("High score, low income") == same_name("Low Income, high score")
    True
    """
    return frozenset(name.casefold().split(", "))


def _rename_one(
    group: Sequence[int],
    names: Sequence[str],
    properties: Sequence[Sequence[Property]],
    found: Sequence[Difference],
) -> tuple[int, str] | None:
    """The segment of a group that is farthest from the rest of it in one column, with its new name."""
    taken = {same_name(name) for name in names}
    for _, segment, level, difference in sorted(_ends(group, found), key=lambda end: -end[0]):
        for words in _proposals(properties[segment], difference, segment, level):
            if 0 < len(words) <= AT_MOST and same_name(words) not in taken:
                return segment, words
    return None


def _ends(group: Sequence[int], found: Sequence[Difference]) -> Iterator[tuple[int, int, str, Difference]]:
    """Size of the gap, segment, side and column of each segment that is lowest or highest in its group.

    A segment that is above the segments outside the group is never called lower.
    """
    for each in found:
        ordered = sorted(group, key=lambda segment, each=each: float(each.means[segment]))  # type: ignore[misc]
        for segment, neighbour, level in ((ordered[-1], ordered[-2], HIGH), (ordered[0], ordered[1], LOW)):
            gap = abs(float(each.means[segment] - each.means[neighbour]))
            outside = each.standardised[segment] < 0 if level == LOW else each.standardised[segment] > 0
            if gap >= SMALL and (outside or abs(each.standardised[segment]) < SMALL):
                yield sum(gap >= size for size in SIZES), segment, level, each


def _proposals(
    properties: Sequence[Property], difference: Difference, segment: int, level: str
) -> Iterator[str]:
    """Names that say that a segment is at one end of its group in a column."""
    column = difference.column
    own = next((each for each in properties if each.column == column.name), None)
    said = [each for each in properties if joined([each]).casefold()]
    if own is not None:
        for words in stronger_words(column, own.level, level):
            replaced = [
                Property(column=each.column, level=each.level, words=words) if each is own else each
                for each in said
            ]
            own_first = sorted(replaced, key=lambda each: each.column != column.name)
            yield joined(replaced) if words in joined(replaced).lower() else joined(own_first)
    end = (
        words_for(column, level)
        if difference.level(segment) == level
        else compared_words(column, int(level == HIGH))
    )
    first = properties[0].words if properties else ""
    for start in (first, first.removesuffix(CUSTOMERS)):
        if start and own is not properties[0]:
            yield from [capital(f"{start}, {end}")] * (len(start) + len(end) + 2 <= LONGEST)
    if own is None:
        yield capital(end)


def _letters(group: Sequence[int], names: list[str], order: Sequence[tuple[float, ...]]) -> None:
    """Tell segments apart that nothing distinguishes, in the order of their centres."""
    taken = {same_name(name) for name in names}
    number = 0
    for segment in sorted(group, key=lambda segment: order[segment]):
        base = names[segment]
        while same_name(f"{base} {_letter(number)}") in taken:
            number += 1
        names[segment] = f"{base} {_letter(number)}"
        taken.add(same_name(names[segment]))


def _letter(number: int) -> str:
    return chr(ord("A") + number) if number < 26 else str(number + 1)
