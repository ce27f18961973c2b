"""Reads Arrow record batches that a caller already has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

import pyarrow as pa

from inference.errors import InputError
from inference.files.options import PARQUET
from inference.files.read.headers import check_headers
from inference.files.read.last_totals import mark_last_totals
from inference.files.read.typed_rows import Rows
from inference.files.read.typed_source import TypedSource
from inference.wording import quoted_names


class BatchesSource(TypedSource):
    """Record batches of one schema (see ``inference.files.read.source.Source``)."""

    kind = PARQUET
    size: int | None = None
    assumed: tuple[str, ...] = ("Arrow record batches",)

    def __init__(self, batches: Iterable[pa.RecordBatch], *, keep_totals: bool = False) -> None:
        super().__init__(keep_totals=keep_totals)
        given = iter(batches.to_batches() if isinstance(batches, pa.Table) else batches)
        self._first: list[pa.RecordBatch] = []
        while not self._first or not self._first[-1].num_rows:  # an empty one shows nothing
            batch = next(given, None)
            if batch is None:
                break
            if not isinstance(batch, pa.RecordBatch):
                raise InputError(
                    f"every batch must be a pyarrow.RecordBatch, but one is {type(batch).__name__}"
                )
            self._first.append(batch)
        if not self._first:
            raise InputError("at least one record batch must be given, but there is none")
        self._given = given
        self.headers = tuple(self._first[0].schema.names)
        check_headers(self.headers)

    def blocks(self) -> Iterator[Rows]:
        """The batches in order; whether one is the last is not known when it is handed on."""
        return self.rows_in_order()

    def rows_in_order(self) -> Iterator[Rows]:
        """The batches in order."""
        done = 0
        for batch in chain(self._first, self._given):
            if batch.schema.names != list(self.headers):
                raise InputError(
                    f"all record batches must have the columns {quoted_names(self.headers)}, but one has "
                    f"{quoted_names(batch.schema.names)}"
                )
            yield Rows(cells=batch, start=done, bytes_read=0)
            done += batch.num_rows

    def sample(self) -> tuple[pa.Array, ...]:
        """The first batch with rows."""
        return tuple(self._first[-1].slice(0, 2000).columns)


def rows_of_totals(table: pa.Table) -> dict[int, str]:
    """Row of a table in memory -> why it is no row of it: totals between others or at the end."""
    if not table.num_rows:
        return {}
    source = BatchesSource([table.combine_chunks().to_batches()[0]])
    (block,) = mark_last_totals(source.blocks(), source.sample)
    return dict(source.parse(block, ()).left_out)
