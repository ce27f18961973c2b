"""One reading for all numbers of a column: decided from its cells, stored as JSON, applied to any batch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from inference.files.columns.cell_texts import is_text, one_array, plain_texts, shapes
from inference.files.columns.decimal_mark import (
    SLIPS,
    DecimalMark,
    Weighted,
    count_marks,
    find_decimal_mark,
)
from inference.files.columns.missing_words import is_missing
from inference.files.columns.number_shapes import (
    LEADING,
    PERCENT,
    POINT,
    SCALES,
    THOUSANDS_MARKS,
    NumberShape,
    number_shape,
)
from inference.files.columns.refusal import CURRENCY, UNIT, FileHints, Refusal

MIN_SHARE = 0.5  # of the known cells that must be numbers, for a column of numbers with faults
CERTAIN_SHARE = 0.9  # of the known cells that must be numbers, for a column that speaks for its file
_AMBIGUOUS = r"[1-9]\d{0,2}[.,]\d{3}"
_MOST_UNITS = 3  # more different words after numbers are text, as in addresses
_CELLS_PER_UNIT = 5  # two units of fewer cells are text, too
_ORDINALS = frozenset(("st", "nd", "rd", "th", "er", "re", "e"))
_MEASURES_TEXT = "g kg mg t lb oz l ml cl m cm mm km mi ft in h min s day week month year"
_MEASURES = frozenset(_MEASURES_TEXT.split())


@dataclass(frozen=True, kw_only=True)
class NumberReading:
    """How the numbers of a column are written.

    Attributes:
        decimal_mark: empty where no cell shows one; then numbers such as ``1.234`` do not fit.
        thousands_marks: signs that may be between thousands; thousands_seen: whether any cell has one.
        minus: further ways to write a negative number, ``"trailing"`` and ``"parentheses"``.
        currency: ISO codes that the sign or code may stand for; marks: its spellings, case-folded.
        units: spellings of the one word after the numbers, case-folded, or a percent sign.
        scales: suffixes that multiply, such as ``k``.
        fractions: whether cells such as ``1 1/2`` are numbers; indian: whether ``12,34,567`` is one.
        missing_words: further words for missing, as the user gave them.
        evidence: sentences about what was seen; not stored, since they say something about the cells.
    """

    decimal_mark: str = ""
    thousands_marks: tuple[str, ...] = ()
    thousands_seen: bool = False
    minus: tuple[str, ...] = ()
    currency: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    scales: tuple[str, ...] = ()
    fractions: bool = False
    indian: bool = False
    missing_words: tuple[str, ...] = ()
    evidence: tuple[str, ...] = field(default=(), compare=False)

    @property
    def percent(self) -> bool:
        """Whether the numbers are printed with a percent sign; 38.1 % is read as 38.1."""
        return bool(self.units) and self.units[0] in PERCENT

    @property
    def plain(self) -> bool:
        """Whether a number needs nothing removed."""
        bare = not (self.thousands_marks or self.minus or self.marks or self.units or self.scales)
        return bare and self.decimal_mark in ("", POINT) and not self.fractions

    def sentence(self) -> str:
        """What is removed from the cells, once for the column; empty where nothing is."""
        parts = [f"decimal mark {self.decimal_mark!r}"] if self.decimal_mark not in ("", POINT) else []
        if self.thousands_seen:
            parts.append(f"{' and '.join(map(repr, self.thousands_marks))} between thousands")
        if self.marks:
            parts.append(f"the currency {' or '.join(map(repr, self.marks))} removed")
        if self.percent:
            parts.append(f"{self.units[0]!r} removed, so that 38.1{self.units[0]} is 38.1")
        elif self.units:
            parts.append(f"the unit {' or '.join(map(repr, self.units))} removed")
        parts += [f"{scale!r} is times {SCALES[scale.casefold()]:,.0f}" for scale in self.scales]
        parts += [f"{way} minus" if way != "parentheses" else "(1) is -1" for way in self.minus]
        parts += ["fractions such as 1/2"] if self.fractions else []
        return ", ".join(parts)

    def to_json(self) -> dict[str, Any]:
        """The reading for a contract; it holds no value of a cell."""
        return {name: value for name, value in asdict(self).items() if name != "evidence"}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> NumberReading:
        """The reading that ``to_json`` wrote; fields it does not know are ignored."""
        known = {each.name for each in fields(cls)} & set(document)
        values: dict[str, Any] = {name: document[name] for name in known}
        return cls(
            **{name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
        )


def decide_numbers(
    cells: pa.Array | pa.ChunkedArray,
    *,
    name: str = "",
    hints: FileHints | None = None,
    decimal_mark: str = "",
    expected: NumberReading | None = None,
) -> NumberReading | Refusal | None:
    """How a column writes its numbers; ``None`` where they are not numbers.

    Args:
        cells: the column or a sample of it, text or typed numbers; their order does not matter.
        name: header, for refusals.
        hints: what the rest of the file shows.
        decimal_mark: as the user set it, or empty.
        expected: the reading of an earlier file of the same kind, which settles what this file leaves
            open and makes the column one of numbers whatever share of its cells are.
    """
    hints = hints or FileHints()
    if not is_text(cells.type) and not pa.types.is_dictionary(cells.type):
        return _typed(cells)
    texts = plain_texts(one_array(cells))
    if not is_text(texts.type):
        return _typed(texts)
    texts = texts.filter(pc.invert(is_missing(texts, hints.missing_words, numeric=True)))
    numbers, total = _numbers(texts)
    if expected is None and (not total or total < MIN_SHARE * len(texts)):
        return None
    affixes = _one_affix(numbers, name, expected)
    if affixes is None or isinstance(affixes, Refusal):
        return affixes
    known = (decimal_mark, expected, affixes.currency)
    mark = _decimal_mark(texts, numbers, name=name, hints=hints, known=known)
    if isinstance(mark, Refusal):
        return mark
    reading = _reading(numbers, affixes, mark, hints)
    return reading if expected is None else _completed(reading, expected)


def certain_decimal_mark(cells: pa.Array | pa.ChunkedArray, hints: FileHints) -> str:
    """The decimal mark that a column's own cells leave no doubt about, or empty."""
    array = one_array(cells)
    if not is_text(array.type):
        return ""
    texts = plain_texts(array)
    texts = texts.filter(pc.invert(is_missing(texts, hints.missing_words, numeric=True)))
    numbers, total = _numbers(texts)
    if not total or total < CERTAIN_SHARE * len(texts):
        return ""
    found = find_decimal_mark(count_marks(numbers), name="", hints=hints, distinct=0)
    return found.mark if isinstance(found, DecimalMark) and found.certain else ""


