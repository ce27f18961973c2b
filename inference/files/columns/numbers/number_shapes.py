"""What the shape of a cell shows about a number: marks, sign, currency, unit and scale.

A shape is a cell whose digits are all ``9``, but for a leading ``0``; see ``cell_texts.shapes``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from inference.files.columns.numbers.currency_marks import currencies

POINT, COMMA, ARABIC = ".", ",", "\u066b"
DECIMAL_MARKS = (POINT, COMMA, ARABIC)
THOUSANDS_MARKS = (".", ",", "'", " ", "\u066c")
SCALES = {
    **dict.fromkeys(("k", "tsd", "tsd.", "тыс", "тыс.", "тыс. "), 1e3),
    **dict.fromkeys(("m", "mn", "mio", "mio.", "mln", "млн", "mill", "mill."), 1e6),
    **dict.fromkeys(("b", "bn", "mrd", "mrd.", "mld", "md", "млрд"), 1e9),
    **dict.fromkeys(("lakh", "lac"), 1e5),
    **dict.fromkeys(("crore", "cr"), 1e7),
}
PERCENT = ("%", "\u2030", "\u066a")
LEADING, TRAILING, PARENTHESES = "leading", "trailing", "parentheses"

_CELL = re.compile(
    r"'?(?P<before>\D*?)(?P<body>(?:(?<![^\s+\-$€£¥₹'])[.,\u066b])?\d(?:[\d.,'\u066b\u066c ]*\d)?"
    r"(?:[.,\u066b](?!\w))?(?:[eE][+-]?\d+)?)(?P<after>\D*)"
)
_FRACTION = re.compile(r"([+-]?)(\d+ )?\d{1,2}[/\u2044]\d{1,2}")
_UNIT = re.compile(r"[^\W\d_][^\d\s()+\-]{0,14}|[°\"'″µ][^\d\s()+\-]{0,4}")
_SIGN_AT_ENDS = re.compile(r"(?P<first>[+-]?)\s*(?P<rest>.*?)\s*(?P<last>[+-]?)")


@dataclass(frozen=True, kw_only=True)
class NumberShape:
    """How a cell that may be a number is written.

    Attributes:
        decimals: decimal marks under which its marks make sense; all of them where it has none.
        thousands: the mark between its thousands under each of them, empty for none.
        minus: how it is negative, if it is: one of the constants of this module, or empty.
        currency: the currencies its sign or code may mean; mark: as written.
        unit: the word after the number, case-folded, or a percent sign; scale: the suffix, as written.
        fraction: whether it is written as ``1 1/2``.
        large: whether it has four digits or more before the decimal mark without a mark between them.
        zero: whether it is nothing but ``0``.
    """

    decimals: frozenset[str]
    thousands: dict[str, str] = field(default_factory=dict)
    minus: str = ""
    currency: frozenset[str] = frozenset()
    mark: str = ""
    unit: str = ""
    scale: str = ""
    fraction: bool = False
    indian: bool = False
    large: bool = False
    zero: bool = False
    marked: str = ""

    @property
    def ambiguous(self) -> bool:
        """Whether its one point or comma can be a decimal mark or a thousands mark."""
        return bool(self.marked) and len(self.decimals) > 1


@lru_cache(maxsize=20_000)
def number_shape(shape: str) -> NumberShape | None:
    """What a shape shows, or ``None`` where it is not a number.

    >>> sorted(number_shape("9.999").decimals), sorted(number_shape("$9,999.99").decimals)
    ([',', '.'], ['.'])
    """
    if _FRACTION.fullmatch(shape):
        minus = LEADING if shape.startswith("-") else ""
        return NumberShape(decimals=frozenset(DECIMAL_MARKS), fraction=True, minus=minus)
    text, minus = _without_parentheses(shape)
    met = _CELL.fullmatch(text)
    if met is None:
        return None
    signs = [_SIGN_AT_ENDS.fullmatch(met[part].strip()) for part in ("before", "after")]
    before, after = signs
    if before is None or after is None:  # text of several lines
        return None
    minus_signs = [each[end] for each in (before, after) for end in ("first", "last") if each[end]]
    if len(minus_signs) + bool(minus) > 1:
        return None
    if "-" in minus_signs:
        minus = TRAILING if after["first"] or after["last"] else LEADING
    affixes = _affixes(before["rest"], after["rest"])
    body = _body(met["body"])
    if affixes is None or body is None:
        return None
    mark, codes, scale, unit = affixes
    return NumberShape(minus=minus, mark=mark, currency=codes, scale=scale, unit=unit, **body)


def _without_parentheses(shape: str) -> tuple[str, str]:
    met = re.fullmatch(r"(\D*)\(([^()]*\d[^()]*)\)(\D*)", shape)
    return ("".join(met.groups()), PARENTHESES) if met else (shape, "")


def _affixes(before: str, after: str) -> tuple[str, frozenset[str], str, str] | None:
    """Currency as written and its codes, scale and unit around a number; ``None`` for anything else."""
    codes = currencies(before)
    if before and not codes:
        return None
    if not after:
        return before, codes, "", ""
    if after in PERCENT and not before:
        return "", frozenset(), "", after
    own = currencies(after)
    shared = own & codes if before else own
    if shared:
        return f"{before} {after}".strip(), shared, "", ""
    return _scaled(before, codes, after) or (
        None if before or not _UNIT.fullmatch(after) else ("", codes, "", after.casefold())
    )


def _scaled(before: str, codes: frozenset[str], after: str) -> tuple[str, frozenset[str], str, str] | None:
    """Affixes with a scale after the number, and a currency after that or none."""
    for scale in sorted(SCALES, key=len, reverse=True):
        rest = after[len(scale) :].strip()
        if after.casefold().startswith(scale) and (not rest or currencies(rest)):
            both = codes or currencies(rest)
            if after[: len(scale)] in ("m", "b", "cr") and not both:
                break  # metres, bytes
            return before or rest, both, after[: len(scale)], ""
    return None


def _body(body: str) -> dict[str, Any] | None:
    """Which decimal marks the digits and marks of a number allow."""
    digits, _, exponent = body.replace("E", "e").partition("e")
    found: dict[str, str] = {}
    marks = {mark for mark in digits if mark in DECIMAL_MARKS}
    large = False
    for decimal in DECIMAL_MARKS:
        if decimal == ARABIC and ARABIC not in marks:
            continue
        whole, has_decimal, _ = digits.partition(decimal)
        if digits.count(decimal) > 1:
            continue
        mark = _grouping(whole) if whole else ("" if has_decimal else None)
        if mark is None or mark == decimal or (exponent and mark):
            continue
        if re.search(r"[^\d]", digits[len(whole) + 1 :]):
            continue
        found[decimal] = mark
        large = large or (not mark and len(whole) > 3)
    if not found:
        return None
    indian = any(mark == "," and _is_indian(digits) for mark in found.values())
    decimals = frozenset(found) if marks else frozenset(DECIMAL_MARKS)
    zero = not digits.strip("0")
    marked = min(marks) if len(marks) == 1 else "".join(sorted(marks))
    return {
        "decimals": decimals,
        "thousands": found,
        "large": large,
        "zero": zero,
        "marked": marked,
        "indian": indian,
    }


def _grouping(whole: str) -> str | None:
    """The mark between the thousands of a whole number, empty for none; ``None`` for any other form."""
    if whole.isdigit():
        return ""
    met = re.fullmatch(r"[1-9]\d{0,2}([.,' \u066c])\d{3}(?:\1\d{3})*", whole)
    if met:
        return met[1]
    return "," if _is_indian(whole) else None


def _is_indian(whole: str) -> bool:
    return bool(re.match(r"[1-9]\d?(?:,\d{2})+,\d{3}(?![\d,])", whole))
