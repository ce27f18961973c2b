# ruff: noqa: RUF001 - words of other languages in their own scripts
"""Durations as numbers of days: ``11 months``, ``2 years 3 months``, ``01:30:00``, ``P3D``, Arrow durations.

A year is 365.25 days, as the Julian year, a month a twelfth of it (30.4375 days) and a week 7 days.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from inference.files.columns.cell_texts import is_text, one_array, plain_texts, shapes
from inference.files.columns.dates.calendar_words import folded
from inference.files.columns.dates.duration_reading import DurationReading
from inference.files.columns.missing_words import is_missing

DAYS_PER_YEAR = 365.25
UNIT_DAYS = {
    "year": DAYS_PER_YEAR,
    "month": DAYS_PER_YEAR / 12,
    "week": 7.0,
    "day": 1.0,
    "hour": 1 / 24,
    "minute": 1 / 1440,
    "second": 1 / 86_400,
}
MIN_SHARE = 0.5  # of the known cells that must be durations, for a column of durations with faults
_UNIT_WORDS = {  # in the ten languages of ``calendar_words``, Chinese and Japanese
    "year": "year years yr yrs y año años an ans année années jahr jahre jahren ano anos anno anni jaar "
    "jaren год года лет rok lata lat yıl 年 年間",
    "month": "month months mo mos mth mths mes meses mois monat monate monaten mês mese mesi maand maanden "
    "месяц месяца месяцев мес miesiąc miesiące miesięcy ay か月 ヶ月 カ月 个月 個月",
    "week": "week weeks wk wks w semana semanas semaine semaines woche wochen settimana settimane weken "
    "неделя недели недель tydzień tygodnie tygodni hafta 週間 周",
    "day": "day days d día días dia dias jour jours j tag tage tagen giorno giorni dag dagen день дня дней "
    "дн dzień dni gün 日 日間 天",
    "hour": "hour hours hr hrs h hora horas heure heures stunde stunden std ora ore uur uren час часа часов "
    "ч godzina godziny godzin godz saat 時間 小时",
    "minute": "minute minutes min mins minuto minutos minuten minuti minuut минута минуты минут мин minuta "
    "minuty dakika dk 分 分钟",
    "second": "second seconds sec secs s segundo segundos seconde secondes sekunde sekunden sek secondo "
    "secondi seconden секунда секунды секунд сек sekunda sekundy sekund saniye sn 秒",
}
_JOINERS = frozenset(("and", "y", "et", "und", "e", "en", "и", "i", "ve"))
_CLOCK = re.compile(
    r"(?:(?P<days>[+-]?\d+) ?(?:days?,?|d) ?|(?P<dotted>[+-]?\d+)\.)?(?P<sign>[+-]?)"
    r"(?P<hours>\d{1,5}):(?P<minutes>[0-5]\d):(?P<seconds>[0-5]\d(?:[.,]\d+)?)"
)
_ISO = re.compile(
    r"(?P<sign>[+-]?)P(?:(?P<year>\d+(?:[.,]\d+)?)Y)?(?:(?P<month>\d+(?:[.,]\d+)?)M)?"
    r"(?:(?P<week>\d+(?:[.,]\d+)?)W)?(?:(?P<day>\d+(?:[.,]\d+)?)D)?(?:T(?:(?P<hour>\d+(?:[.,]\d+)?)H)?"
    r"(?:(?P<minute>\d+(?:[.,]\d+)?)M)?(?:(?P<second>\d+(?:[.,]\d+)?)S)?)?"
)
_PIECE = re.compile(r"([+-]?\d+(?:[.,]\d+)?) ?([^\W\d]+\.?)[,;]? ?")
_PERHAPS = r"(?i)^[+-]?(?:\d|P[\dT]).*[\pL:]"
_PER_DAY = {"s": 86_400.0, "ms": 86_400e3, "us": 86_400e6, "ns": 86_400e9}


def decide_durations(
    cells: pa.Array | pa.ChunkedArray, *, missing_words: Iterable[str] = (), expected: bool = False
) -> DurationReading | None:
    """Whether a column holds durations; ``None`` where it does not.

    Args:
        cells: the column or a sample of it, in any order.
        missing_words: further words for missing.
        expected: whether an earlier file of the same kind held durations here.
    """
    if pa.types.is_duration(cells.type):
        return DurationReading(forms=("typed",), evidence=("its cells are already durations",))
    array = one_array(cells)
    if not is_text(array.type):
        return None
    texts = plain_texts(array)
    texts = texts.filter(pc.invert(is_missing(texts, missing_words, numeric=True)))
    perhaps = pc.sum(pc.match_substring_regex(texts, _PERHAPS)).as_py() or 0
    if not expected and (not perhaps or perhaps < MIN_SHARE * len(texts)):
        return None
    forms: Counter[str] = Counter()
    for shape, count in shapes(texts):
        forms[duration_form(shape.replace("9", "1"))] += count  # 11:11:11 is a time, 99:99:99 is not
    fitting = forms.total() - forms.pop("", 0)
    if not expected and fitting < MIN_SHARE * len(texts):
        return None
    return DurationReading(
        forms=tuple(sorted(forms)),
        missing_words=tuple(missing_words),
        evidence=(f"{fitting:,} of {len(texts):,} known cells are durations",),
    )


def apply_durations(
    reading: DurationReading, cells: pa.Array | pa.ChunkedArray
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Days ``[N]`` of cells, NaN where missing, and which cells ``[N]`` do not fit the reading."""
    array = one_array(cells)
    if pa.types.is_duration(array.type):
        counts = array.cast(pa.int64()).cast(pa.float64(), safe=False)
        return counts.to_numpy(zero_copy_only=False) / _PER_DAY[array.type.unit], np.zeros(len(array), bool)
    if not is_text(array.type):
        return np.full(len(array), np.nan), np.array(array.is_valid().to_numpy(zero_copy_only=False))
    texts = plain_texts(array)
    known = pc.if_else(is_missing(texts, reading.missing_words, numeric=True), None, texts)
    encoded = known.dictionary_encode()
    found = [duration_days(text) for text in encoded.dictionary.to_pylist()]
    days = np.array([np.nan if each is None else each for each in found] + [np.nan], dtype=float)
    values = days[encoded.indices.fill_null(len(found)).to_numpy(zero_copy_only=False)]
    return values, np.array(known.is_valid().to_numpy(zero_copy_only=False)) & np.isnan(values)


