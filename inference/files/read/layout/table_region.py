"""Finds the table inside a sheet of cells: its headers, what is above them, and a row of units below."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from inference.errors import InputError
from inference.files.read.layout.cell_shapes import (
    COLUMNS_LOOKED_AT,
    filled,
    is_typed,
    is_words,
    means_missing,
)
from inference.files.read.layout.header_groups import are_groups, is_bare_number, joined
from inference.remedies import SetHeaderRow
from inference.wording import counted

Cells = Sequence[str]
HEAD_ROWS = 60  # rows that are looked at
MOST_ABOVE = 40  # rows above the headers
MOST_JOINED = 3  # rows of headers
WIDE, HALF = 0.8, 0.5  # shares of the table's columns
_UNIT = re.compile(
    r"[(\[].{1,20}[)\]]|[%€$£¥₹#]|k[$€£]|[a-z]{1,3}[²³]?|[A-Z]{3}|(years?|days?|months?|weeks?|hours?|jahre|tage|"
    r"monate|ans|jours|mois|años|días|meses|anni|giorni|mesi|anos|dias|jaren|dagen|лет|дней|年|日)",
    re.IGNORECASE,
)
UNITS = "contains units or explanations"


@dataclass(frozen=True, kw_only=True)
class Region:
    """Where a table begins among the first rows of a file.

    Attributes:
        headers: one per column, joined from several rows where there are; ``""`` for a column without one.
        last_header: position of the (last) header row; the table's rows begin after it.
        above: rows with text above the headers that are not part of the table.
        joined: rows that the headers are joined from, such as names below names of groups; 1 for plain ones.
        left_out: rows below the headers, counted from the first -> why it is not a row of the table.
    """

    headers: tuple[str, ...]
    last_header: int
    above: int = 0
    joined: int = 1
    left_out: dict[int, str] = field(default_factory=dict)

    def sentences(self, line: int, word: str) -> tuple[str, ...]:
        """What was found, in words; ``line`` is the last header row's, ``word`` the name for it."""
        notes = []
        if self.above:
            rows = counted(self.above, f"{word} above it was", f"{word}s above it were")
            notes.append(f"the headers are in {word} {line}; {rows} not read as part of the table")
        if self.joined > 1:
            before = "the one before it" if self.joined == 2 else "the two before it"
            count = {2: "two", 3: "three"}[self.joined]
            notes.append(f"the headers are joined from {count} {word}s, {word} {line} and {before}")
        return tuple(notes)


def find_region(rows: Sequence[Cells], *, header: int | None = None, keep: bool = False) -> Region:
    """Find the headers among the first rows.

    Args:
        rows: the first rows of a file with their cells, blank rows included or not.
        header: position of the header row where the caller named it.
        keep: whether a row of units is a row of the table.

    Example:
        >>> find_region([["Sales report", ""], ["ID", "Spend"], ["1", "5.5"], ["2", "7"]]).headers
        ('ID', 'Spend')
    """
    rows = [[cell.strip() for cell in row] for row in rows[:HEAD_ROWS]]
    first = _header_row(rows) if header is None else header
    names, last = rows[first], first
    if header is None:
        if _completes(rows, first) and not (first and are_groups(rows[first - 1], names)):
            names, last = joined(names, rows[first + 1]), first + 1
        while (
            first and last - first + 1 < MOST_JOINED and are_groups(rows[first - 1], names, sure=first < last)
        ):
            names, first = joined(rows[first - 1], names), first - 1
    below = rows[last + 1 :]
    units = {0: UNITS} if not keep and _are_units(below) else {}
    return Region(
        headers=tuple(names),
        last_header=last,
        above=sum(1 for row in rows[:first] if filled(row)),
        joined=last - first + 1,
        left_out=units,
    )


def header_position(lines: Sequence[int], wanted: int, word: str) -> int:
    """Position of the row that the caller named as the header row.

    Raises:
        InputError: when there is no row with text.
    """
    if wanted not in lines:
        raise InputError(
            f"the header row must be one of the first {HEAD_ROWS} {word}s with text, but {word} {wanted} "
            "is not",
            remedies=[SetHeaderRow()],
        )
    return list(lines).index(wanted)


def columns_of(headers: Cells, rows: Sequence[Cells]) -> tuple[int, int]:
    """How many columns a table has, and how many cells its rows have.

    A separator at the end of every row makes no column: the last cells are left out where no row has any
    text in them and they have no header.
    """
    widths = [len(row) for row in rows]
    usual = max(set(widths), key=lambda width: (widths.count(width), width), default=len(headers))
    named = max((position for position, name in enumerate(headers, start=1) if name.strip()), default=0)
    if usual != len(headers):
        extra = any(cell.strip() for row in rows if len(row) == usual for cell in row[len(headers) :])
        if extra or usual < named or widths.count(usual) <= len(widths) / 2:
            usual = len(headers)
    known = max((_extent(row[:usual]) for row in rows), default=0)
    return max(named, min(known, max(usual, named))), usual


