"""Reads the day of each transaction: one order of day, month and year for the whole column, or a refusal."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from inference.errors import InputError
from inference.remedies import FixInput
from inference.wording import listed, quoted
from trainer.rfm.rfm_settings import DAY_FIRST, MONTH_FIRST, ORDERS, YEAR_FIRST
from trainer.rfm.transaction_cells import encoded, texts, with_missing
from trainer.schema.table_remedies import NameColumns, SetDateFormat

YEARS = range(1900, 2201)  # beyond them a date is a placeholder or a slip
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
TIME = (
    r"(?:\s*T|\s+)\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:[AaPp]\.?[Mm]\.?)?\s*(?:Z|UTC|[+-]\d{2}:?\d{2})?$"
)
_DAY_OF_FORMAT = re.compile(r"(?:T| +)%[HI][^%]*(?:%[MSfpzZ][^%]*)*$")
_MONTH = "(?P<month>[a-z]{3,9})"
_CERTAIN = {  # whatever the order is, these read one way
    "year first": re.compile(r"(?P<year>\d{4})(?P<sign>[-/.])(?P<month>\d{1,2})(?P=sign)(?P<day>\d{1,2})"),
    "eight digits": re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})"),
    "named month": re.compile(
        rf"(?P<day>\d{{1,2}})(?P<sign>[-/ ]){_MONTH}(?P=sign)(?P<year>\d{{4}}|\d{{2}})"
    ),
    "leading month": re.compile(rf"{_MONTH} (?P<day>\d{{1,2}}),? (?P<year>\d{{4}})"),
}
_OPEN = re.compile(r"(\d{1,2})([-/. ])(\d{1,2})\2(\d{4}|\d{2})")


@dataclass(frozen=True, kw_only=True)
class Days:
    """The day of each line, ``[N]`` datetime64[D] (NaT = unreadable), and in words how it was read."""

    values: NDArray[np.datetime64]
    told: str


def read_days(column: pa.ChunkedArray, header: str, date_format: str | None) -> Days:
    """Read a column of dates, typed or text; of a time only the day is kept, as it is written.

    Raises:
        InputError: when the order of day and month stays open or differs in the column, or none is a date.
    """
    kind = column.type
    if pa.types.is_timestamp(kind) and kind.tz is not None:
        column = pc.local_timestamp(column)
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        days = column.cast(pa.timestamp("s"), safe=False).cast(pa.date32(), safe=False)
        values = days.to_numpy().astype("datetime64[D]")
        years = values.astype("datetime64[Y]").astype(int) + 1970
        values[(years < YEARS[0]) | (years > YEARS[-1])] = np.datetime64("NaT")
        if np.isnat(values).all():
            raise InputError(
                f"the column {quoted(header)} must hold dates, but it holds none from {YEARS[0]} "
                f"to {YEARS[-1]}",
                column=header,
                remedies=[NameColumns(roles=("date",))],
            )
        return Days(values=values, told=f"{header!r} holds dates already")
    codes, distinct = encoded(column)
    spelled = texts(distinct)
    day_format = None if date_format is None else _DAY_OF_FORMAT.sub("", date_format)
    if day_format is None or not re.search("%[HI]", day_format):
        spelled = pc.replace_substring_regex(spelled, TIME, "")
    again, found = encoded(pa.chunked_array([spelled]))
    days_found, told = _settle(found.to_pylist(), header, day_format)
    settled = with_missing(np.array(days_found, dtype="datetime64[D]"), "NaT")
    return Days(values=settled[with_missing(again, -1)[codes]], told=told)


def _settle(spelled: Sequence[str], header: str, day_format: str | None) -> tuple[list[date | None], str]:
    """The day of each distinct text, and how they were read."""
    if day_format is None:
        order, told = _find_order(spelled, header)
        read = _order_reader(order)
    else:
        read = _order_reader(day_format) if day_format in ORDERS else _format_reader(day_format)
        told = f"{header!r} is read as {day_format}"
    found = [read(text) for text in spelled]
    if not any(found):
        example = f"for example {quoted(spelled[0])}" if spelled else "all are empty"
        raise InputError(
            f"the column {quoted(header)} must hold dates, but none of its cells can be read as one, "
            f"{example}",
            column=header,
            remedies=[NameColumns(roles=("date",)), SetDateFormat(choices=("%d/%m/%Y",))],
        )
    return found, told


def _find_order(spelled: Sequence[str], header: str) -> tuple[str, str]:
    """The one order of day, month and year that reads every cell that is a date at all, and its proof."""
    shapes: dict[str, str] = {}
    dates: dict[str, dict[str, date]] = {}
    for text in spelled:
        shape, found = _readings(text)
        if found:
            shapes.setdefault(shape, text)
            dates[text] = found
    fitting = [order for order in ORDERS if all(order in found for found in dates.values())]
    if len(shapes) > 1 or not fitting:
        first, second = list(shapes.values())[:2] if len(shapes) > 1 else _contradiction(dates)
        raise InputError(
            f"the dates in {quoted(header)} must all be written alike, but {quoted(first)} and "
            f"{quoted(second)} are not",
            column=header,
            remedies=[FixInput(action="write them alike"), SetDateFormat(choices=ORDERS)],
        )
    _check_settled(dates, fitting, header)
    proof = next((text for text, found in dates.items() if len(found) == 1), None)
    return fitting[0], f"{header!r} is read {fitting[0]}, as {proof!r} shows" if proof else (
        f"{header!r} holds dates that read one way only, as {next(iter(dates), '')!r}"
    )


def _check_settled(dates: dict[str, dict[str, date]], fitting: Sequence[str], header: str) -> None:
    for text, found in dates.items():
        if len({found[order] for order in fitting}) > 1:
            raise InputError(
                f"the dates in {quoted(header)} must show which number is the day, but {quoted(text)} and "
                f"all the others can be read {listed(fitting)}",
                column=header,
                remedies=[SetDateFormat(choices=tuple(fitting))],
            )


def _contradiction(dates: dict[str, dict[str, date]]) -> tuple[str, str]:
    """Two texts that differ in how they can be read, where no order reads all."""
    first = min(dates, key=lambda text: len(dates[text]))
    order = next(iter(dates[first]))
    return first, next(text for text, found in dates.items() if order not in found)


def _readings(text: str) -> tuple[str, dict[str, date]]:
    """How a text is written, and the day it means by each order that gives one."""
    folded = text.casefold()
    for name, pattern in _CERTAIN.items():
        met = pattern.fullmatch(folded)
        if met is not None:
            shape = f"{name} {met.groupdict().get('sign')} {len(met['year'])}"
            found = _day(met["year"], met["month"], met["day"])
            return shape, dict.fromkeys(ORDERS, found) if found else {}
    met = _OPEN.fullmatch(folded)
    if met is None:
        return "", {}
    first, sign, second, third = met.groups()
    orders = {DAY_FIRST: (third, second, first), MONTH_FIRST: (third, first, second)}
    if sign == "-" and len(first) == len(third) == 2:
        orders[YEAR_FIRST] = (first, second, third)
    days = {order: _day(*parts) for order, parts in orders.items()}
    return f"{sign} {len(third)}", {order: day for order, day in days.items() if day}


def _order_reader(order: str) -> Callable[[str], date | None]:
    return lambda text: _readings(text)[1].get(order)


def _format_reader(day_format: str) -> Callable[[str], date | None]:
    def read(text: str) -> date | None:
        try:
            day = datetime.strptime(text, day_format).date()
        except ValueError:
            return None
        return day if day.year in YEARS else None

    return read


def _day(year: str, month: str, day: str) -> date | None:
    """A day that exists; two digits of a year mean 1969 to 2068, as in C."""
    number = int(year) + (0 if len(year) == 4 else 2000 if int(year) < 69 else 1900)
    try:
        found = date(number, MONTHS.index(month[:3]) + 1 if month.isalpha() else int(month), int(day))
    except ValueError:
        return None
    return found if found.year in YEARS else None
