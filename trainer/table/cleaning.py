"""Parses every cell of a table with the validation of the finished model, and reports what it found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from scipy.stats import spearmanr

from inference.contract import Category, Column
from inference.files.columns.cell_texts import is_text, one_array
from inference.files.columns.column_reading import ColumnReading
from inference.files.columns.numbers.number_cells import apply_numbers
from inference.files.columns.numbers.number_reading import NumberReading
from inference.files.columns.reading_json import reading_to_json
from inference.files.options import ReadOptions
from inference.files.read.column_readings import refused_column
from inference.files.read.headers import match_headers
from inference.files.read.parse_cells import parse_cells, stored_reading
from inference.kinds.registry import kind_of
from inference.kinds.row_problems import MOST_MESSAGES, RowProblems
from trainer.schema.column_spec import ColumnSpec
from trainer.schema.kinds.column_kinds import column_kind
from trainer.schema.schema import Schema
from trainer.schema.table_remedies import LeaveOut
from trainer.table.cleaning_report import ColumnReport
from trainer.table.raw_table import EXAMPLES_SHOWN, Raw
from trainer.table.table_readings import reading_of, sentences

MIN_RANKED = 20  # rows; fewer follow some order by chance
MOST_RANKED = 100_000  # rows; more add nothing
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


def with_readings(schema: Schema, raw: Raw) -> Schema:
    """The schema with how each column is written in the table, where it does not say so.

    Raises:
        InputError: for a column of numbers that can be read in two ways.
    """
    headers = _headers(raw, schema)
    columns = []
    for spec in schema.columns:
        column, kind = raw.readings.columns[headers[spec.name]], column_kind(spec).served
        if column.refusal is not None and kind.numeric_text and not spec.reading:
            raise refused_column(column.refusal, column=spec.name)
        found = reading_of(column, raw.readings.hints.missing_words, kind)
        columns.append(spec if spec.reading or not found else replace(spec, reading=found))
    unchanged = all(one is other for one, other in zip(columns, schema.columns, strict=True))
    return schema if unchanged else replace(schema, columns=tuple(columns))


def told_readings(raw: Raw, schema: Schema, headers: Mapping[str, str]) -> list[str]:
    """What was removed from the cells of the schema's columns, each once, and what may mean missing."""
    return [
        sentence
        for spec in schema.columns
        for sentence in sentences(
            spec.name, raw.readings.columns[headers[spec.name]], column_kind(spec).served
        )
    ]


def settle_columns(raw: Raw, schema: Schema) -> Cleaned:
    """Parse every cell of the schema's columns; nothing is dropped but exact duplicate rows.

    Raises:
        InputError: when a column is not found.
    """
    plain = {spec.name: plain_column(spec) for spec in schema.columns}
    headers = _headers(raw, schema)
    identifier = _find_identifier(raw, schema)
    duplicated = _duplicates(raw, identifier)
    kept = ~duplicated
    columns: dict[str, NDArray[Any]] = {}
    reports = []
    for name, column in plain.items():
        header = headers[name]
        cells = one_array(raw.cells.column(header))
        if duplicated.any():
            cells = cells.filter(pa.array(kept))
        columns[name], met = _parse_column(raw, column, raw.readings.columns[header], cells, kept)
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
    """The column as the validation needs it, before anything is known about its values."""
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
        reading=spec.reading,
        quantiles={},
    )


def _parse_column(
    raw: Raw, column: Column, found: ColumnReading, cells: pa.Array, kept: NDArray[np.bool_]
) -> tuple[NDArray[Any], ColumnReport]:
    problems = RowProblems(len(cells), most=MOST_MESSAGES)
    before = None
    if found.parsed is not None and is_text(cells.type) and _read_as_found(column, found):
        before = (found.parsed[0][kept], found.parsed[1][kept])
    parsed = parse_cells(column, cells, problems, parsed=before)
    missing = int(kind_of(column).missing_in(parsed).sum())
    lines = raw.lines[kept]
    examples = tuple(
        f"{raw.row_word} {lines[row]}: {problems[row][1]}" for row in islice(problems, EXAMPLES_SHOWN)
    )
    report = ColumnReport(
        name=column.name, missing=missing - len(problems), refused=len(problems), examples=examples
    )
    return parsed, report


def _read_as_found(column: Column, found: ColumnReading) -> bool:
    """Whether the column is parsed by the reading that was found in the table."""
    stored = stored_reading(column)
    if found.reading is None or type(stored) is not type(found.reading):
        return False
    return reading_to_json(stored) == reading_to_json(found.reading)


def _headers(raw: Raw, schema: Schema) -> Mapping[str, str]:
    plain = [plain_column(spec) for spec in schema.columns]
    headers = {spec.name: spec.header for spec in schema.columns if spec.header in raw.cells.column_names}
    return match_headers(plain, raw.cells.column_names, ReadOptions(columns=headers), absent=LeaveOut)


def _find_identifier(raw: Raw, schema: Schema) -> str | None:
    """The header of the identifier in the table, in any case, or ``None``."""
    wanted = (schema.identifier or "").strip().casefold()
    return next((name for name in raw.cells.column_names if name.strip().casefold() == wanted), None)


def _duplicates(raw: Raw, identifier: str | None) -> NDArray[np.bool_]:
    """Which rows ``[N]`` equal an earlier one in every cell; only rows that share an identifier can."""
    duplicated = np.zeros(raw.cells.num_rows, dtype=bool)
    if identifier is None:
        return duplicated
    shared = np.flatnonzero(_shared(one_array(raw.cells.column(identifier))))
    if len(shared):
        rows = raw.cells.take(pa.array(shared)).to_pandas()
        duplicated[shared] = rows.astype(str).duplicated().to_numpy()
    return duplicated


def _shared(cells: pa.Array) -> NDArray[np.bool_]:
    """Which cells ``[N]`` have a value that occurs more than once; a blank is not a value."""
    codes = cells.dictionary_encode(null_encoding="encode").indices.to_numpy(zero_copy_only=False)
    return np.asarray((np.bincount(codes)[codes] > 1) & _known(cells))


def _known(cells: pa.Array) -> NDArray[np.bool_]:
    """Which cells ``[N]`` are not blank."""
    there = cells.is_valid()
    if is_text(cells.type):
        there = pc.and_(there, pc.not_equal(pc.utf8_trim_whitespace(cells.fill_null("")), ""))
    return np.asarray(there.to_numpy(zero_copy_only=False))


def _repeated(raw: Raw, identifier: str | None, kept: NDArray[np.bool_]) -> int:
    if identifier is None:
        return 0
    cells = one_array(raw.cells.column(identifier))
    cells = cells.filter(pa.array(kept & _known(cells)))
    return len(cells) - int(pc.count_distinct(cells, mode="all").as_py())


def identifier_follows(raw: Raw, schema: Schema, cleaned: Cleaned) -> str:
    """Report when a numeric identifier is the order of a column: as a feature it would give that away."""
    if cleaned.identifier is None or cleaned.kept.sum() < MIN_RANKED:
        return ""
    rows = np.flatnonzero(cleaned.kept)
    chosen = np.unique(np.linspace(0, len(rows) - 1, MOST_RANKED).astype(int))
    order = _order(raw, cleaned.identifier)[rows[chosen]]
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


def _order(raw: Raw, header: str) -> NDArray[np.float64]:
    """A column as numbers ``[N]``, NaN where it has none."""
    reading = raw.readings.columns[header].reading
    numbers = reading if isinstance(reading, NumberReading) else NumberReading()
    return apply_numbers(numbers, raw.cells.column(header))[0]
