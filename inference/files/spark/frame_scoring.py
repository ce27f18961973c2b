"""Scores a DataFrame of Spark: the driver decides how, executors apply it to their partitions."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from inference.errors import InputError
from inference.files.options import FRAME, ReadOptions
from inference.files.read.headers import check_headers
from inference.files.read.layout.subtotals import TableShape
from inference.files.read.reading import Reading, read_as
from inference.files.read.record_batches import BatchesSource
from inference.files.read.row_sizes import sample_rows
from inference.files.spark.batch_scorer import BatchScorer, Content
from inference.files.write.writer import added_names
from inference.remedies import FixInput
from inference.segmenter import Segmenter
from inference.wording import counted

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession
    from pyspark.sql.types import StructType


class SampleSource(BatchesSource):
    """The first rows of a DataFrame (see ``inference.files.read.source.Source``)."""

    kind = FRAME
    assumed: tuple[str, ...] = ("Spark DataFrame",)


@dataclass(frozen=True)
class Closure:
    """A model file that is sent with the task, where a session has no broadcast variables."""

    value: bytes


def score(df: DataFrame, model: Segmenter | str | Path, *, options: ReadOptions | None = None) -> DataFrame:
    """Score every row of a DataFrame: its columns, followed by the six of a scored file.

    The columns are those of ``inference.files.scoring.score_file``. How cells are read is decided once, by
    the first rows, so that all partitions are read alike. Rows have no position, so ``error`` names none,
    and rows of totals are scored like any other. A bad cell of a clustering column costs its row only. As
    with any transformation, the rows are scored when an action asks for them.

    Args:
        df: with the model's columns, found by their headers as in a file.
        model: a loaded model, or the path of its file on the driver; it is broadcast to the executors.
        options: ``columns``, ``missing``, ``decimals``, ``na`` and ``keep_totals`` are used.

    Raises:
        InputError: when a clustering column is not found, numbers can be read in two ways, or there are rows
            of totals among the first rows and ``keep_totals`` is not set.
    """
    segmenter = model if isinstance(model, Segmenter) else Segmenter.load(model)
    return scored_frame(df, segmenter, reading_of(df, segmenter, options or ReadOptions()))


def reading_of(df: DataFrame, segmenter: Segmenter, options: ReadOptions) -> Reading:
    """How the cells of a DataFrame are read, by its first rows.

    Raises:
        InputError: see ``score``.
    """
    if df.isStreaming:
        raise InputError(
            "the DataFrame must be a table, but it is a stream; score each of its batches with foreachBatch"
        )
    check_headers(df.columns)
    sample = first_rows(df)
    if not options.keep_totals:
        refuse_totals(sample)
    return read_as(SampleSource([sample]), segmenter.contract.columns, options)


def scored_frame(df: DataFrame, segmenter: Segmenter, reading: Reading, *, malformed: str = "") -> DataFrame:
    """Score a DataFrame whose reading is decided.

    Args:
        malformed: one more column of ``df``: a row in which it has a cell is in error.
    """
    scorer = BatchScorer(
        fingerprint=segmenter.fingerprint,
        content=_shared(df.sparkSession, segmenter.content),
        reading=reading,
        malformed=malformed,
    )
    own = df.drop(malformed) if malformed else df
    return df.mapInArrow(scorer.scored_batches, _scored_schema(own.schema))


def first_rows(df: DataFrame) -> pa.RecordBatch:
    """The first rows, from as few partitions as have them."""
    rows = df.take(sample_rows(len(df.columns)))
    table: pa.Table = df.sparkSession.createDataFrame(rows, df.schema).toArrow()
    columns = [
        pa.concat_arrays(column.chunks) if column.chunks else pa.nulls(0, column.type) for column in table
    ]
    return pa.RecordBatch.from_arrays(columns, schema=table.schema)


def refuse_totals(sample: pa.RecordBatch) -> None:
    """Whether other rows are totals cannot be seen, since partitions are not the table in its order."""
    found = TableShape.of(sample.columns).totals(sample.columns)
    if found:
        raise InputError(
            f"the DataFrame must have a row per customer, but {counted(len(found), 'row')} among the first "
            f"{sample.num_rows:,} {'is' if len(found) == 1 else 'are'} totals",
            remedies=[FixInput(action="filter them out"), FixInput(action="keep them with keep_totals")],
        )


def _shared(session: SparkSession, content: bytes) -> Content:
    """The model file for the executors: once per machine where the session can, otherwise in each task."""
    from pyspark.errors import PySparkAttributeError

    try:
        broadcast: Any = session.sparkContext.broadcast(content)
    except PySparkAttributeError:  # Spark Connect
        return Closure(content)
    return broadcast  # type: ignore[no-any-return]


def _scored_schema(own: StructType) -> StructType:
    from pyspark.sql.types import DoubleType, FloatType, StringType, StructField, StructType

    text = StringType()
    types = (text, FloatType(), text, DoubleType(), text, text)
    added = zip(added_names(own.names), types, strict=True)
    return StructType([*own.fields, *(StructField(name, kind) for name, kind in added)])
