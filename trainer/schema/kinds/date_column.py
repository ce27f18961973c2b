"""Dates in training: days since 1970-01-01."""

from __future__ import annotations

import json
import math
import warnings
from collections.abc import Callable, Iterator
from datetime import datetime

from inference.contract import DATE, Column
from inference.dates import day_number, iso_date, read_day
from inference.files.columns.dates.strptime_formats import LAYOUT_WORDS
from trainer.schema.kinds.declared import Declared
from trainer.schema.kinds.ordered_column import OrderedColumn

DAYS = (datetime(1999, 12, 31), datetime(2024, 3, 1))  # what a date_format is tried with
_WORDS = (
    ("Low", "Early"), ("High", "Late"), ("low", "earli"), ("higher", "later"), ("highest", "latest"),
)  # fmt: skip


class DateColumn(OrderedColumn):
    """A column of dates."""

    name = DATE
    is_date = True
    settings = ("date_format",)
    graph_note = " A date is a double, too: days since 1970-01-01."

    def problems(self, spec: Declared, of: str) -> Iterator[str]:
        """A format that does not give back whole dates, or writes another ISO date."""
        for day in DAYS if spec.date_format and spec.date_format not in LAYOUT_WORDS else ():
            yield from _format_problems(spec.date_format, of, day)

    def value_text(self, value: float, write: Callable[[float], str]) -> str:
        """The date as ISO text."""
        del write
        return iso_date(value)

    def position_word(self, word: str) -> str:
        """Low is early, and high is late."""
        for plain, of_date in _WORDS:
            word = word.replace(plain, of_date)
        return word

    def example(self, column: Column) -> str:
        """The middle date."""
        return json.dumps(iso_date(column.quantiles.get(0.5, 0.0)))

    def limit_text(self, spec: Declared, value: float) -> str:
        """The last date of the lower half."""
        del spec
        return iso_date(math.floor(value))


def _format_problems(date_format: str, of: str, day: datetime) -> Iterator[str]:
    try:
        written = day.strftime(date_format)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of one without a year, refused below
            read = datetime.strptime(written, date_format)
            again = read_day(written, date_format)
    except ValueError as error:
        yield (
            f"the date_format {of} must be one of datetime.strptime, such as '%d.%m.%Y', but it is "
            f"{date_format!r}: {error}"
        )
        return
    if read.date() != day.date() or again != day_number(day):
        yield (
            f"the date_format {of} must contain year, month and day, and not look like ISO for another day, "
            f"but {date_format!r} writes {day.date()} as {written!r}"
        )
