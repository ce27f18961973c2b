"""Cells as trimmed text of one form, and their shapes: every digit written alike."""

from __future__ import annotations

import unicodedata
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from inference.files.columns.missing_words import counted

MAX_SHAPES = 5_000  # different shapes that are looked at, the most frequent first

_ZERO, _NINE = ord("0"), ord("9")
_NUMBER_BYTES = np.isin(np.arange(256), list(b"0123456789.,'"))
_DIGITS = np.isin(np.arange(256), list(b"0123456789"))
_FREQUENT = (("\u00a0", " "), ("\u202f", " "), ("\u2009", " "), ("\u2019", "'"), ("\u2212", "-"))
_RARE = {  # further signs that mean the same in numbers and dates
    **dict.fromkeys("\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u205f\u3000", " "),
    **dict.fromkeys("\u2018\u02bc\u00b4\u2032", "'"),
    **dict.fromkeys("\u2010\u2011\u2012\u2013", "-"),
    **dict.fromkeys("\u200e\u200f\u202a\u202b\u202c\ufeff\u200b\u061c\u2066\u2067\u2069", ""),
    **{chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},  # full-width ASCII
    **{sign: " " + unicodedata.normalize("NFKC", sign).replace("\u2044", "/") for sign in "¼½¾⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"},
}


def _other_digits() -> dict[str, str]:
    """Decimal digits of every script but ASCII, as the Unicode database of Python lists them."""
    signs = (chr(code) for code in range(128, 0x1FBFA))
    return {sign: str(unicodedata.digit(sign)) for sign in signs if unicodedata.category(sign) == "Nd"}


@cache
def _translation() -> tuple[dict[int, str], str]:
    """The table of ``str.translate`` and a pattern for the texts that it changes."""
    table = _RARE | _other_digits()
    return str.maketrans(table), "[" + "".join(table) + "]"


def is_text(kind: pa.DataType) -> bool:
    """Whether a column's cells are text by their Arrow type."""
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def one_array(cells: pa.Array | pa.ChunkedArray) -> pa.Array:
    """A column as one array; text with 64-bit offsets, dictionaries decoded."""
    if pa.types.is_dictionary(cells.type):
        cells = cells.cast(cells.type.value_type)
    if is_text(cells.type) or pa.types.is_null(cells.type):
        cells = cells.cast(pa.large_string())
    if isinstance(cells, pa.ChunkedArray):
        cells = cells.combine_chunks()
    return pa.concat_arrays(cells.chunks) if isinstance(cells, pa.ChunkedArray) else cells


def plain_texts(cells: pa.Array) -> pa.Array:
    """Texts ``[N]`` without blanks around them, in ASCII digits, plain spaces, apostrophes and hyphens."""
    texts = one_array(cells)
    if not pc.all(pc.string_is_ascii(texts)).as_py() and len(texts):
        texts = _in_ascii_signs(texts)
    return pc.utf8_trim_whitespace(texts)


def _in_ascii_signs(texts: pa.Array) -> pa.Array:
    for sign, same in _FREQUENT:
        if pc.any(pc.match_substring(texts, sign)).as_py():
            texts = pc.replace_substring(texts, sign, same)
    table, pattern = _translation()
    odd = pc.match_substring_regex(texts, pattern).fill_null(False)
    if not pc.any(odd).as_py():
        return texts
    changed = [text.translate(table) for text in texts.filter(odd).to_pylist()]
    return pc.replace_with_mask(texts, odd, pa.array(changed, texts.type))


def shapes(texts: pa.Array) -> list[tuple[str, int]]:
    """How cells are written, with each digit as ``9``, and how many are; a leading zero stays ``0``.

    >>> shapes(pa.array(["2.076", "3.180", "0.5"], pa.large_string()))
    [('9.999', 2), ('0.9', 1)]
    """
    texts = texts.filter(pc.is_valid(texts))
    if not len(texts):
        return []
    offsets = np.frombuffer(texts.buffers()[1], dtype=np.int64)[texts.offset : texts.offset + len(texts) + 1]
    data = texts.buffers()[2]
    letters = np.frombuffer(data if data is not None else b"", dtype=np.uint8)[offsets[0] : offsets[-1]]
    offsets = offsets - offsets[0]
    inside = np.zeros(len(letters), dtype=bool)  # after a digit or a mark between digits
    inside[1:] = _NUMBER_BYTES[letters[:-1]]
    inside[offsets[:-1][offsets[:-1] < len(letters)]] = False
    alike = np.where(_DIGITS[letters] & (inside | (letters != _ZERO)), np.uint8(_NINE), letters)
    shaped = pa.Array.from_buffers(
        pa.large_string(), len(texts), [None, pa.py_buffer(offsets.tobytes()), pa.py_buffer(alike.tobytes())]
    )
    return counted(shaped)[:MAX_SHAPES]
