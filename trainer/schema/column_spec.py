"""One raw column as it is declared before any data is seen."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from inference.contract import CATEGORY, DATE, KINDS, Category
from inference.dates import day_number, read_day
from inference.errors import InputError

DAYS = (datetime(1999, 12, 31), datetime(2024, 3, 1))  # what a date_format is tried with


@dataclass(frozen=True, kw_only=True)
class ColumnSpec:
    """One raw column as it is declared before any data is seen.

    Attributes:
        name: its name in the file, in Python and in the graph; ``header`` is its header in the table.
        range: inclusive limits of a valid number, or of a date, in days since 1970-01-01. Wider than the
            training data on purpose: a customer outside the training range is answered, and his novelty says
            so.
        other: the category that every unknown text counts as; empty where unknown texts are refused.
        missing: words that mean missing in this column of categories, such as ``"Unknown"``.
        date_format: how dates are written in the table when not in ISO 8601, as ``datetime.strptime`` reads
            it, such as ``"%d.%m.%Y"``.
    """

    name: str
    header: str
    label: str
    kind: str
    aliases: tuple[str, ...] = ()
    unit: str = ""
    range: tuple[float, float] | None = None
    categories: tuple[Category, ...] = ()
    other: str = ""
    missing: tuple[str, ...] = ()
    date_format: str = ""

    def __post_init__(self) -> None:
        for problem in _problems(self):
            raise InputError(problem)

    @property
    def ordered(self) -> bool:
        """Whether its categories have an order, so that each counts as a number."""
        return bool(self.categories) and all(each.number is not None for each in self.categories)

    @property
    def numbers(self) -> dict[str, float]:
        """Category -> its number, of categories with an order."""
        return {each.value: each.number for each in self.categories if each.number is not None}

    @property
    def features(self) -> tuple[str, ...]:
        """Names of the features it becomes: itself, or one indicator per category beyond the first."""
        if self.kind != CATEGORY or self.ordered:
            return (self.name,)
        return tuple(f"{self.name}={category.value}" for category in self.categories[1:])


def _problems(spec: ColumnSpec) -> Iterator[str]:
    """What is wrong with one declared column, worst first; nothing when it can work."""
    of = f"of column {spec.name!r}"
    if spec.kind not in KINDS:
        yield f"the kind {of} must be one of {KINDS}, but it is {spec.kind!r}"
    known = [category.value for category in spec.categories]
    if bool(known) != (spec.kind == CATEGORY):
        yield f"the categories {of} must be named when it is a category, and only then, but they are {known}"
    if len(set(known)) < len(known) or not all(value.strip() for value in known):
        yield f"the categories {of} must differ and not be blank, but they are {known}"
    if len(spec.numbers) not in (0, len(known)):
        given = f"{len(spec.numbers)} of {len(known)}"
        yield f"the categories {of} must all have a number or none, but {given} do"
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
