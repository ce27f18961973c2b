"""Which columns a customer table has, which of them drive, and what is engineered from them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from keyword import iskeyword

from inference.contract import CATEGORY, DATE, KINDS, NUMBER, OUTPUTS, Category
from inference.dates import iso_date, read_day
from inference.errors import InputError
from trainer.formula import Formula


@dataclass(frozen=True, kw_only=True)
class ColumnSpec:
    """One raw column as it is declared before any data is seen.

    Attributes:
        name: its name in the file, in Python and in the graph; ``header`` is its header in the table.
        range: inclusive limits of a valid number, or of a date, in days since 1970-01-01. Wider than the
            training data on purpose: a customer outside the training range is answered, and his novelty says
            so.
        other: the category that every unknown text counts as; empty where unknown texts are refused.
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
    date_format: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise InputError(f"the kind of column {self.name!r} must be one of {KINDS}, but it is {self.kind!r}")
        known = [category.value for category in self.categories]
        if self.other and self.other not in known:
            raise InputError(
                f"'other' of column {self.name!r} must name one of its categories {known}, but it is "
                f"{self.other!r}; add that category"
            )
        if self.date_format:
            _check_date_format(self)

    @property
    def features(self) -> tuple[str, ...]:
        """Names of the features it becomes: itself, or an indicator a category beyond the first."""
        if self.kind != CATEGORY:
            return (self.name,)
        return tuple(f"{self.name}={category.value}" for category in self.categories[1:])


@dataclass(frozen=True, kw_only=True)
class Feature:
    """An engineered feature: a name, a label and the one formula it is computed by."""

    name: str
    label: str
    formula: Formula


@dataclass(frozen=True, kw_only=True)
class Schema:
    """The columns of a customer table and their jobs.

    Attributes:
        driving: names of the columns or engineered features K-Means measures distances in.
        value: the feature whose total tells what a segment is worth (for tiers), or ``None``.
        capacity, spend: the columns whose High and Low words flag "high potential", or ``None``.
        identifier: header of the column that names a customer; never a feature.
    """

    name: str
    title: str
    columns: tuple[ColumnSpec, ...]
    features: tuple[Feature, ...]
    driving: tuple[str, ...]
    value: str | None = None
    capacity: str | None = None
    spend: str | None = None
    identifier: str | None = None

    def __post_init__(self) -> None:
        for problem in (*_name_problems(self), *_formula_problems(self)):
            raise InputError(problem)
        known = [*self.names, *(feature.name for feature in self.features)]
        for name in self.driving:
            if name not in known:
                why = (
                    " names customers and says nothing about them" if name == self.identifier else " is none"
                )
                raise InputError(f"a driving column must be one of {known}, but {name!r}{why}")
        if len(set(self.driving)) < len(self.driving):
            raise InputError(f"each driving column must be named once, but they are {self.driving}")
        if not self.driving:
            raise InputError(f"at least one driving column must be named; known: {known}")

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the raw columns, in the order of the graph's inputs."""
        return tuple(column.name for column in self.columns)

    def sources(self, name: str) -> tuple[str, ...]:
        """The raw columns a feature is made of; a raw number is its own source."""
        for feature in self.features:
            if feature.name == name:
                return feature.formula.columns
        return (name,)

    @property
    def driving_features(self) -> tuple[str, ...]:
        """The features K-Means measures distances in, a category's indicators one by one."""
        own = {column.name: column.features for column in self.columns}
        return tuple(feature for name in self.driving for feature in own.get(name, (name,)))

    @property
    def driving_sources(self) -> tuple[str, ...]:
        """The raw columns that must be present for the nearest centroid to answer."""
        needed = {source for name in self.driving for source in self.sources(name)}
        return tuple(name for name in self.names if name in needed)

    def label(self, name: str) -> str:
        """What a person calls the column or feature ``name``."""
        labels = {column.name: column.label for column in self.columns}
        labels |= {feature.name: feature.label for feature in self.features}
        return labels[name]


