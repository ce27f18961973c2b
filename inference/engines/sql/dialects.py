"""What differs between the dialects of SQL, as far as the statement needs it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """How one engine writes what the engines write differently.

    Attributes:
        name: of the dialect, as sqlglot calls it, too.
        quote: around names.
        number, text: the types of a double and of a text, which may be null.
        is_nan: a condition that a double is not a number; empty where there is no such double.
        days: the days from 1970-01-01 to a date or a text in ISO 8601.
        fence: ends a query so that the engine does not put its expressions into the query around it,
            where each use would compute them again.
        ending: of the statement.
        backslash: whether a backslash in a text starts an escape.
    """

    name: str
    quote: str = '"'
    number: str = "DOUBLE"
    text: str = "VARCHAR"
    is_nan: str = ""
    days: str
    fence: str = ""
    ending: str = ""
    backslash: bool = False

    def identifier(self, name: str) -> str:
        """A name in its quotes."""
        return f"{self.quote}{name.replace(self.quote, self.quote * 2)}{self.quote}"

    def table(self, name: str) -> str:
        """The name of a table, with that of its schema and catalogue in front, apart by dots."""
        return ".".join(self.identifier(part) for part in name.split("."))

    def string(self, text: str) -> str:
        """A text in its quotes."""
        escaped = text.replace("\\", "\\\\") if self.backslash else text
        quoted = escaped.replace("'", "\\'") if self.name == "bigquery" else escaped.replace("'", "''")
        return f"'{quoted}'"


DIALECTS = {
    each.name: each
    for each in (
        Dialect(
            name="duckdb",
            is_nan="isnan({0})",
            days="date_diff('day', DATE '1970-01-01', CAST({0} AS DATE))",
        ),
        Dialect(
            name="postgres",
            number="DOUBLE PRECISION",
            is_nan="{0} = 'NaN'",
            days="(CAST({0} AS DATE) - DATE '1970-01-01')",
            fence="OFFSET 0",
        ),
        Dialect(
            name="sqlite",
            number="REAL",
            text="TEXT",
            days="(julianday(date({0})) - 2440587.5)",
            fence="LIMIT -1 OFFSET 0",
        ),
        Dialect(
            name="spark",
            quote="`",
            text="STRING",
            is_nan="isnan({0})",
            days="datediff(CAST({0} AS DATE), DATE '1970-01-01')",
            backslash=True,
        ),
        Dialect(
            name="bigquery",
            quote="`",
            number="FLOAT64",
            text="STRING",
            is_nan="IS_NAN({0})",
            days="UNIX_DATE(CAST({0} AS DATE))",
            backslash=True,
        ),
        Dialect(
            name="snowflake",
            is_nan="{0} = 'NaN'::DOUBLE",
            days="DATEDIFF('day', DATE '1970-01-01', CAST({0} AS DATE))",
            backslash=True,
        ),
        Dialect(
            name="clickhouse",
            number="Nullable(Float64)",
            text="Nullable(String)",
            is_nan="isNaN({0})",
            days="dateDiff('day', toDate32('1970-01-01'), CAST({0} AS Nullable(Date32)))",
            ending="SETTINGS query_plan_merge_expressions = 0",  # else planning takes minutes
            backslash=True,
        ),
        Dialect(
            name="mysql",
            quote="`",
            text="CHAR",
            days="DATEDIFF(CAST({0} AS DATE), DATE '1970-01-01')",
            fence="LIMIT 18446744073709551615",
            backslash=True,
        ),
    )
}
"""Dialect by name."""
