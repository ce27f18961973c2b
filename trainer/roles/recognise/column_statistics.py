"""What a column holds, measured once: counts over all rows, shapes over a sample of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from inference.files.columns.cell_texts import is_text, one_array, plain_texts
from inference.files.columns.column_reading import (
    DATES,
    DURATIONS,
    NUMBERS,
    ColumnReading,
    apply_reading,
)
from inference.files.columns.dates.date_reading import DateReading
from inference.files.columns.dates.date_texts import date_text
from inference.files.columns.dates.strptime_formats import (
    LAYOUT_WORDS,
    fitting_format,
    format_of,
    numeric_format,
)
from inference.files.columns.missing_words import is_missing
from inference.files.columns.numbers.number_decision import decide_numbers
from inference.files.columns.numbers.number_reading import NumberReading
from inference.kinds.number import LARGEST

SAMPLE_ROWS = 100_000  # enough for shares, skew and correlations; counts are over all rows
LEVELS_KEPT = 1_000  # the most frequent values that are looked at one by one
PADDED_DIGITS = 3  # at least; fewer are a month or a day
FEW_NEGATIVE = 0.05  # share of the numbers up to which an amount is one with some returns
MANY_NUMBERS = 50_000  # different numbers; no category has as many, so their texts are not counted


@dataclass(frozen=True, kw_only=True)
class NumberFacts:
    """A column of numbers.

    Attributes:
        distinct: how many different numbers; top_share: share of the most frequent one among the known.
        whole: whether all are whole; rising: whether each is above the one in the row before.
        skew: of the sample; skew_log: of its log1p, negative numbers as 0, NaN where more than a few are.
        negative: how many are below 0.
        sample: ``[S]`` of the rows every column is sampled at, NaN where missing.
        refused: cells that are neither blank nor a number.
    """

    low: float
    high: float
    distinct: int
    top_share: float
    whole: bool
    rising: bool
    skew: float
    skew_log: float
    refused: int
    sample: NDArray[np.float64] = field(repr=False)
    negative: int = 0


@dataclass(frozen=True, kw_only=True)
class DateFormats:
    """Formats of ``strptime`` that the dates of a column have; more than one where it is not clear which.

    One that is an empty text means dates that no format describes.
    """

    fitting: tuple[str, ...] = ()

    @property
    def ambiguous(self) -> bool:
        """Whether the values could be read in two ways."""
        return len(self.fitting) > 1


@dataclass(frozen=True, kw_only=True)
class Facts:
    """One column of a table.

    Attributes:
        known: cells that are not blank, of ``rows``.
        distinct: different values among them, before spellings are folded.
        levels: the most frequent values, folded by case, each in its most frequent spelling.
        words, letters: on average, a value.
        number: what it is as a number, ``None`` where most cells are not numbers.
        dates: how its dates are written; without a format where they are not dates.
        position: of the column in the table, from 0.
        padded: whether the cells are digits of one length, some with a zero in front.
        column: how its cells are read; missing_words: further words for missing, as the user gave them.
    """

    header: str
    rows: int
    known: int
    distinct: int
    levels: tuple[tuple[str, int], ...] = field(repr=False)
    words: float
    letters: float
    number: NumberFacts | None
    number_share: float
    dates: DateFormats
    column: ColumnReading
    position: int = -1
    padded: bool = False
    missing_words: tuple[str, ...] = ()

    @property
    def missing_share(self) -> float:
        """Share of the rows without a value, cells that are not numbers among them."""
        refused = 0 if self.number is None else self.number.refused
        return 1.0 - (self.known - refused) / self.rows if self.rows else 1.0


def sampled_rows(rows: int, seed: int = 0) -> NDArray[np.int64]:
    """Positions of the rows that are sampled, ascending; all of a table that is not larger."""
    if rows <= SAMPLE_ROWS:
        return np.arange(rows)
    return np.sort(np.random.default_rng(seed).choice(rows, SAMPLE_ROWS, replace=False))


def look_at(
    header: str,
    cells: Any,
    column: ColumnReading,
    rows: NDArray[np.int64],
    missing_words: tuple[str, ...] = (),
) -> Facts:
    """Measure one column; shapes are measured on the sampled ``rows`` ``[S]``."""
    array = one_array(cells)
    cell_texts = texts(array, missing_words, numeric=column.kind in (NUMBERS, DATES, DURATIONS))
    known = len(cell_texts) - cell_texts.null_count
    number = None
    if column.kind in (NUMBERS, DURATIONS) and column.reading is not None:
        values, misfits = column.parsed_cells(array)
        known = int((np.isfinite(values) | misfits).sum())
        cell_texts = pc.if_else(pa.array(np.isfinite(values) | misfits), cell_texts, None)
        number = number_facts(values, known, rows) if (np.abs(values) <= LARGEST).any() else None
    many = number is not None and number.distinct > MANY_NUMBERS
    counts = pc.value_counts(cell_texts.drop_null()) if not many else None
    distinct = number.distinct if number is not None and counts is None else len(counts or ())
    seen = cell_texts.take(pa.array(rows)).drop_null()
    return Facts(
        header=header,
        rows=len(cell_texts),
        known=known,
        distinct=distinct,
        levels=() if counts is None else _levels(counts),
        words=float(pc.mean(pc.count_substring_regex(seen, r"\S+")).as_py() or 0.0),
        letters=float(pc.mean(pc.utf8_length(seen)).as_py() or 0.0),
        number=number,
        number_share=1.0 if number is not None else _number_share(array, rows),
        dates=_dates(column, cell_texts),
        column=column,
        padded=is_text(array.type) and number is not None and number.whole and _is_padded(cell_texts),
        missing_words=missing_words,
    )


def _is_padded(cell_texts: Any) -> bool:
    """Whether all texts are digits of one length, some with a zero in front."""
    known = cell_texts.drop_null()
    lengths = pc.min_max(pc.utf8_length(known)).as_py()
    if not len(known) or lengths["min"] != lengths["max"] or lengths["max"] < PADDED_DIGITS:
        return False
    digits = pc.all(pc.match_substring_regex(known, r"^\d+$")).as_py()
    return bool(digits and pc.any(pc.starts_with(known, "0")).as_py())


def texts(array: Any, missing_words: tuple[str, ...], *, numeric: bool) -> Any:
    """Every cell as trimmed text, null where it is missing; a whole number is written without a point.

    Args:
        numeric: whether words that mean missing among numbers are missing.
    """
    if is_text(array.type):
        trimmed = pc.utf8_trim_whitespace(array)
        return pc.if_else(is_missing(plain_texts(trimmed), missing_words, numeric=numeric), None, trimmed)
    if pa.types.is_floating(array.type) or pa.types.is_decimal(array.type):
        array = array.cast(pa.float64(), safe=False)  # as the validation reads it
        array = pc.if_else(pc.is_finite(array), array, None)
        whole = pc.all(pc.equal(array, pc.floor(array))).as_py()
        if whole and (pc.max(pc.abs(array)).as_py() or 0) < 2**53:
            array = array.cast(pa.int64())
    return array.cast(pa.large_string())


def _number_share(array: Any, rows: NDArray[np.int64]) -> float:
    """Share of numbers among the sampled known cells of a column that is not one of numbers."""
    if not is_text(array.type):
        return 0.0
    seen = array.take(pa.array(rows))
    reading = decide_numbers(seen)
    if not isinstance(reading, NumberReading):
        return 0.0
    values, misfits = apply_reading(reading, seen)
    known = np.isfinite(values).sum() + misfits.sum()
    return float(np.isfinite(values).sum() / known) if known else 0.0


def number_facts(values: NDArray[np.float64], known: int, rows: NDArray[np.int64]) -> NumberFacts:
    """Measure numbers ``[N]``, NaN where missing; skew is measured on the sampled ``rows`` ``[S]``.

    Args:
        known: cells that are not blank, numbers or not.
    """
    values = np.where(
        np.abs(values) <= LARGEST, values, np.nan
    )  # what the validation refuses is not a number
    there = values[np.isfinite(values)]
    counts = pc.value_counts(pa.array(there)).field("counts").to_numpy()
    sample = values[rows]
    seen = sample[np.isfinite(sample)]
    varied = len(seen) > 2 and bool(seen.min() < seen.max())
    negative = int((there < 0).sum())
    few = negative <= FEW_NEGATIVE * len(there)
    return NumberFacts(
        low=float(there.min()),
        high=float(there.max()),
        distinct=len(counts),
        top_share=float(counts.max() / len(there)),
        whole=bool((there == np.round(there)).all()),
        rising=len(there) == len(values) and bool((np.diff(there) > 0).all()),
        skew=_skew(seen) if varied else 0.0,
        skew_log=_skew(np.log1p(seen.clip(0.0))) if varied and few else float("nan"),
        refused=known - len(there),
        sample=sample,
        negative=negative,
    )


def _skew(values: NDArray[np.float64]) -> float:
    """The third central moment over the second to the power 1.5; zero where rounding leaves no spread."""
    deviations = values - values.mean()
    square = float((deviations**2).mean())
    return float((deviations**3).mean()) / square**1.5 if square > 0 else 0.0


def _levels(counts: Any) -> tuple[tuple[str, int], ...]:
    """The most frequent values with their counts; spellings that differ by case are one value."""
    order = pc.sort_indices(counts.field("counts"), sort_keys=[("", "descending")])[:LEVELS_KEPT]
    picked = counts.take(order)
    values = picked.field("values").to_pylist()
    pairs = sorted(zip(values, picked.field("counts").to_pylist(), strict=True), key=_most_frequent_first)
    written = "\n".join(values)
    if written == written.casefold():
        return tuple(pairs)
    folded: dict[str, tuple[str, int]] = {}
    for value, count in pairs:
        spelling, so_far = folded.get(value.casefold(), (value, 0))
        folded[value.casefold()] = (spelling, so_far + count)
    return tuple(sorted(folded.values(), key=_most_frequent_first))


def _most_frequent_first(level: tuple[str, int]) -> tuple[int, str]:
    return -level[1], level[0]


def _dates(column: ColumnReading, cell_texts: Any) -> DateFormats:
    if column.kind != DATES:
        return DateFormats()
    known = cell_texts.drop_null()
    if isinstance(column.reading, DateReading):
        return DateFormats(fitting=(format_of(column.reading, known),))
    choices = () if column.refusal is None else column.refusal.choices
    return DateFormats(fitting=tuple(_format(choice, known) for choice in choices) or ("", ""))


def _format(choice: str, known: Any) -> str:
    """The format of an order that a user can choose, or the word for another choice."""
    days = (date_text(text[:10].strip(", ")) for text in known.slice(0, LEVELS_KEPT).to_pylist())
    found = next(filter(None, days), None)
    if found is None or choice not in ("DMY", "MDY", "YMD"):
        return next((word for word, layout in LAYOUT_WORDS.items() if layout == choice), choice)
    day = numeric_format(choice, found.sign, "y" if found.short_year else "Y")
    return fitting_format([day], choice, known)
