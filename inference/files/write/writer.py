"""What is written about a scored file's rows: the form writers have, and the columns they add."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
import pyarrow as pa

from inference.contract import Contract
from inference.files.options import ADDED
from inference.files.predictions import ROUTES, Verdicts
from inference.files.read.source import Batch


class Writer(Protocol):
    """Turns batches and verdicts into a file: ``render`` from any thread, ``write`` in order from one.

    Attributes:
        wanted: positions of the own columns a batch must hold, behind those of the contract.
        neutralised: headers that would be run by a spreadsheet.
    """

    wanted: Sequence[int]
    neutralised: int

    def render(self, batch: Batch, own: Sequence[pa.Array], verdicts: Verdicts) -> tuple[Any, int]:
        """The rows in the form they are written in, and how many cells were neutralised."""

    def write(self, rendered: Any) -> None:
        """Append rendered rows."""

    def close(self) -> None:
        """Write what ends the file."""


def added_names(headers: Sequence[str]) -> tuple[str, ...]:
    """Headers of the added columns; one that is taken gets a number: ``segment_2``."""
    taken = {header.casefold() for header in headers}
    names = []
    for name in ADDED:
        candidates = (name if number == 1 else f"{name}_{number}" for number in range(1, len(headers) + 2))
        names.append(next(each for each in candidates if each.casefold() not in taken))
    return tuple(names)


def added_columns(contract: Contract, verdicts: Verdicts) -> list[pa.Array]:
    """The verdicts as columns: text, float, text, double, text, text; null where there is nothing to say."""
    scored = verdicts.route != len(ROUTES) - 1
    names = pa.array([segment.name for segment in contract.segments], pa.string())
    return [
        names.take(pa.array(verdicts.segment_id, mask=~scored)),
        pa.array(verdicts.probability, mask=~scored),
        pa.array(ROUTES, pa.string()).take(pa.array(verdicts.route)),
        pa.array(verdicts.novelty, mask=np.isnan(verdicts.novelty)),
        verdicts.errors(),
        verdicts.remarks(),
    ]


def beside(
    columns: Sequence[pa.Array], names: Sequence[str], like: pa.Schema | None = None
) -> pa.RecordBatch:
    """Columns as a record batch; the first ones described as in ``like``, the index of pandas included."""
    if like is None:
        return pa.RecordBatch.from_arrays(columns, names=list(names))
    added = zip(names[len(like) :], columns[len(like) :], strict=True)
    fields = [*like, *(pa.field(name, column.type) for name, column in added)]
    return pa.RecordBatch.from_arrays(columns, schema=pa.schema(fields, metadata=like.metadata))
