"""Rows with the answers of scikit-learn and XGBoost, for users of the file in other languages.

The rows are made up for cases where errors are most likely: on the cuts of the trees, at the ends of the
ranges, with every missing pattern, and with unknown categories. Rows whose known values equal those of a
customer are left out, and rows whose two most probable segments differ by less than rounding.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.contract.outputs import DISTANCE_TOLERANCE, NOT_ASKED, OUTPUT_TABLE, PROBABILITY_TOLERANCE
from trainer.classifier.missing_patterns import hide, training_patterns
from trainer.export.probe_rows import ProbeRows, join, random_rows, thresholds
from trainer.export.verify import too_close
from trainer.results.fitted import Fitted
from trainer.schema.features import feature_names
from trainer.schema.kinds.category_column import UNKNOWN_CATEGORY
from trainer.schema.kinds.column_kinds import column_kind
from trainer.schema.order_statistics import spread_values
from trainer.table.customer_table import Table, missing_cells

FORMAT = 1
RANDOM_ROWS = 400
ROWS_A_PATTERN = 12
ROWS_A_CATEGORY = 12
ROWS_AN_END = 6
CUTS_A_COLUMN = 60  # at most, per column; a forest has thousands
_EXACT = ", ".join(output.name for output in OUTPUT_TABLE if output.per_row and output.tolerance is None)
_NOT_ALONE = ", ".join(output.name for output in OUTPUT_TABLE if output.missing == NOT_ASKED)
ABOUT = (
    "Run all rows in one call and compare every output; then run each row alone and compare every output "
    f"except {_NOT_ALONE}, which are missing (NaN) {NOT_ASKED}. null is missing: NaN for a number, an empty "
    f"text for a category. {_EXACT} must be equal, probabilities and distances (also novelty) within the "
    "tolerances. Rows closer to a tie are left out."
)


def make_vectors(fitted: Fitted, model: bytes, table: Table, *, seed: int = 0) -> dict[str, Any]:
    """Inputs and every output for them, as JSON columns (see ``trainer.export.vectors_schema``)."""
    rng = np.random.default_rng(seed)
    columns = join(
        random_rows(fitted, table, RANDOM_ROWS, rng),
        _on_cuts(fitted, table, rng),
        _at_ends(fitted, table, rng),
        _under_patterns(fitted, table, rng),
        _unknown_categories(fitted, table, rng),
    )
    kept = ~(_customers(columns, table) | too_close(fitted.answer(columns), distance=DISTANCE_TOLERANCE))
    columns = {name: values[kept] for name, values in columns.items()}
    answers = fitted.answer(columns)
    return {
        "format": FORMAT,
        "model": fitted.schema.name,
        "model_sha256": hashlib.sha256(model).hexdigest(),
        "about": ABOUT,
        "tolerances": {"probability": PROBABILITY_TOLERANCE, "distance": DISTANCE_TOLERANCE},
        "inputs": {name: _plain(columns[name]) for name in fitted.schema.names},
        "outputs": {name: _plain(values) for name, values in answers.items()},
    }


def vectors_text(document: dict[str, Any]) -> str:
    """The document as JSON, one line per column and per row of segments, for readable diffs."""
    text = json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.replace("],[", "],\n[").replace('],"', '],\n"').replace(':{"', ':{\n"') + "\n"


def _on_cuts(fitted: Fitted, table: Table, rng: np.random.Generator) -> ProbeRows:
    """Each number on cuts of the trees and one ulp on both sides; every second row has an unknown number."""
    names = feature_names(fitted.schema)
    numbers = {spec.name: spec for spec in fitted.schema.columns if column_kind(spec).ordered}
    parts = [random_rows(fitted, table, 2, rng)]
    for position, cuts in thresholds(fitted).items():
        name = names[position]
        if name not in numbers or not len(cuts):
            continue
        chosen = np.sort(rng.permutation(cuts)[:CUTS_A_COLUMN])
        near = np.concatenate([chosen, *(np.nextafter(chosen, np.float32(to)) for to in (np.inf, -np.inf))])
        raw = _raw(fitted, position, near)
        low, high = numbers[name].range or (-np.inf, np.inf)
        raw = raw[(raw >= low) & (raw <= high)]  # outside them, XGBoost only separates missing from known
        part = random_rows(fitted, table, len(raw), rng) | {name: raw}
        others = [each for each in numbers if each != name]
        for row in range(0, len(raw) if others else 0, 2):
            part[str(rng.choice(others))][row] = np.nan
        parts.append(part)
    return join(*parts)


def _raw(fitted: Fitted, position: int, scaled: NDArray[np.float32]) -> NDArray[np.float64]:
    """Raw numbers that scale to the given float32; whole numbers where possible, as customers have them."""
    scaler = fitted.segmentation.scaler
    mean, scale = scaler.mean_[position], scaler.scale_[position]
    raw = np.asarray(scaled.astype(np.float64) * scale + mean)
    whole = np.round(raw)
    return np.where(((whole - mean) / scale).astype(np.float32) == scaled, whole, raw)


def _at_ends(fitted: Fitted, table: Table, rng: np.random.Generator) -> ProbeRows:
    """Each number at both ends of its valid range, or near those of the table."""
    parts = []
    for spec in fitted.schema.columns:
        if not column_kind(spec).ordered:
            continue
        cells = table.columns[spec.name]
        for end in spec.range or spread_values(cells[~np.isnan(cells)], (0.0, 1.0)).tolist():
            part = random_rows(fitted, table, ROWS_AN_END, rng)
            part[spec.name] = np.full(ROWS_AN_END, float(end))
            parts.append(part)
    return join(*parts)


def _under_patterns(fitted: Fitted, table: Table, rng: np.random.Generator) -> ProbeRows:
    """Random rows with every missing pattern that the classifier was trained on."""
    patterns = training_patterns(fitted.schema, seed=0)
    return join(
        *(hide(fitted.schema, random_rows(fitted, table, ROWS_A_PATTERN, rng), each) for each in patterns)
    )


def _unknown_categories(fitted: Fitted, table: Table, rng: np.random.Generator) -> ProbeRows:
    """Rows with an unknown category, a third of them also with an unknown number."""
    parts = [random_rows(fitted, table, 1, rng)]
    numbers = [spec.name for spec in fitted.schema.columns if column_kind(spec).ordered]
    for spec in fitted.schema.columns:
        if not column_kind(spec).ordered:
            part = random_rows(fitted, table, ROWS_A_CATEGORY, rng)
            part[spec.name] = np.full(ROWS_A_CATEGORY, UNKNOWN_CATEGORY, dtype=object)
            part[str(rng.choice(numbers))][::3] = np.nan
            parts.append(part)
    return join(*parts)


def _customers(columns: ProbeRows, table: Table) -> NDArray[np.bool_]:
    """Rows that equal a customer in every known column, if two or more are known."""
    known = ~missing_cells(table.schema, columns)
    found = [np.isin(columns[name], table.columns[name]) for name in table.schema.names]
    suspects = np.asarray((np.column_stack(found) | ~known).all(axis=1) & (known.sum(axis=1) >= 2))
    for row in np.flatnonzero(suspects):
        cells = [name for position, name in enumerate(table.schema.names) if known[row, position]]
        agree = [table.columns[name] == columns[name][row] for name in cells]
        suspects[row] = np.logical_and.reduce(agree).any()
    return suspects


def _plain(values: NDArray[Any]) -> list[Any]:
    """Plain JSON values; missing is ``None``, and float32 has the fewest digits that read back equal."""
    if values.ndim == 2:
        return [_plain(row) for row in values]
    if values.dtype == np.float32:
        return [None if np.isnan(each) else float(str(each)) for each in values]
    return [_cell(each) for each in values.tolist()]


def _cell(value: Any) -> Any:
    if isinstance(value, float):
        return None if np.isnan(value) else value + 0.0  # no negative zero
    return None if value == "" else value
