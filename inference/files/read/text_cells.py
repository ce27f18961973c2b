"""From a file's cells to the graph's values: the rules of ``inference.validation``, a column at a time.

A file's text is only parsed here: a number as written with the column's decimal mark, a blank cell or a word
such as ``NA`` as missing. What the value may be is for the one door to say, asked once per different text.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from inference.contract import Column
from inference.kinds.registry import kind_of
from inference.validation import check_values

MISSING_WORDS = ("", "na", "n/a", "#n/a", "nan", "null", "none", "<na>")
COMMA_SHARE = 0.05  # of a column's numbers; a lone 12,5 among many whole numbers is a slip, no decimal comma
COMMA_SHARE_QUOTED = 0.6  # where the comma parts cells: a number that needs quotes is more likely a slip
POINT_SHARE = 0.05  # of those with a comma; a few slips in a column with decimal commas
_POINT = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"
_COMMA = r"^[+-]?((\d{1,3}(\.\d{3})+|\d+)(,\d*)?|,\d+)([eE][+-]?\d+)?$"
_GROUPED = r"^[+-]?[1-9]\d{0,2}([.,]\d{3})+$"  # 1,234 or 1.234: thousands or decimals, who knows
_WITH_COMMA = r"^[+-]?(\d{1,3}(\.\d{3})+|\d+)?,\d+$"
_WITH_POINT = r"^[+-]?\d*\.\d+([eE][+-]?\d+)?$"
_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([ T].*)?")

Problems = dict[int, tuple[str, str]]


def settle(
    column: Column, cells: pa.Array, problems: Problems, *, decimal_comma: bool = False
) -> NDArray[Any]:
    """The graph's values ``[N]`` of a column; a refused cell is missing, and noted in ``problems``."""
    cells = plain(cells)
    if pa.types.is_null(cells.type):
        cells = pa.array([""] * len(cells), pa.string())
    if is_text(cells.type):
        text = cells.fill_null("")
        if kind_of(column).numeric_text:
            return _settle_numbers(column, text, problems, decimal_comma)
        return _settle_distinct(column, text, problems)
    if kind_of(column).numeric_text and is_numeric(cells.type):
        numbers = cells.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)
        return check_values(column, numbers, problems)
    return _settle_distinct(column, cells, problems)


def plain(cells: pa.Array) -> pa.Array:
    """Dictionaries unfolded, every kind of text as ``string``, and times in what Python has a type for."""
    if pa.types.is_dictionary(cells.type):
        cells = cells.dictionary_decode()
    kind = cells.type
    if is_text(kind) or is_bytes(kind):
        try:
            return cells.cast(pa.string())
        except pa.ArrowInvalid:  # bytes that are no text
            return cells
    if pa.types.is_timestamp(kind):
        return cells.cast(pa.timestamp("us", tz=kind.tz), safe=False)
    if pa.types.is_duration(kind):
        return cells.cast(pa.duration("us"), safe=False)
    return cells.cast(pa.time64("us"), safe=False) if pa.types.is_time64(kind) else cells


def is_text(kind: pa.DataType) -> bool:
    """Whether a column's cells are text."""
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def is_bytes(kind: pa.DataType) -> bool:
    """Whether a column's cells are bytes, which old writers keep text in."""
    return bool(
        pa.types.is_binary(kind)
        or pa.types.is_large_binary(kind)
        or pa.types.is_fixed_size_binary(kind)
        or pa.types.is_binary_view(kind)
    )


def is_numeric(kind: pa.DataType) -> bool:
    """Whether a column's cells are numbers; true and false are none."""
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind))


