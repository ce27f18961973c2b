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
        self._no_remarks = pa.scalar(source.dialect.separator.encode(), pa.binary())  # between empty cells
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
            positions = dangerous_cells(data, self._dialect.separator, begin)
            if changed := len(positions):
                data = with_apostrophes(data, positions)
                ends = ends + np.searchsorted(positions, ends)
        if not len(ends):
            return self._encoded(data[begin:]), changed
        offsets = np.concatenate([[begin], ends]).astype(np.int32)
        records = pa.Array.from_buffers(
            pa.binary(), len(ends), [None, pa.py_buffer(offsets), pa.py_buffer(data)]
        )
        separator = self._dialect.separator.encode()
        segments, *others = self._cells(predictions)
        if self._short or batch.widths is not None:  # filled up, so that the predictions are in their columns
            segments = pc.binary_join_element_wise(self._gaps(batch), segments, b"")
        joined = pc.binary_join_element_wise(records, segments, *others, separator)
        text = joined.buffers()[2]
        return self._encoded(b"".join((text or b"", data[int(ends[-1]) :]))), changed

    def write(self, rendered: bytes) -> None:
        """Append bytes."""
        self._stream.write(rendered)

    def close(self) -> None:
        """Nothing ends a CSV file."""

    def abandon(self) -> None:
        """Nothing is held outside of memory."""

    def _cells(self, predictions: RowPredictions) -> list[pa.Array | pa.Scalar]:
        scored = predictions.route != len(ROUTES) - 1
        ids = np.where(scored, predictions.segment_id, len(self._names))
        names = pa.array([*self._names, b""], pa.binary())
        remarked = predictions.problems.messages or predictions.notes
        return [
            names.take(_arrow(ids)),
            self._numbers(predictions.probability),
            pa.array([word.encode() for word in ROUTES], pa.binary()).take(_arrow(predictions.route)),
            self._numbers(predictions.novelty),
            *((self._errors(predictions), self._notes(predictions)) if remarked else (self._no_remarks,)),
        ]

    def _gaps(self, batch: Batch) -> pa.Array:
        """The separators that are missing in each row."""
        separator = self._dialect.separator.encode()
        if batch.widths is None:
            return pa.array([separator * self._short], pa.binary()).take(_zeros(batch.rows))
        lacking, inverse = np.unique(np.maximum(0, self._cells_written - batch.widths), return_inverse=True)
        return pa.array([separator * count for count in lacking.tolist()], pa.binary()).take(
            pa.array(inverse)
        )

    def _errors(self, predictions: RowPredictions) -> pa.Array:
        """What is wrong with each row; written once per different sentence, but for the row's position."""
        problems = predictions.problems
        if not problems.messages:
            return _blank(len(problems.codes))
        begins, ends = [b""], [b""]
        for _, sentence in problems.messages:
            begin, end = f"{predictions.row_word} ", f": {sentence}"
            quote = '"' if self._quoted(begin + end) or self._dialect.separator.isdecimal() else ""
            begins.append((quote + begin).encode())
            ends.append(self._bytes((end.replace('"', '""') if quote else end) + quote))
        codes = pa.array(problems.codes)
        lines = pa.array(predictions.lines, mask=problems.codes == 0).cast(pa.string()).cast(pa.binary())
        parts = [pa.array(begins, pa.binary()).take(codes), lines.fill_null(b"")]
        return pc.binary_join_element_wise(*parts, pa.array(ends, pa.binary()).take(codes), b"")

    def _notes(self, predictions: RowPredictions) -> pa.Array:
        if not predictions.notes:
            return _blank(len(predictions.route))
        remarks = predictions.remarks().fill_null("").dictionary_encode()
        different = remarks.dictionary
        if self._neutralise:
            different, _ = neutral_text(different)
        cells = [self._written(text) for text in different.to_pylist()]
        return pa.array(cells, pa.binary()).take(remarks.indices)

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
        positions = dangerous_cells(prologue, self._dialect.separator)
        return with_apostrophes(prologue, positions), len(positions)

    def _cell(self, text: str) -> bytes:
        """A cell's bytes, harmless, quoted where the dialect needs it, as the block's data is encoded."""
        if self._neutralise:
            text = neutral_text(pa.array([text]))[0][0].as_py()
        return self._written(text)

    def _written(self, text: str) -> bytes:
        return self._bytes('"' + text.replace('"', '""') + '"' if self._quoted(text) else text)

    def _quoted(self, text: str) -> bool:
        return any(sign in text for sign in (self._dialect.separator, '"', "\n", "\r"))

    def _bytes(self, text: str) -> bytes:
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
    return pa.array([b""], pa.binary()).take(_zeros(rows))


def _zeros(rows: int) -> pa.Array:
    return _arrow(np.zeros(rows, dtype=np.int32))
