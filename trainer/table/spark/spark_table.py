"""Opens a table that Spark reads: a file or folder of Parquet or CSV, or a table of its catalogue."""

from __future__ import annotations

import atexit
import importlib.util
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import pyarrow as pa

from inference.errors import InputError
from inference.files.options import CSV, ReadOptions
from inference.files.read.headers import check_headers
from inference.files.spark.frame_scoring import first_rows, refuse_totals
from inference.files.spark.spark_session import spark_session
from inference.files.spark.spark_tables import MALFORMED, FolderOptions, format_of, read_frame
from inference.files.spark.storage import Storage
from inference.wording import counted, quoted, quoted_path
from trainer.table.every_row import EveryRow, SampleSettings
from trainer.table.spark.row_sample import count_rows, sampled
from trainer.table.spark.spark_rows import SparkRows, spark_asked

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


@dataclass(frozen=True, kw_only=True)
class SparkTable:
    """A sample of a table, its name for people, what is to be said about it, and all its rows."""

    name: str
    sample: pa.Table
    notes: tuple[str, ...]
    every: EveryRow


def read_spark(source: str, options: ReadOptions, settings: SampleSettings) -> SparkTable:
    """Count the rows of a table and draw a sample of them.

    Args:
        source: a path, an address or the name of a table.
        options: ``separator``, ``encoding``, ``keep_totals`` and ``max_rows`` are used.

    Raises:
        InputError: when the table cannot be read, or a setting does not apply to it.
    """
    _check_settings(options)
    _check_installed()
    with spark_asked():
        df, malformed = _opened(_session(), source, options)
    own = df.drop(malformed) if malformed else df
    check_headers(own.columns)
    if not options.keep_totals:
        with spark_asked():
            refuse_totals(first_rows(own))
    counts = count_rows(df, malformed)
    _check_rows(source, counts.rows, options.max_rows)
    kept = df.where(f"{malformed} IS NULL").drop(malformed) if malformed else df
    sample = sampled(kept, counts, settings)
    return SparkTable(
        name=f"{PurePosixPath(source).name} read by Spark",
        sample=sample,
        notes=tuple(_notes(sample.num_rows, counts.rows, counts.left_out, settings.seed)),
        every=SparkRows(df=kept, rows=counts.rows, left_out=counts.left_out, seed=settings.seed),
    )


def _notes(sample: int, rows: int, left_out: int, seed: int) -> list[str]:
    drawn = (
        f"a sample of {sample:,} of {counted(rows, 'row')}, drawn by the hash of each row with seed {seed}"
    )
    notes = [drawn if sample < rows else f"all {counted(rows, 'row')}, in the order of their hashes"]
    if left_out:
        notes.append(f"{counted(left_out, 'row')} left out: not the same number of cells as the header")
    return notes


def _session() -> SparkSession:
    """The caller's session as it is, or one that ends with the process."""
    from pyspark.sql import SparkSession

    known = SparkSession.getActiveSession()
    if known is not None:
        return known
    made = spark_session(bars=False)
    atexit.register(made.stop)  # otherwise executors report that they lost the driver
    return made


def _opened(session: SparkSession, source: str, options: ReadOptions) -> tuple[DataFrame, str]:
    """The rows of a source, and the name of the column with rows of another length, if there can be any."""
    storage = Storage(session, source)
    if not storage.exists() and session.catalog.tableExists(source):
        return session.table(source), ""
    kind = format_of([each.name for each in storage.files()], options.format, source)
    settings = FolderOptions(separator=options.separator, encoding=options.encoding)
    return read_frame(session, source, kind, settings), MALFORMED if kind == CSV else ""


def _check_installed() -> None:
    if importlib.util.find_spec("pyspark") is None:
        raise InputError(
            "a table of spark: needs pyspark and Java 17, but pyspark is not installed; "
            "install requirements/spark_training.lock in an environment of its own"
        )


def _check_settings(options: ReadOptions) -> None:
    """Refuse what is for files of one machine, so that nothing is passed over in silence."""
    given = [("sheet", options.sheet), ("header row", options.header_row)]
    for name, value in given:
        if value:
            raise InputError(
                f"a table that Spark reads must be Parquet, CSV or a table of its catalogue, which has no "
                f"{name} to choose, but {quoted(value)} was given; leave it out"
            )


def _check_rows(source: str, rows: int, most: int | None) -> None:
    if not rows:
        raise InputError(f"{quoted_path(source)} must have rows, but it has none")
    if most is not None and rows > most:
        raise InputError(
            f"{quoted_path(source)} must have at most {most:,} rows, as the limit says, but it has {rows:,}; "
            "give a higher limit"
        )
