"""One order of day, month and year for all dates of a column: a cell shows it, or it is asked for."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from inference.files.columns.cell_texts import shapes
from inference.files.columns.dates.date_reading import (
    COMPACT,
    DAY_FIRST,
    ERA,
    MONTH_ONLY,
    NUMERIC,
    ORDERS,
    YEAR_FIRST,
    DateReading,
)
from inference.files.columns.dates.date_texts import DateText, date_text
from inference.files.columns.dates.day_parts import day_parts
from inference.files.columns.refusal import DATE_LAYOUT, DATE_ORDER, SAME_FORM, FileHints, Refusal, quoted

MIN_SHARE = 0.5  # of the known cells that must be dates, for a column of dates with faults
SLIPS = 0.05  # of the dates; cells that are written otherwise are mistakes up to here
_MIN_COMPACT = 3  # different cells such as 20240630: fewer may be amounts
_VARIED = 8  # different numbers that only days take
_LOOKED_AT = 20_000  # different texts a column is decided by, spread over all of them
_EIGHT_DIGITS = r"^(?:[03-9]\d{7}|\d{4}(?:[2-9]\d|1[3-9]|00)\d\d|\d{6}(?:[4-9]\d|3[2-9]|00))$"


def decide_by_texts(
    texts: pa.Array,
    *,
    name: str,
    hints: FileHints,
    order: str,
    expected: DateReading | None,
    century: int,
) -> DateReading | Refusal | None:
    """How texts are written as dates, for ``decide_dates``; ``None`` where they are not dates.

    Args:
        texts: ``[N]`` trimmed, none of them missing.
        order: as the user set it, or empty.
    """
    days = _different_days(texts)
    if days is None:
        return None
    found = {text: date_text(text, century) for text in days}
    dates = {text: each for text, each in found.items() if each is not None and each.days}
    if not dates or (expected is None and len(dates) < MIN_SHARE * len(days)):
        return None
    return _decide(dates, name=name, hints=hints, order=order, expected=expected, century=century)


def _different_days(texts: pa.Array) -> list[str] | None:
    """Different texts without their times, sorted; ``None`` where few look like dates."""
    parts = [day for _, day in day_parts(texts)]
    alike = sum(count for part in parts for shape, count in shapes(part) if date_text(shape) is not None)
    if alike < MIN_SHARE / 2 * len(texts):
        return None
    days = pc.unique(pa.chunked_array(parts))
    if pc.sum(pc.match_substring_regex(days, _EIGHT_DIGITS)).as_py() > MIN_SHARE * len(days):
        return None  # numbers of eight digits that are no days
    return _spread(sorted(days.to_pylist()), _LOOKED_AT)


def _spread(texts: list[str], most: int) -> list[str]:
    """At most so many of sorted texts, spread evenly over them."""
    return texts if len(texts) <= most else [texts[index * len(texts) // most] for index in range(most)]


def _decide(
    dates: Mapping[str, DateText],
    *,
    name: str,
    hints: FileHints,
    order: str,
    expected: DateReading | None,
    century: int,
) -> DateReading | Refusal | None:
    forms = Counter((each.layout, each.sign) for each in dates.values())
    (form, most), *others = sorted(forms.items(), key=lambda pair: (-pair[1], pair[0]))
    if sum(count for _, count in others) > SLIPS * most:
        if expected is None or (expected.layout, expected.sign) not in forms:
            first = next(text for text, each in dates.items() if (each.layout, each.sign) == form)
            second = next(text for text, each in dates.items() if (each.layout, each.sign) == others[0][0])
            seen = (f"{quoted(first)} and {quoted(second)} are written differently",)
            return Refusal(column=name, needed=SAME_FORM, evidence=seen)
        form = (expected.layout, expected.sign)
    layout, sign = form
    alike = {text: each for text, each in dates.items() if (each.layout, each.sign) == form}
    if layout in (MONTH_ONLY, ERA):
        seen = (f"{quoted(next(iter(alike)))} is not a complete date",)
        return Refusal(column=name, needed=DATE_LAYOUT, choices=(layout,), evidence=seen)
    if layout == COMPACT and expected is None and (len(alike) < _MIN_COMPACT or len(alike) < len(dates)):
        return None
    made = DateReading(
        layout=layout,
        sign=sign,
        short_years=any(each.short_year for each in alike.values()),
        century=century,
        missing_words=tuple(hints.missing_words),
    )
    if layout != NUMERIC:
        shown = f"cells such as {quoted(next(iter(alike)))} can be read in one way only"
        return replace(made, evidence=(shown,))
    found = _order(alike, name=name, hints=hints, asked=order, expected=expected)
    if isinstance(found, Refusal):
        return found
    chosen, evidence = found
    return replace(made, order=chosen, evidence=evidence)


def _order(
    dates: Mapping[str, DateText],
    *,
    name: str,
    hints: FileHints,
    asked: str,
    expected: DateReading | None,
) -> tuple[str, tuple[str, ...]] | Refusal:
    """The one order that reads the cells, and what shows it."""
    if asked:
        return asked, (f"the order is set to {asked}",)
    total = len(dates)
    orders = _orders_by_years(dates, hints)
    fitting = {order: sum(order in each.days for each in dates.values()) for order in orders}
    possible = [order for order, count in fitting.items() if total - count <= SLIPS * total]
    if not possible:
        first, second = _contradiction(dates)
        seen = (f"no order of day, month and year reads both {quoted(first)} and {quoted(second)}",)
        return Refusal(column=name, needed=DATE_ORDER, choices=ORDERS, evidence=seen)
    full = [order for order in possible if fitting[order] == total] or possible
    if len(full) == 1:
        proof = next((text for text, each in dates.items() if list(each.days) == full), "")
        shown = f"as {quoted(proof)} shows" if proof else f"as {fitting[full[0]]:,} of {total:,} cells show"
        return full[0], (f"{full[0]}, {shown}",)
    if all(len({each.days[order] for order in full if order in each.days}) == 1 for each in dates.values()):
        known = hints.date_order or (expected.order if expected else "")
        return known if known in full else "", ("every order gives the same dates",)
    return _by_file(full, dates, name=name, hints=hints, expected=expected)


def _orders_by_years(dates: Mapping[str, DateText], hints: FileHints) -> tuple[str, ...]:
    """The orders that are possible; of years with two digits, also by which number varies as days do.

    31/12/22 can always be 2031-12-22: days take up to 31 values, and years few.
    """
    if not any(each.short_year for each in dates.values()):
        return ORDERS
    numbers = [re.split(r"[-/. ]+", text.rstrip(".")) for text in dates]
    first, last = len({each[0] for each in numbers}), len({each[-1] for each in numbers})
    if first >= _VARIED and first >= 2 * last:
        return ORDERS[:2]
    if last >= _VARIED and last >= 2 * first:
        return (YEAR_FIRST,)
    return ORDERS[:2] if hints.separator == ";" or hints.decimal_mark == "," else ORDERS


def _by_file(
    possible: Sequence[str],
    dates: Mapping[str, DateText],
    *,
    name: str,
    hints: FileHints,
    expected: DateReading | None,
) -> tuple[str, tuple[str, ...]] | Refusal:
    """Where the cells leave the order open: other columns, an earlier file, or how such files are written."""
    if hints.date_order in possible:
        return hints.date_order, (f"other columns of the file are {hints.date_order}",)
    if expected is not None and expected.order in possible:
        return expected.order, (f"the earlier file was {expected.order}",)
    points = next(iter(dates.values())).sign == "."
    if points and DAY_FIRST in possible and (hints.separator == ";" or hints.decimal_mark == ","):
        return DAY_FIRST, ("points between the numbers, in a file with decimal commas or semicolons",)
    text = next(text for text, each in dates.items() if len(set(each.days.values())) > 1)
    seen = (f"{quoted(text)} and all other cells can be read as {' and '.join(possible)}",)
    return Refusal(column=name, needed=DATE_ORDER, choices=tuple(possible), evidence=seen)


def _contradiction(dates: Mapping[str, DateText]) -> tuple[str, str]:
    first = min(dates, key=lambda text: (len(dates[text].days), text))
    order = next(iter(dates[first].days))
    return first, next(text for text, each in dates.items() if order not in each.days)
