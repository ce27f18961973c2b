"""Reads Arrow streams and files, batch by batch, every column in its own type."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

import pyarrow as pa

from inference.errors import InputError
from inference.files.columns.cell_texts import is_text
from inference.files.options import ARROW, ReadOptions
from inference.files.read.arrow.arrow_limits import check_messages
from inference.files.read.headers import check_headers
from inference.files.read.row_sizes import BATCH_BYTES, BATCH_ROWS, sample_rows, unfolded_bytes
from inference.files.read.source import too_many_rows
from inference.files.read.typed_rows import Rows, check_cells
from inference.files.read.typed_source import TypedSource
from inference.wording import counted, quoted, quoted_names, shortened


class ArrowSource(TypedSource):
    """An Arrow stream or file (see ``inference.files.read.source.Source``)."""

    kind = ARROW

    def __init__(self, stream: BinaryIO, options: ReadOptions, size: int | None) -> None:
        super().__init__(keep_totals=options.keep_totals)
        self.size = size
        self.rows = check_messages(stream)
        try:
            self._reader = pa.ipc.open_stream(stream)
        except (pa.ArrowException, OSError) as error:
            raise _damaged(0, error) from error
        self._stream = stream
        self.headers = tuple(self._reader.schema.names)
        check_headers(self.headers)
        for field in self._reader.schema:
            _check_type(field)
        if options.max_rows is not None and self.rows > options.max_rows:
            raise too_many_rows(options.max_rows, self.rows)
        self._given = self._pieces()
        first = next(self._given, None)
        if first is None:
            raise InputError(
                f"the file must have rows, but it has none; its columns are {quoted_names(self.headers)}"
            )
        self._first = first
        self.assumed: tuple[str, ...] = (f"Arrow, {counted(self.rows, 'row')}",)

    def rows_in_order(self) -> Iterator[Rows]:
        """Batches of typed rows."""
        yield self._first
        yield from self._given

    def _pieces(self) -> Iterator[Rows]:
        """Batches whose cells are valid, none much larger than a batch may be."""
        done = 0
        while True:
            try:
                batch = self._reader.read_next_batch()
                check_cells(batch, done)
            except StopIteration:
                return
            except (pa.ArrowException, OSError) as error:
                raise _damaged(done, error) from error
            for piece in _small(batch):
                yield Rows(cells=_plain_text(piece), start=done, bytes_read=self._stream.tell())
                done += piece.num_rows

    def sample(self) -> tuple[pa.Array, ...]:
        """The first rows of every column."""
        return tuple(self._first.cells.slice(0, sample_rows(len(self.headers))).columns)


def _small(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    """A batch, halved until no part is large; rows may refer to one long text many times."""
    rows = batch.num_rows
    size = sum(unfolded_bytes(cells) for cells in batch.columns)
    if rows <= 1 or (rows <= BATCH_ROWS and size <= BATCH_BYTES):
        if rows:
            yield batch
        return
    yield from _small(batch.slice(0, rows // 2))
    yield from _small(batch.slice(rows // 2))


def _plain_text(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Texts that are views of others as texts of their own."""
    if not any(pa.types.is_string_view(field.type) for field in batch.schema):
        return batch
    views = [pa.types.is_string_view(field.type) for field in batch.schema]
    columns = [
        cells.cast(pa.large_string()) if view else cells
        for cells, view in zip(batch.columns, views, strict=True)
    ]
    fields = [
        pa.field(field.name, pa.large_string(), metadata=field.metadata) if view else field
        for field, view in zip(batch.schema, views, strict=True)
    ]
    return pa.RecordBatch.from_arrays(columns, schema=pa.schema(fields, metadata=batch.schema.metadata))


def _check_type(field: pa.Field) -> None:
    """Refuse types whose size cannot be told from their buffers; views of text are known."""
    kinds = [field.type]
    for kind in kinds:
        kinds.extend(kind.field(at).type for at in range(kind.num_fields))
        if pa.types.is_dictionary(kind):
            kinds.append(kind.value_type)
    shared = [
        kind
        for at, kind in enumerate(kinds)
        if "view" in str(kind).split("<")[0] or pa.types.is_run_end_encoded(kind)
        if at or not is_text(kind)
    ]
    nested = [kind for at, kind in enumerate(kinds) if at and pa.types.is_dictionary(kind)]
    if shared or nested:
        raise InputError(
            f"column {quoted(field.name)} must have plain cells, but its type is "
            f"{shortened(str(field.type))}; cast it to numbers or text"
        )


def _damaged(done: int, error: Exception) -> InputError:
    return InputError(
        f"the Arrow file cannot be read beyond row {done:,} ({shortened(str(error))}); it is damaged or cut "
        "off: write it again"
    )
