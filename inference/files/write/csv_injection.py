"""Finds text cells that a spreadsheet would run as a formula, and puts an apostrophe before them.

Common spreadsheets run a cell when a CSV file is opened if the cell starts with ``=``, ``+``, ``-``, ``@``,
their full-width forms, a tab, a carriage return or a line feed, with or without invisible characters before
(https://owasp.org/www-community/attacks/CSV_Injection). Numbers are left alone: ``-5`` and ``+1.5e3``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from inference.files.read.delimited.csv_quotes import quoted_spans

_CERTAIN = b"=@\t\r\n"  # whatever follows
_DANGEROUS = _CERTAIN + b"+-"
_HIDDEN = rb"(?:\xe2\x80[\x8b-\x8f]|\xe2\x81\xa0|\xef\xbb\xbf|\xc2\xad|\xe1\xa0\x8e)"  # have no width
_WIDE = rb"\xef\xbc[\x9d\x8b\x8d\xa0]"  # the full-width forms
_STARTS = re.compile(_HIDDEN + rb"*(?:[=+\-@\t\r\n]|" + _WIDE + rb")")
_DIGIT = rb"(?:\d|\xef\xbc[\x90-\x99])"
_SIGN = rb"(?:[+-]|\xef\xbc[\x8b\x8d])?"
_NUMBER = _HIDDEN + b"*" + _SIGN + rb"(?:(?:@|[.,])*@(?:@|[.,])*(?:[eE][+-]?\d+)?%?)?".replace(b"@", _DIGIT)
_HIDDEN_TEXT = r"[\x{200B}-\x{200F}\x{2060}\x{FEFF}\x{AD}\x{180E}]*"
_STARTS_TEXT = rf"^{_HIDDEN_TEXT}[=+\-@\t\r\n＝＋－＠]"  # noqa: RUF001 - the full-width forms
_NUMBER_TEXT = rf"^{_HIDDEN_TEXT}[+\-＋－]?([\d０-９.,]*[\d０-９][\d０-９.,]*([eE][+-]?\d+)?%?)?$"  # noqa: RUF001 - the full-width forms
_QUOTE, _NEWLINES = ord('"'), (10, 13)
_LEADS = b"\xe2\xef\xc2\xe1"  # bytes that hidden and full-width characters begin with


def dangerous_cells(data: bytes, separator: str, begin: int = 0) -> NDArray[np.int64]:
    """Positions in CSV bytes where the content of a dangerous cell begins, in order."""
    codes = np.frombuffer(data, dtype=np.uint8)
    signs = {*_DANGEROUS, *_LEADS}
    if b'"' not in data:
        signs -= {*_NEWLINES, ord(separator)}  # unquoted they end a cell
    found = np.frombuffer(data.translate(_table(signs).tobytes()), dtype=bool)
    positions: NDArray[np.int64] = np.flatnonzero(found)
    positions = positions[positions >= begin]
    if not len(positions):
        return positions
    before = np.where(positions > 0, codes[positions - 1], 10)
    quoted = before == _QUOTE
    ends_cell = _table({*_NEWLINES, ord(separator)})
    opens = ends_cell[before]
    earlier = np.where(positions > 1, codes[positions - 2], 10)
    opens |= quoted & ends_cell[earlier]
    opens &= ~ends_cell[codes[positions]] | quoted
    positions, quoted = positions[opens], quoted[opens]
    if not len(positions):
        return positions
    if b'"' in data:
        spans = quoted_spans(data, separator)
        positions = positions[np.where(quoted, np.isin(positions - 1, spans.opens), spans.outside(positions))]
    end = re.escape(separator.encode())
    number = re.compile(_NUMBER + rb"(?=[" + end + rb'"\r\n]|\Z)')
    doubtful = ~_table(_CERTAIN)[codes[positions]]
    dangerous = [
        bool(_STARTS.match(data, position)) and not number.match(data, position)
        for position in positions[doubtful].tolist()
    ]
    keep = np.ones(len(positions), dtype=bool)
    keep[doubtful] = dangerous
    return np.asarray(positions[keep])


def _table(signs: Iterable[int]) -> NDArray[np.bool_]:
    """For each byte ``[256]``, whether it is one of the signs."""
    table = np.zeros(256, dtype=bool)
    table[list(signs)] = True
    return table


def with_apostrophes(data: bytes, positions: NDArray[np.int64]) -> bytes:
    """The bytes with an apostrophe before each of the positions."""
    edges = pairwise([0, *positions.tolist(), len(data)])
    return b"'".join(data[start:end] for start, end in edges)


def neutral_text(cells: pa.Array) -> tuple[pa.Array, int]:
    """A text column with an apostrophe before dangerous cells, and how many there were."""
    risky = pc.match_substring_regex(cells, _STARTS_TEXT)
    risky = pc.and_not(risky, pc.match_substring_regex(cells, _NUMBER_TEXT)).fill_null(False)
    count = int(pc.sum(risky).as_py() or 0)
    if not count:
        return cells, 0
    text = cells.cast(pa.string())  # of the types of text the one that everything takes
    return pc.if_else(risky, pc.binary_join_element_wise("'", text, ""), text), count
