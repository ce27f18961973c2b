"""Which sign is the decimal mark of a column: by certain cells, the file's other columns, or not guessed.

A point or comma with exactly three digits after it and one to three before it can be either mark:
``2.076`` is 2076 where the point parts thousands. Every other number with a mark reads one way only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from inference.files.columns.numbers.currency_marks import NO_DECIMALS, THREE_DECIMALS
from inference.files.columns.numbers.number_shapes import COMMA, POINT, NumberShape
from inference.files.columns.refusal import DECIMAL_MARK, FileHints, Refusal

SLIPS = 0.05  # of the numbers; cells with the other mark up to here are mistakes
QUOTED_COMMAS = 0.6  # where the comma parts cells, a number with a decimal comma needs quotes: rarer
ENOUGH_AMBIGUOUS = 44  # decimals that are not padded end in 0 once in ten: 0.9 ** 44 is 1%

Weighted = Sequence[tuple[NumberShape, int]]


@dataclass(frozen=True, kw_only=True)
class DecimalMark:
    """The decimal mark, empty where no cell needs one, and what shows it.

    ``because``: why numbers that read with both marks are read with this one; empty where none is.
    """

    mark: str
    evidence: tuple[str, ...] = ()
    certain: bool = False
    because: str = ""


@dataclass(frozen=True, kw_only=True)
class MarkCounts:
    """Cells that show the marks of a column.

    Attributes:
        certain: cells that read with one decimal mark only, by that mark.
        ambiguous: cells that read with both, by the mark they hold; examples: a shape of each.
        short: nonzero whole numbers of up to three digits; large: numbers of more without a mark.
        numbers: all cells that are numbers.
        amounts: whether they are in a currency; whole_amounts: in one without a smaller unit.
    """

    certain: Counter[str]
    ambiguous: Counter[str]
    short: int
    large: int
    numbers: int
    amounts: bool = False
    whole_amounts: bool = False


def count_marks(shapes: Weighted, currency: frozenset[str] = frozenset()) -> MarkCounts:
    """Count the cells that show the decimal mark; ``currency`` is what they are in."""
    certain: Counter[str] = Counter()
    ambiguous: Counter[str] = Counter()
    short = large = numbers = 0
    for shape, cells in shapes:
        numbers += cells
        large += cells * shape.large
        if shape.ambiguous:
            ambiguous[shape.marked] += cells
        elif shape.marked:
            certain[next(iter(shape.decimals))] += cells
        elif not (shape.large or shape.zero or shape.thousands.get(POINT)):
            short += cells
    return MarkCounts(
        certain=certain,
        ambiguous=ambiguous,
        short=short,
        large=large,
        numbers=numbers,
        amounts=bool(currency) and not currency & THREE_DECIMALS,
        whole_amounts=bool(currency) and currency <= NO_DECIMALS,
    )


def find_decimal_mark(
    counts: MarkCounts, *, name: str, hints: FileHints, expected: str = "", distinct: int
) -> DecimalMark | Refusal:
    """The decimal mark of a column, or what has to be specified.

    Args:
        counts: of its cells; distinct: different cells among the ambiguous ones.
        name: header, for a refusal; hints: what the rest of the file shows.
        expected: the mark that an earlier file of the same kind used, or empty.
    """
    own = _certain_mark(counts, name, hints)
    if own is not None:
        return own
    if not counts.ambiguous:
        return DecimalMark(mark=hints.decimal_mark or expected, evidence=())
    if len(counts.ambiguous) > 1:
        points, commas = _cells(counts.ambiguous[POINT]), _cells(counts.ambiguous[COMMA])
        seen = f"{points} like 1.234 and {commas} like 1,234"
        return Refusal(column=name, needed=DECIMAL_MARK, choices=(POINT, COMMA), evidence=(seen,))
    return _by_circumstances(counts, name=name, hints=hints, expected=expected, distinct=distinct)


def _certain_mark(counts: MarkCounts, name: str, hints: FileHints) -> DecimalMark | Refusal | None:
    if not counts.certain:
        return None
    (mark, cells), *others = sorted(counts.certain.items(), key=lambda pair: (-pair[1], pair[0]))
    other = sum(number for _, number in others)
    if other > SLIPS * cells:
        seen = f"{_cells(cells)} can only have the decimal mark {mark!r} and {_cells(other)} only another"
        return Refusal(column=name, needed=DECIMAL_MARK, choices=(POINT, COMMA), evidence=(seen,))
    if mark == COMMA:
        share = QUOTED_COMMAS if hints.separator == COMMA else SLIPS
        numbers = counts.numbers - counts.ambiguous.total()
        usual = hints.decimal_mark == COMMA or hints.separator == ";"
        if cells < share * numbers and not usual:
            if counts.ambiguous:
                return None
            seen = f"only {_cells(cells)} of {numbers:,} have a decimal comma"
            return DecimalMark(mark=POINT, evidence=(seen,))
    seen = f"{_cells(cells)} can only be read with the decimal mark {mark!r}"
    return DecimalMark(mark=mark, evidence=(seen,), certain=True)


def _by_circumstances(
    counts: MarkCounts, *, name: str, hints: FileHints, expected: str, distinct: int
) -> DecimalMark | Refusal:
    """Where every mark is in a number such as ``2.076``: thousands next to short numbers, or not guessed."""
    ((held, cells),) = counts.ambiguous.items()
    seen = [f"numbers like 2{held}076, with exactly three digits after the {_named(held)}: {cells:,}"]
    seen.append(f"numbers of four digits without it: {counts.large:,}")
    own, shown = _own_mark(counts, held, hints.separator, distinct)
    known = {mark for mark in (hints.decimal_mark or expected, own) if mark}
    if len(known) == 1:
        mark = known.pop()
        reasons = [shown] if own else []
        if hints.decimal_mark == mark:
            reasons.append(f"other columns of the file have the decimal mark {mark!r}")
        elif expected == mark:
            reasons.append(f"the earlier file had the decimal mark {mark!r}")
        because = " and ".join(reasons)
        return DecimalMark(mark=mark, evidence=(*seen, because), because=because)
    if len(known) > 1:
        others = "other columns have" if hints.decimal_mark else "the earlier file had"
        seen.append(f"{others} {hints.decimal_mark or expected!r}, and these suggest {own!r}")
    return Refusal(column=name, needed=DECIMAL_MARK, choices=(POINT, COMMA), evidence=tuple(seen))


def _own_mark(counts: MarkCounts, held: str, separator: str, distinct: int) -> tuple[str, str]:
    """The decimal mark that the column itself suggests and why, both empty where nothing does.

    Thousands: short whole numbers next to them, none long without the mark, and amounts of money, a separator
    that goes with the mark, or so many that decimals would show one with fewer digits. Commas in cells that
    commas part are thousands; a point among nothing but numbers like ``1.234`` shows nothing.
    """
    other = COMMA if held == POINT else POINT
    separated = f"the separator is {separator!r}"
    usual = separator == (";" if held == POINT else COMMA)
    if counts.large > SLIPS * counts.ambiguous[held]:
        whole = f"{_cells(counts.large)} of four digits or more {_have(counts.large)} no mark"
        return (held, whole) if held == POINT or separator != COMMA else ("", "")
    if counts.whole_amounts and not counts.large:
        return other, "the currency has no smaller unit"
    short = f"{_cells(counts.short)} of up to three digits and none of more {_have(counts.short)} no mark"
    if counts.short and not counts.large and (usual or counts.amounts or distinct >= ENOUGH_AMBIGUOUS):
        return other, f"{short} and {separated}" if usual else short
    if held == COMMA and separator == COMMA and not counts.short and not counts.large:
        return other, separated
    return "", ""


def _cells(number: int) -> str:
    return f"{number:,} cell{'' if number == 1 else 's'}"


def _have(number: int) -> str:
    return "has" if number == 1 else "have"


def _named(mark: str) -> str:
    return {POINT: "point", COMMA: "comma"}.get(mark, "mark")
