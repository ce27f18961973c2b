"""Decides how a column writes its dates; what needs no look at single dates is decided here."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from inference.files.columns.cell_texts import is_text, one_array, plain_texts
from inference.files.columns.dates.date_reading import (
    ASKED_LAYOUTS,
    CENTURY,
    EPOCH_MILLISECONDS,
    EPOCH_SECONDS,
    YEAR_FIRST,
    DateReading,
)
from inference.files.columns.missing_words import is_missing
from inference.files.columns.refusal import FileHints, Refusal

MIN_SHARE = 0.5  # of the known cells that must be dates, for a column of dates with faults
_EPOCHS = (946_684_800, 2_145_916_800)  # seconds from 1970 to the years 2000 and 2038
_MIN_EPOCHS = 10
_EIGHT_DIGITS_FROM, _EIGHT_DIGITS_TO = 19000101, 22001231  # whole numbers that may be days
_PERHAPS = r"^.{6,70}$"


def decide_dates(
    cells: pa.Array | pa.ChunkedArray,
    *,
    name: str = "",
    hints: FileHints | None = None,
    layout: str = "",
    expected: DateReading | None = None,
    century: int = CENTURY,
) -> DateReading | Refusal | None:
    """How a column writes its dates; ``None`` where they are not dates.

    Args:
        cells: the column or a sample of it, in any order.
        name: header, for refusals.
        hints: what the rest of the file shows.
        layout: as the user set it: an order, one of ``ASKED_LAYOUTS`` or a format of ``strptime``.
        expected: the reading of an earlier file of the same kind, which decides what this one leaves open.
        century: the first of the hundred years that two digits of a year can mean.
    """
    hints = hints or FileHints()
    words = tuple(hints.missing_words)
    if pa.types.is_date(cells.type) or pa.types.is_timestamp(cells.type):
        return DateReading(layout="typed", order=YEAR_FIRST, evidence=("its cells are already dates",))
    asked = layout or (expected.layout if expected and expected.layout in ASKED_LAYOUTS else "")
    if asked in ASKED_LAYOUTS or "%" in asked:
        seen = (f"the dates are set to {asked!r}",)
        return DateReading(layout=asked, century=century, missing_words=words, evidence=seen)
    texts = _perhaps_dates(cells, hints)
    if texts is None:
        return None
    from inference.files.columns.dates.date_orders import (
        decide_by_texts,  # only where a column may hold dates
    )

    return decide_by_texts(texts, name=name, hints=hints, order=layout, expected=expected, century=century)


def suggested_layout(numbers: NDArray[np.float64]) -> str:
    """The layout that numbers ``[N]`` may have, for a person to confirm; empty where none suggests itself."""
    known = numbers[np.isfinite(numbers)]
    if len(known) < _MIN_EPOCHS or (known != np.floor(known)).any():
        return ""
    least, most = known.min(), known.max()
    for layout, per_second in ((EPOCH_SECONDS, 1.0), (EPOCH_MILLISECONDS, 1000.0)):
        if _EPOCHS[0] * per_second <= least < most <= _EPOCHS[1] * per_second:
            return layout
    return ""


def _perhaps_dates(cells: pa.Array | pa.ChunkedArray, hints: FileHints) -> pa.Array | None:
    """The known texts of a column; ``None`` where few are as long as dates and have digits."""
    if pa.types.is_integer(cells.type):
        least, most = pc.min_max(cells).as_py().values()
        if least is None or least < _EIGHT_DIGITS_FROM or most > _EIGHT_DIGITS_TO:
            return None
        cells = cells.cast(pa.large_string())
    array = one_array(cells)
    if not is_text(array.type):
        return None
    texts = plain_texts(array)
    texts = texts.filter(pc.invert(is_missing(texts, hints.missing_words, numeric=True)))
    perhaps = pc.and_(pc.match_substring_regex(texts, _PERHAPS), pc.match_substring_regex(texts, r"\d.*\d"))
    if not len(texts) or pc.sum(perhaps).as_py() < MIN_SHARE * len(texts):
        return None
    return texts
