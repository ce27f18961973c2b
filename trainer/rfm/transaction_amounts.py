"""Reads the amounts and quantities of transactions, and the currency that is written next to an amount."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from inference.errors import InputError
from inference.files.columns.cell_texts import is_text, one_array, plain_texts
from inference.files.columns.numbers.number_cells import apply_numbers
from inference.files.columns.numbers.number_decision import decide_numbers
from inference.files.columns.numbers.number_reading import NumberReading
from inference.files.columns.numbers.number_shapes import number_shape
from inference.files.columns.refusal import CURRENCY, DECIMAL_MARK, FileHints, Refusal
from inference.remedies import FixInput, Remedy, SetDecimal
from inference.wording import quoted, shortened
from trainer.rfm.transaction_cells import encoded, with_missing


@dataclass(frozen=True, kw_only=True)
class Currency:
    """A currency as it is written first, and the ISO codes that this can mean."""

    written: str
    codes: frozenset[str]

    @property
    def name(self) -> str:
        """The code where there is only one, or what is written."""
        return next(iter(self.codes)) if len(self.codes) == 1 else self.written

    def is_meant_by(self, text: str) -> bool:
        """Whether a code or sign that the user gives means it."""
        return text.casefold() == self.written.casefold() or text.upper() in self.codes


@dataclass(frozen=True, kw_only=True)
class Amounts:
    """A column of numbers.

    Attributes:
        values: ``[N]``, NaN where a cell is empty or cannot be read.
        currency: ``[N]`` positions in ``currencies``, -1 where none is written.
        note: how the cells were read; empty where they are plain numbers.
    """

    values: NDArray[np.float64]
    currency: NDArray[np.int64]
    currencies: tuple[Currency, ...] = ()
    note: str = ""


def read_amounts(
    column: pa.ChunkedArray, header: str, hints: FileHints | None = None, decimal_mark: str = ""
) -> Amounts:
    """Read a column of amounts, typed or as people print them; each currency is read by itself.

    Raises:
        InputError: for a type that holds no numbers, such as dates, or a decimal mark that is not clear.
    """
    array = one_array(column)
    if pa.types.is_null(array.type):
        array = array.cast(pa.large_string())
    reading = decide_numbers(array, name=header, hints=hints, decimal_mark=decimal_mark)
    if reading is None and is_text(array.type):
        reading = decide_numbers(
            array, name=header, hints=hints, decimal_mark=decimal_mark, expected=NumberReading()
        )
    if reading is None:
        raise InputError(
            f"a column of amounts must hold numbers, but {quoted(header)} holds "
            f"{shortened(str(array.type))}; name another one",
            column=header,
        )
    if isinstance(reading, Refusal) and reading.needed != CURRENCY:
        raise _refused(reading, header)
    if isinstance(reading, NumberReading):
        values, misfits = apply_numbers(reading, array)
        if not (reading.currency and misfits.any()):
            return _in_one(reading, values, header)
    return _by_currency(array, header, hints, decimal_mark)


def _in_one(reading: NumberReading, values: NDArray[np.float64], header: str) -> Amounts:
    how = reading.sentence()
    known = bool(reading.currency)
    return Amounts(
        values=values,
        currency=np.full(len(values), 0 if known else -1),
        currencies=(Currency(written=reading.marks[0], codes=frozenset(reading.currency)),) if known else (),
        note=f"{quoted(header)}: {how}" if how else "",
    )


def _by_currency(array: pa.Array, header: str, hints: FileHints | None, decimal_mark: str) -> Amounts:
    """The cells of each currency read by themselves."""
    own, found = written_currencies(array)
    values = np.full(len(array), np.nan)
    parts = []
    for index in range(-1, len(found)):
        rows = np.flatnonzero(own == index)
        cells = array.take(pa.array(rows))
        reading = decide_numbers(cells, name=header, hints=hints, decimal_mark=decimal_mark)
        if isinstance(reading, Refusal):
            raise _refused(reading, header)
        if reading is not None:
            values[rows] = apply_numbers(reading, cells)[0]
            parts.append(reading.sentence())
    how = "; ".join(each for each in parts if each)
    return Amounts(
        values=values, currency=own, currencies=found, note=f"{quoted(header)}: {how}" if how else ""
    )


def written_currencies(array: pa.Array) -> tuple[NDArray[np.int64], tuple[Currency, ...]]:
    """The currency next to each amount, ``[N]`` positions in the currencies, -1 for none."""
    codes, distinct = encoded(pa.chunked_array([plain_texts(array)]))
    spelled: list[tuple[str, frozenset[str]]] = []
    for text in distinct.to_pylist():
        shape = number_shape(re.sub(r"\d", "9", text)) if text else None
        spelled.append((shape.mark, shape.currency) if shape else ("", frozenset()))
    lines = np.bincount(codes[codes >= 0], minlength=len(spelled))
    found, positions = one_each([(mark, meant, int(lines[i])) for i, (mark, meant) in enumerate(spelled)])
    own = with_missing(np.array(positions, dtype=np.int64), -1)[codes]
    return own, found


def one_each(
    written: list[tuple[str, frozenset[str], int]],
) -> tuple[tuple[Currency, ...], list[int]]:
    """Spellings with their codes and lines as currencies, where ``$`` and ``USD`` are one.

    Returns the currencies, the commonest first, and of each spelling the position in them, -1 without one.
    """
    weight: Counter[tuple[str, frozenset[str]]] = Counter()
    for mark, meant, lines in written:
        if meant:
            weight[(mark, meant)] += lines
    merged: list[Currency] = []
    positions: dict[tuple[str, frozenset[str]], int] = {}
    ordered = sorted(weight, key=lambda each: (len(each[1]) > 1, -weight[each], each[0]))
    for mark, meant in ordered:
        fitting = [i for i, each in enumerate(merged) if each.codes & meant]
        if len(fitting) == 1:
            positions[(mark, meant)] = fitting[0]
            kept = merged[fitting[0]]
            merged[fitting[0]] = Currency(written=kept.written, codes=kept.codes & meant)
        else:  # none, or a sign that several of the others share
            positions[(mark, meant)] = len(merged)
            merged.append(Currency(written=mark, codes=meant))
    return tuple(merged), [positions.get((mark, meant), -1) for mark, meant, _ in written]


def _refused(refusal: Refusal, header: str) -> InputError:
    remedies: list[Remedy] = [FixInput(action="write all its cells in the same format")]
    if refusal.needed == DECIMAL_MARK:
        remedies = [SetDecimal(header=header)]
    seen = shortened("; ".join(refusal.evidence), 150)
    return InputError(
        f"the column {quoted(header)} must have one {refusal.needed}, but {seen}",
        column=header,
        remedies=remedies,
    )