def duration_form(text: str) -> str:
    """In which form a text is a duration: ``"clock"``, ``"iso"``, ``"units"``, or empty for none."""
    if duration_days(text) is None:
        return ""
    return "clock" if _CLOCK.fullmatch(text) else "iso" if _ISO.fullmatch(text) else "units"


def duration_days(text: str) -> float | None:
    """Days of a duration, ``None`` where the text is not one.

    >>> duration_days("36:00:00"), duration_days("P1W"), duration_days("2 years 6 months")
    (1.5, 7.0, 913.125)
    """
    met = _CLOCK.fullmatch(text)
    if met is not None:
        clock = int(met["hours"]) / 24 + int(met["minutes"]) / 1440 + _number(met["seconds"]) / 86_400
        clock = -clock if met["sign"] == "-" else clock
        days = int(met["days"] or met["dotted"] or 0)
        # .NET and Excel write one sign for all of -3.04:00:00, pandas -1 days +23:00:00
        return days - clock if (met["dotted"] or "").startswith("-") else days + clock
    met = _ISO.fullmatch(text)
    if met is not None:
        parts = {unit: number for unit, number in met.groupdict().items() if unit != "sign" and number}
        if not parts or text.endswith("T"):
            return None
        total = sum(_number(number) * UNIT_DAYS[unit] for unit, number in parts.items())
        return -total if met["sign"] == "-" else total
    return _by_units(text)


def _by_units(text: str) -> float | None:
    words = " ".join(word for word in text.split() if word.casefold() not in _JOINERS)
    total, end, seen = 0.0, 0, set()
    for met in _PIECE.finditer(words):
        unit = _units().get(folded(met[2].rstrip(".")))
        if met.start() != end or unit is None or unit in seen:
            return None
        total += _number(met[1]) * UNIT_DAYS[unit]
        seen.add(unit)
        end = met.end()
    return total if seen and end == len(words) else None


@cache
def _units() -> dict[str, str]:
    return {folded(word): unit for unit, words in _UNIT_WORDS.items() for word in words.split()}


def _number(text: str) -> float:
    return float(text.replace(",", "."))
