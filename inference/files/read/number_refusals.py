"""Why a cell of a column of numbers does not fit how its other cells are written."""

from __future__ import annotations

import re

from inference.files.columns.numbers.number_reading import NumberReading
from inference.files.columns.reading_json import AnyReading

_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}([.,]\d{3})+")  # 1,234 or 1.234: thousands or decimals, who knows
_WITH_COMMA = re.compile(r"[+-]?(\d{1,3}(\.\d{3})+|\d+)?,\d+")
_WITH_POINT = re.compile(r"[+-]?\d*\.\d+([eE][+-]?\d+)?")
_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([ T].*)?")
_MOST = 60


def not_a_number(text: str, reading: AnyReading) -> str:
    """The refusal of a cell that the reading does not fit, as the end of a sentence about its column."""
    shown = repr(text) if len(text) <= _MOST else f"{text[: _MOST - 3]!r}..."
    plain = text.strip()
    mark = reading.decimal_mark if isinstance(reading, NumberReading) else ""
    if plain.lstrip("+-").casefold() in ("inf", "infinity"):
        return f"must be a finite number, but it is {shown}; correct it or leave the cell blank"
    if _DATE.fullmatch(plain):
        return f"must be a number, but it is {shown}, which looks like a date; correct it or leave it blank"
    if mark != "," and _GROUPED.fullmatch(plain):
        whole = plain.replace(",", "").replace(".", "")
        return (
            f"must be a number without thousands separators, but it is {shown}; write {whole} or "
            f"{plain.replace(',', '.', 1)}, whichever is meant"
        )
    if mark != "," and _WITH_COMMA.fullmatch(plain):
        return (
            f"must be a number with a decimal point, as its other cells, but it is {shown}; write "
            f"{plain.replace('.', '').replace(',', '.')}, or set the column's decimal mark to a comma"
        )
    if mark == "," and _WITH_POINT.fullmatch(plain):
        return (
            f"must be a number with a decimal comma, as its other cells, but it is {shown}; write "
            f"{plain.replace('.', ',')}, or set the column's decimal mark to a point"
        )
    return f"must be a number, but it is {shown}; correct it or leave the cell blank"
