"""Typed rows as CSV: UTF-8, commas, line feeds, quotes where they are needed."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import BinaryIO

import pyarrow as pa
import pyarrow.csv as arrow_csv

from inference.errors import InputError
from inference.wording import shortened


class CsvFormat:
    """See ``RowFormat``; ``header`` has the names as they are to be written."""

    def __init__(self, stream: BinaryIO, header: Sequence[str]) -> None:
        self._stream, self._header = stream, header
        self._begun = False

    def encode(self, rows: pa.RecordBatch) -> bytes:
        """Lines of CSV.

        Raises:
            InputError: for cells that are lists or the like.
        """
        out = io.BytesIO()
        options = arrow_csv.WriteOptions(include_header=False, quoting_style="needed")
        try:
            arrow_csv.write_csv(rows, out, options)
        except pa.ArrowException as error:
            kinds = ", ".join(f"{each.name!r}: {each.type}" for each in rows.schema)
            raise InputError(
                f"every column must be text, a number or a time to be written as CSV, but not all are "
                f"({shortened(kinds)}); write Parquet"
            ) from error
        return out.getvalue()

    def write(self, encoded: bytes) -> None:
        """Append lines; the first ones bring the header."""
        if not self._begun:
            self._begun = True
            head = io.StringIO()
            csv.writer(head, lineterminator="\n").writerow(self._header)
            self._stream.write(head.getvalue().encode("utf-8"))
        self._stream.write(encoded)

    def close(self) -> None:
        """Nothing ends the file."""

    def abandon(self) -> None:
        """Nothing is held outside of memory."""
