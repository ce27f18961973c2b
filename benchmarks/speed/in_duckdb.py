"""The model as SQL in DuckDB, beside this product: rows in memory, and files end to end."""

from __future__ import annotations

import importlib.util
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pyarrow as pa

from benchmarks.speed.files import CPU, MEMORY, SCORE, SECONDS, run_to
from benchmarks.speed.made_customers import HEADERS, customers, write_table
from benchmarks.speed.measuring import NOT_INSTALLED, OURS, Case, Way, million_rows_per_second
from benchmarks.speed.rows import MODEL, RATE, ROWS
from inference import Segmenter
from inference.engines.sql.dialects import DIALECTS
from inference.engines.sql.sql_statement import SqlOptions, sql_statement

DUCKDB = "the model as SQL in DuckDB"
INSTALLED = importlib.util.find_spec("duckdb") is not None
WHOLE = """\
import sys, duckdb
source, target, statement = sys.argv[1:]
asked = open(statement, encoding="utf-8").read()
kind = source.rpartition(".")[2]
with duckdb.connect() as connection:
    connection.execute(f"CREATE VIEW customers AS SELECT * FROM read_{kind}('{source}')")
    connection.execute(f"COPY ({asked}) TO '{target}' (FORMAT {kind})")
"""


def _absent() -> Mapping[str, str]:
    return {} if INSTALLED else {DUCKDB: NOT_INSTALLED}


@contextmanager
def _in_memory() -> Iterator[Mapping[str, Way]]:
    """A million customers with all four columns: arrays for this product, a table of DuckDB."""
    segmenter = Segmenter.load(MODEL)
    ways: dict[str, Way] = {OURS: partial(_by_arrays, segmenter)}
    if INSTALLED:
        ways[DUCKDB] = partial(_by_table, sql_statement(segmenter, DIALECTS["duckdb"], SqlOptions()))
    yield ways


def _by_arrays(segmenter: Segmenter, turn: int) -> dict[str, float]:
    given = customers(ROWS, seed=turn + 1)
    return million_rows_per_second(lambda: segmenter.predict_many(given), ROWS)


def _by_table(asked: str, turn: int) -> dict[str, float]:
    import duckdb

    given = pa.table(customers(ROWS, seed=turn + 1))
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.register("given", given)
        connection.execute("CREATE TABLE customers AS SELECT * FROM given")
        return million_rows_per_second(lambda: connection.sql(asked).to_arrow_table(), ROWS)


@contextmanager
def _files(suffix: str) -> Iterator[Mapping[str, Way]]:
    """The same file by this product and by DuckDB, each in a process of its own with its usual threads."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        source, target, statement = (folder / name for name in (f"in{suffix}", f"out{suffix}", "asked.sql"))
        write_table(source, ROWS)
        names = [str(source), str(target)]
        ways: dict[str, Way] = {OURS: partial(run_to, [*SCORE, *names, "--quiet", "--force"], target)}
        if INSTALLED:
            statement.write_text(_statement_for_headers(), encoding="utf-8")
            command = [sys.executable, "-c", WHOLE, *names, str(statement)]
            ways[DUCKDB] = partial(run_to, command, target)
        yield ways


def _statement_for_headers() -> str:
    """The statement for the made customers' headers, all of which are given with the answers."""
    segmenter = Segmenter.load(MODEL)
    columns = dict(zip(segmenter.contract.names, HEADERS[1:], strict=True))
    return sql_statement(segmenter, DIALECTS["duckdb"], SqlOptions(columns=columns, keep=HEADERS))


CASES = (
    Case(
        key="duckdb-million",
        title="1 M customers in memory, one thread",
        metrics=(RATE,),
        ways=_in_memory,
        absent=_absent,
        rounds=3,
        wanted="",
    ),
    *(
        Case(
            key=f"duckdb-{suffix[1:]}",
            title=f"1 M rows of {name} end to end, whole process",
            metrics=(SECONDS, CPU, MEMORY),
            ways=partial(_files, suffix),
            absent=_absent,
            rounds=3,
            wanted="",
            warm_up=False,
        )
        for suffix, name in ((".csv", "CSV"), (".parquet", "Parquet"))
    ),
)
