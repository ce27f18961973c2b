"""One date as text: which days it can mean, by the order of day, month and year."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime

from inference.dates import day_number
from inference.files.columns.dates.calendar_words import FILLERS, MONTHS, WEEKDAYS, folded
from inference.files.columns.dates.date_reading import (
    CENTURY,
    COMPACT,
    DAY_FIRST,
    ERA,
    MONTH_FIRST,
    MONTH_ONLY,
    NAMED,
    NUMERIC,
    ORDERS,
    YEAR_FIRST,
)

FIRST_YEAR, LAST_YEAR = 1900, 2200  # other years are placeholders or slips

TIME = (  # a time of day after a date, with what may follow it
    r"(?:(?:[T,]| at| um| à| a las)? *\d{1,2}[:h]\d{2}(?::\d{2}(?:[.,:]\d+)?)?"
    r"(?: ?[AaPp]\.? ?[Mm]\.?)?(?: ?(?:Z|(?:GMT|UTC)?[+-]\d{1,2}(?::?\d{2})?|[A-Z]{2,5}))?(?: ?\(.*\))?"
    r"|T\d{4}(?:\d{2})?Z?)"
)
_NUMBERS = re.compile(r"(\d{1,4})(?:([-/.]) ?|( ))(\d{1,2})(?:\2|\3) ?(\d{1,4})\.?")
_EAST = re.compile(r"(\d{4}|\d{2}) ?[年년] ?(\d{1,2}) ?[月월] ?(\d{1,2}) ?[日일号]?(?: ?\(?\w{1,3}\)?)?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_MONTH_ONLY = re.compile(r"(\d{4})[-/.年](\d{1,2})月?|(\d{1,2})[-/.](\d{4})")
_ERA = re.compile(r"(明治|大正|昭和|平成|令和|[MTSHR]) ?(\d{1,2}|元)[年./-] ?(\d{1,2})[月./-] ?(\d{1,2})日?")
_ERA_STARTS = {"明治": 1868, "大正": 1912, "昭和": 1926, "平成": 1989, "令和": 2019}
_ERA_STARTS |= {"M": 1868, "T": 1912, "S": 1926, "H": 1989, "R": 2019}
_ORDINAL = re.compile(r"(\d{1,2})(?:st|nd|rd|th|er|re|º|ª|°)")


@dataclass(frozen=True, kw_only=True)
class DateText:
    """What a text may mean.

    Attributes:
        layout: how it is written, one of the constants of ``date_reading``; sign: between its numbers.
        short_year: whether its year has two digits.
        days: days since 1970-01-01, by each order that gives a day.
    """

    layout: str
    sign: str = ""
    short_year: bool = False
    days: dict[str, float] = field(default_factory=dict)


def date_text(text: str, century: int = CENTURY) -> DateText | None:
    """The days that a text without its time of day can mean; ``None`` where it is not a date.

    >>> date_text("03/04/2024").days
    {'DMY': 19816.0, 'MDY': 19786.0}
    """
    met = _NUMBERS.fullmatch(text)
    if met is not None:
        return _numeric(met, century)
    met = _COMPACT.fullmatch(text)
    if met is not None:
        return _certain(COMPACT, _day(*map(int, met.groups())))
    met = _EAST.fullmatch(text)
    if met is not None:
        return _certain(NAMED, _day(full_year(met[1], century), int(met[2]), int(met[3])))
    met = _MONTH_ONLY.fullmatch(text)
    if met is not None:
        year, month = (met[1], met[2]) if met[1] else (met[4], met[3])
        return _certain(MONTH_ONLY, _day(int(year), int(month), 1))
    met = _ERA.fullmatch(text)
    if met is not None:
        year = _ERA_STARTS[met[1]] + (1 if met[2] == "元" else int(met[2])) - 1
        return _certain(ERA, _day(year, int(met[3]), int(met[4])))
    return _named(text, century)


def _numeric(met: re.Match[str], century: int) -> DateText | None:
    first, sign, second, third = met[1], met[2] or met[3], met[4], met[5]
    if len(first) == 3 or len(third) == 3 or len(first) + len(third) > 6:
        return None
    orders: dict[str, tuple[str, str, str]] = {}
    if len(first) == 4:
        orders[YEAR_FIRST] = (first, second, third)
    elif len(third) >= 2:
        orders = {DAY_FIRST: (third, second, first), MONTH_FIRST: (third, first, second)}
        if len(first) == len(third) == 2 and sign != " ":
            orders[YEAR_FIRST] = (first, second, third)
    found = {
        order: _day(full_year(year, century), int(month), int(day))
        for order, (year, month, day) in orders.items()
    }
    days = {order: day for order, day in found.items() if day is not None}
    return DateText(layout=NUMERIC, sign=sign, short_year=4 not in (len(first), len(third)), days=days)


def _named(text: str, century: int) -> DateText | None:
    """A date with the name of its month, and of its weekday or none."""
    words = [word for word in re.split(r"[\s,./()\-]+", text) if word]
    if not 3 <= len(words) <= 8:
        return None
    words = [word for word in (folded(word) for word in words) if word not in FILLERS]
    names = [word for word in words if not word[0].isdigit()]
    for name in names:
        if len(names) > 1 and name in WEEKDAYS:
            words.remove(name)
            names = [each for each in names if each is not name]
    if len(words) != 3 or len(names) != 1 or names[0] not in MONTHS:
        return None
    index = words.index(names[0])
    numbers = [_ORDINAL.sub(r"\1", word) for word in words if word != names[0]]
    if index == 2 or not all(number.isdigit() and len(number) in (1, 2, 4) for number in numbers):
        return None
    day, year = numbers if len(numbers[0]) < 3 else numbers[::-1]
    if len(day) > 2 or len(year) == 1:
        return None
    found = _certain(NAMED, _day(full_year(year, century), MONTHS[names[0]], int(day)))
    return DateText(layout=NAMED, short_year=len(year) == 2, days=found.days)


def _certain(layout: str, day: float | None) -> DateText:
    return DateText(layout=layout, days={} if day is None else dict.fromkeys(ORDERS, day))


def full_year(year: str, century: int = CENTURY) -> int:
    """A year of four digits or, of two, the one in the hundred years from ``century`` on.

    >>> full_year("68"), full_year("69"), full_year("2024")
    (2068, 1969, 2024)
    """
    number = int(year)
    return number if len(year) > 2 else century + (number - century) % 100


def _day(year: int, month: int, day: int) -> float | None:
    """Days since 1970-01-01 of a day that exists, within the years that are read."""
    try:
        return day_number(date(year, month, day)) if FIRST_YEAR <= year <= LAST_YEAR else None
    except ValueError:
        return None


def format_day(text: str, date_format: str) -> float | None:
    """Days since 1970-01-01 of a text in a format of ``datetime.strptime``."""
    try:
        found = datetime.strptime(text, date_format)
    except ValueError:
        return None
    return day_number(found) if FIRST_YEAR <= found.year <= LAST_YEAR else None
