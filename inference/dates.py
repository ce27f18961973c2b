"""Dates as the graph takes them, days since 1970-01-01, and back to ISO text for a person.

The time of day is dropped, and a time with an offset is taken at its own local date.
"""

from __future__ import annotations

import re
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray

_EPOCH = date(1970, 1, 1).toordinal()
FIRST_DAY, LAST_DAY = (float(end.toordinal() - _EPOCH) for end in (date.min, date.max))
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ].+)?", re.ASCII)


def day_number(day: date) -> float:
    """Days from 1970-01-01 to a date, or to the date of a ``datetime``.

    >>> day_number(date(1970, 1, 2)), day_number(datetime(1969, 12, 31, 23, 59))
    (1.0, -1.0)
    """
    return float(day.toordinal() - _EPOCH)


def iso_date(days: float) -> str:
    """The nearest date as ISO text; beyond the years 1 to 9999 the first or last there is.

    >>> iso_date(0.4), iso_date(19783)
    ('1970-01-01', '2024-03-01')
    """
    return date.fromordinal(round(min(max(days, FIRST_DAY), LAST_DAY)) + _EPOCH).isoformat()


def read_day(text: str, date_format: str = "") -> float | None:
    """Days of a date in text: ISO 8601 with hyphens, with or without a time, or ``date_format``.

    Args:
        text: what was written; blanks around it do not count.
        date_format: a format of ``datetime.strptime`` that is tried where the text is no ISO date.

    Returns:
        Days since 1970-01-01, or ``None`` where the text is no date.

    Example:
        >>> read_day("2024-03-01T23:30:00-08:00"), read_day("01.03.2024", "%d.%m.%Y"), read_day("soon")
        (19783.0, 19783.0, None)
    """
    stripped = text.strip()
    try:
        if _ISO.fullmatch(stripped):
            return day_number(datetime.fromisoformat(stripped))
    except ValueError:  # as 2024-02-30; it may still be right in the other format
        pass
    try:
        return day_number(datetime.strptime(stripped, date_format)) if date_format else None
    except ValueError:
        return None


def days_of_array(values: NDArray[np.datetime64]) -> NDArray[np.float64]:
    """Days ``[N]`` of an array of ``datetime64``; NaN where it is NaT.

    >>> days_of_array(np.array(["1969-12-31T23:00", "NaT"], dtype="datetime64[s]")).tolist()
    [-1.0, nan]
    """
    whole = values.astype("datetime64[D]")
    return np.where(np.isnat(whole), np.nan, whole.astype(np.int64).astype(np.float64))


def array_of_days(days: NDArray[np.float64]) -> NDArray[np.datetime64]:
    """The nearest dates ``[N]`` to days, as ``datetime64[D]``; NaT where they are NaN.

    >>> array_of_days(np.array([0.4, np.nan])).astype(str).tolist()
    ['1970-01-01', 'NaT']
    """
    known = np.where(np.isnan(days), 0.0, np.rint(days)).astype(np.int64).astype("datetime64[D]")
    return np.where(np.isnan(days), np.datetime64("NaT", "D"), known)
