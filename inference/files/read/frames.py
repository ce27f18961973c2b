"""DataFrames in memory as columns: pandas, polars, pyarrow, and whatever else exports Arrow.

Nothing is imported for it: a DataFrame is known by what it offers. Only one that offers nothing but Arrow's
C interface (``__arrow_c_stream__``) is read with pyarrow.
"""

from __future__ import annotations

from typing import Any

from inference.contract import Contract
from inference.errors import InputError
from inference.files.options import ReadOptions
from inference.files.read.headers import check_headers, match_headers, nearest_header
from inference.remedies import FixInput
from inference.wording import quoted, quoted_names, shortened

_LAZY = "; collect it first"


def frame_columns(contract: Contract, frame: Any) -> dict[str, Any]:
    """The contract's columns of a DataFrame that it has, found by their headers as in a file.

    Raises:
        InputError: when it is not a DataFrame, lacks a clustering column, or two headers could be a column.
    """
    own = _columns(frame)
    headers = list(own)
    if headers:
        check_headers(headers)
    mapping = match_headers(contract.columns, headers, ReadOptions(), optional=contract.names)
    for column in contract.columns:
        if column.clusters and column.name not in mapping:
            raise InputError(
                f"is missing; found: {quoted_names(headers)}",
                subject=f"column {column.name!r}",
                column=column.name,
                remedies=[FixInput(action="rename its header"), FixInput(action="add it, filled with None")],
                suggestion=nearest_header(column, [each for each in headers if each not in mapping.values()]),
            )
    return {name: _cells(own[header]) for name, header in mapping.items()}


def _columns(frame: Any) -> dict[str, Any]:
    """Header -> column, as the DataFrame's own library represents it."""
    try:
        labels = getattr(frame, "column_names", None)
        labels = getattr(frame, "columns", None) if labels is None else labels
        own = [(str(label), frame[label]) for label in labels]  # type: ignore[union-attr]  # or not iterable
    except Exception:  # of another kind: a lazy one, a relation, or no DataFrame at all
        own = []
    if own and all(hasattr(cells, "__array__") for _, cells in own):
        check_headers([header for header, _ in own])  # before two of them become one
        return dict(own)
    table = _exported(frame)
    return {name: table.column(index) for index, name in enumerate(table.column_names)}


def _exported(frame: Any) -> Any:
    """The DataFrame as a table of pyarrow."""
    if not hasattr(frame, "__arrow_c_stream__"):
        raise InputError(
            "customers must be columns by name, a list of rows, or a DataFrame, but they are "
            f"{quoted(frame)} of type {type(frame).__name__}{_LAZY if hasattr(frame, 'collect') else ''}"
        )
    try:
        import pyarrow as pa
    except ImportError as error:
        raise InputError(
            f"pyarrow must be installed to read a {type(frame).__name__}, but it is not; install it, or give "
            "a dictionary of columns"
        ) from error
    try:
        return pa.table(frame)
    except Exception as error:  # whatever a foreign library raises
        raise InputError(
            f"a {type(frame).__name__} must be readable as an Arrow table, but it is not "
            f"({shortened(str(error))}); give a dictionary of columns"
        ) from error


def _cells(values: Any) -> Any:
    """A column as ``check_columns`` takes it, where the array that numpy makes of it would not be the same.

    Times lose their zone in an array, and missing cells of Arrow's dictionaries become its first entry.
    """
    if getattr(getattr(values, "dtype", None), "time_zone", None):
        return values.to_list()
    kind: Any = getattr(values, "type", None)
    if getattr(kind, "tz", None) or hasattr(kind, "value_type"):
        import pyarrow as pa

        if pa.types.is_dictionary(kind):
            return values.cast(kind.value_type)
        if pa.types.is_timestamp(kind):
            return values.cast(pa.timestamp("us", tz=kind.tz), safe=False).to_pylist()
    return values
