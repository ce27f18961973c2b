"""How the dates of a column are written: one reading, stored as JSON and applied to any batch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

DAY_FIRST, MONTH_FIRST, YEAR_FIRST = ORDERS = ("DMY", "MDY", "YMD")
MONTH_ONLY, ERA, COMPACT, NAMED, NUMERIC = "month", "japanese era", "compact", "named", "numeric"
EPOCH_SECONDS, EPOCH_MILLISECONDS, EXCEL_SERIAL = "epoch seconds", "epoch milliseconds", "excel serial"
ASKED_LAYOUTS = (EPOCH_SECONDS, EPOCH_MILLISECONDS, EXCEL_SERIAL, MONTH_ONLY, ERA)
CENTURY = 1969  # two digits of a year mean one of the hundred from here on, as in POSIX strptime


@dataclass(frozen=True, kw_only=True)
class DateReading:
    """How the dates of a column are written.

    Attributes:
        order: ``"DMY"``, ``"MDY"`` or ``"YMD"``; empty where every cell reads one way only, and then
            a cell such as ``03/04/2024`` does not fit.
        layout: ``"numeric"``, ``"named"``, ``"compact"``, one of ``ASKED_LAYOUTS``, ``"typed"`` for cells
            that are dates already, or ``"%..."``, a format of ``datetime.strptime``.
        sign: between the numbers of a numeric date.
        short_years: whether years have two digits; century: the first of the hundred years they can mean.
        missing_words: further words for missing, as the user gave them.
        evidence: sentences about what was seen; not stored.
    """

    order: str = ""
    layout: str = NUMERIC
    sign: str = ""
    short_years: bool = False
    century: int = CENTURY
    missing_words: tuple[str, ...] = ()
    evidence: tuple[str, ...] = field(default=(), compare=False)

    def sentence(self) -> str:
        """How the cells are read, once for the column."""
        names = {"DMY": "day first", "MDY": "month first", "YMD": "year first"}
        read = f"dates, {names[self.order]}" if self.order else f"dates, {self.layout}"
        years = f"two-digit years mean {self.century} to {self.century + 99}"
        return f"{read}; {years}" if self.short_years else read

    def to_json(self) -> dict[str, Any]:
        """The reading for a contract; it holds no value of a cell."""
        return {name: value for name, value in asdict(self).items() if name != "evidence"}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> DateReading:
        """The reading that ``to_json`` wrote; fields it does not know are ignored."""
        known = {each.name for each in fields(cls)} & set(document)
        values = {name: document[name] for name in known}
        return cls(**{**values, "missing_words": tuple(values.get("missing_words", ()))})


ISO_DATES = DateReading(order=YEAR_FIRST, layout=NUMERIC, sign="-")
