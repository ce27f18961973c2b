"""All rows of a table held in memory, cut into parts: what Spark does, without Spark."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import pyarrow as pa

from trainer.table.every_row import EveryRow, Tally, added


@dataclass(frozen=True, kw_only=True)
class RowsInMemory:
    """The rows of an Arrow table in batches of ``part`` rows (see ``trainer.table.every_row.EveryRow``)."""

    table: pa.Table
    part: int = 1_000
    left_out: int = 0
    seed: int = 0

    @property
    def rows(self) -> int:
        return int(self.table.num_rows)

    def only(self, headers: Iterable[str]) -> EveryRow:
        return replace(self, table=self.table.select(list(dict.fromkeys(headers))))

    def distinct(self) -> EveryRow:
        different = self.table.group_by(self.table.column_names, use_threads=False).aggregate([])
        return replace(self, table=different)

    def total(self, tally: Callable[[pa.RecordBatch], Tally]) -> Tally:
        return added(tally(batch) for batch in self._batches() if batch.num_rows)

    @contextmanager
    def kept(
        self, make: Callable[[pa.RecordBatch], pa.RecordBatch], names: tuple[str, ...]
    ) -> Iterator[EveryRow]:
        made = pa.Table.from_batches([make(batch) for batch in self._batches()])
        assert tuple(made.column_names) == names
        yield replace(self, table=made)

    def _batches(self) -> list[pa.RecordBatch]:
        return list(self.table.combine_chunks().to_batches(max_chunksize=self.part))
