"""Finds what is in quotes in the bytes of CSV, and splits a record into its cells."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

_QUOTED = re.compile(rb'"([^"]*(?:""[^"]*)*)"?')
_QUOTE, _NEWLINE, _RETURN = ord('"'), ord("\n"), ord("\r")


@dataclass(frozen=True, kw_only=True)
class Spans:
    """Where data is quoted: ``opens[i] < position < closes[i]``; ``unclosed`` is an opening without end."""

    opens: NDArray[np.int64]
    closes: NDArray[np.int64]
    unclosed: int | None

    def outside(self, positions: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which of the positions ``[P]`` are not in quotes."""
        if not len(self.opens):
            return np.ones(len(positions), dtype=bool)
        span = np.searchsorted(self.opens, positions) - 1
        return np.asarray((span < 0) | (positions >= self.closes[np.maximum(span, 0)]))


def quoted_spans(data: bytes, separator: str) -> Spans:
    """Find what is in quotes in data that begins with a record.

    A quote opens at the start of a cell only; elsewhere, as in ``5" pipe``, it is a plain character.
    """
    if b'"' not in data:
        none = np.empty(0, dtype=np.int64)
        return Spans(opens=none, closes=none, unclosed=None)
    codes = np.frombuffer(data, dtype=np.uint8)
    quotes = np.flatnonzero(codes == _QUOTE)
    before = np.where(quotes > 0, codes[quotes - 1], _NEWLINE)
    starts_cell = np.isin(before, [ord(separator), _NEWLINE, _RETURN])
    if not (starts_cell[0::2] | (before[0::2] == _QUOTE)).all():
        quotes = np.array(_meaningful(quotes.tolist(), starts_cell.tolist()), dtype=np.int64)
    opens, closes = quotes[0::2], quotes[1::2]
    if len(opens) == len(closes):
        return Spans(opens=opens, closes=closes, unclosed=None)
    return Spans(opens=opens, closes=np.append(closes, len(data)), unclosed=_opening(opens, closes))


def split_cells(record: bytes, separator: str, most: int | None = None) -> list[bytes]:
    """The cells of one record, their quotes taken off; the first ``most`` of them where that is given."""
    positions = np.flatnonzero(np.frombuffer(record, dtype=np.uint8) == ord(separator))
    edges = [-1, *positions[quoted_spans(record, separator).outside(positions)][:most].tolist()]
    if most is None or len(edges) <= most:
        edges.append(len(record))
    return [_unquoted(record[start + 1 : end]) for start, end in pairwise(edges)]


def _unquoted(cell: bytes) -> bytes:
    quoted = _QUOTED.match(cell)
    return cell if quoted is None else quoted[1].replace(b'""', b'"') + cell[quoted.end() :]


def _meaningful(quotes: list[int], starts_cell: list[bool]) -> list[int]:
    """The quotes that open, close, or stand for one in a quoted cell; plain ones are left out."""
    found: list[int] = []
    index, inside = 0, False
    while index < len(quotes):
        if inside and index + 1 < len(quotes) and quotes[index + 1] == quotes[index] + 1:
            found += quotes[index : index + 2]
            index += 2
            continue
        if inside or starts_cell[index]:
            found.append(quotes[index])
            inside = not inside
        index += 1
    return found


def _opening(opens: NDArray[np.int64], closes: NDArray[np.int64]) -> int:
    """Where the last cell opens that is not closed; doubled quotes inside it look like a new opening."""
    index = len(opens) - 1
    while index > 0 and opens[index] == closes[index - 1] + 1:
        index -= 1
    return int(opens[index])
