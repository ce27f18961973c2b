"""What is written about a scored file's rows: the form writers have, and the columns they add."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
import pyarrow as pa

from inference.contract import Contract
from inference.files.options import ADDED
from inference.files.predictions import ROUTES, RowPredictions
from inference.files.read.source import Batch


class Writer(Protocol):
    """Turns batches and predictions into a file: ``render`` from any thread, ``write`` in order from one.

    Attributes:
        wanted: positions of the own columns a batch must hold, after those of the contract.
        neutralised: headers that would be run by a spreadsheet.
    """

    wanted: Sequence[int]
    neutralised: int

    def render(self, batch: Batch, own: Sequence[pa.Array], predictions: RowPredictions) -> tuple[Any, int]:
        """The rows in the form they are written in, and how many cells were neutralised."""

    def write(self, rendered: Any) -> None:
        """Append rendered rows."""

    def close(self) -> None:
        """Write what ends the file."""

    def abandon(self) -> None:
        """Free what is held, in place of ``close``, when the file will not be complete."""


def added_names(headers: Sequence[str]) -> tuple[str, ...]:
    """Headers of the added columns; one that is taken gets a number: ``segment_2``."""
    taken = {header.casefold() for header in headers}
    names = []
    for name in ADDED:
        candidates = (name if number == 1 else f"{name}_{number}" for number in range(1, len(headers) + 2))
        names.append(next(each for each in candidates if each.casefold() not in taken))
    return tuple(names)


def added_columns(contract: Contract, predictions: RowPredictions) -> list[pa.Array]:
    """The predictions as columns: text, float, text, double, text, text; null where there is none."""
    scored = predictions.route != len(ROUTES) - 1
    names = pa.array([segment.name for segment in contract.segments], pa.string())
    return [
        names.take(pa.array(predictions.segment_id, mask=~scored)),
        pa.array(predictions.probability, mask=~scored),
        pa.array(ROUTES, pa.string()).take(pa.array(predictions.route)),
        pa.array(predictions.novelty, mask=np.isnan(predictions.novelty)),
        predictions.errors(),
        predictions.remarks(),
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
