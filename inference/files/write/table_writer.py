"""Tables out in any format: own columns by their headers, then the predictions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, BinaryIO

import pyarrow as pa

from inference.contract import Contract
from inference.files.columns.cell_texts import is_text
from inference.files.options import ARROW, CSV, EXCEL, JSON_LINES, PARQUET, TYPED
from inference.files.predictions import RowPredictions
from inference.files.read.headers import named
from inference.files.read.plain_cells import plain
from inference.files.read.source import Batch, Source
from inference.files.write.csv_injection import neutral_text
from inference.files.write.formats.row_format import RowFormat
from inference.files.write.writer import added_columns, added_names, beside


class TableWriter:
    """Any table to any format; in CSV, cells that a spreadsheet would run can be neutralised."""

    def __init__(
        self, source: Source, contract: Contract, stream: BinaryIO, *, output: str, neutralise: bool
    ) -> None:
        self.wanted: Sequence[int] = range(len(source.headers))
        self.neutralised = 0
        self._contract = contract
        self._neutralise = neutralise and output == CSV
        self._typed = source.kind in TYPED
        own = list(source.headers) if self._typed else named(source.headers)
        self._names = [*own, *added_names(own)]
        self._format = row_format(output, stream, self._header(), own_columns=len(own))

    def render(self, batch: Batch, own: Sequence[pa.Array], predictions: RowPredictions) -> tuple[Any, int]:
        """The rows in the form they are written in, and how many cells were neutralised."""
        changed = 0
        columns = [*own, *added_columns(self._contract, predictions)]
        if self._neutralise:
            for index, cells in enumerate(columns):
                if is_text((text := plain(cells)).type):
                    columns[index], count = neutral_text(text)
                    changed += count
        like = batch.block.cells.schema if self._typed and not self._neutralise else None
        return self._format.encode(beside(columns, self._names, like)), changed

    def write(self, rendered: Any) -> None:
        """Append rendered rows."""
        self._format.write(rendered)

    def close(self) -> None:
        """Write what ends the file."""
        self._format.close()

    def abandon(self) -> None:
        """Free what is held, in place of ``close``."""
        self._format.abandon()

    def _header(self) -> list[str]:
        if not self._neutralise:
            return self._names
        cells, count = neutral_text(pa.array(self._names))
        self.neutralised += count
        return list(cells.to_pylist())


def row_format(output: str, stream: BinaryIO, header: Sequence[str], *, own_columns: int = 0) -> RowFormat:
    """A format of a table by its name in ``FORMATS``; its module is loaded with it.

    Raises:
        InputError: for a table that the format cannot hold.
    """
    if output == CSV:
        from inference.files.write.formats.csv_format import CsvFormat

        return CsvFormat(stream, header)
    if output == PARQUET:
        from inference.files.write.formats.parquet_format import ParquetFormat

        return ParquetFormat(stream, own_columns)
    if output == ARROW:
        from inference.files.write.formats.arrow_format import ArrowFormat

        return ArrowFormat(stream)
    if output == EXCEL:
        from inference.files.write.formats.excel_format import ExcelFormat

        return ExcelFormat(stream, header)
    from inference.files.write.formats.json_format import JsonFormat

    return JsonFormat(stream, lines=output == JSON_LINES)
