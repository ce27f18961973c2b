"""Applies the reading of a column's dates to a batch of its cells."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from inference.dates import day_number, days_of_array
from inference.files.columns.cell_texts import is_text, one_array, plain_texts
from inference.files.columns.dates.date_reading import (
    EPOCH_MILLISECONDS,
    EPOCH_SECONDS,
    EXCEL_SERIAL,
    DateReading,
)
from inference.files.columns.dates.date_texts import FIRST_YEAR, LAST_YEAR, date_text, format_day
from inference.files.columns.dates.day_parts import day_parts
from inference.files.columns.missing_words import is_missing

_ISO = r"^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?(?:Z|[+-]\d{2}(?::?\d{2})?))?)?$"
_PER_DAY = {EPOCH_SECONDS: 86_400.0, EPOCH_MILLISECONDS: 86_400_000.0}
_EXCEL_ZERO = day_number(date(1899, 12, 30))  # serial 61 is 1900-03-01; earlier ones count a day too many
_FIRST, _LAST = day_number(date(FIRST_YEAR, 1, 1)), day_number(date(LAST_YEAR, 12, 31))

Days = tuple[NDArray[np.float64], NDArray[np.bool_]]


def apply_dates(reading: DateReading, cells: pa.Array | pa.ChunkedArray) -> Days:
    """Days since 1970-01-01 ``[N]`` of cells, NaN where missing, and which cells ``[N]`` do not fit.

    The day is taken as it is written, in its own time zone. A cell that does not fit is NaN.
    """
    array = one_array(cells)
    if pa.types.is_date(array.type) or pa.types.is_timestamp(array.type):
        return _typed(array)
    if reading.layout in _PER_DAY or reading.layout == EXCEL_SERIAL:
        return _serials(reading, array)
    if pa.types.is_integer(array.type):
        array = array.cast(pa.large_string())
    if not is_text(array.type):
        return np.full(len(array), np.nan), _flags(array.is_valid())
    texts = plain_texts(array)
    known = pc.if_else(is_missing(texts, reading.missing_words, numeric=True), None, texts)
    days = _iso(known) if (reading.order, reading.sign) == ("YMD", "-") else None
    if days is None:
        days = _by_distinct(reading, known)
    return days, _flags(known.is_valid()) & np.isnan(days)


def _typed(array: pa.Array) -> Days:
    if pa.types.is_timestamp(array.type) and array.type.tz is not None:
        array = pc.local_timestamp(array)
    days = days_of_array(array.to_numpy(zero_copy_only=False))
    return _within(days, _flags(array.is_valid()))


def _within(days: NDArray[np.float64], known: NDArray[np.bool_]) -> Days:
    days = np.where((days >= _FIRST) & (days <= _LAST), days, np.nan)
    return days, known & np.isnan(days)


def _serials(reading: DateReading, array: pa.Array) -> Days:
    """Numbers that count time; a time zone is not known to them, so the day is that of UTC."""
    texts = plain_texts(array.cast(pa.large_string()))
    missing = is_missing(texts, reading.missing_words, numeric=True)
    fits = pc.and_(pc.match_substring_regex(texts, r"^-?\d+(?:\.\d*)?(?:[eE]\+?\d+)?$"), pc.invert(missing))
    numbers = pc.if_else(fits.fill_null(False), texts, None).cast(pa.float64())
    values = np.array(numbers.to_numpy(zero_copy_only=False), dtype=float)
    per_day = _PER_DAY.get(reading.layout)
    days = np.floor(values / per_day) if per_day else np.floor(values) + _EXCEL_ZERO
    if per_day is None:
        days += values < 60  # the 1900 that Excel takes for a leap year
    return _within(days, ~_flags(missing))


def _iso(texts: pa.Array) -> NDArray[np.float64] | None:
    """Days of a batch that is ISO 8601 throughout, or ``None``."""
    if not pc.all(pc.match_substring_regex(texts, _ISO)).as_py():
        return None
    try:
        days = pc.utf8_slice_codeunits(texts, 0, 10).cast(pa.string()).cast(pa.date32())
    except pa.ArrowInvalid:  # as 2024-02-30
        return None
    values = np.array(days.cast(pa.int32()).cast(pa.float64()).to_numpy(zero_copy_only=False), dtype=float)
    return np.where((values >= _FIRST) & (values <= _LAST), values, np.nan)


def _by_distinct(reading: DateReading, texts: pa.Array) -> NDArray[np.float64]:
    """Each different day is parsed once, and spread over its rows."""
    clocked = "%" in reading.layout and any(sign in reading.layout for sign in ("%H", "%I"))
    parse = _parser(reading)
    days = np.full(len(texts), np.nan)
    for rows, part in [(slice(None), texts)] if clocked else day_parts(texts):
        encoded = part.dictionary_encode()
        found = [parse(text) for text in encoded.dictionary.to_pylist()]
        parsed = np.array([np.nan if day is None else day for day in found] + [np.nan], dtype=float)
        days[rows] = parsed[encoded.indices.fill_null(len(found)).to_numpy(zero_copy_only=False)]
    return days


def _parser(reading: DateReading) -> Callable[[str], float | None]:
    if "%" in reading.layout:
        return lambda text: format_day(text, reading.layout)

    def parse(text: str) -> float | None:
        found = date_text(text, reading.century)
        if found is None or (found.layout, found.sign) != (reading.layout, reading.sign):
            return None
        if reading.order:
            return found.days.get(reading.order)
        days = set(found.days.values())
        return days.pop() if len(days) == 1 else None

    return parse


def _flags(mask: pa.Array) -> NDArray[np.bool_]:
    return np.array(mask.to_numpy(zero_copy_only=False), dtype=bool)
