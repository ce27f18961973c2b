"""Reads a new file as an earlier one of the same kind was read, and notices where it is written otherwise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from inference.files.columns.dates.date_decision import decide_dates
from inference.files.columns.dates.date_reading import DateReading
from inference.files.columns.numbers.number_cells import apply_numbers
from inference.files.columns.numbers.number_decision import decide_numbers
from inference.files.columns.numbers.number_reading import NumberReading
from inference.files.columns.refusal import CURRENCY, UNIT, FileHints, Refusal


@dataclass(frozen=True, kw_only=True)
class NumbersAgain:
    """The reading of the new file, and sentences about what differs from the stored one."""

    reading: NumberReading
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DatesAgain:
    """The reading of the new file, and sentences about what differs from the stored one."""

    reading: DateReading
    notices: tuple[str, ...] = ()


def numbers_again(
    stored: NumberReading,
    cells: pa.Array | pa.ChunkedArray,
    *,
    name: str = "",
    hints: FileHints | None = None,
    decimal_mark: str = "",
) -> NumbersAgain | Refusal:
    """How to read numbers that a stored reading was made for, from another file.

    The new file's own evidence decides; where it has none, the stored reading does. A refusal is returned
    where both contradict each other without certainty, or where currency or unit are others.
    """
    found = decide_numbers(cells, name=name, hints=hints, decimal_mark=decimal_mark, expected=stored)
    if isinstance(found, Refusal):
        return found
    if found is None:  # cells of a type that holds no numbers; each is a misfit
        return NumbersAgain(reading=stored)
    refusal = _other_meaning(stored, found, cells, name)
    if refusal is not None:
        return refusal
    notices = []
    if (
        found.evidence
        and found.decimal_mark
        and stored.decimal_mark
        and found.decimal_mark != stored.decimal_mark
    ):
        notices.append(
            f"this file has the decimal mark {found.decimal_mark!r}, the earlier one {stored.decimal_mark!r}"
        )
    if found.percent != stored.percent:
        with_percent = "this file has" if found.percent else "the earlier file had"
        notices.append(f"only {with_percent} percent signs; the numbers are read as they are printed")
    return NumbersAgain(reading=found, notices=tuple(notices))


def dates_again(
    stored: DateReading,
    cells: pa.Array | pa.ChunkedArray,
    *,
    name: str = "",
    hints: FileHints | None = None,
    layout: str = "",
) -> DatesAgain | Refusal:
    """How to read dates that a stored reading was made for, from another file; as ``numbers_again``."""
    found = decide_dates(
        cells, name=name, hints=hints, layout=layout, expected=stored, century=stored.century
    )
    if isinstance(found, Refusal):
        return found
    if found is None:
        return DatesAgain(reading=stored)
    if found.order and stored.order and found.order != stored.order and found.layout != "typed":
        notice = f"the dates of this file are {found.order}, the earlier ones {stored.order}"
        return DatesAgain(reading=found, notices=(notice,))
    return DatesAgain(reading=found)


def _other_meaning(
    stored: NumberReading, found: NumberReading, cells: pa.Array | pa.ChunkedArray, name: str
) -> Refusal | None:
    """A currency or unit that makes the numbers others than the stored reading's."""
    if stored.currency and not set(found.currency) & set(stored.currency):
        seen = (f"its amounts are in {found.marks[0]!r}, those of the earlier file in {stored.marks[0]!r}",)
        return Refusal(column=name, needed=CURRENCY, evidence=seen)
    both = bool(stored.units and found.units) and stored.percent == found.percent
    if both and not {_stem(unit) for unit in stored.units} & {_stem(unit) for unit in found.units}:
        seen = (f"its numbers are in {found.units[0]!r}, those of the earlier file in {stored.units[0]!r}",)
        return Refusal(column=name, needed=UNIT, evidence=seen)
    if stored.percent and not found.percent:
        values, _ = apply_numbers(found, cells)
        known = values[np.isfinite(values)]
        if known.any() and (np.abs(known) <= 1.0).all():
            seen = ("all its numbers are between -1 and 1, and the earlier file had percent signs",)
            return Refusal(column=name, needed=UNIT, evidence=seen)
    return None


def _stem(unit: str) -> str:
    return unit.rstrip(".").rstrip("s")
