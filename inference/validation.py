"""The one door: a caller's values in, the graph's inputs out, and a sentence for each refused row.

A single value and a column of values follow the same rules; numeric arrays only take a faster way
to the same verdicts. Nothing is repaired here: a value is taken as it is, taken as missing
(``None``, NaN, blank text in a category), or refused.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.contract import CATEGORY, Column, Contract
from inference.errors import InputError

LARGEST = float(np.finfo(np.float32).max)
_MISSING_TYPES = frozenset({"NAType", "NaTType"})  # pandas' markers, known by name to stay light


@dataclass(frozen=True)
class Checked:
    """Rows that have passed the door.

    Attributes:
        feeds: column name -> ``[N, 1]``, double for numbers, object (str) for categories. A refused
            cell stands as missing.
        problems: row -> the first thing wrong with it: the column's name and a sentence.
    """

    feeds: dict[str, NDArray[Any]]
    rows: int
    problems: dict[int, tuple[str, str]] = field(default_factory=dict)

    def raise_for_problems(self, *, single: bool = False) -> None:
        """Raise ``InputError`` about the first refused row, if any was."""
        if not self.problems:
            return
        row = min(self.problems)
        column, sentence = self.problems[row]
        if single:
            raise InputError(sentence, column=column, row=row)
        count = len(self.problems)
        more = "" if count == 1 else f" ({count} rows are refused; this is the first)"
        raise InputError(f"row {row}: {sentence}{more}", column=column, row=row)


def check_columns(contract: Contract, columns: Mapping[str, Any]) -> Checked:
    """Check a table given as columns; a column that is not given is missing in every row.

    Args:
        contract: what the model file expects.
        columns: column name -> ``N`` values (list, tuple, array, pandas Series).

    Raises:
        InputError: for an unknown column, a column that is no sequence, or unequal lengths. What is
            wrong with single rows is not raised but returned in ``problems``.
    """
    _refuse_unknown(contract, columns)
    arrays = {name: _as_array(name, values) for name, values in columns.items()}
    lengths = {name: len(values) for name, values in arrays.items()}
    if not lengths:
        raise InputError(f"at least one column must be given; known: {_listed(contract.names)}")
    if len(set(lengths.values())) > 1:
        raise InputError(f"all columns must have the same number of rows; found {lengths}")
    rows = next(iter(lengths.values()))
    checked = Checked(feeds={}, rows=rows)
    for column in contract.columns:
        values = arrays.get(column.name)
        if values is None:
            values = np.full(rows, None, dtype=object)
        checked.feeds[column.name] = check_values(column, values, checked.problems).reshape(-1, 1)
    return checked


def check_row(contract: Contract, values: Mapping[str, Any]) -> Checked:
    """Check one customer by the same rules; a column that is not given is missing.

    Raises:
        InputError: for an unknown column or a value that is refused.
    """
    _refuse_unknown(contract, values)
    checked = Checked(feeds={}, rows=1)
    for column in contract.columns:
        cells = np.empty(1, dtype=object)
        cells[0] = values.get(column.name)
        checked.feeds[column.name] = check_values(column, cells, checked.problems).reshape(-1, 1)
    checked.raise_for_problems(single=True)
    return checked


def _refuse_unknown(contract: Contract, names: Iterable[str]) -> None:
    known = contract.names
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(str(name), known, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            raise InputError(f"unknown column {name!r}; known: {_listed(known)}.{hint}", column=str(name))


def _as_array(name: str, values: Any) -> NDArray[Any]:
    if isinstance(values, np.ma.MaskedArray):
        values = np.ma.filled(values.astype(object), None)
    if isinstance(values, np.ndarray) or hasattr(values, "__array__"):
        array = np.asarray(values)
    elif isinstance(values, Sequence) and not isinstance(values, (str, bytes)):
        array = np.empty(len(values), dtype=object)
        for position, value in enumerate(values):  # one by one: a value may be a sequence itself
            array[position] = value
    else:
        raise InputError(
            f"column {name!r} must be a sequence of values, one a row, but it is {values!r}; "
            "wrap a single value in a list",
            column=name,
        )
    if array.ndim == 2 and array.shape[1] == 1:
        array = array[:, 0]
    if array.ndim != 1:
        raise InputError(
            f"column {name!r} must have one dimension, but its shape is {array.shape}", column=name
        )
    return array


def check_values(column: Column, values: NDArray[Any], problems: dict[int, tuple[str, str]]) -> NDArray[Any]:
    """Check one column: values ``[N]`` in, the graph's values ``[N]`` out.

    Refused cells come out as missing and are noted in ``problems``: row -> column and sentence.
    """
    if column.kind == CATEGORY:
        return _check_cells(column, values, problems, column.spellings)
    if values.dtype.kind in "fiu":
        return _check_numbers(column, values, problems)
    return _check_cells(column, values, problems, {})


def _check_numbers(
    column: Column, values: NDArray[Any], problems: dict[int, tuple[str, str]]
) -> NDArray[np.float64]:
    """The fast way for numeric arrays: finds suspects at once, then asks the one rule about them."""
    numbers = values.astype(np.float64)
    low, high = column.range or (-LARGEST, LARGEST)
    suspects = ~((numbers >= low) & (numbers <= high) & (np.abs(numbers) <= LARGEST))
    if column.missing_allowed:
        suspects &= ~np.isnan(numbers)
    for row in np.flatnonzero(suspects).tolist():
        _settle(column, values[row].item(), row, problems, {})
        numbers[row] = np.nan
    return numbers


def _check_cells(
    column: Column, values: NDArray[Any], problems: dict[int, tuple[str, str]], known: dict[str, str]
) -> NDArray[Any]:
    kind = object if column.kind == CATEGORY else np.float64
    checked = np.empty(len(values), dtype=kind)
    for row, value in enumerate(values):
        if type(value) is str and value in known:
            checked[row] = known[value]
        else:
            checked[row] = _settle(column, value, row, problems, known)
    return checked


def _settle(
    column: Column, value: Any, row: int, problems: dict[int, tuple[str, str]], known: dict[str, str]
) -> str | float:
    """The rule for one value: what the graph gets; a refusal is noted and stands as missing."""
    if isinstance(value, np.generic) and not isinstance(value, (np.datetime64, np.timedelta64)):
        value = value.item()  # of a time it would be a bare count of nanoseconds
    missing = "" if column.kind == CATEGORY else math.nan
    if _is_missing(column, value):
        refusal = None if column.missing_allowed else "must be given, but it is missing; fill it in"
    elif column.kind == CATEGORY:
        found = known.get(value.strip().casefold()) if isinstance(value, str) else None
        if found is not None:
            return found
        refusal = _unknown_category(column, value)
    else:
        refusal = _bad_number(column, value)
        if refusal is None:
            return float(value)
    if refusal is not None:
        problems.setdefault(row, (column.name, f"column {column.name!r} {refusal}"))
    return missing


def _is_missing(column: Column, value: Any) -> bool:
    if value is None or type(value).__name__ in _MISSING_TYPES:
        return True
    if isinstance(value, (np.datetime64, np.timedelta64)):
        return bool(np.isnat(value))
    if isinstance(value, Decimal):
        return value.is_nan()
    if isinstance(value, float):
        return math.isnan(value)
    return column.kind == CATEGORY and isinstance(value, str) and not value.strip()


def _bad_number(column: Column, value: Any) -> str | None:
    if isinstance(value, (bool, np.timedelta64)) or not isinstance(value, (Real, Decimal)):
        return f"must be a number, but it is {_shown(value)}; give it without quotes, or leave it unknown"
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if abs(number) > LARGEST:
        return f"must be a finite number in single precision, but it is {_shown(value)}; correct it"
    low, high = column.range or (-LARGEST, LARGEST)
    if not low <= number <= high:
        unit = f" {column.unit}" if column.unit else ""
        limits = f"from {low:g} to {high:g}{unit}"
        return f"must be {limits}, but it is {_shown(value)}; correct it or leave it unknown"
    return None


def _unknown_category(column: Column, value: Any) -> str:
    names = [category.value for category in column.categories]
    near = difflib.get_close_matches(str(value).strip(), names, n=1)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    return (
        f"must be one of {_listed(names)}, but it is {_shown(value)}; correct it or leave it unknown.{hint}"
    )


def _listed(names: Iterable[str]) -> str:
    return ", ".join(repr(name) for name in names)


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