def text_numbers(
    cells: pa.Array, *, decimal_comma: bool = False
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """The numbers ``[N]`` that texts are, NaN where missing, and which cells ``[N]`` are no numbers."""
    if not decimal_comma:
        try:
            return cells.cast(pa.float64()).to_numpy(zero_copy_only=False), np.zeros(len(cells), dtype=bool)
        except pa.ArrowInvalid:
            pass  # blank cells, spaces or words: looked at more closely
    text = pc.utf8_trim_whitespace(cells)
    missing = pc.is_in(pc.utf8_lower(text), value_set=pa.array(MISSING_WORDS, cells.type))
    fits = pc.match_substring_regex(text, _COMMA if decimal_comma else _POINT)
    numeric = pc.and_not(fits, missing)
    if decimal_comma:
        text = pc.replace_substring(pc.replace_substring(text, ".", ""), ",", ".")
    numbers = pc.if_else(numeric, text, None).cast(pa.float64()).to_numpy(zero_copy_only=False)
    bad = pc.invert(pc.or_(numeric, missing)).to_numpy(zero_copy_only=False)
    return numbers, bad


def uses_decimal_comma(cells: pa.Array, *, share: float = COMMA_SHARE) -> bool:
    """Whether a column of text writes its numbers with a decimal comma, by the cells that can only be so.

    ``share`` is how much of the numbers those cells must be.
    """
    cells = plain(cells)
    if not is_text(cells.type):
        return False
    text = pc.utf8_trim_whitespace(cells.fill_null(""))
    grouped = pc.match_substring_regex(text, _GROUPED)
    commas = _count(pc.and_not(pc.match_substring_regex(text, _WITH_COMMA), grouped))
    points = _count(pc.and_not(pc.match_substring_regex(text, _WITH_POINT), grouped))
    whole = _count(pc.match_substring_regex(text, r"^[+-]?\d+$"))
    words = _count(pc.not_equal(text, "")) - commas - points - whole - _count(grouped)
    enough = commas >= share * (commas + points + whole) and words <= commas + whole
    return commas > 0 and enough and points <= POINT_SHARE * commas


def _settle_numbers(column: Column, text: pa.Array, problems: Problems, comma: bool) -> NDArray[Any]:
    numbers, bad = text_numbers(text, decimal_comma=comma)
    for row in np.flatnonzero(bad).tolist():
        sentence = f"column {column.name!r} {_not_a_number(text[row].as_py(), comma)}"
        problems.setdefault(row, (column.name, sentence))
    return check_values(column, numbers, problems)


def _settle_distinct(column: Column, cells: pa.Array, problems: Problems) -> NDArray[Any]:
    """Ask the door about each different cell once, and spread its verdicts over the rows."""
    if pa.types.is_nested(cells.type):  # whatever stands in them, it is no value of a customer
        values = np.empty(len(cells), dtype=object)
        values[:] = cells.to_pylist()
        return check_values(column, values, problems)
    encoded = cells.dictionary_encode()
    different = np.empty(len(encoded.dictionary) + 1, dtype=object)
    different[:-1] = [_said(column, value) for value in encoded.dictionary.to_pylist()]
    refused: Problems = {}
    verdicts = check_values(column, different, refused)
    places = encoded.indices.fill_null(len(different) - 1).to_numpy(zero_copy_only=False)
    if refused:
        for row in np.flatnonzero(np.isin(places, list(refused))).tolist():
            problems.setdefault(row, refused[int(places[row])])
    return np.asarray(verdicts[places])


def _said(column: Column, value: Any) -> Any:
    """A cell for the door: words for missing are missing, unless the column knows them as a category."""
    if isinstance(value, str):
        folded = value.strip().casefold()
        if folded in MISSING_WORDS and folded not in column.spellings:
            return None
    return value


def _not_a_number(text: str, comma: bool) -> str:
    shown = repr(text) if len(text) <= 60 else f"{text[:57]!r}..."
    plain = text.strip()
    if plain.lstrip("+-").casefold() in ("inf", "infinity"):
        return f"must be a finite number, but it is {shown}; correct it or leave the cell blank"
    if _DATE.fullmatch(plain):
        return f"must be a number, but it is {shown}, which looks like a date; correct it or leave it blank"
    if not comma and "," in plain and re.fullmatch(_GROUPED, plain):
        whole = plain.replace(",", "").replace(".", "")
        return (
            f"must be a number without marks between thousands, but it is {shown}; write {whole} or "
            f"{plain.replace(',', '.', 1)}, whichever is meant"
        )
    if not comma and re.fullmatch(_WITH_COMMA, plain):
        return (
            f"must be a number with a decimal point, as its other cells, but it is {shown}; write "
            f"{plain.replace('.', '').replace(',', '.')}, or say that the column has decimal commas"
        )
    if comma and re.fullmatch(_WITH_POINT, plain):
        return (
            f"must be a number with a decimal comma, as its other cells, but it is {shown}; write "
            f"{plain.replace('.', ',')}, or say that the column has decimal points"
        )
    return f"must be a number, but it is {shown}; correct it or leave the cell blank"


def _count(mask: pa.Array) -> int:
    return int(pc.sum(mask).as_py() or 0)
