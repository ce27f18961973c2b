"""Reads and cleans a customer table, and says what it found and did.

Cells are read as text and settled one by one through ``inference.validation``, the door the finished
model uses, so that training and serving take a value the same way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import spearmanr

from inference.contract import CATEGORY, NUMBER, Category, Column
from inference.errors import InputError
from inference.validation import check_values
from trainer.csv_file import read_frame
from trainer.features import taken
from trainer.schema import MALL, ColumnSpec, Schema

EMBEDDED = Path(__file__).parent / "data" / "mall_customers.csv"
EMBEDDED_SHA256 = "194975e1f84d29ee7a99ca72bc14dcd55af355384f35171ef7e9e053ac7f6612"
EMBEDDED_TOTALS = {
    "rows": 200,
    "Female": 112,
    "Male": 88,
    "age": 38.85,
    "annual_income": 60.56,
    "spending_score": 50.20,
}
EXAMPLES_SHOWN = 3
MIN_RANKED = 20  # rows; fewer follow some order by chance
TELLING = 0.9  # rank correlation


@dataclass(frozen=True, kw_only=True)
class ColumnReport:
    """What cleaning met in one column: counts of cells, and sentences about the first refused ones.

    ``examples`` quote customers' cells: they are for the person at the screen and go into no file.
    """

    name: str
    missing: int
    refused: int
    examples: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class CleaningReport:
    """What was read and what was done about it.

    Attributes:
        rows_read: data rows in the file; ``rows_kept`` of them are in the table.
        duplicates_dropped: rows equal to an earlier one in every cell, the identifier included.
        repeated_identifiers: identifiers on more than one kept row; kept, since they differ elsewhere.
        rows_without_driving: kept rows that cannot be clustered because a driving column is missing.
        ignored: headers in the file that no column asks for.
        identifier_follows: in words, the column whose order the identifier gives away; empty without one.
    """

    rows_read: int
    rows_kept: int
    duplicates_dropped: int
    repeated_identifiers: int
    rows_without_driving: int
    columns: tuple[ColumnReport, ...]
    ignored: tuple[str, ...]
    identifier_follows: str

    def sentences(self, *, examples: bool = False) -> list[str]:
        """The report in words; with ``examples``, for the console alone, also the first refused cells."""
        dropped = self.duplicates_dropped
        told = [f"{self.rows_read} rows read, {self.rows_kept} kept, {dropped} exact duplicates dropped"]
        if self.repeated_identifiers:
            told.append(
                f"{self.repeated_identifiers} identifiers stand on several differing rows; all were kept"
            )
        for column in self.columns:
            if column.missing:
                told.append(f"{column.name}: {column.missing} missing cells, kept as missing")
            if column.refused:
                seen = f" ({'; '.join(column.examples)})" if examples else ""
                told.append(f"{column.name}: {column.refused} refused cells, taken as missing{seen}")
        if self.rows_without_driving:
            told.append(
                f"{self.rows_without_driving} rows lack a driving column and take no part in clustering"
            )
        if not any(column.missing or column.refused for column in self.columns):
            told.append("no missing cells, no values out of range")
        if self.identifier_follows:
            told.append(self.identifier_follows)
        if self.ignored:
            told.append(f"not used: {', '.join(self.ignored)}")
        return told


@dataclass(frozen=True, kw_only=True)
class Table:
    """A clean customer table: raw columns ``[N]`` by name, double (NaN = missing) or str (``""``).

    Dates are days since 1970-01-01.
    """

    schema: Schema
    columns: dict[str, NDArray[Any]]
    report: CleaningReport
    source: str
    sha256: str

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))

    def take(self, rows: NDArray[Any]) -> dict[str, NDArray[Any]]:
        """The raw columns of the given rows (positions or a mask)."""
        return {name: values[rows] for name, values in self.columns.items()}

    def drivable(self) -> NDArray[np.bool_]:
        """Which rows have every driving column, ``[N]``."""
        return drivable(self.schema, self.columns)


def drivable(schema: Schema, columns: Mapping[str, NDArray[Any]]) -> NDArray[np.bool_]:
    """Which rows of raw columns have every driving column, ``[N]``."""
    driving = [name in schema.driving_sources for name in schema.names]
    return np.asarray(~missing_cells(schema, columns)[:, driving].any(axis=1))


def missing_cells(schema: Schema, columns: Mapping[str, NDArray[Any]]) -> NDArray[np.bool_]:
    """Which cells are missing (or unknown, without ``other``), ``[N, C]`` in the schema's order."""
    return np.column_stack([_missing(spec, columns[spec.name]) for spec in schema.columns])


def _missing(spec: ColumnSpec, cells: NDArray[Any]) -> NDArray[np.bool_]:
    if spec.kind == CATEGORY:
        return np.asarray(taken(spec, cells) == "", dtype=bool)
    return np.asarray(np.isnan(cells), dtype=bool)


