"""Reads the rows of a query from any database SQLAlchemy has a dialect for."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from inference.errors import InputError
from inference.wording import quoted, shortened
from trainer.schema.table_remedies import GiveQuery

_QUOTED_OR_COMMENT = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|`[^`]*`|--[^\n]*|/\*.*?\*/", re.DOTALL)
_READS = re.compile(r"[(\s]*(select|with)\b", re.IGNORECASE)
_READ_ONLY = {
    "sqlite": "PRAGMA query_only = ON",
    "mysql": "SET SESSION TRANSACTION READ ONLY",
    "mariadb": "SET SESSION TRANSACTION READ ONLY",
    "oracle": "SET TRANSACTION READ ONLY",
}


def read_query(url: str, query: str) -> pd.DataFrame:
    """The rows of a query, its columns in their own types. The query can only read.

    Raises:
        InputError: for a URL no driver fits, a database that does not answer, a query it refuses, and any
            statement but one ``SELECT`` or ``WITH``.
    """
    _check_query(query)
    engine = _engine(url)
    try:
        with engine.connect() as connection:
            if not query.strip():
                tables = sorted(sa.inspect(connection).get_table_names())
                raise InputError(
                    "the rows of a database must be named by a query in SQL, but there is none",
                    remedies=[GiveQuery(tables=tuple(tables))],
                )
            return pd.read_sql_query(sa.text(query), _read_only(connection))
    except (SQLAlchemyError, pd.errors.DatabaseError) as error:  # pandas wraps the former in the latter
        raise InputError(
            f"the rows must come from a query that the database can answer, but it reports: "
            f"{_reported(error)}"
        ) from error
    finally:
        engine.dispose()


def database_name(url: str) -> str:
    """What the report may show about a database: its kind and name, no host, user or password."""
    parsed = sa.make_url(url)
    name = Path(parsed.database).name if parsed.database else ""
    return f"a query on {parsed.get_backend_name()} database {name!r}" if name else parsed.get_backend_name()


def _check_query(query: str) -> None:
    """Refuse what is not one statement that reads."""
    bare = _QUOTED_OR_COMMENT.sub(" ", query).strip().rstrip(";").strip()
    if bare and not _READS.match(bare):
        raise InputError(
            "the query must be one that reads, so it must start with SELECT or WITH, but it starts with "
            f"{quoted(bare.split(maxsplit=1)[0])}; write a SELECT"
        )
    if ";" in bare:
        raise InputError("the query must be one statement, but there is one after a semicolon; give one only")


def _read_only(connection: sa.Connection) -> sa.Connection:
    """The connection in a transaction that cannot write, where there is such; it is never committed."""
    dialect = connection.dialect.name
    connection.rollback()
    if dialect == "postgresql":
        return connection.execution_options(postgresql_readonly=True)
    if statement := _READ_ONLY.get(dialect):
        connection.exec_driver_sql(statement)
    return connection


def _engine(url: str) -> sa.Engine:
    try:
        return sa.create_engine(url)
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        raise InputError(
            "the data must be a file or a database URL such as postgresql://user@host/shop or "
            f"sqlite:///shop.db, but SQLAlchemy reports: {_reported(error)}"
        ) from error
    except ImportError as error:
        raise InputError(
            f"the driver of this kind of database must be installed, but {quoted(error.name)} is not; "
            "install it"
        ) from error


def _reported(error: Exception) -> str:
    """The database's own message, without the statement and parameters around them."""
    own = error.__cause__ if isinstance(error, pd.errors.DatabaseError) else error
    own = getattr(own, "orig", None) or own
    return shortened(" ".join(str(own).split()))
