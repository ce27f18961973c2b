"""A random sample of a DataFrame's rows that is the same however the table is cut into partitions.

A row is drawn when the hash of its cells and the seed is small. Rows that equal each other would be drawn
together; where there are many of them, they are counted first, and each copy has a hash of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa

from trainer.table.every_row import SampleSettings
from trainer.table.spark.spark_rows import named, spark_asked

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

HASHES = 1 << 64
LEAST_HASH = -(1 << 63)
DIFFERENT = 0.97  # share of different rows from which on equal ones do not matter
PRECISION = 0.01  # of the count of different rows
KEY, COPIES = "_hash_of_row", "_copies_of_row"


@dataclass(frozen=True, kw_only=True)
class RowCounts:
    """How many rows there are, those left out not among them, and about how many different ones."""

    rows: int
    left_out: int
    different: int


def count_rows(df: DataFrame, malformed: str) -> RowCounts:
    """Count the rows of a DataFrame; those with a cell in the column ``malformed`` are left out."""
    from pyspark.sql import functions as sql

    own = [name for name in df.columns if name != malformed]
    bad = named(malformed).isNotNull() if malformed else sql.lit(False)
    with spark_asked():
        (found,) = df.select(
            sql.count_if(~bad).alias("rows"),
            sql.count_if(bad).alias("left_out"),
            sql.approx_count_distinct(_hash(own, df, 0), PRECISION).alias("different"),
        ).collect()
    return RowCounts(**found.asDict())


def sampled(df: DataFrame, counts: RowCounts, settings: SampleSettings) -> pa.Table:
    """About ``settings.rows`` rows, or all where there are no more, ordered by their hashes."""
    share = settings.rows / max(counts.rows, 1)
    most = LEAST_HASH + min(round(share * HASHES), HASHES - 1)
    columns = list(df.columns)
    every_different = counts.different >= DIFFERENT * counts.rows
    keyed = _by_content(df, settings.seed) if every_different else _by_copy(df, settings.seed, most)
    with spark_asked():
        drawn: pa.Table = keyed.where(named(KEY) <= most).toArrow()
    return drawn.sort_by(KEY).select(columns)


def _by_content(df: DataFrame, seed: int) -> DataFrame:
    """The rows with the hashes of their cells."""
    return df.withColumn(KEY, _hash(df.columns, df, seed))


def _by_copy(df: DataFrame, seed: int, most: int) -> DataFrame:
    """The rows with hashes of their cells and of the number of the copy, up to ``most``."""
    from pyspark.sql import functions as sql

    counted = df.groupBy(*map(named, df.columns)).agg(sql.count(sql.lit(1)).alias(COPIES))
    hashes = sql.transform(
        sql.sequence(sql.lit(1).cast("bigint"), named(COPIES)), lambda copy: _hash(df.columns, df, seed, copy)
    )
    small = sql.filter(hashes, lambda each: each <= most)
    return counted.select(*map(named, df.columns), sql.explode(small).alias(KEY))


def _hash(names: list[str], df: DataFrame, seed: int, *more: Column) -> Column:
    """A hash of the cells in these columns, whatever the order of the columns is."""
    from pyspark.sql import functions as sql
    from pyspark.sql.types import MapType

    kinds = {field.name: field.dataType for field in df.schema.fields}
    cells = [
        named(name).cast("string") if isinstance(kinds[name], MapType) else named(name)
        for name in sorted(names)
    ]
    known = [cell.isNull() for cell in cells]  # a hash alone passes over what is missing
    return sql.xxhash64(sql.lit(seed), *cells, *known, *more)
