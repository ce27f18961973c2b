"""All rows of a table that Spark reads: tallied partition by partition, where they are."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pyarrow as pa

from inference.errors import InputError
from inference.files.spark.spark_session import spark_failure
from trainer.table.every_row import EveryRow, Tally, added

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame


@dataclass(frozen=True, kw_only=True)
class SparkRows:
    """The rows of a DataFrame (see ``trainer.table.every_row.EveryRow``)."""

    df: DataFrame
    rows: int
    left_out: int
    seed: int

    def only(self, headers: Iterable[str]) -> EveryRow:
        """The same rows with these columns, so that no others are read."""
        return replace(self, df=self.df.select(*map(named, dict.fromkeys(headers))))

    def distinct(self) -> EveryRow:
        """The rows without those that equal another one in every cell; this moves rows between machines."""
        return replace(self, df=self.df.dropDuplicates())

    def total(self, tally: Callable[[pa.RecordBatch], Tally]) -> Tally:
        """The sum of the tallies of all partitions."""
        with spark_asked():
            parts = self.df.mapInArrow(_Part(tally), "tally binary").collect()
        return added(_unpacked(part.tally) for part in parts)

    @contextmanager
    def kept(
        self, make: Callable[[pa.RecordBatch], pa.RecordBatch], names: tuple[str, ...]
    ) -> Iterator[EveryRow]:
        """Rows of doubles made of these, in the memory of the executors, or on their disks."""
        from pyspark import StorageLevel

        schema = ", ".join(f"{name} double" for name in names)
        with spark_asked():
            made = self.df.mapInArrow(_Each(make), schema).persist(StorageLevel.MEMORY_AND_DISK)
        try:
            yield replace(self, df=made)
        finally:
            made.unpersist()


@dataclass(frozen=True)
class _Part:
    """Tallies the batches of a partition; of one without rows there is nothing."""

    tally: Callable[[pa.RecordBatch], Tally]

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        total = added(self.tally(batch) for batch in batches if batch.num_rows)
        yield pa.RecordBatch.from_arrays([pa.array([_packed(total)], pa.binary())], names=["tally"])


@dataclass(frozen=True)
class _Each:
    """Makes other rows of each batch of a partition."""

    make: Callable[[pa.RecordBatch], pa.RecordBatch]

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        return (self.make(batch) for batch in batches if batch.num_rows)


def _packed(tally: Tally) -> bytes:
    """A tally as JSON, its numbers in hexadecimal: Python limits the digits of decimal ones."""
    return json.dumps({name: [hex(each) for each in counts] for name, counts in tally.items()}).encode()


def _unpacked(content: bytes) -> Tally:
    return {name: [int(each, 16) for each in counts] for name, counts in json.loads(content).items()}


def named(header: str) -> Column:
    """The column with exactly this name."""
    from pyspark.sql import functions as sql

    return sql.col(f"`{header.replace('`', '``')}`")


@contextmanager
def spark_asked() -> Iterator[None]:
    """Report a failure of Spark in one sentence, and not that it does not know this pandas: none is used.

    Raises:
        InputError: when Spark failed.
    """
    from py4j.protocol import Py4JJavaError
    from pyspark.errors import PySparkException

    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas")
            yield
    except (PySparkException, Py4JJavaError) as error:
        raise InputError(
            f"the table must be readable by Spark, but it failed: {spark_failure(error)}"
        ) from error
