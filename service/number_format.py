"""How numbers are written for a person: rounded, grouped, with their unit."""

from __future__ import annotations

from inference import Column
from inference.kinds.registry import kind_of


def number(value: float) -> str:
    """Write a number with about three digits that matter.

    Example:
        >>> number(1234.5), number(61.5), number(0.0042), number(40.0)
        ('1,234', '61.5', '0.0042', '40')
    """
    size = abs(value)
    if size >= 1e15:
        return f"{value:.3g}"
    if size >= 100:
        return f"{value:,.0f}"
    if size >= 1:
        return f"{value:,.1f}".removesuffix(".0")
    return f"{value:.3g}"


def entered(value: float) -> str:
    """Write a number as a person entered it, without rounding.

    Example:
        >>> entered(10000.0), entered(40.25)
        ('10,000', '40.25')
    """
    return f"{value:,.0f}" if value.is_integer() and abs(value) < 1e15 else f"{value:,.10g}"


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
    return plain if isinstance(plain, str) else None


def unit(column: Column) -> str:
    """The unit that can follow a value; a scale such as ``1-100`` cannot, it belongs to the label."""
    return "" if column.unit[:1].isdigit() else column.unit


def with_unit(column: Column, written: str) -> str:
    """Put the unit after a written number, where there is one."""
    return f"{written} {unit(column)}".rstrip()


def percent(share: float) -> str:
    """Write a probability; never 0% or 100%, which would promise too much.

    Example:
        >>> percent(0.9996), percent(0.501), percent(0.001)
        ('>99%', '50%', '<1%')
    """
    if share > 0.99:
        return ">99%"
    if share < 0.01:
        return "<1%"
    return f"{share:.0%}"


def by_count(count: int, one: str, many: str) -> str:
    """The text for one or for many; ``{count}`` in it is the number, grouped.

    Example:
        >>> by_count(1, "1 row", "{count} rows"), by_count(1200, "1 row", "{count} rows")
        ('1 row', '1,200 rows')
    """
    return (one if count == 1 else many).replace("{count}", f"{count:,}")
