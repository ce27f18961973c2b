"""The cells of a table as the model takes them, and what is wrong with those it cannot take."""

from __future__ import annotations

from inference.contract import DATE, Column
from inference.dates import iso_date
from inference.engines.sql.dialects import Dialect
from inference.engines.sql.sql_terms import number
from inference.kinds.registry import kind_of
from inference.wording import shortened

_NAMES_SHOWN = 200  # characters


def checked_cell(column: Column, cell: str, dialect: Dialect) -> str:
    """The value for the model; NULL where the cell is missing or cannot be used."""
    if cell == "NULL":
        return f"CAST(NULL AS {dialect.number if kind_of(column).ordered else dialect.text})"
    if not kind_of(column).ordered:
        return _category(column, cell, dialect)
    value, low, high = _line(column, cell, dialect)
    return f"CASE WHEN {value} >= {low} AND {value} <= {high}{_and_a_number(value, dialect)} THEN {value} END"


def fault(column: Column, cell: str, dialect: Dialect) -> tuple[str, str]:
    """A condition that a cell cannot be used, and the sentence about it."""
    checked = checked_cell(column, cell, dialect)
    if kind_of(column).ordered:
        condition, wanted = _line_fault(column, cell, dialect)
    else:
        unknown = _unknown_words(column, cell, dialect)
        condition, wanted = f"({checked}) IS NULL AND NOT ({unknown})", _listed(column)
    if column.missing_allowed:
        return condition, f"{column.name} must be {wanted}; correct it or make it NULL"
    return f"({checked}) IS NULL", f"{column.name} must be known, and {wanted}"


def _line(column: Column, cell: str, dialect: Dialect) -> tuple[str, str, str]:
    """A number or a date as a double, and its inclusive limits."""
    days = dialect.days.format(cell) if column.kind == DATE else cell
    low, high = kind_of(column).bounds(column)
    return f"CAST({days} AS {dialect.number})", number(low), number(high)


def _line_fault(column: Column, cell: str, dialect: Dialect) -> tuple[str, str]:
    value, low, high = _line(column, cell, dialect)
    condition = f"({value} < {low} OR {value} > {high}){_and_a_number(value, dialect)}"
    first, last = kind_of(column).bounds(column)
    if column.kind == DATE:
        return condition, f"a date from {iso_date(first)} to {iso_date(last)}"
    if column.limits:
        return condition, f"a number from {first:g} to {last:g}"
    return condition, "a finite number in single precision"


def _and_a_number(value: str, dialect: Dialect) -> str:
    return f" AND NOT ({dialect.is_nan.format(value)})" if dialect.is_nan else ""


def _trimmed(cell: str, dialect: Dialect) -> str:
    return f"TRIM(CAST({cell} AS {dialect.text}))"


def _category(column: Column, cell: str, dialect: Dialect) -> str:
    """The category that a text means; NULL for a word that means missing, or that is not known."""
    text = _trimmed(cell, dialect)
    cases = [
        f"WHEN {_is_one_of(column, name, text, dialect)} THEN {dialect.string(name)}"
        for name in dict.fromkeys(column.spellings.values())
        if name
    ]
    other = ""
    if column.other:
        known = f"NOT ({_unknown_words(column, cell, dialect)})"
        other = f" WHEN {known} THEN {dialect.string(column.other)}"
    return f"CASE {' '.join(cases)}{other} END"


def _unknown_words(column: Column, cell: str, dialect: Dialect) -> str:
    """A condition that a text means missing."""
    text = _trimmed(cell, dialect)
    words = [f"{cell} IS NULL", f"{text} = ''"]
    if "" in column.spellings.values():
        words.append(_is_one_of(column, "", text, dialect))
    return " OR ".join(words)


def _is_one_of(column: Column, name: str, text: str, dialect: Dialect) -> str:
    """A condition that a trimmed text is a spelling of a category, in any case."""
    spellings = [each for each, meant in column.spellings.items() if meant == name]
    written = dict.fromkeys(form for each in spellings for form in _forms(each))
    listed = ", ".join(dialect.string(each) for each in written)
    folded = ", ".join(dialect.string(each) for each in dict.fromkeys(each.lower() for each in written))
    return f"{text} IN ({listed}) OR LOWER({text}) IN ({folded})"


def _forms(spelling: str) -> tuple[str, ...]:
    """A spelling and its usual cases, for engines that know those of ASCII only; 3 is 3.0, too."""
    forms = (spelling, spelling.upper(), spelling.capitalize(), spelling.title())
    if spelling.removeprefix("-").isdigit():
        return (*forms, f"{spelling}.0")
    whole = spelling.removesuffix(".0")
    return (*forms, whole) if whole.removeprefix("-").isdigit() else forms


def _listed(column: Column) -> str:
    names = ", ".join(each.value for each in column.categories)
    return f"one of {shortened(names, _NAMES_SHOWN)}"
