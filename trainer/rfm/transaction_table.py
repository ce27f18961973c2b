"""Transactions from one file or several as one table, with where each line is from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from inference.errors import InputError
from inference.wording import quoted, quoted_names, shortened
from trainer.rfm.transaction_cells import first_appearances
from trainer.rfm.transaction_headers import plain
from trainer.schema.table_remedies import LeaveOut

_TYPE_SHOWN = 40


@dataclass(frozen=True, kw_only=True)
class Transactions:
    """A table with a line per row.

    Attributes:
        cells: every column by its header, as text or typed.
        lines: ``[N]`` line of each row in its file.
        file: ``[N]`` position of its file in ``files``.
        files: names; one, also where there is no file.
        separator: between the cells of the first file; empty where it has none.
        notes: what was done to join files, in words.
    """

    cells: pa.Table
    lines: NDArray[np.int64]
    file: NDArray[np.int64]
    files: tuple[str, ...] = ("",)
    separator: str = ""
    notes: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        cells: pa.Table,
        *,
        lines: NDArray[np.int64] | None = None,
        name: str = "",
        separator: str = "",
    ) -> Transactions:
        """One table; without ``lines``, as in a file whose header is line 1."""
        return cls(
            cells=cells,
            lines=np.arange(cells.num_rows) + 2 if lines is None else lines,
            file=np.zeros(cells.num_rows, dtype=np.int64),
            files=(name,),
            separator=separator,
        )

    def location(self, row: int) -> str:
        """Where a row is, as a message says it."""
        where = f"line {int(self.lines[row])}"
        return f"{where} of {quoted(self.files[int(self.file[row])])}" if len(self.files) > 1 else where

    def again(self, fresh: NDArray[np.bool_]) -> int:
        """How many different lines of a file an earlier file has, too; ``fresh``: first of equal lines."""
        if len(self.files) < 2:
            return 0
        found = 0
        for index in range(1, len(self.files)):
            own = self.file == index
            found += int((first_appearances(self.cells.filter(pa.array(own))) & ~fresh[own]).sum())
        return found


def join(parts: Sequence[Transactions]) -> Transactions:
    """Files with the same columns, in any order and spelling of the headers, as one table.

    Columns that not every file has are empty where they are missing.

    Raises:
        InputError: when a file shares no header with the first one.
    """
    if len(parts) == 1:
        return parts[0]
    names = list(parts[0].cells.column_names)
    tables, partial = [parts[0].cells], []
    for part in parts[1:]:
        table = _renamed(part.cells, names)
        if not set(table.column_names) & set(names):
            raise InputError(
                f"every file must have the headers of {quoted(parts[0].files[0])} ({quoted_names(names)}), "
                f"but {quoted(part.files[0])} has {quoted_names(table.column_names)}"
            )
        partial += [name for name in table.column_names if name not in names]
        names += [name for name in table.column_names if name not in names]
        tables.append(table)
    for table in tables:
        partial += [name for name in names if name not in table.column_names]
    cells = pa.table({name: _column(name, tables) for name in names})
    notes = [f"{len(parts)} files: {quoted_names([part.files[0] for part in parts])}"]
    if partial:
        notes.append(f"missing in some files and left empty there: {quoted_names(dict.fromkeys(partial))}")
    return Transactions(
        cells=cells,
        lines=np.concatenate([part.lines for part in parts]),
        file=np.repeat(np.arange(len(parts)), [part.cells.num_rows for part in parts]),
        files=tuple(part.files[0] for part in parts),
        separator=parts[0].separator,
        notes=tuple(notes),
    )


def _renamed(table: pa.Table, names: Sequence[str]) -> pa.Table:
    """A table under the first file's spelling of its headers."""
    known = {plain(name): name for name in reversed(names)}
    renamed = [name if name in names else known.get(plain(name), name) for name in table.column_names]
    return table.rename_columns(renamed) if len(set(renamed)) == len(renamed) else table


def _column(name: str, tables: Sequence[pa.Table]) -> pa.ChunkedArray:
    """One column of all tables; as text where their types differ."""
    pieces = [table[name] if name in table.column_names else None for table in tables]
    kinds = {piece.type for piece in pieces if piece is not None}
    kind = kinds.pop() if len(kinds) == 1 else pa.string()
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    chunks: list[pa.Array] = []
    for piece, table in zip(pieces, tables, strict=True):
        if piece is None:
            chunks.append(pa.nulls(table.num_rows, kind))
        else:
            chunks += piece.cast(kind).chunks
    return pa.chunked_array(chunks, kind)


def check_table(table: pa.Table) -> None:
    """Refuse a table without lines, or with lists and the like in its cells."""
    for name, kind in zip(table.column_names, table.schema.types, strict=True):
        if pa.types.is_nested(kind):
            raise InputError(
                f"columns must hold plain values, but {quoted(name)} holds "
                f"{shortened(str(kind), _TYPE_SHOWN)}",
                column=name,
                remedies=[LeaveOut(column=name)],
            )
    if table.num_rows == 0:
        raise InputError(
            f"the file must have lines below its header {quoted_names(table.column_names)}, but it has none; "
            "add lines"
        )
