"""Settles every cell of a table through the door that serves the finished model, and says what it met."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from scipy.stats import spearmanr

from inference.contract import Category, Column
from inference.files.options import ReadOptions
from inference.files.read.headers import match_headers
from inference.files.read.text_cells import is_text, settle, text_numbers
from inference.kinds.registry import kind_of
from trainer.schema.column_spec import ColumnSpec
from trainer.schema.kinds.column_kinds import column_kind
from trainer.schema.schema import Schema
from trainer.schema.table_remedies import LeaveOut
from trainer.table.cleaning_report import ColumnReport
from trainer.table.raw_table import EXAMPLES_SHOWN, Raw

MIN_RANKED = 20  # rows; fewer follow some order by chance
MOST_RANKED = 100_000  # rows; more say nothing new
TELLING = 0.9  # rank correlation


@dataclass(frozen=True, kw_only=True)
class Cleaned:
    """Raw columns ``[N]`` by name, and what cleaning met in each."""

    columns: dict[str, NDArray[Any]]
    reports: tuple[ColumnReport, ...]
    headers: Mapping[str, str]
    identifier: str | None
    kept: NDArray[np.bool_]
    repeated_identifiers: int


def settle_columns(raw: Raw, schema: Schema) -> Cleaned:
    """Settle every cell of the schema's columns; nothing is dropped but exact duplicate rows.

    Raises:
        InputError: when a column is not found.
    """
    plain = {spec.name: plain_column(spec) for spec in schema.columns}
    told = {spec.name: spec.header for spec in schema.columns if spec.header in raw.cells.column_names}
    headers = match_headers(
        plain.values(), raw.cells.column_names, ReadOptions(columns=told), absent=LeaveOut
    )
    identifier = _find_identifier(raw, schema)
    duplicated = _duplicates(raw, identifier)
    kept = ~duplicated
    columns: dict[str, NDArray[Any]] = {}
    reports = []
    for name, column in plain.items():
        header = headers[name]
        cells = _one(raw.cells.column(header))
        if duplicated.any():
            cells = cells.filter(pa.array(kept))
        comma = header in raw.decimal_commas
        columns[name], met = _settle_column(raw, column, cells, kept, comma)
        reports.append(met)
    return Cleaned(
        columns=columns,
        reports=tuple(reports),
        headers=headers,
        identifier=identifier,
        kept=kept,
        repeated_identifiers=_repeated(raw, identifier, kept),
    )


def plain_column(spec: ColumnSpec) -> Column:
    """The column as the door needs it, before anything is known about its values."""
    return Column(
        name=spec.name,
        label=spec.label,
        kind=spec.kind,
        role="profile",
        aliases=tuple(dict.fromkeys((spec.header, *spec.aliases))),
        unit=spec.unit,
        range=spec.range,
        hard_range=spec.hard_range,
        categories=tuple(Category(value=each.value, aliases=each.aliases) for each in spec.categories),
        other=spec.other,
        missing=spec.missing,
        date_format=spec.date_format,
        quantiles={},
    )


def _settle_column(
    raw: Raw, column: Column, cells: pa.Array, kept: NDArray[np.bool_], comma: bool
) -> tuple[NDArray[Any], ColumnReport]:
    problems: dict[int, tuple[str, str]] = {}
    settled = settle(column, cells, problems, decimal_comma=comma)
    missing = int(kind_of(column).missing_in(settled).sum())
    lines = raw.lines[kept]
    examples = tuple(
        f"{raw.place} {lines[row]}: {problems[row][1]}" for row in sorted(problems)[:EXAMPLES_SHOWN]
    )
    report = ColumnReport(
        name=column.name, missing=missing - len(problems), refused=len(problems), examples=examples
    )
    return settled, report


def _one(column: pa.ChunkedArray) -> pa.Array:
    """A column as one array; long texts with 64-bit offsets, so that any number of rows fits."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if is_text(column.type):
        column = column.cast(pa.large_string())
    whole = column.combine_chunks()
    return pa.concat_arrays(whole.chunks) if isinstance(whole, pa.ChunkedArray) else whole


def _find_identifier(raw: Raw, schema: Schema) -> str | None:
    """The header of the identifier in the table, in any case, or ``None``."""
    wanted = (schema.identifier or "").strip().casefold()
    return next((name for name in raw.cells.column_names if name.strip().casefold() == wanted), None)


def _duplicates(raw: Raw, identifier: str | None) -> NDArray[np.bool_]:
    """Which rows ``[N]`` equal an earlier one in every cell; only rows that share an identifier can."""
    duplicated = np.zeros(raw.cells.num_rows, dtype=bool)
    if identifier is None:
        return duplicated
    shared = np.flatnonzero(_shared(_one(raw.cells.column(identifier))))
    if len(shared):
        rows = raw.cells.take(pa.array(shared)).to_pandas()
        duplicated[shared] = rows.astype(str).duplicated().to_numpy()
    return duplicated


def _shared(cells: pa.Array) -> NDArray[np.bool_]:
    """Which cells ``[N]`` have a value that comes more than once; a blank is no value."""
    places = cells.dictionary_encode(null_encoding="encode").indices.to_numpy(zero_copy_only=False)
    return np.asarray((np.bincount(places)[places] > 1) & _known(cells))


def _known(cells: pa.Array) -> NDArray[np.bool_]:
    """Which cells ``[N]`` are not blank."""
    there = cells.is_valid()
    if is_text(cells.type):
        there = pc.and_(there, pc.not_equal(pc.utf8_trim_whitespace(cells.fill_null("")), ""))
    return np.asarray(there.to_numpy(zero_copy_only=False))


def _repeated(raw: Raw, identifier: str | None, kept: NDArray[np.bool_]) -> int:
    if identifier is None:
        return 0
    cells = _one(raw.cells.column(identifier))
    cells = cells.filter(pa.array(kept & _known(cells)))
    return len(cells) - int(pc.count_distinct(cells, mode="all").as_py())


def identifier_follows(raw: Raw, schema: Schema, cleaned: Cleaned) -> str:
    """Say so when a numeric identifier is the order of a column: as a feature it would give that away."""
    if cleaned.identifier is None or cleaned.kept.sum() < MIN_RANKED:
        return ""
    rows = np.flatnonzero(cleaned.kept)
    chosen = np.unique(np.linspace(0, len(rows) - 1, MOST_RANKED).astype(int))
    order = _order(_one(raw.cells.column(cleaned.identifier)).take(pa.array(rows[chosen])))
    for spec in schema.columns:
        values = cleaned.columns[spec.name]
        ordered = column_kind(spec).ordered
        if not ordered or len(np.unique(values[chosen])) < 2 or np.isnan(order).all():
            continue
        correlation = float(spearmanr(order, values[chosen], nan_policy="omit").statistic)
        if abs(correlation) > TELLING:
            given_away = f"{spec.label.lower()} (rank correlation {correlation:.3f})"
            own = cleaned.identifier
            return f"{own} is sorted by {given_away}; an identifier, never used as a feature"
    return ""


def _order(cells: pa.Array) -> NDArray[np.float64]:
    if is_text(cells.type):
        return text_numbers(cells.cast(pa.string()).fill_null(""))[0]
    try:
        return np.asarray(cells.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False))
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return np.full(len(cells), np.nan)
