"""Rows to test whether a model answers as the libraries do: random ones and those most likely to fail."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainer.classifier.candidate import Thresholds
from trainer.results.fitted import Fitted
from trainer.schema.features import feature_names
from trainer.schema.kinds.column_kinds import column_kind
from trainer.table.customer_table import Table

ProbeRows = dict[str, NDArray[Any]]


def random_rows(fitted: Fitted, table: Table, rows: int, rng: np.random.Generator) -> ProbeRows:
    """Rows inside and outside the training range, half of them with whole numbers.

    In a column with ``other``, some categories are unknown, because there they do not count as missing.
    """
    return {
        spec.name: column_kind(spec).random(spec, table.columns[spec.name], rows, rng)
        for spec in fitted.schema.columns
    }


def threshold_rows(fitted: Fitted, table: Table, rng: np.random.Generator) -> ProbeRows:
    """Rows whose raw numbers are exactly on a threshold of a tree, and one ulp on each side of it.

    A threshold applies to a scaled feature in float32; the raw value is the one that scales to it, so
    neighbours are one ulp of float32 away in scaled units.
    """
    names = feature_names(fitted.schema)
    scaler = fitted.segmentation.scaler
    numbers = {spec.name for spec in fitted.schema.columns if column_kind(spec).ordered}
    parts = []
    for position, cuts in thresholds(fitted).items():
        if names[position] not in numbers:
            continue
        near = np.concatenate(
            [cuts, np.nextafter(cuts, np.float32(np.inf)), np.nextafter(cuts, np.float32(-np.inf))]
        )
        raw = near.astype(np.float64) * scaler.scale_[position] + scaler.mean_[position]
        part = random_rows(fitted, table, len(raw), rng)
        part[names[position]] = raw
        parts.append(part)
    return join(*parts) if parts else random_rows(fitted, table, 1, rng)


def training_rows(table: Table, rng: np.random.Generator) -> ProbeRows:
    """Rows of the table (at most 1,000), and the same with every number one ulp up and one ulp down.

    XGBoost puts its cuts at data values, also those of engineered features.
    """
    rows = rng.permutation(np.flatnonzero(table.clusterable()))[:1000]
    known = table.take(rows)
    numbers = {spec.name for spec in table.schema.columns if column_kind(spec).ordered}
    moved = [
        {name: np.nextafter(values, to) if name in numbers else values for name, values in known.items()}
        for to in (np.inf, -np.inf)
    ]
    return join(known, *moved)


def thresholds(fitted: Fitted) -> Thresholds:
    """Feature position -> the distinct thresholds the classifier compares it with, without missing flags."""
    features = len(feature_names(fitted.schema))
    return {each: cuts for each, cuts in fitted.classifier.thresholds().items() if each < features}


def mixed_rows(fitted: Fitted, table: Table, rows: int, *, seed: int) -> ProbeRows:
    """Random rows and rows on thresholds, with cells missing at random."""
    rng = np.random.default_rng(seed)
    return with_gaps(
        fitted, join(random_rows(fitted, table, rows, rng), threshold_rows(fitted, table, rng)), rng
    )


def with_gaps(fitted: Fitted, columns: ProbeRows, rng: np.random.Generator) -> ProbeRows:
    """The rows with cells missing at random, and unknown categories."""
    mixed = {name: values.copy() for name, values in columns.items()}
    for spec in fitted.schema.columns:
        hidden = rng.random(len(mixed[spec.name])) < 0.2
        mixed[spec.name][hidden] = column_kind(spec).gaps(spec, int(hidden.sum()), rng)
    return mixed


def join(*parts: ProbeRows) -> ProbeRows:
    """The rows of all parts, one part after the other."""
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
