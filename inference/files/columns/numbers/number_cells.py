"""Applies the reading of a column's numbers to a batch of its cells."""

from __future__ import annotations

import re
from functools import cache, lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from inference.files.columns.cell_texts import is_text, one_array, plain_texts
from inference.files.columns.missing_words import is_missing
from inference.files.columns.numbers.number_reading import NumberReading
from inference.files.columns.numbers.number_shapes import PARENTHESES, POINT, SCALES, TRAILING

_NEGATIVE = r"^-|[^eE]-|-$|\("  # of a cell that fits; -3 in 5e-3 is an exponent
_FRACTION = r"^[+-]?(?:\d+ +)?\d{1,2}[/\x{2044}]\d{1,2}$"

_LAST_SIGN = 0x10000  # letters with more than two forms lie below
_TRIED = 100

Numbers = tuple[NDArray[np.float64], NDArray[np.bool_]]


def apply_numbers(reading: NumberReading, cells: pa.Array | pa.ChunkedArray) -> Numbers:
    """The numbers ``[N]`` of cells, NaN where missing, and which cells ``[N]`` do not fit the reading.

    A cell that does not fit is NaN too: it is a problem of its row and never changed to make it fit.
    """
    cells = one_array(cells)
    if not is_text(cells.type):
        return _typed(reading, cells)
    quick = None if _meant(reading.missing_words) else _quick(reading, cells)
    if quick is not None:
        return quick, np.zeros(len(cells), dtype=bool)
    texts = plain_texts(cells)
    missing = is_missing(texts, reading.missing_words, numeric=True)
    known = pc.if_else(missing, None, texts)
    quick = _quick(reading, known)
    if quick is not None:
        return quick, np.zeros(len(cells), dtype=bool)
    return _parsed(reading, known)


def _typed(reading: NumberReading, cells: pa.Array) -> Numbers:
    kind = cells.type
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        values = np.array(cells.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False), dtype=float)
        infinite = np.isinf(values)
        values[infinite] = np.nan
        if reading.missing_words:
            values[np.isin(values, _meant(reading.missing_words))] = np.nan
        return values, infinite
    return np.full(len(cells), np.nan), _flags(cells.is_valid())


def _meant(words: tuple[str, ...]) -> list[float]:
    """The numbers among further words for missing, such as -1."""
    found = []
    for word in words:
        try:
            found.append(float(word))
        except ValueError:
            continue
    return found


def _quick(reading: NumberReading, cells: pa.Array) -> NDArray[np.float64] | None:
    """Arrow's own conversion, where it can only give what the reading does."""
    if reading.marks or reading.units or reading.fractions:
        return None
    try:
        cells.slice(0, _TRIED).cast(pa.float64())  # where many cells fail, Arrow is slow to report it
        numbers = cells.cast(pa.float64())
    except pa.ArrowInvalid:
        return None
    if not pc.all(pc.is_finite(numbers)).as_py() and numbers.null_count < len(numbers):
        return None
    if reading.decimal_mark != POINT and _have_points(cells):
        return None
    return np.asarray(numbers.to_numpy(zero_copy_only=False), dtype=float)


def _have_points(texts: pa.Array) -> bool:
    """Whether any of the texts has a point; most columns of whole numbers have none in all their bytes."""
    data = texts.buffers()[2]
    if data is None or not (np.frombuffer(data, dtype=np.uint8) == ord(POINT)).any():
        return False
    return bool(pc.any(pc.match_substring(texts, POINT)).as_py())


def _parsed(reading: NumberReading, texts: pa.Array) -> Numbers:
    fits = pc.match_substring_regex(texts, number_pattern(reading)).fill_null(False)
    bare = _bare(reading, pc.if_else(fits, texts, None))
    values = np.array(bare.cast(pa.float64()).to_numpy(zero_copy_only=False), dtype=float)
    if reading.scales:
        values *= _scale(reading, texts)
    if reading.minus or pc.any(pc.match_substring(texts, "-")).as_py():
        negative = pc.match_substring_regex(texts, _NEGATIVE).fill_null(False)
        values = np.where(_flags(negative), -np.abs(values), values)
    misfits = _flags(pc.and_(pc.is_valid(texts), pc.invert(fits)))
    if reading.fractions:
        _fill_fractions(values, misfits, texts)
    infinite = np.isinf(values)
    values[infinite] = np.nan
    return values, misfits | infinite


def _flags(mask: pa.Array) -> NDArray[np.bool_]:
    return np.array(mask.to_numpy(zero_copy_only=False), dtype=bool)


