"""A clean customer table: read from wherever it is kept, every cell parsed, and what was done to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.errors import InputError
from trainer.schema.kinds.column_kinds import column_kind
from trainer.schema.mall_schema import MALL
from trainer.schema.schema import Schema
from trainer.table.cleaning import (
    Cleaned,
    identifier_follows,
    plain_column,
    settle_columns,
    told_readings,
    with_readings,
)
from trainer.table.cleaning_report import CleaningReport
from trainer.table.parsed_rows import ParsedRows, RowParser
from trainer.table.raw_table import Raw, read_raw

EMBEDDED = Path(__file__).parents[1] / "data" / "mall_customers.csv"
EMBEDDED_SHA256 = "194975e1f84d29ee7a99ca72bc14dcd55af355384f35171ef7e9e053ac7f6612"
MIN_ROWS = 50  # fewer cannot be split into folds that hold every segment
EMBEDDED_TOTALS = {
    "rows": 200,
    "Female": 112,
    "Male": 88,
    "age": 38.85,
    "annual_income": 60.56,
    "spending_score": 50.20,
}


@dataclass(frozen=True, kw_only=True)
class Table:
    """A clean customer table: raw columns ``[N]`` by name, double (NaN = missing) or str (``""``).

    Dates are days since 1970-01-01.

    Attributes:
        outcomes: the schema's outcome columns ``[N]``, as ``columns``; nothing is trained on them.
        every: all rows of a table of which these are a sample; ``None`` where these are all.
    """

    schema: Schema
    columns: dict[str, NDArray[Any]]
    report: CleaningReport
    source: str
    sha256: str
    outcomes: Mapping[str, NDArray[Any]] = field(default_factory=dict)
    every: ParsedRows | None = None

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))

    def take(self, rows: NDArray[Any]) -> dict[str, NDArray[Any]]:
        """The raw columns of the given rows (positions or a mask)."""
        return {name: values[rows] for name, values in self.columns.items()}

    def under(self, schema: Schema) -> Table:
        """The same columns under a schema with other clustering columns."""
        without = int((~clusterable(schema, self.columns)).sum())
        report = replace(self.report, rows_without_clustering_values=without)
        return replace(self, schema=schema, report=report)

    def clusterable(self) -> NDArray[np.bool_]:
        """Which rows have every clustering column, ``[N]``."""
        return clusterable(self.schema, self.columns)


def clusterable(schema: Schema, columns: Mapping[str, NDArray[Any]]) -> NDArray[np.bool_]:
    """Which rows of raw columns have every clustering column, ``[N]``."""
    clustering = [name in schema.clustering_sources for name in schema.names]
    return np.asarray(~missing_cells(schema, columns)[:, clustering].any(axis=1))


def missing_cells(schema: Schema, columns: Mapping[str, NDArray[Any]]) -> NDArray[np.bool_]:
    """Which cells are missing (or unknown, without ``other``), ``[N, C]`` in the schema's order."""
    return np.column_stack([column_kind(spec).missing(spec, columns[spec.name]) for spec in schema.columns])


def read_table(path: str | Path | None = None, schema: Schema = MALL) -> Table:
    """Read a file with the schema's columns; without a path, the embedded Mall Customers table.

    Raises:
        InputError: when the file cannot be read or lacks a column.
    """
    if path is not None:
        return clean(read_raw(path), schema)
    table = clean(embedded(), schema)
    _check_embedded(table)
    return table


def embedded() -> Raw:
    """The Mall Customers table that comes with the package."""
    return replace(read_raw(EMBEDDED), source="embedded Mall Customers", notes=())


def clean(raw: Raw, schema: Schema) -> Table:
    """Parse every cell of the schema's columns; nothing is dropped but exact duplicate rows.

    Raises:
        InputError: when a column is not found.
    """
    schema = with_readings(schema, raw)
    cleaned = settle_columns(raw, replace(schema, columns=(*schema.columns, *schema.outcomes), outcomes=()))
    outcomes = {spec.name: cleaned.columns[spec.name] for spec in schema.outcomes}
    columns = {name: cells for name, cells in cleaned.columns.items() if name not in outcomes}
    used = set(cleaned.headers.values())
    kept = int(cleaned.kept.sum())
    report = CleaningReport(
        reading=(*raw.notes, *told_readings(raw, schema, cleaned.headers)),
        left_out=raw.left_out,
        made_up=raw.made_up,
        rows_read=len(cleaned.kept),
        rows_kept=kept,
        duplicates_dropped=len(cleaned.kept) - kept,
        repeated_identifiers=cleaned.repeated_identifiers,
        rows_without_clustering_values=int((~clusterable(schema, columns)).sum()),
        columns=cleaned.reports,
        ignored=tuple(header for header in raw.cells.column_names if header not in used),
        identifier_follows=identifier_follows(raw, schema, cleaned),
    )
    return Table(
        schema=schema,
        columns=columns,
        report=report,
        source=raw.source,
        sha256=raw.sha256,
        outcomes=outcomes,
        every=_every(raw, schema, cleaned),
    )


def _every(raw: Raw, schema: Schema, cleaned: Cleaned) -> ParsedRows | None:
    """All rows behind a sample, which are parsed as the sample was; duplicates as it shows them."""
    if raw.every is None:
        return None
    columns = tuple(plain_column(spec) for spec in schema.columns)
    headers = {column.name: cleaned.headers[column.name] for column in columns}
    return ParsedRows(
        every=raw.every,
        parser=RowParser(columns=columns, headers=headers),
        distinct=not cleaned.kept.all(),
    )


def _check_embedded(table: Table) -> None:
    """Hold the shipped table to its published totals, so that a changed copy cannot pass for it."""
    found: dict[str, float] = {"rows": len(table)}
    for value in ("Female", "Male"):
        found[value] = int((table.columns["gender"] == value).sum())
    for name in ("age", "annual_income", "spending_score"):
        found[name] = round(float(table.columns[name].mean()), 2)
    if table.sha256 != EMBEDDED_SHA256 or found != EMBEDDED_TOTALS:
        raise InputError(
            f"the embedded table must have the totals {EMBEDDED_TOTALS}, but {EMBEDDED.name} has {found}; "
            "restore it from version control"
        )
