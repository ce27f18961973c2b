"""CSV in, CSV out: every byte of the input is kept, the predictions before each line end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from inference.contract import Contract
from inference.files.predictions import ROUTES, RowPredictions
from inference.files.read.delimited.csv_source import CsvSource
from inference.files.read.source import Batch
from inference.files.write.csv_injection import dangerous_cells, neutral_text, with_apostrophes
from inference.files.write.writer import added_names


class EchoWriter:
    """CSV to CSV: every record's bytes as they came, the predictions appended in the same dialect."""

    def __init__(
        self, source: CsvSource, contract: Contract, stream: BinaryIO, *, neutralise: bool, comma: bool
    ) -> None:
        self.wanted: Sequence[int] = ()
        self._contract, self._stream, self._neutralise = contract, stream, neutralise
        self._dialect = source.dialect
        self._cells_written = max(source.width, source.header_width)
        self._short = self._cells_written - source.width
        self._comma = comma and source.dialect.separator != ","
        self._names = [self._cell(segment.name) for segment in contract.segments]
        gap = self._dialect.separator * (self._cells_written - source.header_width)
        header = (gap + self._dialect.separator.join(("", *added_names(source.headers)))).encode()
        prologue, self.neutralised = self._neutral(source.prologue)
        self._stream.write(self._dialect.bom + self._encoded(prologue + header))

    def render(self, batch: Batch, own: Sequence[pa.Array], predictions: RowPredictions) -> tuple[bytes, int]:
        """The block's bytes with the predictions before each record's line end."""
        block = batch.block
        data, ends, begin = block.data, block.ends, block.begin
        changed = 0
        if self._neutralise:
            places = dangerous_cells(data, self._dialect.separator, begin)
            if changed := len(places):
                data = with_apostrophes(data, places)
                ends = ends + np.searchsorted(places, ends)
        if not len(ends):
            return self._encoded(data[begin:]), changed
        offsets = np.concatenate([[begin], ends]).astype(np.int32)
        records = pa.Array.from_buffers(
            pa.binary(), len(ends), [None, pa.py_buffer(offsets), pa.py_buffer(data)]
        )
        separator = self._dialect.separator.encode()
        segments, *others = self._cells(predictions)
        short = {row: max(0, self._cells_written - width) for row, width in batch.widths.items()}
        if self._short or any(short.values()):  # filled up, so that the predictions are in their columns
            gaps = [separator * short.get(row, self._short) for row in range(len(segments))]
            segments = pc.binary_join_element_wise(pa.array(gaps, pa.binary()), segments, b"")
        joined = pc.binary_join_element_wise(records, segments, *others, separator)
        text = joined.buffers()[2]
        return self._encoded(b"".join((text or b"", data[int(ends[-1]) :]))), changed

    def write(self, rendered: bytes) -> None:
        """Append bytes."""
        self._stream.write(rendered)

    def close(self) -> None:
        """Nothing ends a CSV file."""

    def _cells(self, predictions: RowPredictions) -> list[pa.Array]:
        scored = predictions.route != len(ROUTES) - 1
        ids = np.where(scored, predictions.segment_id, len(self._names))
        names = pa.array([*self._names, b""], pa.binary())
        errors = [b""] * len(scored)
        for row, sentence in predictions.sentences():
            errors[row] = self._cell(sentence)
        return [
            names.take(_arrow(ids)),
            self._numbers(predictions.probability),
            pa.array([word.encode() for word in ROUTES], pa.binary()).take(_arrow(predictions.route)),
            self._numbers(predictions.novelty),
            pa.array(errors, pa.binary()) if predictions.problems else _blank(len(scored)),
            self._notes(predictions),
        ]

    def _notes(self, predictions: RowPredictions) -> pa.Array:
        noted = predictions.noted()
        if not noted:
            return _blank(len(predictions.route))
        written = {sentence: self._cell(sentence) for sentence in set(noted.values())}
        cells = [b""] * len(predictions.route)
        for row, sentence in noted.items():
            cells[row] = written[sentence]
        return pa.array(cells, pa.binary())

    def _numbers(self, values: NDArray[np.floating]) -> pa.Array:
        missing = np.isnan(values)
        cells = pa.array(values, mask=missing) if missing.any() else _arrow(values)
        text = cells.cast(pa.string()).fill_null("")
        if self._comma:
            text = pc.replace_substring(text, ".", ",")
        return text.cast(pa.binary())

    def _neutral(self, prologue: bytes) -> tuple[bytes, int]:
        if not self._neutralise:
            return prologue, 0
        places = dangerous_cells(prologue, self._dialect.separator)
        return with_apostrophes(prologue, places), len(places)

    def _cell(self, text: str) -> bytes:
        """A cell's bytes, quoted where the dialect needs it, as the block's data is encoded."""
        if self._neutralise:
            text = neutral_text(pa.array([text]))[0][0].as_py()
        if any(sign in text for sign in (self._dialect.separator, '"', "\n", "\r")):
            text = '"' + text.replace('"', '""') + '"'
        codec = "utf-8" if self._dialect.transcoded else self._dialect.encoding
        return text.encode(codec, errors="backslashreplace")

    def _encoded(self, data: bytes) -> bytes:
        if not self._dialect.transcoded:
            return data
        return data.decode("utf-8").encode(self._dialect.encoding, errors="backslashreplace")


def _arrow(values: NDArray[Any]) -> pa.Array:
    """Numbers ``[N]`` without a copy, and without ``numpy.ma``, which ``pa.array`` loads for any array."""
    values = np.ascontiguousarray(values)
    return pa.Array.from_buffers(pa.from_numpy_dtype(values.dtype), len(values), [None, pa.py_buffer(values)])


def _blank(rows: int) -> pa.Array:
    return pa.array([b""], pa.binary()).take(_arrow(np.zeros(rows, dtype=np.int32)))
