"""Scores whole files and streams of record batches, in order and in little memory."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa

from inference.errors import InputError
from inference.files.options import ReadOptions, ScoreOptions
from inference.files.ordered_map import WORKERS, in_order
from inference.files.predictions import Observe, RowPredictions, judge
from inference.files.read.open_source import open_source
from inference.files.read.reader_faults import refused_when_damaged, until_damaged
from inference.files.read.reading import Reading, read_as
from inference.files.read.source import Batch, Source, too_many_rows
from inference.files.summary import Scored, Tally
from inference.files.write.atomic_output import open_target
from inference.files.write.open_writer import open_writer, output_format
from inference.files.write.writer import Writer, added_columns, added_names, beside
from inference.segmenter import Segmenter
from inference.wording import quoted_path

WIDE = 2_000  # columns to be written anew; each takes memory in every batch that is under way

Report = Callable[[int, int, int | None], None]  # rows done, bytes read, bytes in all (None: unknown)


@dataclass(frozen=True)
class Watchers:
    """Who is called while a file is scored; see ``score_file``."""

    progress: Report | None = None
    observe: Observe | None = None


def score_file(
    model: Segmenter | str | Path,
    source: str | Path | BinaryIO,
    target: str | Path | BinaryIO,
    *,
    options: ScoreOptions | None = None,
    progress: Report | None = None,
    observe: Observe | None = None,
) -> Scored:
    """Score every row of a CSV, Parquet, Excel, Arrow or JSON file.

    The target has the source's rows in their order with all their columns as they were, followed by
    ``segment``, ``probability``, ``route`` (complete, partial, prior, error), ``novelty``, ``error`` and
    ``note`` (the profile columns whose cell could not be used and counted as missing). CSV is written in the
    source's own dialect; a file gets its name only when all of it is written.

    Args:
        model: a loaded model, or the path of its file.
        source, target: paths, or binary streams that need not be seekable.
        progress: called with rows done, bytes read, and bytes in all where known.
        observe: called with checked rows and their answers, in any order and from several threads; rows in
            error are not among them.

    Raises:
        InputError: when the file as a whole must be refused. A bad cell of a clustering column costs
            its row only, one of a profile column counts as missing.
    """
    options = options or ScoreOptions()
    segmenter = model if isinstance(model, Segmenter) else Segmenter.load(model)
    started = time.perf_counter()
    _refuse_same(source, target)
    # The source is left first: when it has changed meanwhile, the target does not get its name.
    with open_target(target, replace=options.replace) as stream, open_source(source, options) as rows:
        with refused_when_damaged():
            reading = read_as(rows, segmenter.contract.columns, options)
        output = output_format(rows, target, options)
        writer = open_writer(
            rows, segmenter.contract, stream, output=output, options=options, reading=reading
        )
        try:
            tally = _score(segmenter, rows, reading, writer, options, Watchers(progress, observe))
            writer.close()
        except MemoryError:
            writer.abandon()
            raise InputError(
                "the file must fit the memory that is free, some hundred MB, but it does not; close other "
                "programs, or leave out columns that the model does not use"
            ) from None
        except BaseException:
            writer.abandon()
            raise
    return tally.result(reading, time.perf_counter() - started)


def score_batches(
    model: Segmenter | str | Path,
    batches: Iterable[pa.RecordBatch],
    *,
    options: ReadOptions | None = None,
) -> Iterator[pa.RecordBatch]:
    """Score Arrow record batches one by one: each comes back with the six columns after its own.

    Raises:
        InputError: when a clustering column is not found in the first batch.
    """
    from inference.files.read.record_batches import BatchesSource

    options = options or ReadOptions()
    segmenter = model if isinstance(model, Segmenter) else Segmenter.load(model)
    source = BatchesSource(batches, keep_totals=options.keep_totals)
    reading = read_as(source, segmenter.contract.columns, options)
    wanted = wanted_columns(reading, segmenter)
    for block in source.blocks():
        yield scored_rows(segmenter, reading, source.parse(block, wanted), block.cells)


def scored_rows(segmenter: Segmenter, reading: Reading, batch: Batch, own: pa.RecordBatch) -> pa.RecordBatch:
    """The columns ``own`` of a batch, followed by the six columns."""
    predictions = judge(segmenter, reading, batch)
    columns = [*own.columns, *added_columns(segmenter.contract, predictions)]
    return beside(columns, [*own.schema.names, *added_names(own.schema.names)], own.schema)


def _score(
    segmenter: Segmenter,
    source: Source,
    reading: Reading,
    writer: Writer,
    options: ReadOptions,
    watchers: Watchers,
) -> Tally:
    wanted = wanted_columns(reading, segmenter)
    tally = Tally(segmenter.contract)

    def work(block: Any) -> tuple[Any, int, RowPredictions, int, int]:
        with refused_when_damaged():
            batch = source.parse(block, [*wanted, *writer.wanted])
        own = batch.cells[len(wanted) :]
        predictions = judge(segmenter, reading, batch, watchers.observe)
        rendered, changed = writer.render(batch, own, predictions)
        return rendered, changed, predictions, batch.undecodable, batch.bytes_read

    workers = 1 if len(writer.wanted) > WIDE else WORKERS
    blocks = until_damaged(source.blocks())
    for rendered, changed, predictions, undecodable, read in in_order(work, blocks, workers=workers):
        tally.add(predictions, changed, undecodable)
        if options.max_rows is not None and tally.rows > options.max_rows:
            raise too_many_rows(options.max_rows)
        writer.write(rendered)
        if watchers.progress is not None:
            watchers.progress(tally.rows, read, source.size)
    tally.neutralised += writer.neutralised
    return tally


def wanted_columns(reading: Reading, segmenter: Segmenter) -> list[int]:
    """Positions of the model's columns that a table has, in the contract's order."""
    names = [name for name in segmenter.contract.names if name in reading.mapping]
    return [reading.headers.index(reading.mapping[name]) for name in names]


def _refuse_same(source: str | Path | BinaryIO, target: str | Path | BinaryIO) -> None:
    if isinstance(source, (str, Path)) and isinstance(target, (str, Path)):
        one, other = Path(source), Path(target)
        if one.exists() and other.exists() and one.samefile(other):
            raise InputError(
                f"the scored file must not replace the file it is made from, but both are "
                f"{quoted_path(one)}; give another name"
            )
