"""Finds how a column of dates is written, over all of its values; what two readings fit is not guessed."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any

import pyarrow.compute as pc

_DAY, _YEAR, _SHORT, _TIME = r"\d{1,2}", r"\d{4}", r"\d{2}", r"\d{1,2}:\d{2}"
_TRIED = 200  # values a format must fit before all are read


@dataclass(frozen=True, kw_only=True)
class DateFormats:
    """Formats that fit every value of a column, in the signs of ``strptime``; more than one is ambiguous."""

    fitting: tuple[str, ...] = ()

    @property
    def ambiguous(self) -> bool:
        """Whether the values could be read in two ways."""
        return len(self.fitting) > 1


def _formats() -> dict[str, str]:
    """Format -> the pattern its texts have, since ``strptime`` alone takes 24 for the year 24."""
    days = {f"%Y{sign}%m{sign}%d": rf"{_YEAR}{sign}{_DAY}{sign}{_DAY}" for sign in "-/."}
    for sign, (year, digits) in product("/.-", (("%Y", _YEAR), ("%y", _SHORT))):
        mark = rf"\{sign}"
        days |= {
            f"%d{sign}%m{sign}{year}": f"{_DAY}{mark}{_DAY}{mark}{digits}",
            f"%m{sign}%d{sign}{year}": f"{_DAY}{mark}{_DAY}{mark}{digits}",
        }
    days |= {
        "%d %b %Y": rf"{_DAY} [A-Za-z]{{3}} {_YEAR}",
        "%d-%b-%Y": rf"{_DAY}-[A-Za-z]{{3}}-{_YEAR}",
        "%b %d, %Y": rf"[A-Za-z]{{3}} {_DAY}, {_YEAR}",
        "%d %B %Y": rf"{_DAY} [A-Za-z]{{3,}} {_YEAR}",
        "%B %d, %Y": rf"[A-Za-z]{{3,}} {_DAY}, {_YEAR}",
    }
    times = {
        "": "",
        " %H:%M": f" {_TIME}",
        " %H:%M:%S": rf" {_TIME}:\d{{2}}",
        "T%H:%M:%S": rf"T{_TIME}:\d{{2}}",
        "T%H:%M:%SZ": rf"T{_TIME}:\d{{2}}Z",
    }
    return {
        day + time: f"^{one}{other}$" for (day, one), (time, other) in product(days.items(), times.items())
    }


FORMATS = _formats()


def find_formats(values: Any) -> DateFormats:
    """The formats that fit every one of the values, an Arrow array of text without blanks."""
    if not len(values):
        return DateFormats()
    some = values.slice(0, _TRIED)
    if not pc.all(pc.match_substring_regex(some, r"^\w{1,9}[-/. ]\w{1,9}[-/., ]+\w{2,4}")).as_py():
        return DateFormats()
    fitting = [each for each in FORMATS if fits(some, each)]
    fitting = [each for each in fitting if fits(values, each)]
    short = {each.replace("%b", "%B") for each in fitting if "%b" in each}  # May is May in both
    return DateFormats(fitting=tuple(each for each in fitting if each not in short))


def fits(values: Any, date_format: str) -> bool:
    """Whether every value is a date written so."""
    pattern = FORMATS.get(date_format)
    if pattern and not pc.all(pc.match_substring_regex(values, pattern)).as_py():
        return False
    read = pc.strptime(values, format=date_format, unit="s", error_is_null=True)
    return bool(read.null_count == values.null_count)
