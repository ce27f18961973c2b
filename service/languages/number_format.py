"""How numbers and dates are written for the reader: rounded, grouped, with their unit."""

from __future__ import annotations

from datetime import UTC, date, datetime

from inference import Column
from inference.kinds.registry import kind_of
from service.languages.language import ENGLISH, apart, current
from service.languages.plurals import Plural


def number(value: float) -> str:
    """Write a number with about three digits that matter.

    Example:
        >>> number(1234.5), number(61.5), number(0.0042), number(40.0)
        ('1,234', '61.5', '0.0042', '40')
    """
    size = abs(value)
    if size >= 1e15:
        return _localised(f"{value:.3g}")
    if size >= 100:
        return _localised(f"{value:,.0f}")
    if size >= 1:
        return _localised(f"{value:,.1f}".removesuffix(".0"))
    return _localised(f"{value:.3g}")


def entered(value: float) -> str:
    """Write a number as a person entered it, without rounding.

    Example:
        >>> entered(10000.0), entered(40.25)
        ('10,000', '40.25')
    """
    whole = value.is_integer() and abs(value) < 1e15
    return _localised(f"{value:,.0f}" if whole else f"{value:,.10g}")


def grouped(value: float) -> str:
    """Write a whole number, such as a count, with all its digits.

    Example:
        >>> grouped(1200)
        '1,200'
    """
    return _localised(f"{value:,.0f}")


def decimals(value: float, places: int, *, signed: bool = False) -> str:
    """Write a number with a fixed number of decimals, with a plus before it where ``signed``.

    Example:
        >>> decimals(0.12345, 3), decimals(0.5, 1, signed=True)
        ('0.123', '+0.5')
    """
    return _localised(f"{value:+,.{places}f}" if signed else f"{value:,.{places}f}")


def in_percent(share: float, places: int = 0) -> str:
    """Write a share as it is.

    Example:
        >>> in_percent(0.1234), in_percent(0.1234, 1)
        ('12%', '12.3%')
    """
    return f"{_localised(f'{share:.{places}%}'[:-1])}{current().percent}"


def percent(share: float) -> str:
    """Write a probability; never 0% or 100%, which would promise too much.

    Example:
        >>> percent(0.9996), percent(0.501), percent(0.001)
        ('>99%', '50%', '<1%')
    """
    if share > 0.99:
        return f">{in_percent(0.99)}"
    if share < 0.01:
        return f"<{in_percent(0.01)}"
    return in_percent(share)


def by_count(count: int, text: Plural) -> str:
    """The text for a count; ``{count}`` in it is the number, grouped.

    Example:
        >>> rows = Plural(one="1 row", other="{count} rows")
        >>> by_count(1, rows), by_count(1200, rows)
        ('1 row', '1,200 rows')
    """
    return text.form(current().plural(count)).replace("{count}", grouped(count))


def day(iso: str) -> str:
    """Write a date of ISO 8601; anything else is left as it is.

    Example:
        >>> day("2026-05-31"), day("0001-01-01"), day("soon")
        ('2026-05-31', '0001-01-01', 'soon')
    """
    try:
        written = date.fromisoformat(iso)
    except ValueError:
        return iso
    return written.strftime(current().date.replace("%Y", f"{written.year:04d}"))  # %Y may leave out zeros


def moment(time: float) -> str:
    """Write a Unix time as day, hour and minute in UTC."""
    return datetime.fromtimestamp(time, UTC).strftime(f"{current().date} %H:%M")


def value_of(column: Column, value: float) -> str:
    """Write a column's value, rounded; what is text for a person, such as a date, as this text."""
    text = as_text(column, value)
    return number(value) if text is None else text


def entered_in(column: Column, value: float) -> str:
    """Write a column's value as a person entered it; a date, which the model counts in days, as its date."""
    text = as_text(column, value)
    return entered(value) if text is None else text


def as_text(column: Column, value: float) -> str | None:
    """The text that a column's value is for a person, such as a date's; ``None`` for a number."""
    plain = kind_of(column).as_json(column, value)
    return day(plain) if isinstance(plain, str) else None


def unit(column: Column) -> str:
    """The unit that can follow a value; a scale such as ``1-100`` cannot, it belongs to the label."""
    return "" if column.unit[:1].isdigit() else column.unit


def with_unit(column: Column, written: str) -> str:
    """Put the unit after a written number, where there is one."""
    return apart(f"{written} {unit(column)}") if unit(column) else written


def _localised(written: str) -> str:
    """A number that is written as in English, with the marks of the reader's language."""
    language = current()
    if language is ENGLISH:
        return written
    before, dot, after = written.partition(".")
    if sum(map(str.isdigit, before)) < language.least_grouped:
        before = before.replace(",", "")
    after = f"{language.decimal}{after}" if dot else ""
    return f"{before.replace(',', language.group)}{after}"
