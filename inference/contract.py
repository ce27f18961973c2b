"""The contract a model file carries: its columns, its segments, and how both were decided.

The trainer writes it as JSON into the file; everything that asks the file reads it from there. The
words both sides need (names of outputs, the metadata key, the format number) live here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from inference.errors import ArtifactError

FORMAT = 2
_READABLE = (1, 2)  # format 1 called clustering columns "driving" and profile columns "describing"
METADATA_KEY = "customer_segmentation"

SEGMENT = "segment"
SEGMENT_ID = "segment_id"
PROBABILITIES = "probabilities"
COMPLETE = "complete"
DISTANCES = "distances"
NOVELTY = "novelty"
CLASSIFIER_PROBABILITIES = "classifier_probabilities"
CONTRACT = "contract"
OUTPUTS = (
    SEGMENT,
    SEGMENT_ID,
    PROBABILITIES,
    COMPLETE,
    DISTANCES,
    NOVELTY,
    CLASSIFIER_PROBABILITIES,
    CONTRACT,
)

NUMBER = "number"
CATEGORY = "category"
DATE = "date"
KINDS = (NUMBER, CATEGORY, DATE)


@dataclass(frozen=True, kw_only=True)
class Category:
    """One known value of a category column and the other spellings it is known by."""

    value: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Column:
    """One raw column of the customer table, as the model file expects it.

    Attributes:
        name: the input's name in the graph and the argument's name in Python.
        label: the name a person reads; ``unit`` follows it where there is one.
        aliases: other headers the column is known by.
        kind: ``"number"``, ``"category"`` or ``"date"``. In the graph and in the contract a date is a number:
            days since 1970-01-01.
        role: ``"clustering"`` (decides the segment), ``"profile"`` (helps where something is missing).
        range: inclusive limits of a valid number, in ``unit``, or of a date, in days; ``None`` for a
            category, or without limits.
        integer: whether the training table held whole numbers only; true for a date.
        quantiles: probability -> value over the training rows; empty for a category.
        categories: the known values of a category column, in the order of their codes.
        other: the category that every unknown text counts as; empty where unknown texts are refused.
        date_format: how dates may be written besides ISO 8601, as ``datetime.strptime`` reads it, or empty.
        missing_share: share of the training rows in which the column was missing.
        missing_allowed: whether a row may leave it unknown.
    """

    name: str
    label: str
    kind: str
    role: str
    aliases: tuple[str, ...] = ()
    unit: str = ""
    range: tuple[float, float] | None = None
    integer: bool = False
    quantiles: Mapping[float, float]
    categories: tuple[Category, ...] = ()
    other: str = ""
    date_format: str = ""
    missing_share: float = 0.0
    missing_allowed: bool = True

    @property
    def title(self) -> str:
        """Label and unit as a person reads them, such as ``Annual income (k$)``."""
        return f"{self.label} ({self.unit})" if self.unit else self.label

    @cached_property
    def spellings(self) -> dict[str, str]:
        """Every accepted spelling -> the category it means: trimmed and casefolded, or exact."""
        known: dict[str, str] = {}
        for category in self.categories:
            for text in (category.value, *category.aliases):
                known[text.strip().casefold()] = category.value
        return known | {category.value: category.value for category in self.categories}


@dataclass(frozen=True, kw_only=True)
class Segment:
    """One segment: its name, what it is worth, and what it looks like in raw units.

    Attributes:
        id: position in every ``[N, K]`` output; stays with the segment over retraining
            as long as no segment disappears.
        tier: ``"premium"``, ``"average"`` or ``"low-spending"``; empty when no column tells spending.
        high_potential: high capacity with low spending.
        share: share of the training rows.
        index: share of value over share of customers, ``None`` without a value column.
        centroid: clustering column -> coordinate of the centre, in raw units.
        profile: column -> what is typical in raw units; ``None`` where too few were known.
    """

    id: int
    name: str
    tier: str
    high_potential: bool
    size: int
    share: float
    index: float | None
    centroid: Mapping[str, float]
    profile: Mapping[str, Any]
    action: str


@dataclass(frozen=True, kw_only=True)
class Contract:
    """Everything a model file says about itself.

    Attributes:
        clustering: the columns or features distances are measured in.
        answer_probability: from this probability on the classifier's answer is enough for one label.
        document: the JSON it was read from, with everything else: decisions, evaluation, histograms.
    """

    name: str
    columns: tuple[Column, ...]
    clustering: tuple[str, ...]
    segments: tuple[Segment, ...]
    answer_probability: float
    document: Mapping[str, Any]

    @classmethod
    def parse(cls, text: str) -> Contract:
        """Read a contract from its JSON text.

        Raises:
            ArtifactError: when the text is no contract, or one of another format.
        """
        try:
            document = json.loads(text)
        except ValueError as error:
            raise ArtifactError(
                f"the contract in the model file must be JSON, but it is not ({error}); "
                "write the file again with `python -m trainer`"
            ) from error
        found = document.get("format") if isinstance(document, dict) else None
        if type(found) is not int or found not in _READABLE:
            raise ArtifactError(_wrong_format(found))
        if found == 1:
            document = _from_format_1(document)
        try:
            return cls(
                name=document["name"],
                columns=tuple(_column(entry) for entry in document["columns"]),
                clustering=tuple(document["clustering"]),
                segments=tuple(Segment(**entry) for entry in document["segments"]),
                answer_probability=float(document["thresholds"]["answer_probability"]),
                document=document,
            )
        except (KeyError, TypeError, ValueError) as error:
            raise ArtifactError(
                f"the contract in the model file must be complete, but reading it failed on {error!r}; "
                "write the file again with `python -m trainer`"
            ) from error

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the raw columns, in the order of the graph's inputs."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """The column called ``name``; raises ``KeyError`` when there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


def _column(entry: Mapping[str, Any]) -> Column:
    limits = entry["range"]
    if entry["kind"] not in KINDS:
        raise ValueError(f"a column's kind must be one of {KINDS}, but it is {entry['kind']!r}")
    return Column(
        **{
            **entry,
            "aliases": tuple(entry["aliases"]),
            "range": None if limits is None else (float(limits[0]), float(limits[1])),
            "quantiles": {float(level): value for level, value in entry["quantiles"].items()},
            "categories": tuple(
                Category(value=each["value"], aliases=tuple(each["aliases"])) for each in entry["categories"]
            ),
        }
    )


def _from_format_1(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """The contract of an older file in the words of this format."""
    roles = {"driving": "clustering", "describing": "profile"}
    columns = [
        {**entry, "role": roles.get(entry["role"], entry["role"])} for entry in document.get("columns", ())
    ]
    return {**document, "columns": columns, "clustering": document.get("driving")}


def _wrong_format(found: object) -> str:
    if type(found) is int and found > FORMAT:
        return (
            f"the model file's contract must have format {FORMAT}, but it has the newer format {found}; "
            "update this package, or train the file again with this version"
        )
    return (
        f"the model file's contract must have format {FORMAT}, but it has {found!r}; "
        "train the file again with this version"
    )
