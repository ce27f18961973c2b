"""Finds text cells that a spreadsheet would run as a formula, and puts an apostrophe before them.

A cell that begins with ``=``, ``+``, ``-``, ``@``, a tab or a carriage return is run by common spreadsheets
when a CSV file is opened. Numbers are left alone: ``-5`` is a number, and so is ``+1.5e3``.
"""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from inference.files.read.csv_records import quoted_spans

_DANGEROUS = b"=+-@\t\r"
_NUMBER = rb"[+-]?(?:[\d.,]*\d[\d.,]*(?:[eE][+-]?\d+)?%?)?"
_NUMBER_TEXT = r"^[+-]?([\d.,]*\d[\d.,]*([eE][+-]?\d+)?%?)?$"
_QUOTE, _NEWLINES = ord('"'), (10, 13)


def dangerous_cells(data: bytes, separator: str, begin: int = 0) -> NDArray[np.int64]:
    """Positions in CSV bytes where the content of a dangerous cell begins, in order."""
    codes = np.frombuffer(data, dtype=np.uint8)
    table = np.zeros(256, dtype=bool)
    table[[code for code in _DANGEROUS if code != ord(separator)]] = True
    places: NDArray[np.int64] = np.flatnonzero(table[codes])
    places = places[places >= begin]
    before = np.where(places > 0, codes[places - 1], 10)
    quoted = before == _QUOTE
    opens = (before == ord(separator)) | np.isin(before, _NEWLINES)
    earlier = np.where(places > 1, codes[places - 2], 10)
    opens |= quoted & ((earlier == ord(separator)) | np.isin(earlier, _NEWLINES))
    opens &= (codes[places] != _NEWLINES[1]) | quoted  # an unquoted carriage return ends a line
    places, quoted = places[opens], quoted[opens]
    if not len(places):
        return places
    if b'"' in data:
        spans = quoted_spans(data, separator)
        places = places[np.where(quoted, np.isin(places - 1, spans.opens), spans.outside(places))]
    end = re.escape(separator.encode())
    number = re.compile(_NUMBER + rb"(?=[" + end + rb'"\r\n]|\Z)')
    signed = np.isin(codes[places], (ord("+"), ord("-")))
    dangerous = [not number.match(data, place) for place in places[signed].tolist()]
    keep = np.ones(len(places), dtype=bool)
    keep[signed] = dangerous
    return np.asarray(places[keep])


def with_apostrophes(data: bytes, places: NDArray[np.int64]) -> bytes:
    """The bytes with an apostrophe before each of the positions."""
    edges = pairwise([0, *places.tolist(), len(data)])
    return b"'".join(data[start:end] for start, end in edges)


def neutral_text(cells: pa.Array) -> tuple[pa.Array, int]:
    """A text column with an apostrophe before dangerous cells, and how many there were."""
    risky = pc.match_substring_regex(cells, r"^[=+\-@\t\r]")
    risky = pc.and_not(risky, pc.match_substring_regex(cells, _NUMBER_TEXT)).fill_null(False)
    count = int(pc.sum(risky).as_py() or 0)
    if not count:
        return cells, 0
    return pc.if_else(risky, pc.binary_join_element_wise("'", cells, ""), cells), count