def read_table(path: str | Path | None = None, schema: Schema = MALL) -> Table:
    """Read a CSV file with the schema's columns; without a path, the embedded Mall Customers table.

    Raises:
        InputError: when the file cannot be read or lacks a column.
    """
    source = EMBEDDED if path is None else Path(path)
    frame, fingerprint = read_frame(source)
    title = "embedded Mall Customers" if path is None else source.name
    table = clean(frame, schema, source=title, sha256=fingerprint)
    if path is None:
        _check_embedded(table)
    return table


def clean(frame: pd.DataFrame, schema: Schema, *, source: str, sha256: str) -> Table:
    """Settle every cell of a table of text; nothing is dropped but exact duplicate rows."""
    headers = _find_headers(frame, schema)
    identifier = _find_identifier(frame, schema)
    duplicated = frame.duplicated() if identifier else pd.Series(False, index=frame.index)
    kept = frame[~duplicated]
    columns: dict[str, NDArray[Any]] = {}
    reports = []
    for spec in schema.columns:
        columns[spec.name], met = _settle_column(spec, kept[headers[spec.name]])
        reports.append(met)
    report = CleaningReport(
        rows_read=len(frame),
        rows_kept=len(kept),
        duplicates_dropped=int(duplicated.sum()),
        repeated_identifiers=int(kept[identifier].duplicated().sum()) if identifier else 0,
        rows_without_driving=int((~drivable(schema, columns)).sum()),
        columns=tuple(reports),
        ignored=tuple(header for header in frame.columns if header not in headers.values()),
        identifier_follows=_identifier_follows(schema, kept, identifier, columns),
    )
    return Table(schema=schema, columns=columns, report=report, source=source, sha256=sha256)


def _find_identifier(frame: pd.DataFrame, schema: Schema) -> str | None:
    """The header of the identifier in the file, in any case, or ``None``."""
    wanted = (schema.identifier or "").casefold()
    return next((header for header in frame.columns if header.strip().casefold() == wanted), None)


def _identifier_follows(
    schema: Schema, frame: pd.DataFrame, identifier: str | None, columns: Mapping[str, NDArray[Any]]
) -> str:
    """Say so when a numeric identifier is the order of a column: as a feature it would give that away."""
    if identifier is None or len(frame) < MIN_RANKED:
        return ""
    order = pd.to_numeric(frame[identifier], errors="coerce").to_numpy()
    for spec in schema.columns:
        if spec.kind == CATEGORY or len(np.unique(columns[spec.name])) < 2:
            continue
        correlation = float(spearmanr(order, columns[spec.name], nan_policy="omit").statistic)
        if abs(correlation) > TELLING:
            given_away = f"{spec.label.lower()} (rank correlation {correlation:.3f})"
            return f"{identifier} is the order of {given_away}; it names customers and never is a feature"
    return ""


def plain_column(spec: ColumnSpec) -> Column:
    """The column as the door needs it, before anything is known about its values."""
    return Column(
        name=spec.name,
        label=spec.label,
        kind=spec.kind,
        role="describing",
        aliases=spec.aliases,
        unit=spec.unit,
        range=spec.range,
        categories=tuple(Category(value=each.value, aliases=each.aliases) for each in spec.categories),
        other=spec.other,
        date_format=spec.date_format,
        quantiles={},
    )


def _find_headers(frame: pd.DataFrame, schema: Schema) -> dict[str, str]:
    """Column name -> header in the file: the declared header, the name or an alias, in any case."""
    present = {str(header).strip().casefold(): str(header) for header in frame.columns}
    found: dict[str, str] = {}
    for spec in schema.columns:
        for spelling in (spec.header, spec.name, *spec.aliases):
            if spelling.casefold() in present:
                found[spec.name] = present[spelling.casefold()]
                break
        else:
            raise InputError(
                f"the table must have a column {spec.header!r}, but its headers are {list(frame.columns)}; "
                f"rename one to {spec.header!r} or {spec.name!r}",
                column=spec.name,
            )
    return found


def _settle_column(spec: ColumnSpec, cells: pd.Series[Any]) -> tuple[NDArray[Any], ColumnReport]:
    texts = cells.to_numpy(dtype=object)
    values = np.array([_number(text) for text in texts], dtype=object) if spec.kind == NUMBER else texts
    problems: dict[int, tuple[str, str]] = {}
    settled = check_values(plain_column(spec), values, problems)
    missing = int((settled == "").sum() if spec.kind == CATEGORY else np.isnan(settled).sum())
    lines = cells.index.to_numpy() + 2  # the header is line 1
    examples = tuple(f"line {lines[row]}: {problems[row][1]}" for row in sorted(problems)[:EXAMPLES_SHOWN])
    report = ColumnReport(
        name=spec.name, missing=missing - len(problems), refused=len(problems), examples=examples
    )
    return settled, report


def _number(text: str) -> float | str | None:
    """A number where the text is one; the text itself, for the door to refuse, where it is not."""
    if not text.strip():
        return None
    try:
        return float(text)
    except ValueError:
        return text


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
