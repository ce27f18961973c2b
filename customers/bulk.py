"""Runs a statement for many rows without SQLAlchemy's work for each, which is a third of an import."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

import orjson
import sqlalchemy as sa

Row = Mapping[str, Any]


def run_for_each(connection: sa.Connection, statement: Any, rows: Sequence[Row]) -> None:
    """Run an insert or update once for each row.

    Args:
        rows: parameter -> value, the same parameters in each; a dict is stored as JSON, moments are in UTC.
    """
    names = tuple(rows[0])
    compiled = statement.compile(dialect=connection.dialect, column_keys=list(names))
    convert = {name: _converter(connection.dialect.name, rows[0][name]) for name in names}
    fixed = {name: value for name, value in compiled.params.items() if name not in convert}
    if compiled.positional:
        order = [(name, convert.get(name)) for name in compiled.positiontup]
        given: list[Any] = [
            tuple(fixed[name] if own is None else own(row[name]) for name, own in order) for row in rows
        ]
    else:
        given = [fixed | {name: own(row[name]) for name, own in convert.items()} for row in rows]
    connection.exec_driver_sql(str(compiled), given)


def _converter(dialect: str, example: object) -> Callable[[Any], Any]:
    """What makes the driver's value of one like the example."""
    if isinstance(example, dict):
        return lambda value: orjson.dumps(value).decode()
    if isinstance(example, datetime) and dialect == "sqlite":
        return _moment
    return _itself


@lru_cache(maxsize=64)
def _moment(value: datetime) -> str:
    """A moment as SQLAlchemy's ``DateTime`` stores it in SQLite."""
    return value.strftime("%Y-%m-%d %H:%M:%S.%f")


def _itself(value: Any) -> Any:
    return value