def _numbers(texts: pa.Array) -> tuple[list[tuple[NumberShape, int]], int]:
    found = [(number_shape(shape), count) for shape, count in shapes(texts)]
    numbers = [(shape, count) for shape, count in found if shape is not None]
    return numbers, sum(count for _, count in numbers)


def _completed(reading: NumberReading, expected: NumberReading) -> NumberReading:
    """What an earlier file of the same kind showed and this one does not contradict."""
    units = reading.units or (() if expected.percent else expected.units)
    same_mark = reading.decimal_mark == expected.decimal_mark
    marks = reading.thousands_marks
    if same_mark and expected.thousands_seen:
        marks = tuple(dict.fromkeys((*marks, *expected.thousands_marks)))
    return replace(
        reading,
        thousands_marks=marks,
        minus=tuple(sorted({*reading.minus, *expected.minus})),
        currency=reading.currency or expected.currency,
        marks=tuple(sorted({*reading.marks, *expected.marks})),
        units=units,
        scales=tuple(sorted({*reading.scales, *expected.scales})),
        fractions=reading.fractions or expected.fractions,
        indian=reading.indian or (same_mark and expected.indian),
        missing_words=tuple(dict.fromkeys((*reading.missing_words, *expected.missing_words))),
    )


def _typed(cells: pa.Array | pa.ChunkedArray) -> NumberReading | None:
    kind = cells.type
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return NumberReading(evidence=("its cells are numbers already",))
    return None


@dataclass(frozen=True, kw_only=True)
class _Affixes:
    currency: frozenset[str] = frozenset()
    marks: tuple[str, ...] = ()
    units: tuple[str, ...] = ()


def _one_affix(numbers: Weighted, name: str, expected: NumberReading | None) -> _Affixes | Refusal | None:
    """The one currency and the one unit of a column; a refusal names two, ``None`` is a column of text."""
    currencies = _one_currency(numbers, name)
    if isinstance(currencies, Refusal):
        return currencies
    codes, marks = currencies
    units = _one_unit(numbers, name, expected)
    if units is None or isinstance(units, Refusal):
        return units
    return _Affixes(currency=codes, marks=marks, units=units)