def _extent(row: Cells) -> int:
    return max((position for position, cell in enumerate(row, start=1) if cell.strip()), default=0)


def _header_row(rows: Sequence[Cells]) -> int:
    """The first row as wide as the table, with distinct texts, above data; else the first with text."""
    start = next((index for index, row in enumerate(rows) if filled(row)), 0)
    if _could_be_first(rows, start):
        return start
    for share in (WIDE, HALF):
        for index in range(start + 1, min(len(rows) - 1, start + MOST_ABOVE)):
            if _is_header(rows, index, share) and not _only_groups(rows, index):
                return index
    return start


def _could_be_first(rows: Sequence[Cells], index: int) -> bool:
    """Whether the first row is as wide as the table, so that nothing contradicts it."""
    row = rows[index]
    used = _used(rows[index + 1 :])
    if len(used) <= 1:
        return len(rows[index + 1 :]) == 0 or filled(row) > 0
    labelled = row[0].endswith((":", "：")) or row[0].startswith("# ")  # noqa: RUF001 - a wide colon
    covered = sum(1 for column in used if _cell(row, column))
    return covered >= WIDE * len(used) and not labelled and not _only_groups(rows, index)


def _only_groups(rows: Sequence[Cells], index: int) -> bool:
    """Whether a row repeats names and one of the next two has the names of the columns."""
    known = [cell for cell in rows[index] if cell]
    following = range(index + 1, min(index + MOST_JOINED, len(rows)))
    return len(set(known)) < len(known) and any(_is_header(rows, each, WIDE) for each in following)


def _is_header(rows: Sequence[Cells], index: int, share: float) -> bool:
    """Whether a row has texts above figures and covers this share of the columns that are used below it."""
    row, below = rows[index], rows[index + 1 :]
    used = _used(below)
    names = [_cell(row, column) for column in used]
    most = max(map(filled, rows[:index]), default=0)
    if filled(names) < max(2, share * len(used), most / 2):
        return False
    if sum(map(is_words, names)) < HALF * filled(names) or _is_unit_row(names):
        return False
    if row[0].endswith((":", "：")) or row[0].startswith("# "):  # noqa: RUF001 - a wide colon
        return False
    typed = [column for column in used if is_typed(_column(below, column))]
    if not typed:
        return most <= 1 and len(used) > 2
    above = [_cell(row, column) for column in typed]
    return not any(map(is_bare_number, above)) and any(map(is_words, above))


def _used(rows: Sequence[Cells]) -> list[int]:
    """The columns that have text in at least a quarter of these rows; rows with one cell are ignored."""
    telling = [row for row in rows if filled(row) > 1] or list(rows)
    width = min(COLUMNS_LOOKED_AT, max(map(len, telling), default=0))
    counts = [sum(1 for row in telling if _cell(row, column)) for column in range(width)]
    return [column for column, count in enumerate(counts) if count and count >= len(telling) / 4]


def _completes(rows: Sequence[Cells], index: int) -> bool:
    """Whether the next row names exactly the columns that this header row leaves blank or repeats."""
    if index + 2 >= len(rows):
        return False
    row, following, below = rows[index], rows[index + 1], rows[index + 2 :]
    used = _used(below)
    names = [_cell(row, column) for column in used]
    times = Counter(names)
    unclear = [column for column, name in zip(used, names, strict=True) if not name or times[name] > 1]
    typed = [column for column in used if is_typed(_column(below, column))]
    return (
        bool(unclear)
        and all(is_words(_cell(following, column)) or not _cell(following, column) for column in used)
        and all(_cell(following, column) for column in unclear)
        and any(_cell(following, column) for column in typed)
        and filled(row) > 1
        and not _is_unit_row([cell for cell in following if cell])
    )


def _are_units(below: Sequence[Cells]) -> bool:
    """Whether the first row below the headers has words in every known cell where others have figures."""
    if len(below) < 3:
        return False
    row, rest = below[0], below[1:]
    typed = [column for column in _used(rest) if is_typed(_column(rest, column))]
    known = [cell for cell in (_cell(row, column) for column in typed) if not means_missing(cell)]
    units = _is_unit_row([cell for cell in row if not means_missing(cell)])
    if units:
        return bool(known) and not any(map(is_bare_number, known))
    return len(known) > 1 and len(known) >= HALF * len(typed) and all(map(is_words, known))


def _is_unit_row(cells: Cells) -> bool:
    known = [cell for cell in cells if cell]
    return bool(known) and sum(1 for cell in known if _UNIT.fullmatch(cell)) >= WIDE * len(known)


def _cell(row: Cells, column: int) -> str:
    return row[column].strip() if column < len(row) else ""


def _column(rows: Sequence[Cells], column: int) -> list[str]:
    return [_cell(row, column) for row in rows]