def _check_date_format(spec: ColumnSpec) -> None:
    """Refuse a format that does not read back whole dates, or that reads an ISO date as another day."""
    if spec.kind != DATE:
        raise InputError(
            f"column {spec.name!r} must be of kind {DATE!r} to have a date_format, but it is {spec.kind!r}"
        )
    for day in (datetime(1999, 12, 31), datetime(2024, 3, 1)):
        try:
            written = day.strftime(spec.date_format)
            read = datetime.strptime(written, spec.date_format)
        except ValueError as error:
            raise InputError(
                f"the date_format of column {spec.name!r} must be one of datetime.strptime, such as '%d.%m.%Y', "
                f"but it is {spec.date_format!r}: {error}"
            ) from error
        if read.date() != day.date() or read_day(written, spec.date_format) != read_day(day.isoformat()):
            raise InputError(
                f"the date_format of column {spec.name!r} must tell year, month and day, and not look like an ISO "
                f"date of another day, but {spec.date_format!r} writes {iso_date(read_day(day.isoformat()))} as "
                f"{written!r}"
            )


def _name_problems(schema: Schema) -> Iterator[str]:
    """What is wrong with the names of columns and features, in sentences."""
    for name in schema.names:
        if not name.isidentifier() or iskeyword(name):
            yield (
                f"a column's name must be a Python identifier such as 'annual_income', but it is {name!r}; "
                "give it another name"
            )
        if name in OUTPUTS:
            yield (
                f"a column must not be named like an output of the model file {OUTPUTS}, but one is named "
                f"{name!r}; give it another name"
            )
    names = [*schema.names, *(feature.name for feature in schema.features)]
    for name in names:
        if names.count(name) > 1:
            yield f"each column and feature must have a name of its own, but {name!r} is there twice; rename one"


def _formula_problems(schema: Schema) -> Iterator[str]:
    """Columns that a formula cannot use as it does, in sentences."""
    numbers, dates = (
        [column.name for column in schema.columns if column.kind == kind] for kind in (NUMBER, DATE)
    )
    for feature in schema.features:
        for used in feature.formula.numbers:
            if used in dates:
                yield (
                    f"the formula of {feature.name!r} must use the date {used!r} inside days_since only; write "
                    f"days_since({used}, '2026-01-01') with the day to count to"
                )
            elif used not in numbers:
                yield (
                    f"the formula of {feature.name!r} must use number columns, but {used!r} is none; "
                    f"known: {sorted(numbers)}"
                )
        for used in feature.formula.dates:
            if used not in dates:
                yield (
                    f"days_since in the formula of {feature.name!r} must have a date column, but {used!r} is "
                    f"none; known: {sorted(dates)}"
                )
    if schema.value in dates:
        yield f"the value column must be a number, but {schema.value!r} is a date; name another one or none"


MALL = Schema(
    name="mall-customers",
    title="Mall Customers",
    identifier="CustomerID",
    columns=(
        ColumnSpec(
            name="gender",
            header="Gender",
            label="Gender",
            kind=CATEGORY,
            aliases=("genre", "sex"),
            categories=(
                Category(value="Female", aliases=("f", "w", "woman")),
                Category(value="Male", aliases=("m", "man")),
            ),
        ),
        ColumnSpec(name="age", header="Age", label="Age", kind=NUMBER, unit="years", range=(0.0, 120.0)),
        ColumnSpec(
            name="annual_income",
            header="Annual Income (k$)",
            label="Annual income",
            kind=NUMBER,
            aliases=("income", "annual income"),
            unit="k$",
            range=(0.0, 10_000.0),
        ),
        ColumnSpec(
            name="spending_score",
            header="Spending Score (1-100)",
            label="Spending score",
            kind=NUMBER,
            aliases=("score", "spending score"),
            unit="1-100",
            range=(1.0, 100.0),
        ),
    ),
    features=(
        Feature(
            name="spending_efficiency",
            label="Spending efficiency",
            formula=Formula("spending_score / (annual_income + 1)"),
        ),
        Feature(
            name="income_spend_interaction",
            label="Income-spend interaction",
            formula=Formula("annual_income * spending_score"),
        ),
    ),
    driving=("annual_income", "spending_score"),
    value="income_spend_interaction",
    capacity="annual_income",
    spend="spending_score",
)
