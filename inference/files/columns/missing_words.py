"""The one list of words for a missing cell, and numbers that may mean missing but are never assumed to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

# Missing in every column, also where the cells are categories.
CERTAIN_WORDS = ("", "na", "n/a", "#n/a", "nan", "null", "<na>", "<null>", "\\n", "nat", "#na")
# Missing where the other cells of the column are numbers, dates or durations.
NUMERIC_WORDS = (
    *("-", "--", "---", "\u2010", "\u2011", "\u2012", "\u2013", "\u2014", "\u2015", "\u2212", "?", "??"),
    *(".", "..", "...", "\u2026", "_", "/", "*", "none", "nil", "missing", "n.a.", "n.a", "n/d", "nd"),
    *("(null)", "(none)", "(blank)", "(blanks)", "(empty)", "(no value)", "(missing)", "(not set)", "[null]"),
    *("blank", "empty", "no data", "no value", "not available", "not applicable", "undefined"),
    *("#div/0!", "#value!", "#ref!", "#name?", "#num!", "#null!", "#error!", "#n/a n/a", "#spill!", "#calc!"),
    *("k.a.", "k. a.", "keine angabe", "keine daten", "nicht verfügbar", "n.c.", "non renseigné"),
    *("non disponible", "s/d", "sin datos", "no disponible", "sem dados", "n.v.t.", "geen gegevens"),
    *("b.d.", "brak", "brak danych", "veri yok", "н/д", "нет данных", "なし", "无", "暂无"),
    *("-nan", "1.#ind", "-1.#ind", "1.#qnan", "-1.#qnan"),
    *("0000-00-00", "0000-00-00 00:00:00", "00/00/0000", "00.00.0000", "00-00-0000", "0000/00/00"),
)
# Texts that often mean "not known", and numbers that often do. Only ever suggested.
UNKNOWN_WORDS = (
    *("unknown", "unk", "not known", "other", "tbd", "xxx", "unbekannt", "inconnu", "desconocido"),
    *("desconhecido", "sconosciuto", "onbekend", "неизвестно", "nieznany", "bilinmiyor"),
)
UNKNOWN_NUMBERS = (-1.0, -9.0, -99.0, -999.0, -9999.0, 999.0, 9999.0, 99999.0, 999999.0)

_ALONE = 10.0  # spans of the other values between them and a number that may mean missing
_MIN_OTHERS = 10  # fewer other values show no span


@dataclass(frozen=True, kw_only=True)
class SuggestedMissing:
    """A value that may mean missing, and how many cells hold it."""

    value: str
    cells: int


def missing_words(extra: Iterable[str] = (), *, numeric: bool) -> tuple[str, ...]:
    """The words that mean missing, case-folded.

    Args:
        extra: further words, as a user gave them.
        numeric: whether the other cells of the column are numbers, dates or durations.

    >>> "-" in missing_words(numeric=True), "-" in missing_words(numeric=False)
    (True, False)
    """
    known = (*CERTAIN_WORDS, *NUMERIC_WORDS) if numeric else CERTAIN_WORDS
    return tuple(dict.fromkeys((*known, *(word.strip().casefold() for word in extra))))


def is_missing(texts: pa.Array, extra: Iterable[str] = (), *, numeric: bool) -> pa.Array:
    """Whether each trimmed text ``[N]`` means missing; a null does."""
    words = pa.array(missing_words(extra, numeric=numeric), texts.type)
    return pc.or_(pc.is_null(texts), pc.is_in(pc.utf8_lower(texts.fill_null("")), value_set=words))


def suggested_missing(misfits: pa.Array, numbers: pa.Array) -> tuple[SuggestedMissing, ...]:
    """Values that may mean missing in a column of numbers, for a person to confirm.

    Args:
        misfits: texts ``[M]`` of the column that are not numbers.
        numbers: its numbers ``[N]``, null or NaN where a cell is missing.
    """
    return (*_unknown_words(misfits), *_unknown_numbers(numbers))


def _unknown_words(misfits: pa.Array) -> list[SuggestedMissing]:
    folded = pc.utf8_lower(pc.utf8_trim_whitespace(misfits))
    found = folded.filter(pc.is_in(folded, value_set=pa.array(UNKNOWN_WORDS, folded.type)))
    return [SuggestedMissing(value=value, cells=cells) for value, cells in counted(found)]


def _unknown_numbers(numbers: pa.Array) -> list[SuggestedMissing]:
    known = numbers.filter(pc.is_finite(numbers))
    suspects = pc.is_in(known, value_set=pa.array(UNKNOWN_NUMBERS, known.type))
    others = known.filter(pc.invert(suspects))
    if len(others) < _MIN_OTHERS:
        return []
    least, most = pc.min(others).as_py(), pc.max(others).as_py()
    found = []
    for value, cells in counted(known.filter(suspects)):
        negative_alone = value < 0.0 <= least
        far = value > 0 and value - most > _ALONE * max(most - least, 1.0)
        if negative_alone or far:
            found.append(SuggestedMissing(value=f"{value:g}", cells=cells))
    return found


def counted(values: pa.Array) -> list[tuple[Any, int]]:
    """Each different value and how often it occurs: the most frequent first, equal ones sorted."""
    pairs = [(each["values"], each["counts"]) for each in values.value_counts().to_pylist()]
    return sorted(pairs, key=lambda pair: (-pair[1], str(pair[0])))
