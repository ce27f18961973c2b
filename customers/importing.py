"""Imports files of customers: each row is answered by the model, and remembered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from customers.records import Saved, Sent, is_id
from customers.store import Store
from inference import InputError, Segmenter
from inference.files.compare.two_files import id_header, id_texts
from inference.files.options import ReadOptions
from inference.files.ordered_map import in_order
from inference.files.predictions import ROUTES, judge
from inference.files.read.open_source import open_source
from inference.files.read.reader_faults import refused_when_damaged, until_damaged
from inference.files.read.reading import Reading, read_as
from inference.kinds.registry import kind_of
from inference.validation import Checked

COMMIT_ROWS = 50_000  # rows of one transaction; an interrupted import keeps those that were reported

Progress = Callable[[int, int, int | None], None]


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What an import did.

    Attributes:
        saved: customers that are new, updated, moved or unchanged.
        rows: of the file; left_out: rows without a usable id or in error.
        id: header of the column with the ids.
        reading: how the file was read.
    """

    saved: Saved
    rows: int
    left_out: int
    id: str
    reading: Reading


def import_file(
    store: Store,
    segmenter: Segmenter,
    source: str | Path | BinaryIO,
    *,
    id: str = "",
    options: ReadOptions | None = None,
    progress: Progress | None = None,
) -> Imported:
    """Answer every row of a CSV, Parquet or Excel file, and remember it.

    Running it again with the same file changes nothing.

    Args:
        id: header of the column that says who a customer is; otherwise the one that is called so.
        progress: called with rows done, bytes read, and bytes in all where known.

    Raises:
        InputError: when the file as a whole must be refused.
        StoreError: when the store cannot be written to; earlier transactions stay.
    """
    options = options or ReadOptions()
    saved, rows, left_out = Saved(), 0, 0
    waiting: list[Sent] = []
    with open_source(source, options) as opened:
        with refused_when_damaged():
            reading = read_as(opened, segmenter.contract.columns, options)
        header = id or id_header(opened.headers)
        if header not in opened.headers:
            raise InputError(f"the file must have the column {header!r} that id names, but it has not")
        rows_of = _Rows(segmenter, reading, opened, header)
        for sent, count, read in in_order(rows_of.sent, until_damaged(opened.blocks())):
            waiting += sent
            rows += count
            left_out += count - len(sent)
            if len(waiting) >= COMMIT_ROWS:
                saved += store.save(waiting, model=segmenter.fingerprint)
                waiting = []
                if progress is not None:
                    progress(rows, read, opened.size)
    saved += store.save(waiting, model=segmenter.fingerprint) if waiting else Saved()
    return Imported(saved=saved, rows=rows, left_out=left_out, id=header, reading=reading)


class _Rows:
    """Turns pieces of a file into what is saved; safe to use from several threads."""

    def __init__(self, segmenter: Segmenter, reading: Reading, source: Any, header: str) -> None:
        self._segmenter, self._reading, self._source = segmenter, reading, source
        names = [name for name in segmenter.contract.names if name in reading.mapping]
        self._wanted = [source.headers.index(reading.mapping[name]) for name in names]
        self._id = source.headers.index(header)

    def sent(self, block: Any) -> tuple[list[Sent], int, int]:
        """The customers of a piece, its rows, and the bytes read so far."""
        with refused_when_damaged():
            batch = self._source.parse(block, [*self._wanted, self._id])
        seen: list[Checked] = []
        predictions = judge(self._segmenter, self._reading, batch, lambda checked, _: seen.append(checked))
        sound = predictions.problems.codes == 0
        ids = np.asarray(id_texts(batch.cells[-1]), dtype=object)
        inputs = columns_as_json(self._segmenter, seen[0]) if seen else []
        segments = self._segmenter.contract.segments
        found = []
        for place, row in enumerate(np.flatnonzero(sound).tolist()):
            if not is_id(ids[row]):
                continue
            segment = segments[int(predictions.segment_id[row])]
            found.append(
                Sent(
                    id=ids[row],
                    inputs=inputs[place],
                    segment_id=segment.id,
                    segment=segment.name,
                    probability=float(predictions.probability[row]),
                    route=ROUTES[int(predictions.route[row])],
                )
            )
        return found, batch.rows, batch.bytes_read


def columns_as_json(segmenter: Segmenter, checked: Checked) -> list[dict[str, Any]]:
    """Checked rows as JSON holds them; what is unknown is left out."""
    rows: list[dict[str, Any]] = [{} for _ in range(checked.rows)]
    for column in segmenter.contract.columns:
        kind = kind_of(column)
        cells = checked.feeds[column.name][:, 0]
        known = np.flatnonzero(~kind.missing_in(cells)).tolist()
        for row, cell in zip(known, cells[known].tolist(), strict=True):
            rows[row][column.name] = kind.as_json(column, cell)
    return rows
