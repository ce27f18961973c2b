"""Formats of ``datetime.strptime`` as the layouts of this package, and the format that fits a column."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pyarrow as pa

from inference.files.columns.dates.date_reading import (
    COMPACT,
    DAY_FIRST,
    EPOCH_MILLISECONDS,
    EPOCH_SECONDS,
    ERA,
    EXCEL_SERIAL,
    ISO_DATES,
    MONTH_FIRST,
    MONTH_ONLY,
    NAMED,
    NUMERIC,
    YEAR_FIRST,
    DateReading,
)
from inference.files.columns.dates.date_texts import format_day

ISO_FORMAT = "%Y-%m-%d"
LAYOUT_WORDS = {  # what a person sets as date_format -> the layout
    "epoch-seconds": EPOCH_SECONDS,
    "epoch-milliseconds": EPOCH_MILLISECONDS,
    "excel-serial": EXCEL_SERIAL,
    "month": MONTH_ONLY,
    "japanese-era": ERA,
}
_ORDERS = {DAY_FIRST: "dmy", MONTH_FIRST: "mdy", YEAR_FIRST: "ymd"}
_NUMERIC = re.compile(r"(%[dmyY])([-/.])(%[dmyY])\2(%[dmyY])(?:[ T,].*)?")
_TIMES = (
    "", " %H:%M", " %H:%M:%S", "T%H:%M:%S", "T%H:%M:%SZ", " %I:%M %p", " %I:%M:%S %p", ", %I:%M:%S %p",
    ", %I:%M %p", ", %H:%M", ", %H:%M:%S", "T%H:%M", " %H:%M:%S.%f", "T%H:%M:%S.%f",
)  # fmt: skip
_NAMED = ("%d %b %Y", "%d-%b-%Y", "%b %d, %Y", "%d %B %Y", "%B %d, %Y", "%d-%b-%y", "%d %b %y")
_TRIED = 50  # different cells that a format must fit


def layout_of(date_format: str) -> str:
    """The layout that a ``date_format`` sets, as ``decide_dates`` takes it.

    >>> layout_of("%d.%m.%Y"), layout_of("excel-serial"), layout_of("%d %b %Y")
    ('DMY', 'excel serial', '%d %b %Y')
    """
    met = _NUMERIC.fullmatch(date_format)
    order = "".join(part[1].upper() for part in (met[1], met[3], met[4])) if met else ""
    return LAYOUT_WORDS.get(date_format) or (order if order in _ORDERS else date_format)


def reading_of_format(date_format: str) -> DateReading:
    """How a column is read about which only its ``date_format`` is known; ISO 8601 where that is empty."""
    if not date_format:
        return ISO_DATES
    layout = layout_of(date_format)
    met = _NUMERIC.fullmatch(date_format)
    if met is None or layout not in _ORDERS:
        return DateReading(layout=layout)
    return DateReading(order=layout, layout=NUMERIC, sign=met[2], short_years="%y" in date_format)


def format_of(reading: DateReading, texts: pa.Array) -> str:
    """The format of ``strptime`` that the known cells have; empty where there is none.

    Args:
        reading: of the column.
        texts: its cells that are not missing, text or of any other type.
    """
    if reading.layout == "typed":
        return ISO_FORMAT
    for word, layout in LAYOUT_WORDS.items():
        if reading.layout == layout:
            return word
    if "%" in reading.layout:
        return reading.layout
    return fitting_format(_days(reading), reading.order, texts)


def fitting_format(days: Sequence[str], order: str, texts: pa.Array) -> str:
    """The first of some formats of days, with a time or without, that fits most cells; empty where none does.

    Where the order of the days is certain, their format is returned even if no time of day fits.
    """
    some = [str(text).strip() for text in texts.slice(0, 20 * _TRIED).unique().to_pylist()][:_TRIED]
    for day in days:
        for time in _TIMES:
            fitting = sum(format_day(text, day + time) is not None for text in some)
            if some and fitting >= 0.9 * len(some):
                return day + time
    return days[0] if order else ""


def _days(reading: DateReading) -> Sequence[str]:
    if reading.layout == COMPACT:
        return ("%Y%m%d",)
    if reading.layout == NAMED:
        return _NAMED
    year = "y" if reading.short_years else "Y"
    orders = [reading.order] if reading.order else list(_ORDERS)
    return [numeric_format(order, reading.sign, year) for order in orders]


def numeric_format(order: str, sign: str, year: str = "Y") -> str:
    """The format of a numeric date.

    >>> numeric_format("MDY", "/")
    '%m/%d/%Y'
    """
    return sign.join(f"%{part.replace('y', year)}" for part in _ORDERS[order])