def _one_unit(
    numbers: Weighted, name: str, expected: NumberReading | None
) -> tuple[str, ...] | Refusal | None:
    """The spellings of the one unit; those of single letters, ordinals and addresses make a column text."""
    units = _weights((shape.unit, count) for shape, count in numbers)
    total = sum(count for _, count in numbers)
    percents = [unit for unit in units if unit in PERCENT]
    if percents:
        enough = sum(units[unit] for unit in percents) >= MIN_SHARE * total
        return (percents[0],) if enough else ()
    kept = {unit: count for unit, count in units.items() if count > SLIPS * sum(units.values())}
    if expected is not None and expected.units:
        kept = {unit: count for unit, count in kept.items() if unit in expected.units} or kept
    stems = {unit.rstrip(".").rstrip("s") for unit in kept}
    letters = any(len(unit) == 1 for unit in kept) and not stems <= _MEASURES
    scaled = letters and any(shape.scale for shape, _ in numbers)  # 12B beside 12C is not a billion
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


def _weights(pairs: Any) -> dict[str, int]:
    """How often each text that is not empty occurs: the most frequent first, equal ones sorted."""
    found: Counter[str] = Counter()
    for text, count in pairs:
        if text:
            found[text] += count
    return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))


def _decimal_mark(
    texts: pa.Array,
    numbers: Weighted,
    *,
    name: str,
    hints: FileHints,
    known: tuple[str, NumberReading | None, frozenset[str]],
) -> DecimalMark | Refusal:
    given, expected, currency = known
    if given:
        return DecimalMark(mark=given, evidence=(f"the decimal mark is set to {given!r}",), certain=True)
    distinct = 0
    if any(shape.ambiguous for shape, _ in numbers):
        distinct = pc.count_distinct(texts.filter(pc.match_substring_regex(texts, _AMBIGUOUS))).as_py()
    return find_decimal_mark(
        count_marks(numbers, currency),
        name=name,
        hints=hints,
        expected=expected.decimal_mark if expected else "",
        distinct=distinct,
    )


def _reading(numbers: Weighted, affixes: _Affixes, mark: DecimalMark, hints: FileHints) -> NumberReading:
    fitting = [(shape, count) for shape, count in numbers if _fits_mark(shape, mark.mark)]
    thousands = {shape.thousands.get(mark.mark or POINT, "") for shape, _ in fitting} - {""}
    ways = {shape.minus for shape, _ in fitting} - {"", LEADING}
    return NumberReading(
        decimal_mark=mark.mark,
        thousands_marks=_thousands_marks(thousands, numbers, mark.mark),
        thousands_seen=bool(thousands),
        minus=tuple(sorted(ways)),
        currency=tuple(sorted(affixes.currency)),
        marks=affixes.marks,
        units=affixes.units,
        scales=tuple(sorted({shape.scale.casefold() for shape, _ in fitting} - {""})),
        fractions=_uses_fractions(numbers),
        indian=any(shape.indian for shape, _ in fitting),
        missing_words=tuple(hints.missing_words),
        evidence=mark.evidence,
    )


def _fits_mark(shape: NumberShape, mark: str) -> bool:
    return mark in shape.decimals if mark else not shape.ambiguous


def _thousands_marks(seen: set[str], numbers: Weighted, decimal: str) -> tuple[str, ...]:
    """The marks that were seen; every mark that can be one, where no number was long enough to show it."""
    if seen or not decimal or any(shape.large for shape, _ in numbers if _fits_mark(shape, decimal)):
        return tuple(mark for mark in THOUSANDS_MARKS if mark in seen)
    slips = {shape.marked for shape, _ in numbers if not _fits_mark(shape, decimal)}
    return tuple(mark for mark in (".", ",", "'", " ") if mark != decimal and mark not in slips)


def _uses_fractions(numbers: Sequence[tuple[NumberShape, int]]) -> bool:
    """Whether fractions are numbers here: beside other numbers, since 1/2 alone may be a day of a month."""
    fractions = sum(count for shape, count in numbers if shape.fraction)
    return 0 < fractions < sum(count for _, count in numbers)
