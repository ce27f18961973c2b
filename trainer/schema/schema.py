"""Which columns a customer table has, which are clustering columns, and which features are made of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from keyword import iskeyword

from inference.contract import OUTPUTS
from inference.errors import InputError
from trainer.schema.column_spec import ColumnSpec
from trainer.schema.formula import Formula
from trainer.schema.kinds.column_kinds import column_kind


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
        clustering: names of the columns or engineered features K-Means measures distances in.
        value: the feature whose total is the value of a segment (for tiers), or ``None``.
        capacity, spend: the columns whose High and Low words flag "high potential", or ``None``.
        identifier: header of the column that names a customer; never a feature.
        spend_columns: number columns that each hold one kind of spending, in one unit; often none.
        outcomes: what came of a customer, such as churn: shown per segment, never a feature nor an input.
    """

    name: str
    title: str
    columns: tuple[ColumnSpec, ...]
    features: tuple[Feature, ...]
    clustering: tuple[str, ...]
    value: str | None = None
    capacity: str | None = None
    spend: str | None = None
    identifier: str | None = None
    outcomes: tuple[ColumnSpec, ...] = ()
    spend_columns: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for problem in _problems(self):
            raise InputError(problem)
        known = [*self.names, *(feature.name for feature in self.features)]
        for name in self.clustering:
            if name not in known:
                identifies = " identifies customers and does not describe them"
                why = identifies if name == self.identifier else " is not"
                raise InputError(f"a clustering column must be one of {known}, but {name!r}{why}")
        if len(set(self.clustering)) < len(self.clustering):
            raise InputError(f"each clustering column must be named once, but they are {self.clustering}")
        if not self.clustering:
            raise InputError(f"at least one clustering column must be named; known: {known}")

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

    def logarithm_of(self, name: str) -> str | None:
        """The column whose logarithm the feature ``name`` is, or ``None``."""
        found = [each.formula.logarithm_of for each in self.features if each.name == name]
        return found[0] if found else None

    def is_logarithm(self, name: str) -> bool:
        """Whether ``name`` is a feature that is a logarithm, of a column or of arithmetic over several."""
        return any(each.formula.is_logarithm for each in self.features if each.name == name)

    def plain(self, name: str) -> str:
        """The column whose logarithm a feature is, else the feature itself: what people are shown."""
        return self.logarithm_of(name) or name

    @property
    def clustering_features(self) -> tuple[str, ...]:
        """The features K-Means measures distances in, a category's indicators one by one."""
        own = {column.name: column.features for column in self.columns}
        return tuple(feature for name in self.clustering for feature in own.get(name, (name,)))

    @property
    def clustering_sources(self) -> tuple[str, ...]:
        """The raw columns that must be present for the nearest centroid to answer."""
        needed = {source for name in self.clustering for source in self.sources(name)}
        return tuple(name for name in self.names if name in needed)

    def plain_label(self, name: str) -> str:
        """The label of what people are shown for a column or feature, without its logarithm."""
        return self.label(self.plain(name))

    def label(self, name: str) -> str:
        """What a person calls the column or feature ``name``."""
        labels = {column.name: column.label for column in self.columns}
        labels |= {feature.name: feature.label for feature in self.features}
        return labels[name]


def _problems(schema: Schema) -> Iterator[str]:
    """What is wrong with the names, formulas and value column of a schema, worst first."""
    for name in schema.names:
        if not name.isidentifier() or iskeyword(name):
            yield (
                f"a column's name must be a Python identifier such as 'annual_income', but it is {name!r}; "
                "give it another name"
            )
        if name in OUTPUTS:
            yield (
                f"a column's name must differ from the model file's outputs {OUTPUTS}, but it is {name!r}; "
                "give it another name"
            )
    outcomes = [spec.name for spec in schema.outcomes]
    names = [*schema.names, *(feature.name for feature in schema.features), *outcomes]
    times = Counter(names)
    for name in names:
        if times[name] > 1:
            yield f"each column and feature must have its own name, but {name!r} occurs twice; rename one"
    dates = [column.name for column in schema.columns if column_kind(column).is_date]
    for spec in schema.outcomes:
        if column_kind(spec).is_date:
            yield f"an outcome must be a number or a category, but {spec.name!r} is a date; leave it out"
    numbers = [column.name for column in schema.columns if column_kind(column).is_number]
    for name in schema.spend_columns:
        if name not in numbers:
            yield f"a spend column must be a number column, but {name!r} is not one; known: {numbers}"
    yield from _formula_problems(schema, dates)
    if schema.value in dates:
        yield f"the value column must be a number, but {schema.value!r} is a date; name another one or none"


def _formula_problems(schema: Schema, dates: list[str]) -> Iterator[str]:
    """Columns that a formula cannot use as it does."""
    numbers = sorted(column.name for column in schema.columns if column_kind(column).is_number)
    for feature in schema.features:
        of = f"the formula of {feature.name!r}"
        for used in feature.formula.numbers:
            if used in dates:
                yield (
                    f"{of} must use the date {used!r} inside days_since only; write "
                    f"days_since({used}, '2026-01-01') with the day to count to"
                )
            elif used not in numbers:
                yield f"{of} must use number columns, but {used!r} is not one; known: {numbers}"
        for used in feature.formula.dates:
            if used not in dates:
                yield f"{of} must use date columns inside days_since, but {used!r} is not one; known: {dates}"
