"""Imports files of customers: each row is answered by the model, and remembered."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from customers.records import ID_RULE, Saved, Sent, is_id
from customers.store import Store
from inference import InputError, Segmenter
from inference.files.compare.two_files import id_header, id_texts
from inference.files.options import ReadOptions
from inference.files.ordered_map import in_order
from inference.files.predictions import ROUTES, RowPredictions, judge
from inference.files.read.open_source import open_source
from inference.files.read.reader_faults import refused_when_damaged, until_damaged
from inference.files.read.reading import Reading, read_as
from inference.files.summary import Scored, Tally
from inference.kinds.registry import kind_of
from inference.validation import Checked
from inference.wording import counted, quoted

COMMIT_ROWS = 20000  # rows of one transaction; an interrupted import keeps those that were reported

Progress = Callable[[int, int, int | None], None]


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What an import did.

    Attributes:
        saved: customers that are new, updated, moved, unchanged or repeated.
        scored: what came of the rows, those in error included.
        nameless: rows without a usable id; the first of them is at ``nameless_at``, such as ``"line 7"``.
        id: header of the column with the ids.
    """

    saved: Saved
    scored: Scored
    nameless: int
    nameless_at: str
    id: str

    @property
    def rows(self) -> int:
        """Rows of the file."""
        return self.scored.rows

    @property
    def left_out(self) -> int:
        """Rows that were not saved: those in error, and those without a usable id."""
        return self.scored.errors + self.nameless

    def sentences(self) -> list[str]:
        """What came of the import: a line of counts, then why rows were left out."""
        saved = self.saved
        found = [
            f"{counted(self.rows, 'row')} by {quoted(self.id)}: {saved.new:,} new, {saved.updated:,} updated "
            f"({saved.moved:,} of them moved to another segment), {saved.unchanged:,} unchanged, "
            f"{self.left_out:,} left out"
        ]
        if saved.repeated:
            found.append(
                f"{counted(saved.repeated, 'row is', 'rows are')} about a customer who is in the file again; "
                "the last row was kept"
            )
        if self.nameless:
            found.append(
                f"{counted(self.nameless, 'row')} without a usable id, for example {self.nameless_at}; an id "
                f"must be {ID_RULE}"
            )
        return found + self.scored.sentences()[2:]


def import_file(
    store: Store,
    segmenter: Segmenter,
    source: str | Path | BinaryIO,
    *,
    id: str = "",
    options: ReadOptions | None = None,
    progress: Progress | None = None,
) -> Imported:
    """Answer every row of a CSV, Parquet, Excel, Arrow or JSON file, and remember it.

    Running it again with the same file changes nothing.

    Args:
        id: header of the column that says who a customer is; otherwise the one that is called so.
        progress: called with rows done, bytes read, and bytes in all where known.

    Raises:
        InputError: when the file as a whole must be refused.
        StoreError: when the store cannot be written to; earlier transactions stay.
    """
    options, started = options or ReadOptions(), time.perf_counter()
    saved, nameless, nameless_at = Saved(), 0, ""
    waiting: list[Sent] = []
    at = datetime.now(UTC)  # the same for all, so that a customer who comes twice is noticed
    tally = Tally(segmenter.contract)
    with open_source(source, options) as opened:
        with refused_when_damaged():
            reading = read_as(opened, segmenter.contract.columns, options)
        header = id or id_header(opened.headers)
        if header not in opened.headers:
            raise InputError(f"the file must have the column {header!r} that id names, but it has not")
        rows_of = _Rows(segmenter, reading, opened, header)
        for part in in_order(rows_of.part, until_damaged(opened.blocks())):
            tally.add(part.predictions, 0, part.undecodable)
            waiting += part.sent
            nameless += part.nameless
            nameless_at = nameless_at or part.nameless_at
            if len(waiting) >= COMMIT_ROWS:
                saved += store.save(waiting, model=segmenter.fingerprint, at=at, part=True)
                waiting = []
                if progress is not None:
                    progress(tally.rows, part.bytes_read, opened.size)
    saved += store.save(waiting, model=segmenter.fingerprint, at=at, part=True) if waiting else Saved()
    return Imported(
        saved=saved,
        scored=tally.result(reading, time.perf_counter() - started),
        nameless=nameless,
        nameless_at=nameless_at,
        id=header,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Part:
    """A piece of a file: what is saved of it, and what came of its rows."""

    sent: list[Sent]
    predictions: RowPredictions
    nameless: int
    nameless_at: str
    undecodable: int
    bytes_read: int


class _Rows:
    """Turns pieces of a file into what is saved; safe to use from several threads."""

    def __init__(self, segmenter: Segmenter, reading: Reading, source: Any, header: str) -> None:
        self._segmenter, self._reading, self._source = segmenter, reading, source
        names = [name for name in segmenter.contract.names if name in reading.mapping]
        self._wanted = [source.headers.index(reading.mapping[name]) for name in names]
        self._id = source.headers.index(header)

    def part(self, block: Any) -> _Part:
        """Answer a piece of the file."""
        with refused_when_damaged():
            batch = self._source.parse(block, [*self._wanted, self._id])
        seen: list[Checked] = []
        predictions = judge(self._segmenter, self._reading, batch, lambda checked, _: seen.append(checked))
        ids = id_texts(batch.cells[-1]).to_pylist()
        rows = np.flatnonzero(predictions.problems.codes == 0).tolist()
        inputs = columns_as_json(self._segmenter, seen[0]) if seen else []
        segments = self._segmenter.contract.segments
        sent, nameless = [], []
        for index, row in enumerate(rows):
            if not is_id(ids[row]):
                nameless.append(row)
                continue
            segment = segments[int(predictions.segment_id[row])]
            sent.append(
                Sent(
                    id=ids[row],
                    inputs=inputs[index],
                    segment_id=segment.id,
                    segment=segment.name,
                    probability=float(predictions.probability[row]),
                    route=ROUTES[int(predictions.route[row])],
                )
            )
        return _Part(
            sent=sent,
            predictions=predictions,
            nameless=len(nameless),
            nameless_at=f"{predictions.row_word} {predictions.lines[nameless[0]]}" if nameless else "",
            undecodable=batch.undecodable,
            bytes_read=batch.bytes_read,
        )


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
