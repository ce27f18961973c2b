"""What one column of any Arrow type is: numbers, dates, durations or text, and how it is read."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from inference.files.columns.cell_texts import is_text, one_array, plain_texts
from inference.files.columns.dates.date_cells import apply_dates
from inference.files.columns.dates.date_decision import decide_dates, suggested_layout
from inference.files.columns.dates.date_reading import DateReading
from inference.files.columns.dates.duration_cells import apply_durations, decide_durations
from inference.files.columns.dates.duration_reading import DurationReading
from inference.files.columns.missing_words import SuggestedMissing, is_missing, suggested_missing
from inference.files.columns.numbers.number_cells import apply_numbers
from inference.files.columns.numbers.number_decision import decide_numbers
from inference.files.columns.numbers.number_reading import NumberReading
from inference.files.columns.refusal import FileHints, Refusal

NUMBERS, DATES, DURATIONS, TEXT, EMPTY = "numbers", "dates", "durations", "text", "empty"
MIN_FITTING = 0.9  # of the known cells; with fewer, a column is text that holds some numbers or dates
NEARLY_ALL, MIN_KNOWN = 0.9, 20  # of so many known texts that differ: names or free text, no category

_PADDED = r"^\s*'?0\d+\s*$"

Reading = NumberReading | DateReading | DurationReading


Parsed = tuple[NDArray[np.float64], NDArray[np.bool_]]


@dataclass(frozen=True, kw_only=True)
class ColumnReading:
    """What a column is.

    Attributes:
        kind: one of the constants of this module.
        reading: how its cells are read; ``None`` for text, an empty column and a refusal.
        refusal: what has to be decided before it can be read, or ``None``.
        known: cells that are not missing; misfits: those of them that do not fit the reading.
        zero_padded: whether whole numbers begin with zeros, as identifiers and postcodes do.
        distinct_texts: whether nearly all texts differ, so that they are free text or an identifier.
        suggested: values that may mean missing, for a person to confirm.
        suggested_layout: the layout of dates that its numbers may have, for a person to confirm.
        evidence: sentences about what was seen.
        parsed: what the reading gives for the column's cells, so that they are parsed once; ``None`` without
            a reading.
    """

    kind: str
    reading: Reading | None = None
    refusal: Refusal | None = None
    known: int = 0
    misfits: int = 0
    zero_padded: bool = False
    distinct_texts: bool = False
    suggested: tuple[SuggestedMissing, ...] = ()
    suggested_layout: str = ""
    evidence: tuple[str, ...] = ()
    parsed: Parsed | None = field(default=None, compare=False, repr=False)

    def parsed_cells(self, cells: pa.Array) -> Parsed:
        """Numbers or days ``[N]`` of the column's cells, and which of them do not fit; parsed once.

        Raises:
            ValueError: when the column has no reading.
        """
        if self.reading is None:
            raise ValueError("a column must have a reading to be parsed")
        if self.parsed is not None and len(self.parsed[0]) == len(cells):
            return self.parsed
        return apply_reading(self.reading, cells)


def read_column(
    cells: pa.Array | pa.ChunkedArray,
    *,
    name: str = "",
    hints: FileHints | None = None,
    decimal_mark: str = "",
    date_layout: str = "",
) -> ColumnReading:
    """What a column is and how it is read, decided from its cells in any order.

    Args:
        cells: the column or a sample of it.
        name: header, for refusals.
        hints: what the rest of the file shows.
        decimal_mark: as the user set it, or empty.
        date_layout: as the user set it, or empty: see ``decide_dates``.
    """
    hints = hints or FileHints()
    array = one_array(cells)
    dates = decide_dates(array, name=name, hints=hints, layout=date_layout)
    if dates is not None:
        found = _column(DATES, dates, array, hints)
        if found is not None:
            return found
    durations = decide_durations(array, missing_words=hints.missing_words)
    if durations is not None:
        found = _column(DURATIONS, durations, array, hints)
        if found is not None:
            return found
    numbers = decide_numbers(array, name=name, hints=hints, decimal_mark=decimal_mark, min_share=MIN_FITTING)
    if numbers is not None:
        found = _column(NUMBERS, numbers, array, hints)
        if found is not None:
            return found
    return _text(array, hints)


def apply_reading(
    reading: Reading, cells: pa.Array | pa.ChunkedArray
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Numbers, days since 1970-01-01 or days ``[N]`` of cells, and which cells ``[N]`` do not fit."""
    if isinstance(reading, NumberReading):
        return apply_numbers(reading, cells)
    if isinstance(reading, DateReading):
        return apply_dates(reading, cells)
    return apply_durations(reading, cells)


def _column(kind: str, reading: Reading | Refusal, array: pa.Array, hints: FileHints) -> ColumnReading | None:
    """The column with its misfits; ``None`` where too few cells fit."""
    if isinstance(reading, Refusal):
        return ColumnReading(kind=kind, refusal=reading, evidence=reading.evidence)
    values, misfits = apply_reading(reading, array)
    known = int(np.isfinite(values).sum() + misfits.sum())
    if misfits.sum() > (1 - MIN_FITTING) * known:
        return None
    if not known:
        return ColumnReading(kind=EMPTY)
    suggested: tuple[SuggestedMissing, ...] = ()
    padded = False
    if kind == NUMBERS:
        padded = is_text(array.type) and bool(pc.any(pc.match_substring_regex(array, _PADDED)).as_py())
        odd = array.filter(pa.array(misfits)) if is_text(array.type) else pa.array([], pa.large_string())
        suggested = suggested_missing(odd, pa.array(values))
    return ColumnReading(
        kind=kind,
        reading=reading,
        known=known,
        misfits=int(misfits.sum()),
        zero_padded=padded,
        suggested=suggested,
        suggested_layout=suggested_layout(values) if kind == NUMBERS else "",
        evidence=reading.evidence,
        parsed=(values, misfits),
    )


def _text(array: pa.Array, hints: FileHints) -> ColumnReading:
    if pa.types.is_nested(array.type):
        return ColumnReading(kind=TEXT, known=len(array) - array.null_count)
    texts = array if is_text(array.type) else _as_text(array)
    if texts is None:
        return ColumnReading(kind=TEXT, known=len(array) - array.null_count)
    texts = plain_texts(texts)
    texts = texts.filter(pc.invert(is_missing(texts, hints.missing_words, numeric=False)))
    if not len(texts):
        return ColumnReading(kind=EMPTY)
    different = len(pc.unique(texts))
    distinct = len(texts) >= MIN_KNOWN and different >= NEARLY_ALL * len(texts)
    seen = f"{different:,} different values in {len(texts):,} known cells"
    return ColumnReading(kind=TEXT, known=len(texts), distinct_texts=distinct, evidence=(seen,))


def _as_text(array: pa.Array) -> pa.Array | None:
    try:
        return array.cast(pa.large_string())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):  # bytes that are not text, types without one
        return None
