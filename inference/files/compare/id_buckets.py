"""Matches the customers of two files by their id on disk: memory holds one bucket of ids at a time."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Self
from zlib import crc32

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

BUCKETS = 64
ROWS_AT_ONCE = 250_000
NO_SEGMENT = -1  # of a customer who is there without a segment
_SCHEMA = pa.schema([("id", pa.large_string()), ("segment", pa.int16())])


class IdBuckets:
    """The ids of one file with their segments; equal ids are in buckets of the same number."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="compare-"))
        self._files = [pa.OSFile(str(self._path(number)), "wb") for number in range(BUCKETS)]
        self._waiting: list[tuple[pa.Array, NDArray[np.int16]]] = []
        self._rows = 0
        self._writers = [pa.ipc.new_stream(file, _SCHEMA) for file in self._files]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def add(self, ids: pa.Array, segments: NDArray[np.int16]) -> None:
        """Add customers: ids ``[N]`` as text without nulls, and their segments."""
        self._waiting.append((ids.cast(pa.large_string()), segments))
        self._rows += len(ids)
        if self._rows >= ROWS_AT_ONCE:
            self._write()

    def _write(self) -> None:
        if not self._rows:
            return
        ids = pa.concat_arrays([each for each, _ in self._waiting])
        segments = np.concatenate([each for _, each in self._waiting])
        self._waiting, self._rows = [], 0
        hashed = [crc32(each.encode()) for each in ids.to_pylist()]
        numbers = (np.array(hashed, dtype=np.uint32) % BUCKETS).astype(np.uint8)
        order = np.argsort(numbers, kind="stable")
        bounds = np.searchsorted(numbers[order], np.arange(BUCKETS + 1))
        ids, segments = ids.take(pa.array(order)), segments[order]
        for number, (start, end) in enumerate(pairwise(bounds.tolist())):
            cells = [ids.slice(start, end - start), pa.array(segments[start:end], pa.int16())]
            self._writers[number].write_batch(pa.RecordBatch.from_arrays(cells, schema=_SCHEMA))

    def bucket(self, number: int) -> pa.Table:
        """The customers of one bucket; no more can be added after the first is read."""
        self._write()
        self._close()
        with pa.memory_map(str(self._path(number))) as file:
            return pa.ipc.open_stream(file).read_all()

    def _path(self, number: int) -> Path:
        return self._folder / f"{number}.arrow"

    def _close(self) -> None:
        for writer, file in zip(self._writers, self._files, strict=True):
            writer.close()
            file.close()
        self._writers, self._files = [], []


def matched(before: IdBuckets, after: IdBuckets) -> Iterator[pa.Table]:
    """The customers of both, bucket by bucket: ``id``, ``before`` and ``after``, null where one lacks."""
    for number in range(BUCKETS):
        one, other = (each.bucket(number) for each in (before, after))
        yield one.rename_columns(["id", "before"]).join(
            other.rename_columns(["id", "after"]), "id", join_type="full outer"
        )


def repeated(customers: pa.Table) -> int:
    """How many ids occur more than once."""
    counts = customers.group_by("id").aggregate([("segment", "count")])["segment_count"]
    return int(pc.sum(pc.greater(counts, 1)).as_py() or 0)
