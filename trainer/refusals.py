"""What a declared column or schema must not be, in sentences."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from datetime import datetime
from keyword import iskeyword
from typing import TYPE_CHECKING

from inference.contract import CATEGORY, DATE, KINDS, NUMBER, OUTPUTS
from inference.dates import day_number, read_day

if TYPE_CHECKING:
    from trainer.schema import ColumnSpec, Schema

DAYS = (datetime(1999, 12, 31), datetime(2024, 3, 1))  # what a date_format is tried with


def column_problems(spec: ColumnSpec) -> Iterator[str]:
    """What is wrong with one declared column, worst first; nothing when it can work."""
    of = f"of column {spec.name!r}"
    if spec.kind not in KINDS:
        yield f"the kind {of} must be one of {KINDS}, but it is {spec.kind!r}"
    known = [category.value for category in spec.categories]
    if bool(known) != (spec.kind == CATEGORY):
        yield f"the categories {of} must be named when it is a category, and only then, but they are {known}"
    if len(set(known)) < len(known) or not all(value.strip() for value in known):
        yield f"the categories {of} must differ and not be blank, but they are {known}"
    if spec.other and spec.other not in known:
        yield f"'other' {of} must name one of its categories {known}, but it is {spec.other!r}; add it"
    if spec.date_format and spec.kind != DATE:
        yield f"the kind {of} must be {DATE!r}, or it can have no date_format, but it is {spec.kind!r}"
    elif spec.date_format:
        yield from _format_problems(spec.date_format, of)


def _format_problems(date_format: str, of: str) -> Iterator[str]:
    """A format that does not give back whole dates, or writes what reads as an ISO date of another day."""
    for day in DAYS:
        try:
            written = day.strftime(date_format)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)  # of one without a year, refused below
                read = datetime.strptime(written, date_format)
                again = read_day(written, date_format)
        except ValueError as error:
            yield (
                f"the date_format {of} must be one of datetime.strptime, such as '%d.%m.%Y', but it is "
                f"{date_format!r}: {error}"
            )
            continue
        if read.date() != day.date() or again != day_number(day):
            yield (
                f"the date_format {of} must tell year, month and day, and not look like ISO for another day, "
                f"but {date_format!r} writes {day.date()} as {written!r}"
            )


def schema_problems(schema: Schema) -> Iterator[str]:
    """What is wrong with the names, formulas and value column of a schema, worst first."""
    for name in schema.names:
        if not name.isidentifier() or iskeyword(name):
            yield (
                f"a column's name must be a Python identifier such as 'annual_income', but it is {name!r}; "
                "give it another name"
            )
        if name in OUTPUTS:
            yield (
                f"a column's name must be none of the model file's outputs {OUTPUTS}, but it is {name!r}; "
                "give it another name"
            )
    names = [*schema.names, *(feature.name for feature in schema.features)]
    for name in names:
        if names.count(name) > 1:
            yield f"each column and feature must have its own name, but {name!r} is there twice; rename one"
    dates = [column.name for column in schema.columns if column.kind == DATE]
    yield from _formula_problems(schema, dates)
    if schema.value in dates:
        yield f"the value column must be a number, but {schema.value!r} is a date; name another one or none"


def _formula_problems(schema: Schema, dates: list[str]) -> Iterator[str]:
    """Columns that a formula cannot use as it does."""
    numbers = sorted(column.name for column in schema.columns if column.kind == NUMBER)
    for feature in schema.features:
        of = f"the formula of {feature.name!r}"
        for used in feature.formula.numbers:
            if used in dates:
                yield (
                    f"{of} must use the date {used!r} inside days_since only; write "
                    f"days_since({used}, '2026-01-01') with the day to count to"
                )
            elif used not in numbers:
                yield f"{of} must use number columns, but {used!r} is none; known: {numbers}"
        for used in feature.formula.dates:
            if used not in dates:
                yield f"{of} must have a date column inside days_since, but {used!r} is none; known: {dates}"
