"""Finds rows that are about the table and not of it: totals and averages, sources, filters and footnotes.

Only the first row and the last rows of a file are looked at, and each is compared with the rows above it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from inference.files.read.layout.cell_shapes import (
    COLUMNS_LOOKED_AT,
    filled,
    is_figure,
    is_typed,
    is_words,
    number_in,
)
from inference.files.read.layout.words_about_tables import NOTE_MARKS, NOTE_WORDS, TOTAL_WORDS

Cells = Sequence[str]
TAIL_ROWS = 40  # last rows of a file that are looked at
COMPARED = 200  # rows they are compared with
ALWAYS = 0.95  # share of rows in which a column that no customer lacks has text
EXACT = 0.002  # share by which a printed total may differ from the sum
ABOUT = 1.5  # times by which a total may differ from what a sample suggests
BEYOND = 2.0  # times a number; columns that sum to more are not summed up to their ends
FEW = 5  # numbers; the sum of fewer is met by chance
SENTENCE = 3  # words; a name has fewer
TOTALS = "contains totals"
NOTE = "is a note about the table"
BLANK = "is a blank row among notes about the table"

_TOTAL = frozenset(word for words in TOTAL_WORDS.values() for word in words)
_NOTE = "|".join(word for words in NOTE_WORDS.values() for word in words)
_NOTES = re.compile(rf"({_NOTE})(\b.*)?", re.IGNORECASE | re.DOTALL)
_NOTE_MARKS = re.compile(rf"({NOTE_MARKS}).*", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Above:
    """The rows above one: ``cells``, some of them or all, and how many there are in the file."""

    cells: Sequence[Cells]
    rows: int

    @property
    def all_known(self) -> bool:
        """Whether every row is among the cells."""
        return self.rows == len(self.cells)


def rows_about_the_table(last: Sequence[Cells], above: Above) -> dict[int, str]:
    """Position among the last rows of a file -> why it is no row of the table.

    Args:
        last: the cells of the last rows, in order.
        above: the rows before them.
    """
    found: dict[int, str] = {}
    for index in reversed(range(len(last))):
        row = last[index]
        if not filled(row):
            if found:
                found[index] = BLANK
                continue
            break
        known = Above(cells=[*above.cells, *last[:index]], rows=above.rows + index)
        why = why_no_row(row, known)
        if not why:
            break
        found[index] = why
    return found


def why_no_row(row: Cells, above: Above) -> str:
    """Why a row is about the table and not of it; empty for a row of the table.

    >>> above = Above(cells=[["1", "5"], ["2", "7"], ["3", "9"]], rows=3)
    >>> why_no_row(["Total", "21"], above), why_no_row(["4", "5"], above)
    ('contains totals', '')
    """
    known = [cell.strip() for cell in row if cell.strip()]
    if not known or not above.cells:
        return ""
    few = above.cells[-COMPARED:]
    width = min(COLUMNS_LOOKED_AT, max(map(len, few)))
    typed = [is_typed(_column(few, column)) for column in range(width)]
    if _is_total(row, above, typed):
        return TOTALS
    return NOTE if _is_note(row, few, typed) else ""


def is_total_word(text: str) -> bool:
    """Whether a text says that its row has totals or averages.

    >>> is_total_word("Grand Total:"), is_total_word("Total (210)"), is_total_word("TotalEnergies")
    (True, True, False)
    """
    plain = re.sub(r"[(\[].*?[)\]]", " ", text.casefold())
    plain = re.sub(r"[\W\d_]+", " ", plain).strip()
    words = plain.split()
    labelled = 1 < len(words) <= SENTENCE and words[0] in _TOTAL and text.rstrip().endswith(":")
    return plain.replace(" ", "") in _TOTAL or labelled


def _is_total(row: Cells, above: Above, typed: Sequence[bool]) -> bool:
    few = above.cells[-COMPARED:]
    always = _always(few)
    lacking = [column for column in always if not _cell(row, column)]
    word = next((column for column, cell in enumerate(row) if is_total_word(cell)), None)
    first = next(column for column, cell in enumerate(row) if cell.strip())
    if word is not None and (word == first or lacking[:1] == always[:1] == [0]):
        others = [cell for column, cell in enumerate(row) if cell.strip() and column != word]
        words = [cell for cell in others if is_words(cell) and not is_total_word(cell)]
        odd = lacking or (word < len(typed) and typed[word])
        return len(words) <= len(others) / 2 and bool(odd or _are_sums(row, above, typed))
    if 0 in lacking or 1 in lacking:
        return not any(map(is_words, row)) and _are_sums(row, above, typed)
    return above.all_known and _are_sums(row, above, typed, whole=False)


def _are_sums(row: Cells, above: Above, typed: Sequence[bool], *, whole: bool = True) -> bool:
    """Whether the row's numbers are the sums of the columns above them: two of them, or the only one.

    Not ``whole``: the row lacks nothing that others have, and must be exactly the sums, at least two.
    """
    sums = []
    for column, cell in enumerate(row):
        size = number_in(cell) if cell.strip() and column < len(typed) and typed[column] else None
        if size is None or not size:
            continue
        most = BEYOND * size * len(above.cells) / above.rows
        values = _sizes((_cell(each, column) for each in above.cells), most=most)
        if len(values) < FEW:
            continue
        expected = sum(values) * above.rows / len(above.cells)
        if above.all_known:
            sums.append(abs(size - expected) <= EXACT * abs(expected))
        else:
            sums.append(expected / ABOUT <= size <= expected * ABOUT and size > max(values))
    enough = sum(sums) >= (1 if whole and len(sums) == 1 else 2)
    return enough and sum(sums) >= len(sums) / 2


def _sizes(cells: Iterable[str], *, most: float) -> list[float]:
    """The sizes of the numbers in a column, or as many of the first as sum to more than ``most``."""
    sizes: list[float] = []
    total = 0.0
    for cell in cells:
        size = number_in(cell) if cell else None
        if size is None:
            continue
        sizes.append(size)
        total += size  # no size is negative, so that further ones make it larger
        if total > most and len(sizes) >= FEW:
            break
    return sizes


def _is_note(row: Cells, few: Sequence[Cells], typed: Sequence[bool]) -> bool:
    """Whether a row has a text instead of a row's cells: fewer cells than others, and words like a note's."""
    counts = sorted(map(filled, few))
    usual = counts[len(counts) // 2]
    known = [(column, cell.strip()) for column, cell in enumerate(row) if cell.strip()]
    column, text = known[0]
    if usual < 2 or len(known) > max(1, usual / 2) or is_figure(text):
        return False
    words = len(text.split())
    odd = column < len(typed) and typed[column]
    marked = _NOTES.fullmatch(text) or _NOTE_MARKS.fullmatch(text)
    if marked and (odd or words > 1 or text.endswith(":") or len(known) < len(_always(few))):
        return True
    lone = len(known) == 1 and counts[len(counts) // 10] > 1
    return lone and (words >= SENTENCE or (odd and words > 1))


def _always(few: Sequence[Cells]) -> list[int]:
    """The columns that have text in nearly every row."""
    width = min(COLUMNS_LOOKED_AT, max(map(len, few)))
    counts = [sum(1 for row in few if _cell(row, column)) for column in range(width)]
    return [column for column, count in enumerate(counts) if count >= ALWAYS * len(few)]


def _cell(row: Cells, column: int) -> str:
    return row[column].strip() if column < len(row) else ""


def _column(rows: Sequence[Cells], column: int) -> list[str]:
    return [_cell(row, column) for row in rows]