@lru_cache(maxsize=500)
def number_pattern(reading: NumberReading) -> str:
    """The regular expression of RE2 that all of a column's numbers match as a whole."""
    number = _bare_pattern(reading)
    currency = _either(reading.marks)
    scale = f"(?: ?{_either(reading.scales)})?" if reading.scales else ""
    after = _either((*reading.units, *reading.marks))
    after = f"(?: *{after}){'' if reading.percent else '?'}" if after else ""
    before = f"(?:{currency} *)?" if currency else ""
    forms = [f"[+-]? *{before}{number}{scale}{after}"]
    if currency:
        forms.append(f"{currency} *[+-] *{number}{scale}{after}")
    if TRAILING in reading.minus:
        forms += [f"{before}{number}{scale}{after} *[+-]", f"{before}{number}{scale} *[+-] *{after}"]
    if PARENTHESES in reading.minus:
        forms += [rf"{before}\( *{before}{number}{scale}{after} *\)", rf"\( *{number} *\){scale}{after}"]
    if reading.percent:
        forms.append("[+-]?0+(?:[.,]0+)?")  # zero is zero in any unit
    return f"(?i)^'?(?:{'|'.join(forms)})$"


def _bare_pattern(reading: NumberReading) -> str:
    """Digits and their marks. Without a known decimal mark, what may be thousands does not fit."""
    groups = [rf"[1-9]\d{{0,2}}(?:{re.escape(mark)}\d{{3}})+" for mark in reading.thousands_marks]
    if reading.indian:
        groups.append(r"[1-9]\d?(?:,\d{2})+,\d{3}")
    whole = "|".join((*groups, r"\d+"))
    exponent = r"(?:e[+-]?\d+)?"
    if not reading.decimal_mark:
        certain = r"\d*\.(?:\d{1,2}|\d{4,})|(?:0\d*|\d{4,})\.\d{3}|\.\d{3}|\d+\."
        return rf"(?:(?:{certain}|{whole}){exponent})"
    mark = re.escape(reading.decimal_mark)
    return rf"(?:(?:(?:{whole})(?:{mark}\d*)?|{mark}\d+){exponent})"


def _either(words: tuple[str, ...]) -> str:
    """One of several words; RE2 folds the case of what follows ``(?i)``."""
    ordered = sorted(set(words), key=lambda word: (-len(word), word))
    return f"(?:{'|'.join(re.escape(word) for word in ordered)})" if ordered else ""


def _bare(reading: NumberReading, texts: pa.Array) -> pa.Array:
    """Fitting cells with nothing left but what Arrow converts."""
    affixes = [*reading.marks, *reading.units, *reading.scales]
    for affix in affixes:
        if any(sign in affix for sign in ".,'") and pc.any(_holds(texts, affix)).as_py():
            texts = pc.replace_substring_regex(texts, f"(?i){re.escape(affix)}", "")
    letters = set(_in_any_case("".join(affixes))) - set("0123456789.,'")
    texts = pc.utf8_trim(texts, "".join(sorted(letters | set("()+-' "))))
    for mark in reading.thousands_marks:
        if pc.any(pc.match_substring(texts, mark)).as_py():
            texts = pc.replace_substring(texts, mark, "")
    if reading.decimal_mark not in ("", POINT):
        texts = pc.replace_substring(texts, reading.decimal_mark, POINT)
    return texts


@lru_cache(maxsize=500)
def _in_any_case(letters: str) -> str:
    """Every sign that RE2 takes for one of the letters under ``(?i)``, such as the micro sign for a mu."""
    own = {*letters, *letters.upper(), *letters.lower(), *letters.casefold()}
    return "".join(sorted(own.union(*(_alike().get(each, ()) for each in own))))


@cache
def _alike() -> dict[str, list[str]]:
    """Case-folded letter -> the signs that fold to it."""
    found: dict[str, list[str]] = {}
    for sign in map(chr, range(_LAST_SIGN)):
        if sign.casefold() != sign:
            found.setdefault(sign.casefold(), []).append(sign)
    return found


def _holds(texts: pa.Array, affix: str) -> pa.Array:
    return pc.match_substring(texts, affix, ignore_case=True)


def _scale(reading: NumberReading, texts: pa.Array) -> NDArray[np.float64]:
    factors = np.ones(len(texts))
    others = (*reading.scales, *reading.marks, *reading.units)
    for scale in reading.scales:
        alone = not any(other != scale and other.startswith(scale) for other in others)
        after = "" if alone else rf"(?: *{_either(reading.marks) or '$'}|[^\pL]|$)"
        pattern = rf"(?i)[\d.,] ?{re.escape(scale)}{after}"
        factors[_flags(pc.match_substring_regex(texts, pattern).fill_null(False))] = SCALES[scale]
    return factors


def _fill_fractions(values: NDArray[np.float64], misfits: NDArray[np.bool_], texts: pa.Array) -> None:
    from fractions import Fraction

    for row in np.flatnonzero(_flags(pc.match_substring_regex(texts, _FRACTION).fill_null(False))).tolist():
        text = texts[row].as_py().replace("\u2044", "/")
        *whole, part = text.lstrip("+-").split()
        top, bottom = (int(number) for number in part.split("/"))
        if bottom:
            size = float(sum(map(int, whole)) + Fraction(top, bottom))
            values[row] = -size if text.startswith("-") else size
            misfits[row] = False
