"""Typed tables out: Parquet from any source, and CSV from Parquet and Excel."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any, BinaryIO

import pyarrow as pa

from inference.contract import Contract
from inference.errors import InputError
from inference.files.columns.cell_texts import is_text
from inference.files.options import PARQUET
from inference.files.predictions import RowPredictions
from inference.files.read.headers import named
from inference.files.read.plain_cells import plain
from inference.files.read.source import Batch, Source
from inference.files.write.csv_injection import neutral_text
from inference.files.write.writer import added_columns, added_names, beside
from inference.wording import shortened

MOST_COLUMNS = 10_000  # of Parquet; each takes memory for the whole time
GROUP_BYTES = 16 << 20  # of a row group of Parquet, before it is encoded
MOST_HELD = 4  # batches of which it is made, before they become one


class TableWriter:
    """Anything to Parquet, and typed tables to CSV: own columns by their headers, then the predictions."""

    def __init__(
        self, source: Source, contract: Contract, stream: BinaryIO, *, parquet_out: bool, neutralise: bool
    ) -> None:
        if parquet_out and len(source.headers) > MOST_COLUMNS:
            raise InputError(
                f"a scored Parquet file must have at most {MOST_COLUMNS:,} columns of its own, but it would "
                f"have {len(source.headers):,}; write CSV, or leave out columns that the model does not use"
            )
        self.wanted: Sequence[int] = range(len(source.headers))
        self._contract, self._stream, self._parquet = contract, stream, parquet_out
        self._neutralise = neutralise and not parquet_out
        own = list(source.headers) if source.kind == PARQUET else named(source.headers)
        self._typed = source.kind == PARQUET
        self._names = [*own, *added_names(own)]
        self._writer: Any = None
        self._held: list[pa.RecordBatch] = []
        self._held_bytes = 0
        self.neutralised = 0

    def render(self, batch: Batch, own: Sequence[pa.Array], predictions: RowPredictions) -> tuple[Any, int]:
        """A record batch, or the CSV bytes of one."""
        changed = 0
        columns = [*own, *added_columns(self._contract, predictions)]
        if self._neutralise:
            for place, cells in enumerate(columns):
                if is_text((text := plain(cells)).type):
                    columns[place], count = neutral_text(text)
                    changed += count
        if self._parquet:
            like = batch.block.cells.schema if self._typed else None
            return beside(columns, self._names, like), changed
        return _csv(pa.RecordBatch.from_arrays(columns, names=self._names)), changed

    def write(self, rendered: Any) -> None:
        """Append rendered rows; the first ones bring the header."""
        if self._parquet:
            self._held.append(rendered)
            self._held_bytes += rendered.nbytes
            if len(self._held) >= MOST_HELD:  # each column of a batch takes memory besides its cells
                self._held = pa.Table.from_batches(self._held).combine_chunks().to_batches()
            if self._held_bytes >= GROUP_BYTES:
                self._write_group()
            return
        if self._writer is None:
            import csv

            self._writer = True
            head = io.StringIO()
            csv.writer(head, lineterminator="\n").writerow(self._header())
            self._stream.write(head.getvalue().encode("utf-8"))
        self._stream.write(rendered)

    def close(self) -> None:
        """Write the footer of Parquet."""
        if self._parquet and self._held:
            self._write_group()
        if self._parquet and self._writer is not None:
            self._writer.close()

    def _write_group(self) -> None:
        """Write the held rows as one row group; its footer takes memory for each column until the end."""
        from pyarrow import parquet

        rows = pa.Table.from_batches(self._held)
        if self._writer is None:
            self._writer = parquet.ParquetWriter(self._stream, rows.schema)
        self._writer.write_table(rows, row_group_size=len(rows))
        self._held, self._held_bytes = [], 0

    def _header(self) -> list[str]:
        if not self._neutralise:
            return self._names
        cells, count = neutral_text(pa.array(self._names))
        self.neutralised += count
        return list(cells.to_pylist())


def _csv(rows: pa.RecordBatch) -> bytes:
    import pyarrow.csv as arrow_csv

    out = io.BytesIO()
    try:
        arrow_csv.write_csv(rows, out, arrow_csv.WriteOptions(include_header=False, quoting_style="needed"))
    except pa.ArrowException as error:
        kinds = ", ".join(f"{each.name!r}: {each.type}" for each in rows.schema)
        raise InputError(
            f"every column must be text, a number or a time to be written as CSV, but not all are "
            f"({shortened(kinds)}); write Parquet"
        ) from error
    return out.getvalue()
