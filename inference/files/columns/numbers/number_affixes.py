"""The one currency and the one unit around the numbers of a column, or a refusal that names two."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from inference.files.columns.numbers.decimal_mark import SLIPS, Weighted
from inference.files.columns.numbers.number_reading import NumberReading
from inference.files.columns.numbers.number_shapes import PERCENT
from inference.files.columns.refusal import CURRENCY, UNIT, Refusal

PERCENT_SHARE = 0.5  # of the numbers; with fewer percent signs, these cells do not fit
_MOST_UNITS = 3  # more different words after numbers are text, as in addresses
_CELLS_PER_UNIT = 5  # two units of fewer cells are text, too
_ORDINALS = frozenset(("st", "nd", "rd", "th", "er", "re", "e"))
_MEASURES_TEXT = "g kg mg t lb oz l ml cl m cm mm km mi ft in h min s day week month year"
_MEASURES = frozenset(_MEASURES_TEXT.split())


@dataclass(frozen=True, kw_only=True)
class Affixes:
    """The currency, its spellings, and the spellings of the unit around the numbers of a column."""

    currency: frozenset[str] = frozenset()
    marks: tuple[str, ...] = ()
    units: tuple[str, ...] = ()


def one_affix(numbers: Weighted, name: str, expected: NumberReading | None) -> Affixes | Refusal | None:
    """The one currency and the one unit of a column; a refusal names two, ``None`` is a column of text."""
    currencies = _one_currency(numbers, name)
    if isinstance(currencies, Refusal):
        return currencies
    codes, marks = currencies
    units = _one_unit(numbers, name, expected)
    if units is None or isinstance(units, Refusal):
        return units
    return Affixes(currency=codes, marks=marks, units=units)


def _one_unit(
    numbers: Weighted, name: str, expected: NumberReading | None
) -> tuple[str, ...] | Refusal | None:
    """The spellings of the one unit; those of single letters, ordinals and addresses make a column text."""
    units = _weights((shape.unit, count) for shape, count in numbers)
    total = sum(count for _, count in numbers)
    percents = [unit for unit in units if unit in PERCENT]
    if percents:
        enough = sum(units[unit] for unit in percents) >= PERCENT_SHARE * total
        return (percents[0],) if enough else ()
    kept = {unit: count for unit, count in units.items() if count > SLIPS * sum(units.values())}
    if expected is not None and expected.units:
        kept = {unit: count for unit, count in kept.items() if unit in expected.units} or kept
    stems = {unit.rstrip(".").rstrip("s") for unit in kept}
    letters = any(len(unit) == 1 for unit in kept) and not stems <= _MEASURES
    scaled = letters and any(shape.scale for shape, _ in numbers)  # 12B next to 12C is not a billion
    if len(stems) < 2 and not scaled:
        return tuple(sorted(kept))
    if expected is not None:
        return ()
    few = not stems <= _MEASURES and total < _CELLS_PER_UNIT * len(stems)
    if scaled or letters or few or len(stems) > _MOST_UNITS or stems & _ORDINALS:
        return None
    first, second = list(kept)[:2]
    seen = f"cells with the unit {first!r}: {kept[first]:,}, with {second!r}: {kept[second]:,}"
    return Refusal(column=name, needed=UNIT, evidence=(seen,))


def _one_currency(numbers: Weighted, name: str) -> tuple[frozenset[str], tuple[str, ...]] | Refusal:
    marks = _weights((shape.mark, count) for shape, count in numbers)
    codes = {shape.mark: shape.currency for shape, _ in numbers}
    kept = {mark: count for mark, count in marks.items() if count > SLIPS * sum(marks.values())}
    if not kept:
        return frozenset(), ()
    shared = frozenset.intersection(*(codes[mark] for mark in kept))
    first = next(iter(kept))
    if shared:
        spelled = {word.casefold() for mark in marks for word in (mark, *mark.split())}
        return shared, tuple(sorted(spelled))
    second = next((mark for mark in kept if not codes[mark] & codes[first]), list(kept)[1])
    seen = f"cells in {first!r}: {kept[first]:,}, in {second!r}: {kept[second]:,}"
    return Refusal(column=name, needed=CURRENCY, evidence=(seen,))


def _weights(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    """How often each text that is not empty occurs: the most frequent first, equal ones sorted."""
    found: Counter[str] = Counter()
    for text, count in pairs:
        if text:
            found[text] += count
    return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))
