"""Decides how a column writes its numbers, from all of its cells in any order."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from inference.files.columns.cell_texts import is_text, one_array, plain_texts, shapes
from inference.files.columns.missing_words import is_missing
from inference.files.columns.numbers.decimal_mark import DecimalMark, Weighted, count_marks, find_decimal_mark
from inference.files.columns.numbers.number_affixes import Affixes, one_affix
from inference.files.columns.numbers.number_reading import NumberReading
from inference.files.columns.numbers.number_shapes import (
    LEADING,
    POINT,
    THOUSANDS_MARKS,
    NumberShape,
    number_shape,
)
from inference.files.columns.refusal import FileHints, Refusal

MIN_SHARE = 0.5  # of the known cells that must be numbers, for a column of numbers with faults
CERTAIN_SHARE = 0.9  # of the known cells that must be numbers, for a column that is evidence for its file
FRACTIONS_SHARE = 0.2  # of the numbers; fewer such as 12/5 are slips
_AMBIGUOUS = r"[1-9]\d{0,2}[.,]\d{3}"


def decide_numbers(
    cells: pa.Array | pa.ChunkedArray,
    *,
    name: str = "",
    hints: FileHints | None = None,
    decimal_mark: str = "",
    expected: NumberReading | None = None,
    min_share: float = MIN_SHARE,
) -> NumberReading | Refusal | None:
    """How a column writes its numbers; ``None`` where they are not numbers.

    Args:
        cells: the column or a sample of it, text or typed numbers; their order does not matter.
        name: header, for refusals.
        hints: what the rest of the file shows.
        decimal_mark: as the user set it, or empty.
        expected: the reading of an earlier file of the same kind, which decides what this file leaves
            open and makes the column one of numbers whatever share of its cells are.
        min_share: of the known cells that must be numbers otherwise.
    """
    hints = hints or FileHints()
    if not is_text(cells.type) and not pa.types.is_dictionary(cells.type):
        return _typed(cells, hints)
    texts = plain_texts(one_array(cells))
    if not is_text(texts.type):
        return _typed(texts, hints)
    texts = texts.filter(pc.invert(is_missing(texts, hints.missing_words, numeric=True)))
    numbers, total = _numbers(texts)
    if expected is None and (not total or total < min_share * len(texts)):
        return None
    affixes = one_affix(numbers, name, expected)
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
    if all(shape.fraction for shape, _ in numbers):  # 1/2 alone may be a day of a month
        return [], 0
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


def _typed(cells: pa.Array | pa.ChunkedArray, hints: FileHints) -> NumberReading | None:
    kind = cells.type
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return NumberReading(
            missing_words=tuple(hints.missing_words), evidence=("its cells are already numbers",)
        )
    return None


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


def _reading(numbers: Weighted, affixes: Affixes, mark: DecimalMark, hints: FileHints) -> NumberReading:
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
        fractions=_has_fractions(numbers),
        indian=any(shape.indian for shape, _ in fitting),
        missing_words=tuple(hints.missing_words),
        evidence=mark.evidence,
        because=mark.because,
    )


def _has_fractions(numbers: Weighted) -> bool:
    """Whether fractions are more than slips: a lone 12/5 among whole numbers may be anything."""
    found = sum(count for shape, count in numbers if shape.fraction)
    return found > FRACTIONS_SHARE * sum(count for _, count in numbers)


def _fits_mark(shape: NumberShape, mark: str) -> bool:
    return mark in shape.decimals if mark else not shape.ambiguous


def _thousands_marks(seen: set[str], numbers: Weighted, decimal: str) -> tuple[str, ...]:
    """The marks that were seen; every mark that can be one, where no number was long enough to show it."""
    if seen or not decimal or any(shape.large for shape, _ in numbers if _fits_mark(shape, decimal)):
        return tuple(mark for mark in THOUSANDS_MARKS if mark in seen)
    slips = {shape.marked for shape, _ in numbers if not _fits_mark(shape, decimal)}
    return tuple(mark for mark in (".", ",", "'", " ") if mark != decimal and mark not in slips)
