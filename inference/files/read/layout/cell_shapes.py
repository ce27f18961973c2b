"""What a cell looks like by itself: a figure (number, date, code), words, or a word for missing."""

from __future__ import annotations

import re
from collections.abc import Iterable

from inference.files.columns.missing_words import missing_words

MISSING = frozenset(missing_words(numeric=True))
TYPED_SHARE = 0.6  # of a column's known cells that are figures
_LOOKED_AT = 1_000  # first characters of a cell, which decide
COLUMNS_LOOKED_AT = 2_000  # of a table, the first ones, from which its layout is detected
FEW_LETTERS = 3  # of a figure: a currency code, a unit, the letter of a code such as C100037
_NAME = r"[^\W\d_]{3,10}"  # of a month or a day of the week
_NAMED_DATE = re.compile(rf"({_NAME}\W+)?(\d{{1,2}}\W+{_NAME}|{_NAME}\W+\d{{1,2}})\W+\d{{2,4}}\b.*")


def is_figure(text: str) -> bool:
    """Whether a cell is a number, a date or a code rather than words.

    >>> [is_figure(text) for text in ("1.200,00 €", "2024-06-30", "30 June 2024", "Report 2024", "Age")]
    [True, True, True, False, False]
    """
    text = text[:_LOOKED_AT]
    if not any(sign.isdigit() for sign in text):
        return False
    letters = sum(sign.isalpha() for sign in text)
    return letters <= FEW_LETTERS or _NAMED_DATE.fullmatch(text.strip()) is not None


def is_words(text: str) -> bool:
    """Whether a cell has letters, is no figure and does not mean missing."""
    plain = text[:_LOOKED_AT].strip()
    return any(sign.isalpha() for sign in plain) and not is_figure(plain) and not means_missing(plain)


def means_missing(text: str) -> bool:
    """Whether a cell is blank or has a word for missing."""
    return text.strip()[:_LOOKED_AT].casefold() in MISSING


def is_typed(cells: Iterable[str]) -> bool:
    """Whether most of a column's known cells are figures."""
    known = [cell for cell in cells if not means_missing(cell)]
    return bool(known) and sum(map(is_figure, known)) >= TYPED_SHARE * len(known)


def number_in(text: str) -> float | None:
    """The size of the number that a cell holds, whatever signs and marks it has; ``None`` without one.

    Only for comparing sums: ``1.200`` may be either, and is taken as 1.2.
    """
    digits = re.sub(r"[^\d.,]", "", text[:_LOOKED_AT]).strip(".,")
    if not is_figure(text) or not digits:
        return None
    whole, mark, rest = max(digits.rpartition("."), digits.rpartition(","), key=lambda parts: len(parts[0]))
    if not mark or (mark in whole and len(rest) == FEW_LETTERS):
        return float(re.sub(r"[.,]", "", digits))
    return float(f"{re.sub('[.,]', '', whole)}.{rest}")


def filled(cells: Iterable[str]) -> int:
    """How many cells are not blank."""
    return sum(1 for cell in cells if cell.strip())
