"""Checks the model as a SQL statement in real engines; needs the environment of requirements/engines.lock."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inference import Contract, Segmenter
from inference.__main__ import main
from inference.engines.sql.dialects import DIALECTS
from tests.postgres_server import postgres_server
from tests.sql_answers import (
    ID,
    Rows,
    assert_answers,
    assert_same_answers,
    by_column,
    create_table,
    customers,
    statement,
)

pytestmark = pytest.mark.engines

ROOT = Path(__file__).parents[1]
MODEL = ROOT / "artifacts" / "model.onnx"
RANDOM_ROWS = 5_000


@pytest.fixture(scope="module")
def contract() -> Contract:
    return Segmenter.load(MODEL).contract


@pytest.fixture(scope="module")
def asked(contract: Contract) -> dict[str, Any]:
    """The published test vectors, with every threshold and its neighbours, and random customers."""
    document = json.loads((ROOT / "artifacts" / "test_vectors.json").read_text(encoding="utf-8"))
    rng = np.random.default_rng(0)
    found: dict[str, Any] = {}
    for column in contract.columns:
        given = document["inputs"][column.name]
        if column.kind == "category":
            names = np.array(["", *(each.value for each in column.categories)], dtype=object)
            found[column.name] = np.concatenate([given, rng.choice(names, RANDOM_ROWS)])
            continue
        low, high = column.range or (0.0, 1.0)
        drawn = rng.uniform(low, min(high, 200.0), RANDOM_ROWS)
        drawn[rng.random(RANDOM_ROWS) < 0.3] = np.nan
        found[column.name] = np.concatenate([[np.nan if each is None else each for each in given], drawn])
    return found


def test_duckdb(asked: dict[str, Any], tmp_path: Path) -> None:
    import duckdb

    def ask(written: str, contract: Contract, rows: Rows) -> list[dict[str, Any]]:
        path = tmp_path / "customers.parquet"
        _write_parquet(path, contract, rows)
        with duckdb.connect() as connection:
            connection.read_parquet(str(path)).create("customers")
            found = connection.execute(written)
            return by_column([each[0] for each in found.description], found.fetchall())

    assert_same_answers(MODEL, "duckdb", ask, asked)


def test_postgres(asked: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> None:
    import psycopg

    def ask(written: str, contract: Contract, rows: Rows) -> list[dict[str, Any]]:
        home = tmp_path_factory.mktemp("cluster")
        with postgres_server(home) as url, psycopg.connect(url) as connection, connection.cursor() as cursor:
            types = {"number": "DOUBLE PRECISION", "category": "TEXT", "date": "DATE"}
            cursor.execute(create_table(contract, types))
            cursor.executemany(_insert(contract, "%s"), rows)
            cursor.execute(written)
            return by_column([each[0] for each in cursor.description or ()], cursor.fetchall())

    assert_same_answers(MODEL, "postgres", ask, asked)


def test_mariadb_for_mysql(asked: dict[str, Any], tmp_path: Path) -> None:
    def ask(written: str, contract: Contract, rows: Rows) -> list[dict[str, Any]]:
        with _mariadb(tmp_path) as connect:
            connection = connect()
            with connection.cursor() as cursor:
                cursor.execute("CREATE DATABASE shop")
                cursor.execute("USE shop")
                types = {"number": "DOUBLE", "category": "TEXT", "date": "DATE"}
                cursor.execute(create_table(contract, types, "`"))
                cursor.executemany(_insert(contract, "%s"), rows)
                cursor.execute(written)
                return by_column([each[0] for each in cursor.description], cursor.fetchall())

    assert_same_answers(MODEL, "mysql", ask, asked)


@contextmanager
def _mariadb(home: Path) -> Iterator[Callable[[], Any]]:
    """Start a server of the machine without a port; gives a function that connects to it."""
    import pymysql

    user = subprocess.run(["id", "-un"], check=True, capture_output=True, text=True).stdout.strip()
    data, socket = home / "data", home / "socket"
    setup = [
        "mariadb-install-db",
        f"--datadir={data}",
        f"--user={user}",
        "--auth-root-authentication-method=normal",
    ]
    subprocess.run(setup, check=True, capture_output=True)
    program = shutil.which("mariadbd") or "/usr/sbin/mariadbd"
    files = [f"--datadir={data}", f"--socket={socket}", f"--pid-file={home / 'pid'}"]
    server = subprocess.Popen(
        [program, "--no-defaults", *files, "--skip-networking", f"--user={user}"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + 60
        while not socket.exists():
            if time.monotonic() > deadline or server.poll() is not None:
                pytest.fail("the server of MariaDB must start within a minute")
            time.sleep(0.1)
        yield lambda: pymysql.connect(unix_socket=str(socket), user="root")
    finally:
        server.terminate()
        server.wait(30)


def test_clickhouse(asked: dict[str, Any], tmp_path: Path) -> None:
    from chdb.session import Session

    def ask(written: str, contract: Contract, rows: Rows) -> list[dict[str, Any]]:
        path = tmp_path / "customers.parquet"
        _write_parquet(path, contract, rows)
        with Session() as session:
            session.query("CREATE DATABASE shop ENGINE = Atomic")
            session.query("USE shop")
            read = f"SELECT * FROM file('{path}', 'Parquet')"  # noqa: S608 - a path of this test
            session.query(f"CREATE TABLE customers ENGINE = Memory AS {read}")
            found = json.loads(str(session.query(written, "JSONCompact")))
        return by_column([each["name"] for each in found["meta"]], found["data"])

    assert_same_answers(MODEL, "clickhouse", ask, asked)


def test_spark(asked: dict[str, Any], tmp_path: Path) -> None:
    from pyspark.sql import SparkSession

    def ask(written: str, contract: Contract, rows: Rows) -> list[dict[str, Any]]:
        path = tmp_path / "customers.parquet"
        _write_parquet(path, contract, rows)
        builder = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false")
        session = builder.config("spark.log.level", "OFF").getOrCreate()
        try:
            session.read.parquet(str(path)).createOrReplaceTempView("customers")
            found = session.sql(written)
            return by_column(found.columns, [tuple(row) for row in found.collect()])
        finally:
            session.stop()

    assert_same_answers(MODEL, "spark", ask, asked)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_dialect_can_be_parsed(dialect: str) -> None:
    import sqlglot
    from sqlglot import expressions

    (parsed,) = sqlglot.parse(statement(Segmenter.load(MODEL), dialect), read=dialect)
    assert isinstance(parsed, expressions.Select)
    assert parsed.named_selects[0] == ID


def test_dbt_builds_the_model_and_its_tests_hold(asked: dict[str, Any], tmp_path: Path) -> None:
    """A project of dbt on DuckDB: the table is a seed, the model is built, every test is run."""
    import duckdb
    import pyarrow as pa
    from dbt.cli.main import dbtRunner

    segmenter = Segmenter.load(MODEL)
    some = customers(segmenter.contract, {name: values[:500] for name, values in asked.items()})
    names = ["customer_id", *segmenter.contract.names]
    project = tmp_path / "shop"
    (project / "models").mkdir(parents=True)
    (project / "dbt_project.yml").write_text(
        "name: shop\nversion: '1.0.0'\nprofile: shop\nmodel-paths: [models]\n", encoding="utf-8"
    )
    base = project / "shop.duckdb"
    (project / "profiles.yml").write_text(
        f"shop:\n  target: dev\n  outputs:\n    dev: {{type: duckdb, path: {base}}}\n", encoding="utf-8"
    )
    (project / "models" / "customers.sql").write_text("select * from raw_customers\n", encoding="utf-8")
    with duckdb.connect(str(base)) as connection:
        raw = pa.table({name: [row[place] for row in some.rows] for place, name in enumerate(names)})
        connection.register("given", raw)
        connection.execute("CREATE TABLE raw_customers AS SELECT * FROM given")
    written = [
        "sql",
        str(MODEL),
        "--keep",
        "customer_id",
        "--dbt",
        str(project / "models"),
        "--probabilities",
    ]
    assert main(written) == 0
    places = ["--project-dir", str(project), "--profiles-dir", str(project)]
    done = dbtRunner().invoke(["build", "--quiet", *places])
    assert done.success, done.exception
    ran = {each.node.resource_type.value for each in done.result.results}
    assert ran == {"model", "test"}
    with duckdb.connect(str(base)) as connection:
        found = connection.execute("SELECT * FROM customer_segments ORDER BY customer_id")
        given = by_column([each[0] for each in found.description], found.fetchall())
    assert_answers(segmenter.contract, given, segmenter.predict_many(some.columns))


def _insert(contract: Contract, mark: str) -> str:
    return f"INSERT INTO customers VALUES ({', '.join([mark] * (1 + len(contract.names)))})"  # noqa: S608


def _write_parquet(path: Path, contract: Contract, rows: Rows) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    names = [ID, *contract.names]
    parquet.write_table(pa.table({name: [row[at] for row in rows] for at, name in enumerate(names)}), path)
