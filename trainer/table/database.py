"""Reads the rows of a query from any database SQLAlchemy has a dialect for."""

from __future__ import annotations

import pandas as pd
import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from inference.errors import InputError


def read_query(url: str, query: str) -> pd.DataFrame:
    """The rows of a query, its columns in their own types.

    Raises:
        InputError: for a URL no driver fits, a database that does not answer, and a query it refuses.
    """
    engine = _engine(url)
    try:
        with engine.connect() as connection:
            if not query.strip():
                tables = sorted(sa.inspect(connection).get_table_names())
                raise InputError(
                    f"a database needs --query, in SQL, to say which rows; its tables are {tables or 'none'}"
                )
            return pd.read_sql_query(sa.text(query), connection)
    except (SQLAlchemyError, pd.errors.DatabaseError) as error:  # pandas wraps the former in the latter
        raise InputError(
            f"the rows must come from a query the database can answer, but it says: {_said(error)}"
        ) from error
    finally:
        engine.dispose()


def _engine(url: str) -> sa.Engine:
    try:
        return sa.create_engine(url)
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        raise InputError(
            f"the data must be a file or a database URL such as postgresql://user@host/shop or "
            f"sqlite:///shop.db, but SQLAlchemy says: {_said(error)}"
        ) from error
    except ImportError as error:
        raise InputError(f"this kind of database needs a driver that is not installed: {error}") from error


def _said(error: Exception) -> str:
    """The database's own words, without the statement and parameters around them."""
    own = error.__cause__ if isinstance(error, pd.errors.DatabaseError) else error
    own = getattr(own, "orig", None) or own
    return " ".join(str(own).split())[:300]
