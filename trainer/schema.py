"""Which columns a customer table has, which of them drive, and what is engineered from them."""

from __future__ import annotations

from dataclasses import dataclass

from inference.contract import CATEGORY, NUMBER, Category
from inference.errors import InputError
from trainer.formula import Formula
from trainer.refusals import column_problems, schema_problems


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
        for problem in column_problems(self):
            raise InputError(problem)

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
        for problem in schema_problems(self):
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
