"""The single validation: a caller's values in, the graph's inputs out, and a sentence for each refused row.

A single value and a column of values follow the same rules, ``inference.kinds.cell_rules``; arrays of
numbers and of ``datetime64`` only take a faster way to the same results.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.contract import Column, Contract
from inference.errors import InputError
from inference.kinds.cell_rules import is_missing, parse_as, parse_cell
from inference.kinds.kind import Kind
from inference.kinds.registry import kind_of
from inference.kinds.row_problems import RowProblems
from inference.wording import counted, nearest, quoted, quoted_names, shortened

FEW = 16  # categories that are compared one after the other, and rows for which that pays
Table = Mapping[str, Any] | Sequence[Mapping[str, Any]] | Any  # columns, rows, or a DataFrame


@dataclass(frozen=True)
class Checked:
    """Rows that have passed the validation.

    Attributes:
        feeds: column name -> ``[N, 1]``, double for numbers and dates (days), object (str) for
            categories. A refused
            cell counts as missing.
        problems: row -> the first thing wrong with it: the column's name and a sentence.
    """

    feeds: dict[str, NDArray[Any]]
    rows: int
    problems: Mapping[int, tuple[str, str]] = field(default_factory=dict)

    def raise_for_problems(self) -> None:
        """Raise ``InputError`` about the first refused row, if any was."""
        if not self.problems:
            return
        row = min(self.problems)
        column, sentence = self.problems[row]
        count = len(self.problems)
        more = "" if count == 1 else f" ({counted(count, 'row')} are refused; this is the first)"
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
        raise InputError(f"at least one column must be given; known: {quoted_names(contract.names)}")
    if len(set(lengths.values())) > 1:
        found = shortened(str(lengths))
        raise InputError(f"all columns must have the same number of rows; found {found}")
    rows = next(iter(lengths.values()))
    problems = RowProblems(rows)
    checked = Checked(feeds={}, rows=rows, problems=problems)
    for column in contract.columns:
        values = arrays.get(column.name)
        if values is None:
            if column.missing_allowed:
                checked.feeds[column.name] = np.broadcast_to(kind_of(column).unknown(1), (rows, 1))
                continue
            values = np.full(rows, None, dtype=object)
        checked.feeds[column.name] = check_values(column, values, problems).reshape(-1, 1)
    return checked


def check_table(contract: Contract, table: Table) -> Checked:
    """Check a table given as columns, as rows, or as a DataFrame.

    Raises:
        InputError: when it is none of them, or as ``check_columns`` does.
    """
    if isinstance(table, Mapping):
        return check_columns(contract, table)
    if isinstance(table, Sequence) and not isinstance(table, (str, bytes)):
        return check_columns(contract, _columns_of(contract, table))
    from inference.files.read.frames import frame_columns

    return check_columns(contract, frame_columns(contract, table))


def _columns_of(contract: Contract, rows: Sequence[Any]) -> dict[str, list[Any]]:
    """Rows as columns; what a row leaves out is missing."""
    known = set(contract.names)
    for index, row in enumerate(rows):
        if not isinstance(row, Mapping):
            raise InputError(
                f"row {index}: must be a mapping of column names to values, but it is {quoted(row)}; "
                "give a list of dictionaries, or a dictionary of columns",
                row=index,
            )
        if not row.keys() <= known:
            _refuse_unknown(contract, row, row=index)
    return {name: [row.get(name) for row in rows] for name in contract.names}


def check_row(contract: Contract, values: Mapping[str, Any]) -> Checked:
    """Check one customer by the same rules; a column that is not given is missing.

    Raises:
        InputError: for an unknown column or a value that is refused.
    """
    _refuse_unknown(contract, values)
    problems = RowProblems(1)
    checked = Checked(feeds={}, rows=1, problems=problems)
    for column in contract.columns:
        cells = np.empty(1, dtype=object)
        cells[0] = values.get(column.name)
        checked.feeds[column.name] = check_values(column, cells, problems).reshape(-1, 1)
    if problems:
        name, _ = problems[0]
        _, refusal = parse_cell(contract.column(name), values.get(name))
        raise InputError(str(refusal), subject=f"column {name!r}", column=name, row=0)
    return checked


def _refuse_unknown(contract: Contract, names: Iterable[str], *, row: int | None = None) -> None:
    known = contract.names
    for name in names:
        if name not in known:
            prefix = "" if row is None else f"row {row}: "
            raise InputError(
                f"{prefix}unknown column {quoted(name)}; known: {quoted_names(known)}.",
                column=str(name),
                row=row,
                suggestion=nearest(str(name), known),
            )


def _as_array(name: str, values: Any) -> NDArray[Any]:
    if isinstance(values, np.ma.MaskedArray):
        of_dates = values.dtype.kind == "M"  # as objects some would be bare counts of nanoseconds
        values = (
            values.filled(np.datetime64("NaT")) if of_dates else np.ma.filled(values.astype(object), None)
        )
    if isinstance(values, np.ndarray) or hasattr(values, "__array__"):
        array = _converted(name, values)
    elif isinstance(values, Sequence) and not isinstance(values, (str, bytes)):
        array = np.empty(len(values), dtype=object)
        for position, value in enumerate(values):  # one by one: a value may be a sequence itself
            array[position] = value
    else:
        raise InputError(
            f"must be a sequence of values, one per row, but it is {quoted(values)}; "
            "wrap a single value in a list",
            subject=f"column {name!r}",
            column=name,
        )
    if array.ndim == 2 and array.shape[1] == 1:
        array = array[:, 0]
    if array.ndim != 1:
        raise InputError(
            f"must have one dimension, but its shape is {array.shape}",
            subject=f"column {name!r}",
            column=name,
        )
    return array


def _converted(name: str, values: Any) -> NDArray[Any]:
    try:
        return np.asarray(values)
    except Exception as error:  # whatever a foreign ``__array__`` raises
        raise InputError(
            f"must be values that numpy can read, but it cannot ({shortened(str(error))}); give a list",
            subject=f"column {name!r}",
            column=name,
        ) from error


def check_values(column: Column, values: NDArray[Any], problems: RowProblems) -> NDArray[Any]:
    """Check one column: values ``[N]`` in, the graph's values ``[N]`` out.

    Refused cells come out as missing and are noted in ``problems``.
    """
    kind = kind_of(column)
    fast = kind.fast(column, values)
    if fast is None:
        return _check_cells(kind, column, values, problems)
    numbers, low, high = fast
    sound = numbers >= low
    sound &= numbers <= high
    if sound.all():
        return numbers
    if column.missing_allowed:
        sound |= np.isnan(numbers)
    rows = np.flatnonzero(~sound)
    if len(rows):
        _note_distinct(kind, column, values[rows], rows, problems)
        numbers = np.where(sound, numbers, np.nan)
    return numbers


def _note_distinct(
    kind: Kind, column: Column, refused: NDArray[Any], rows: NDArray[np.int64], problems: RowProblems
) -> None:
    """Note refused values and their rows, each different value worded once, in the order of the rows."""
    _, first, inverse = np.unique(refused, return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    messages = []
    for at in first[order[: problems.room(column.name)]].tolist():
        _, refusal = parse_as(kind, column, refused[at])
        messages.append((column.name, f"column {column.name!r} {refusal}"))
    ranks = rank[inverse.reshape(-1)]
    codes = np.zeros(len(problems.codes), dtype=np.int64)
    codes[rows] = np.where(ranks < len(messages), ranks + 1, 0)
    problems.adopt(codes, messages)
    if len(order) > len(messages):
        unworded = np.zeros(len(problems.codes), dtype=bool)
        unworded[rows] = ranks >= len(messages)
        problems.adopt_unworded(unworded, column.name)


def _check_cells(kind: Kind, column: Column, values: NDArray[Any], problems: RowProblems) -> NDArray[Any]:
    checked: NDArray[Any] = np.empty(len(values), dtype=kind.dtype)
    known = column.spellings
    if values.dtype.kind == "U" and len(values) > FEW and 0 < len(column.categories) <= FEW:
        waiting = _known_texts(column, values, checked)
        cells = values[waiting].tolist()
    else:
        waiting = None
        cells = values.tolist() if values.dtype.kind in "OU" else values
    parsed = _looked_up(known, cells)
    if checked.dtype == object:
        checked[slice(None) if waiting is None else waiting] = parsed
    for index, found in enumerate(parsed if None in set(parsed) else ()):
        if found is None:
            row = index if waiting is None else int(waiting[index])
            checked[row] = _parse(kind, column, cells[index], row, problems)
    return checked


def _looked_up(known: Mapping[str, str], cells: Sequence[Any]) -> list[str | None]:
    """The category of each cell, ``None`` for what is no text or not known."""
    try:
        return list(map(known.get, cells))
    except (TypeError, ValueError):  # a value that has no hash
        return [known.get(value) if isinstance(value, str) else None for value in cells]


def _known_texts(column: Column, values: NDArray[Any], checked: NDArray[Any]) -> NDArray[np.int64]:
    """Fill in the categories of cells that are written like them; returns the rows of the other cells."""
    names = [category.value for category in column.categories]
    codes = np.zeros(len(values), dtype=np.int8)
    for code, name in enumerate(names, start=1):
        codes[values == name] = code
    checked[:] = np.array(["", *names], dtype=object)[codes]
    return np.flatnonzero(codes == 0)


def _parse(kind: Kind, column: Column, value: Any, row: int, problems: RowProblems) -> Any:
    """Parse one cell; a refusal is noted and the cell counts as missing."""
    if problems.room(column.name) == 0 and not is_missing(kind, value):
        parsed = kind.accepted(column, value)
        if parsed is None:
            problems.note_unworded(row, column.name)
            return kind.missing
        return parsed
    parsed, refusal = parse_as(kind, column, value)
    if refusal is not None:
        problems.note(row, column.name, f"column {column.name!r} {refusal}")
    return parsed
