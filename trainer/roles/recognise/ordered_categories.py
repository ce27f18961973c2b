"""Recognises categories with an order, such as bands of age and scales from low to high, as numbers.

The number is the middle of a band, or the position on a scale.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from trainer.roles.recognise.header_words import header_text, phrases

FEWEST = 3  # values; two have no order that a number would add
_SCALES = tuple(
    tuple(phrases(step) for step in scale)
    for scale in (
        (
            "very low, sehr niedrig, muy bajo, muito baixo, tres faible, molto basso, очень низкий",
            "low, niedrig, gering, bajo, baja, baixo, baixa, faible, bas, basso, bassa, laag, niski, dusuk, "
            "низкий, 低",
            "medium, average, mid, middle, moderate, normal, mittel, durchschnittlich, medio, media, moyen, "
            "moyenne, gemiddeld, sredni, orta, средний, 中",
            "high, hoch, alto, alta, eleve, haut, hoog, wysoki, yuksek, высокий, 高",
            "very high, sehr hoch, muy alto, muito alto, tres eleve, molto alto, очень высокий",
        ),
        ("xxs", "xs", "s", "m", "l", "xl", "xxl, 2 xl", "xxxl, 3 xl"),
        (
            "extra small",
            "small, klein, pequeno, petit, piccolo",
            "medium, mittel, mediano, moyen, medio",
            "large, big, gross, grande, grand",
            "extra large, very large",
        ),
        (
            "strongly disagree, stimme gar nicht zu, totalmente en desacuerdo, pas du tout d accord",
            "disagree, somewhat disagree, stimme nicht zu, en desacuerdo, pas d accord",
            "neutral, neither agree nor disagree, undecided, neutral, ni d accord ni pas d accord",
            "agree, somewhat agree, stimme zu, de acuerdo, d accord",
            "strongly agree, stimme voll zu, totalmente de acuerdo, tout a fait d accord",
        ),
        (
            "very dissatisfied, very unsatisfied, sehr unzufrieden, muy insatisfecho, tres insatisfait",
            "dissatisfied, unsatisfied, unzufrieden, insatisfecho, insatisfait",
            "neutral, neither, okay, ok",
            "satisfied, zufrieden, satisfecho, satisfait",
            "very satisfied, sehr zufrieden, muy satisfecho, tres satisfait",
        ),
        (
            "very poor, very bad",
            "poor, bad",
            "fair, average, okay",
            "good",
            "very good",
            "excellent",
        ),
        (
            "never, nie, nunca, jamais, mai",
            "rarely, seldom, selten, raramente, rarement",
            "sometimes, occasionally, manchmal, a veces, as vezes, parfois",
            "often, frequently, oft, haufig, a menudo, souvent",
            "always, very often, immer, siempre, sempre, toujours",
        ),
        (
            "none, no education, no schooling, uneducated, illiterate",
            "basic, primary, primary school, elementary, grundschule, primaria",
            "secondary, secondary school, high school, highschool, abitur, secundaria, lycee",
            "college, some college, vocational, associate, associate degree, diploma, ausbildung",
            "graduation, graduate, bachelor, bachelors, bachelor degree, undergraduate, university, licence",
            "2 n cycle",
            "master, masters, master degree, post graduate, postgraduate, maestria",
            "phd, ph d, doctorate, doctoral, doctor, promotion, doctorado",
        ),
        ("bronze", "silver, silber, plata, argent", "gold, oro, or", "platinum, platin, platino", "diamond"),
        ("month to month, monthly", "one year, 1 year, annual", "two year, two years, 2 year, 2 years"),
    )
)
_NUMBER = r"(\d+(?:[.,]\d+)?)\s*([km]?)"
_FILLER = re.compile(r"[€$£¥%]|\b(years?|yrs?|old|usd|eur|gbp|jahre|anos|ans|anni|jaar|lat|yas|age|income)\b")
_BETWEEN = re.compile(rf"^{_NUMBER}\s*(?:-|\u2013|\u2014|to|bis|a|à|do|tot|до|\uff5e|~)\s*{_NUMBER}$")
_BELOW = re.compile(
    rf"^(?:<=?|under|below|less than|up to|unter|bis|menos de|hasta|ate|moins de|meno di|до)\s*{_NUMBER}$"
)
_ABOVE = re.compile(
    rf"^(?:>=?|over|above|more than|at least|uber|über|ab|mas de|más de|mais de|plus de|oltre|meer dan|от)\s*"
    rf"{_NUMBER}\+?$"
)
_AND_MORE = re.compile(
    rf"^{_NUMBER}\s*(?:\+|and over|and above|or more|and more|plus|und mehr|y mas|e mais|et plus)$"
)
_THOUSANDS = {"": 1.0, "k": 1e3, "m": 1e6}


@dataclass(frozen=True, kw_only=True)
class _Band:
    """From low to high; one of them is ``None`` where the band is open."""

    low: float | None
    high: float | None


def numbers_of(values: Sequence[str]) -> Mapping[str, float]:
    """Value -> its number, ascending; empty where the values have no order that is known.

    >>> numbers_of(["High", "Low", "Average"])
    {'Low': 0.0, 'Average': 1.0, 'High': 2.0}
    >>> numbers_of(["65+", "25-44", "45-64"])
    {'25-44': 34.5, '45-64': 54.5, '65+': 74.5}
    """
    if len(values) < FEWEST:
        return {}
    found = _bands(values) or _scale(values)
    return dict(sorted(found.items(), key=lambda each: each[1]))


def in_given_order(values: Sequence[str]) -> Mapping[str, float]:
    """Numbers for values in an order that the user gave: middles of bands that rise so, else positions."""
    middles = _bands(values)
    if middles and all(middles[one] < middles[two] for one, two in pairwise(values)):
        return middles
    return {value: float(index) for index, value in enumerate(values)}


def _scale(values: Sequence[str]) -> dict[str, float]:
    texts = {value: header_text(value) for value in values}
    for scale in _SCALES:
        steps = {
            value: next((index for index, step in enumerate(scale) if text in step), None)
            for value, text in texts.items()
        }
        if None not in steps.values():
            ranks = sorted(set(steps.values()), key=lambda step: step or 0)
            return (
                {value: float(ranks.index(step)) for value, step in steps.items()} if len(ranks) > 1 else {}
            )
    return {}


def _bands(values: Sequence[str]) -> dict[str, float]:
    """Value -> the middle of its band; empty unless all are bands of which none overlaps the next."""
    read = {value: _band(value) for value in values}
    bands = {value: band for value, band in read.items() if band is not None}
    if len(bands) < len(values) or len(bands) < FEWEST:
        return {}
    ordered = sorted(bands, key=lambda value: _start(bands[value]))
    for one, two in pairwise(ordered):
        high, low = bands[one].high, bands[two].low
        if high is None or low is None or low < high:
            return {}
    closed = [band for band in bands.values() if band.low is not None and band.high is not None]
    if not closed or any((band.high or 0.0) <= (band.low or 0.0) for band in closed):
        return {}
    return {value: _middle(bands[value], bands[ordered[-2]]) for value in ordered}


def _start(band: _Band) -> float:
    return float("-inf") if band.low is None else band.low


def _middle(band: _Band, last_closed: _Band) -> float:
    """The middle; an open band is as wide as the one before it, and begins at zero at the lower end."""
    if band.low is None:
        return (band.high or 0.0) / 2
    if band.high is None:
        return band.low + ((last_closed.high or 0.0) - (last_closed.low or 0.0)) / 2
    return (band.low + band.high) / 2


def _band(value: str) -> _Band | None:
    text = " ".join(_FILLER.sub(" ", value.casefold()).split())
    if found := _BETWEEN.match(text):
        low, unit, high, second = found.groups()
        return _Band(low=_read(low, unit or second), high=_read(high, second))
    if found := _BELOW.match(text):
        return _Band(low=None, high=_read(*found.groups()))
    if found := _ABOVE.match(text) or _AND_MORE.match(text):
        return _Band(low=_read(*found.groups()), high=None)
    return None


def _read(digits: str, unit: str) -> float:
    plain = digits.replace(",", "" if re.search(r",\d{3}$", digits) else ".")
    return float(plain) * _THOUSANDS[unit]
