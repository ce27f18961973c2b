"""Checks that rows of real databases are read unchanged, and that errors quote the database."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from inference import InputError
from trainer.table.raw_table import read_raw

BIG = 2**53 + 1  # a double cannot distinguish it from 2**53
ROWS: list[dict[str, Any]] = [
    {"customer": "00123", "joined": date(2024, 2, 29), "spend": Decimal("12.50"), "visits": 3, "big": BIG},
    {"customer": "00124", "joined": None, "spend": Decimal("0.10"), "visits": None, "big": 7},
]


def _fill(url: str) -> None:
    columns = (
        sa.Column("customer", sa.Text),
        sa.Column("joined", sa.Date),
        sa.Column("spend", sa.Numeric(10, 2, asdecimal=True)),
        sa.Column("visits", sa.Integer),
        sa.Column("big", sa.BigInteger),
    )
    engine = sa.create_engine(url)
    customers = sa.Table("customers", sa.MetaData(), *columns)
    with engine.begin() as connection:
        customers.create(connection)
        connection.execute(customers.insert(), ROWS)
    engine.dispose()


@pytest.fixture
def shop(tmp_path: Path) -> str:
    """A database file with one table."""
    url = f"sqlite:///{tmp_path / 'shop.db'}"
    _fill(url)
    return url


def _check(url: str) -> None:
    raw = read_raw(url, query="SELECT * FROM customers ORDER BY customer")
    cells = raw.cells.to_pylist()
    assert [row["customer"] for row in cells] == ["00123", "00124"]
    assert [str(row["joined"]) for row in cells] == ["2024-02-29", "None"]
    assert [float(row["spend"]) for row in cells] == [12.5, 0.1]
    assert [row["visits"] for row in cells] == [3, None]
    assert cells[0]["big"] == BIG


def test_rows_of_an_sqlite_file_come_as_they_are(shop: str) -> None:
    _check(shop)


@pytest.mark.postgres
def test_rows_of_a_postgresql_server_come_as_they_are(postgres: str) -> None:
    _fill(postgres)
    _check(postgres)
    assert read_raw(postgres, query="SELECT 1 AS one").source == "a query on postgresql database 'postgres'"


def test_the_same_rows_have_the_same_fingerprint(shop: str) -> None:
    one, same = (read_raw(shop, query="SELECT * FROM customers") for _ in range(2))
    other = read_raw(shop, query="SELECT * FROM customers WHERE big = 7")
    assert one.sha256 == same.sha256 != other.sha256


def test_a_database_without_a_query_lists_its_tables(shop: str) -> None:
    with pytest.raises(
        InputError,
        match=r"must be named by a query in SQL, but .* give a query over its tables \('customers'\)",
    ):
        read_raw(shop)


@pytest.mark.parametrize(
    "query",
    [
        "DROP TABLE customers",
        "-- SELECT\nDELETE FROM customers",
        "/* SELECT */ UPDATE customers SET spend = 0",
        "SELECT 1; DROP TABLE customers",
        "SELECT ';' ; DROP TABLE customers",
        "PRAGMA query_only = OFF",
        "EXPLAIN SELECT 1",
        "WITH old AS (SELECT 1) DELETE FROM customers",
    ],
)
def test_a_query_cannot_write(shop: str, query: str) -> None:
    with pytest.raises(InputError, match=r"must be one|attempt to write a readonly database"):
        read_raw(shop, query=query)
    _check(shop)


@pytest.mark.parametrize(
    "query",
    [
        'SELECT customer AS ";" FROM customers;',
        "-- all; of them\nSELECT * FROM customers",
        "with c as (select * from customers) select * from c where customer <> 'a;b' ; ",
    ],
)
def test_a_query_that_reads_may_hold_semicolons_in_quotes_and_comments(shop: str, query: str) -> None:
    assert read_raw(shop, query=query).cells.num_rows == 2


@pytest.mark.postgres
def test_a_query_cannot_write_to_a_postgresql_server(postgres: str) -> None:
    with pytest.raises(InputError, match="read-only transaction"):
        read_raw(postgres, query="SELECT 1 AS one INTO kept")


def test_a_query_that_fails_shows_the_message_of_the_database(shop: str) -> None:
    with pytest.raises(InputError, match="it reports: no such table: clients"):
        read_raw(shop, query="SELECT * FROM clients")


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("nosuch://x/y", "SQLAlchemy reports: Can't load plugin"),
        ("oracle://x/y", "must be installed, but 'oracledb' is not; install it"),
        ("postgresql://nobody@127.0.0.1:1/none", "it reports: connection failed"),
    ],
)
def test_a_database_that_cannot_be_reached_is_refused(url: str, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        read_raw(url, query="SELECT 1")


def test_a_query_on_a_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="a query needs the URL of a database"):
        read_raw(tmp_path / "customers.csv", query="SELECT 1")


def test_a_result_without_rows_is_refused(shop: str) -> None:
    with pytest.raises(InputError, match=r"must have rows, but it has none; its columns are 'customer'"):
        read_raw(shop, query="SELECT * FROM customers WHERE big = 0")


def test_a_password_is_shown_nowhere() -> None:
    with pytest.raises(InputError) as caught:
        read_raw("postgresql://me:secret@127.0.0.1:1/none", query="SELECT 1")
    assert "secret" not in str(caught.value)
