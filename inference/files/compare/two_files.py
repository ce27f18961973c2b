"""Compares two scored files of the same customers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from inference.drift.movement import Movement
from inference.errors import InputError
from inference.files.compare.id_buckets import BUCKETS, NO_SEGMENT, IdBuckets, matched, repeated
from inference.files.options import ADDED, ReadOptions
from inference.files.ordered_map import in_order
from inference.files.read.open_source import open_source
from inference.files.read.plain_cells import plain
from inference.files.read.reader_faults import refused_when_damaged, until_damaged
from inference.files.read.source import Batch, Source
from inference.wording import counted, listed, quoted, quoted_names

SEGMENT = ADDED[0]
MOST_SEGMENTS = 100
ID_NAMES = ("customerid", "id", "customer", "customerno", "customernumber", "clientid", "userid", "accountid")
BEFORE, AFTER = "before", "after"

Progress = Callable[[int, int, int | None], None]
Moved = Callable[[Sequence[str], Sequence[str], Sequence[str]], None]  # ids, segments before, and after


@dataclass(frozen=True, kw_only=True)
class CompareOptions:
    """How two scored files are compared.

    Attributes:
        id: header of the column that says who a customer is; otherwise the one both files call an id.
        segment: header of the column with the segments.
        order: names of segments in the order in which they are shown; others follow.
        before, after: how each file is read.
    """

    id: str = ""
    segment: str = SEGMENT
    order: tuple[str, ...] = ()
    before: ReadOptions = field(default_factory=ReadOptions)
    after: ReadOptions = field(default_factory=ReadOptions)


@dataclass(frozen=True, kw_only=True)
class Compared:
    """Two files, compared.

    Attributes:
        id: header of the column by which customers were matched.
        without_segment: customers of both files with a segment in one of them only.
        without_id: rows of either file that have no id and were left out.
    """

    id: str
    movement: Movement
    without_segment: int
    without_id: int


@dataclass
class _Reader:
    """Collects the segments of one file; codes are shared by both."""

    codes: dict[str, int]
    without_id: int = 0

    def read(
        self, source: Source, headers: tuple[str, str], buckets: IdBuckets, progress: Progress | None
    ) -> None:
        wanted = [source.headers.index(header) for header in headers]
        rows = 0

        def parsed(block: object) -> Batch:
            with refused_when_damaged():
                return source.parse(block, wanted)

        for batch in in_order(parsed, until_damaged(source.blocks())):
            ids, segments = (id_texts(cells) for cells in batch.cells)
            rows_of_table = batch.refused.codes == 0 if batch.refused else np.ones(batch.rows, dtype=bool)
            rows_of_table[list(batch.left_out)] = False
            named = np.asarray(pc.not_equal(ids, ""), dtype=bool)
            self.without_id += int(np.count_nonzero(~named & rows_of_table)) + len(batch.refused)
            kept = pa.array(named & rows_of_table)
            buckets.add(ids.filter(kept), self._coded(segments.filter(kept)))
            rows += batch.rows
            if progress is not None:
                progress(rows, batch.bytes_read, source.size)

    def _coded(self, segments: pa.Array) -> NDArray[np.int16]:
        found = segments.dictionary_encode()
        own = [NO_SEGMENT if not name else self._code(name) for name in found.dictionary.to_pylist()]
        codes = np.asarray(found.indices)
        return np.asarray(np.array(own or [NO_SEGMENT], dtype=np.int16)[codes], dtype=np.int16)

    def _code(self, name: str) -> int:
        if name not in self.codes and len(self.codes) == MOST_SEGMENTS:
            raise InputError(
                f"the column of segments must have at most {MOST_SEGMENTS} different names, but it has more; "
                "set segment to the header of the right column"
            )
        return self.codes.setdefault(name, len(self.codes))


def compare_files(
    before: str | Path | BinaryIO,
    after: str | Path | BinaryIO,
    *,
    options: CompareOptions | None = None,
    progress: Progress | None = None,
    moved: Moved | None = None,
) -> Compared:
    """Who changed the segment between two scored files.

    Args:
        before, after: CSV, Parquet, Excel, Arrow or JSON with one row per customer; rows may be in any order.
        progress: called with rows done, bytes read, and bytes in all where known, file by file.
        moved: called with ids and both segments of those who changed, in no order.

    Raises:
        InputError: when a file must be refused, or does not say which customer a row is about.
    """
    options = options or CompareOptions()
    codes = {name: index for index, name in enumerate(options.order)}
    reader = _Reader(codes=codes)
    with IdBuckets() as one, IdBuckets() as other:
        with open_source(before, options.before) as first, open_source(after, options.after) as second:
            header = _id_header(first.headers, second.headers, options)
            for source, name, buckets in ((first, BEFORE, one), (second, AFTER, other)):
                _require(options.segment, source.headers, name)
                reader.read(source, (header, options.segment), buckets, progress)
        _refuse_repeated(one, other, header)
        names = list(codes)
        counts, without = _count(one, other, names, moved)
    size = len(names)
    return Compared(
        id=header,
        movement=Movement(
            segments=tuple(names),
            flows=counts[:size, :size],
            arrived=counts[size, :size],
            gone=counts[:size, size],
        ),
        without_segment=without,
        without_id=reader.without_id,
    )


def _count(
    one: IdBuckets, other: IdBuckets, names: Sequence[str], moved: Moved | None
) -> tuple[NDArray[np.int64], int]:
    """Counts ``[K + 1, K + 1]``, the last of each for "not there"; and who has a segment at one date only."""
    size, without = len(names), 0
    counts = np.zeros((size + 1, size + 1), dtype=np.int64)
    lookup = pa.array(names, pa.string())
    for customers in matched(one, other):
        indices = []
        for side in (BEFORE, AFTER):
            cells = customers[side].combine_chunks()
            there = np.asarray(cells.is_valid())
            codes = np.asarray(pc.fill_null(cells, size)).astype(np.int64)
            indices.append(np.where(there, codes, size))
        known = (indices[0] != NO_SEGMENT) & (indices[1] != NO_SEGMENT)
        both = (indices[0] != size) & (indices[1] != size)
        without += int((both & ~known & (indices[0] != indices[1])).sum())
        np.add.at(counts, (indices[0][known], indices[1][known]), 1)
        if moved is not None:
            changed = known & both & (indices[0] != indices[1])
            ids = customers["id"].filter(pa.array(changed)).to_pylist()
            sides = [lookup.take(pa.array(side[changed])).to_pylist() for side in indices]
            moved(ids, *sides)
    return counts, without


def _refuse_repeated(one: IdBuckets, other: IdBuckets, header: str) -> None:
    for buckets, name in ((one, BEFORE), (other, AFTER)):
        twice = sum(repeated(buckets.bucket(number)) for number in range(BUCKETS))
        if twice:
            raise InputError(
                f"each customer must have one row, but in the file {name} {counted(twice, 'value')} of "
                f"{quoted(header)} occur more than once; set id to the header of another column"
            )


def _id_header(before: Sequence[str], after: Sequence[str], options: CompareOptions) -> str:
    """The header of the column by which customers are matched."""
    if options.id:
        for headers, name in ((before, BEFORE), (after, AFTER)):
            _require(options.id, headers, name)
        return options.id
    return id_header([header for header in before if header in after])


def id_header(headers: Sequence[str]) -> str:
    """The header that says by its name that its column is about who a customer is.

    Raises:
        InputError: when none does, or several do.
    """
    known = [header for header in headers if header and header not in ADDED]
    exact = [header for header in known if _squeezed(header) in ID_NAMES]
    ending = [header for header in known if _squeezed(header).endswith(("id", "number", "no", "key"))]
    for found in (exact, ending):
        if len(found) == 1:
            return found[0]
    raise InputError(
        f"one column must say who a customer is, but of {quoted_names(known)} "
        + (f"{listed(map(quoted, exact or ending))} may" if exact or ending else "none does by its name")
        + "; set id to its header"
    )


def _require(header: str, headers: Sequence[str], name: str) -> None:
    if header not in headers:
        raise InputError(
            f"both files must have the column {quoted(header)}, but the file {name} has "
            f"{quoted_names(headers)}; score it first, or set the header of its own column"
        )


def _squeezed(header: str) -> str:
    return "".join(letter for letter in header.casefold() if letter.isalnum())


def id_texts(cells: pa.Array) -> pa.Array:
    """Cells as text without nulls and without blanks around it, whole numbers without a point."""
    return pc.fill_null(pc.utf8_trim_whitespace(plain(cells).cast(pa.string())), "")
