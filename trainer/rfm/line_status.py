"""Which lines count in nothing: by their status, or by an order whose number starts with C."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from inference.wording import quoted, quoted_names
from trainer.rfm.order_levels import OrderLevels
from trainer.rfm.rfm_settings import RfmSettings
from trainer.rfm.status_words import CANCELLED, COMPLETED, FAILED, PARTLY, PENDING, REFUNDED, status_kind
from trainer.rfm.transaction_cells import by_distinct, keys, texts
from trainer.rfm.transaction_columns import Columns
from trainer.rfm.transaction_headers import ORDER, STATUS

_C_ORDER, _PLAIN_ORDER = r"^[Cc]\d+$", r"^\d+$"


def ignored_lines(
    table: pa.Table,
    columns: Columns,
    settings: RfmSettings,
    negative: NDArray[np.bool_],
    levels: OrderLevels,
) -> tuple[NDArray[np.bool_], list[str]]:
    """Which lines ``[N]`` count in nothing, and in words why; ``negative``: which lines take back."""
    out = np.zeros(table.num_rows, dtype=bool)
    notes = []
    if ORDER in columns:
        marked, plain = (_matching(table[columns[ORDER]], pattern) for pattern in (_C_ORDER, _PLAIN_ORDER))
        if marked.any() and plain.any():  # where every order starts with C it is only their name
            out |= marked & ~negative
            notes.append(
                f"{quoted(columns[ORDER])} with a C before the number is a cancellation, "
                "a return where negative"
            )
    if STATUS in columns:
        codes, spelled = keys(levels.filled(table[columns[STATUS]], columns[STATUS]))
        words = spelled.cast(pa.string()).to_pylist()
        kinds = [_kind(word, settings) for word in words]
        gone = np.array([kind in (CANCELLED, FAILED, PENDING) for kind in kinds] + [False])
        back = np.array([kind == REFUNDED for kind in kinds] + [False])
        out |= gone[codes] | (back[codes] & ~negative)
        once = columns[STATUS] in levels.headers
        counted = codes[(codes >= 0) & ~(levels.further() & once)]
        lines = np.bincount(counted, minlength=len(words)).tolist()
        notes += _notes(columns[STATUS], words, kinds, lines)
    return out, notes


def _matching(column: pa.ChunkedArray, pattern: str) -> NDArray[np.bool_]:
    def parse(cells: pa.Array) -> NDArray[Any]:
        matched = pc.match_substring_regex(texts(cells), pattern).fill_null(False)
        return np.asarray(matched.to_numpy(zero_copy_only=False), dtype=bool)

    return by_distinct(column, parse, missing=False)


def _kind(word: str, settings: RfmSettings) -> str:
    """What a status means; the user's own words come first."""
    folded = word.strip().casefold()
    if folded in {each.strip().casefold() for each in settings.cancelled}:
        return CANCELLED
    if folded in {each.strip().casefold() for each in settings.counted}:
        return COMPLETED
    return status_kind(word)


def _notes(header: str, words: list[str], kinds: list[str], lines: list[int]) -> list[str]:
    ranked = sorted(range(len(words)), key=lambda index: -lines[index])
    out, unknown = [], []
    for index in ranked:
        if kinds[index] in (CANCELLED, FAILED, PENDING, REFUNDED):
            out.append(f"{quoted(words[index])} ({lines[index]:,})")
        elif kinds[index] in ("", PARTLY):
            unknown.append(words[index])
    shown = f"{', '.join(out[:6])}{f' and {len(out) - 6} more' if len(out) > 6 else ''}" if out else "none"
    notes = [f"lines are excluded where {quoted(header)} is {shown}"]
    if unknown:
        notes.append(f"other values of {quoted(header)} count as completed: {quoted_names(unknown)}")
    return notes
