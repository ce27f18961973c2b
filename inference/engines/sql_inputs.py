"""The cells of a table as the model takes them, and what is wrong with those it cannot take."""

from __future__ import annotations

from inference.contract import DATE, Column
from inference.dates import FIRST_DAY, LAST_DAY, iso_date
from inference.engines.dialects import Dialect
from inference.engines.sql_terms import number
from inference.kinds.number import LARGEST
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
    if cell == "NULL":
        return "1 = 1", f"{column.name} must be known, but the table does not have it"
    if kind_of(column).ordered:
        condition, wanted = _line_fault(column, cell, dialect)
    else:
        found = checked_cell(column, cell, dialect)
        unknown = _unknown_words(column, cell, dialect)
        condition, wanted = f"({found}) IS NULL AND NOT ({unknown})", _listed(column)
    if column.missing_allowed:
        return condition, f"{column.name} must be {wanted}; correct it or make it NULL"
    return f"{cell} IS NULL OR ({condition})", f"{column.name} must be {wanted}"


def _line(column: Column, cell: str, dialect: Dialect) -> tuple[str, str, str]:
    """A number or a date as a double, and its inclusive limits."""
    if column.kind == DATE:
        low, high = column.limits or (FIRST_DAY, LAST_DAY)
        value = f"CAST({dialect.days.format(cell)} AS {dialect.number})"
    else:
        low, high = column.limits or (-LARGEST, LARGEST)
        low, high = max(low, -LARGEST), min(high, LARGEST)
        value = f"CAST({cell} AS {dialect.number})"
    return value, number(low), number(high)


def _line_fault(column: Column, cell: str, dialect: Dialect) -> tuple[str, str]:
    value, low, high = _line(column, cell, dialect)
    condition = f"({value} < {low} OR {value} > {high}){_and_a_number(value, dialect)}"
    if column.kind == DATE:
        first, last = column.limits or (FIRST_DAY, LAST_DAY)
        return condition, f"a date from {iso_date(first)} to {iso_date(last)}"
    if column.limits is None:
        return condition, "a finite number in single precision"
    return condition, f"a number from {column.limits[0]:g} to {column.limits[1]:g}"


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
