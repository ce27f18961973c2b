"""Reads the day of each transaction: one order of day, month and year for the whole column, or a refusal."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from inference.errors import InputError
from inference.files.columns.cell_texts import is_text, one_array
from inference.files.columns.dates.date_cells import apply_dates
from inference.files.columns.dates.date_decision import decide_dates
from inference.files.columns.dates.date_reading import ASKED_LAYOUTS, DateReading
from inference.files.columns.refusal import SAME_FORM, FileHints, Refusal
from inference.remedies import FixInput, Remedy
from inference.wording import quoted, shortened
from trainer.rfm.rfm_settings import DAY_FIRST, MONTH_FIRST, ORDERS, YEAR_FIRST
from trainer.rfm.transaction_cells import texts
from trainer.schema.table_remedies import NameColumns, SetDateFormat

_LAYOUTS = {DAY_FIRST: "DMY", MONTH_FIRST: "MDY", YEAR_FIRST: "YMD"}
_NAMES = {layout: name for name, layout in _LAYOUTS.items()}
_DIGITS = r"\d.*\d"


@dataclass(frozen=True, kw_only=True)
class Days:
    """The day of each line, ``[N]`` datetime64[D] (NaT = unreadable), and in words how it was read."""

    values: NDArray[np.datetime64]
    note: str


def read_days(
    column: pa.ChunkedArray, header: str, date_format: str | None, hints: FileHints | None = None
) -> Days:
    """Read a column of dates, typed or text; of a time only the day is kept, as it is written.

    Raises:
        InputError: when the order of day and month stays open or differs in the column, or none is a date.
    """
    reading = _decide(column, header, _LAYOUTS.get(date_format or "", date_format or ""), hints)
    if isinstance(reading, Refusal):
        raise _refused(reading, header)
    if reading is not None:
        days, _ = apply_dates(reading, column)
        if np.isfinite(days).any():
            values = np.where(np.isfinite(days), days, 0).astype(np.int64).astype("datetime64[D]")
            values[~np.isfinite(days)] = np.datetime64("NaT")
            return Days(values=values, note=_note(reading, header))
    known = pc.drop_null(pc.unique(texts(one_array(column))))
    example = f"for example {quoted(known[0].as_py())}" if len(known) else "all are empty"
    raise InputError(
        f"the column {quoted(header)} must hold dates, but none of its cells can be read as one, {example}",
        column=header,
        remedies=[NameColumns(roles=("date",)), SetDateFormat(choices=("%d/%m/%Y",))],
    )


def _decide(
    column: pa.ChunkedArray, header: str, layout: str, hints: FileHints | None
) -> DateReading | Refusal | None:
    """The reading of a column that holds the dates, whatever share of its cells are some."""
    found = decide_dates(column, name=header, hints=hints, layout=layout)
    array = one_array(column)
    if found is not None or not is_text(array.type):
        return found
    different = pc.unique(array)
    perhaps = different.filter(pc.match_substring_regex(different, _DIGITS).fill_null(False))
    if not len(perhaps):
        return None
    return decide_dates(perhaps, name=header, hints=hints, layout=layout, expected=DateReading())


def _note(reading: DateReading, header: str) -> str:
    if reading.layout == "typed":
        return f"{quoted(header)} already contains dates"
    order = _NAMES.get(reading.order, "")
    shown = "; ".join(each.removeprefix(f"{reading.order}, ") for each in reading.evidence)
    read = f"read {order}" if order else f"read as {reading.sentence()}"
    return f"{quoted(header)} is {read}, {_with_names(shown)}" if shown else f"{quoted(header)} is {read}"


def _with_names(seen: str) -> str:
    """What a reading or refusal has seen, with the orders named as users write them."""
    for layout, name in _NAMES.items():
        seen = seen.replace(layout, name)
    return seen


def _refused(refusal: Refusal, header: str) -> InputError:
    seen = _with_names("; ".join(refusal.evidence))
    choices = tuple(_NAMES.get(each, each) for each in refusal.choices)
    choices = tuple(each for each in choices if each in ORDERS or each in ASKED_LAYOUTS)
    remedies: list[Remedy] = [SetDateFormat(choices=choices or ORDERS)]
    if refusal.needed == SAME_FORM:
        remedies.insert(0, FixInput(action="write them in the same format"))
    return InputError(
        f"the dates in {quoted(header)} must have one {refusal.needed}, but {shortened(seen, 150)}",
        column=header,
        remedies=remedies,
    )
