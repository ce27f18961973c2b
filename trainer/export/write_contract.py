"""Writes the contract: the description of the model that its file contains, as one JSON document."""

from __future__ import annotations

import json
import platform
from dataclasses import asdict
from importlib.metadata import version
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.contract import FORMAT, Category
from inference.files.columns.dates.strptime_formats import LAYOUT_WORDS
from trainer.classifier.missing_patterns import served_patterns
from trainer.export.self_test_rows import self_test
from trainer.results.fitted import Fitted, graph_outputs
from trainer.results.trained import Findings
from trainer.schema.column_spec import ColumnSpec
from trainer.schema.kinds.column_kinds import column_kind
from trainer.schema.order_statistics import quantiles
from trainer.schema.schema import Schema
from trainer.segments.kmeans import Segmentation
from trainer.segments.segment_outcomes import outcomes_by_segment
from trainer.segments.whole_counts import WholeCounts
from trainer.table.cleaning_report import CleaningReport
from trainer.table.customer_table import Table

LIBRARIES = ("numpy", "scikit-learn", "xgboost", "onnx", "skl2onnx", "onnxmltools", "onnxruntime")
DISTANCE_LEVELS = (0.5, 0.95, 0.99)


def write_contract(
    fitted: Fitted, table: Table, labels: NDArray[np.int64], found: Findings, *, created: str | None
) -> str:
    """The contract's JSON text; NaN and infinity are not valid JSON and raise an error."""
    schema = fitted.schema
    document = {
        "format": FORMAT,
        "sealed": True,
        "name": schema.name,
        "title": schema.title,
        "created": created,
        "versions": {"python": platform.python_version(), **{name: version(name) for name in LIBRARIES}},
        "data": {
            "source": table.source,
            "sha256": table.sha256,
            "rows": len(table) if found.whole is None else found.whole.rows,
            "cleaning": _cleaning(table.report),
        },
        "outputs": [asdict(output) for output in graph_outputs()],
        "columns": [_column(schema, spec, table, found.whole) for spec in schema.columns],
        "clustering": list(schema.clustering),
        "features": [
            {"name": each.name, "label": each.label, "formula": each.formula.text} for each in schema.features
        ],
        "value": None
        if schema.value is None
        else {"name": schema.value, "label": schema.label(schema.value)},
        "segments": [segment.to_dict() for segment in fitted.segments],
        "automatic_names": list(found.automatic_names),
        "overrides": {name: dict(entry) for name, entry in found.overrides.items()},
        "scaling": _scaling(fitted.segmentation),
        "choice": asdict(found.choice),
        "sensitivity": [asdict(each) for each in found.sensitivity],
        "classifier": _classifier(fitted, found),
        "membership": {"formula": "exp(-scale * distance^2), normalised", "scale": fitted.membership_scale},
        "thresholds": {
            "novelty": 1.0,
            "far_distances": fitted.far.tolist(),
            "known_columns": {
                "mean_squares": fitted.known.mean_squares.tolist(),
                "weights": fitted.known.weights.tolist(),
                "limits": fitted.known.limits[1:].tolist(),
            },
            "answer_probability": found.evaluation.selective.threshold,
        },
        "evaluation": found.evaluation.document(),
        "histograms": _histograms(fitted, table, labels, found.whole),
        "outcomes": [asdict(each) for each in outcomes_by_segment(table, labels, fitted.segmentation.k)],
        "self_test": self_test(fitted, table),
    }
    return json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def without_self_test(contract: str) -> dict[str, Any]:
    """The entries of a contract's JSON text without its self-test, for the report."""
    entries: dict[str, Any] = json.loads(contract)
    del entries["self_test"]
    return entries


def _classifier(fitted: Fitted, found: Findings) -> dict[str, Any]:
    """Which classifier is used and why, and its missing patterns, each a list of columns."""
    return {
        **asdict(found.selection),
        "settings": dict(fitted.classifier.settings),
        "temperature": asdict(found.temperature),
        "served_patterns": [list(pattern) for pattern in served_patterns(fitted.schema)],
    }


def _cleaning(report: CleaningReport) -> dict[str, Any]:
    """The counts of the report, without the cells it quotes."""
    document = asdict(report)
    del document["left_out"], document["reading"]
    for column in document["columns"]:
        del column["examples"]
    return document


def _scaling(segmentation: Segmentation) -> dict[str, dict[str, float | None]]:
    """Limits, mean and scale of each clustering feature: the units of ``distances``."""
    fences = segmentation.fences
    parts = {"mean": fences.mean, "scale": fences.deviation, "lower": fences.lower, "upper": fences.upper}
    return {
        part: {
            name: value if np.isfinite(value) else None
            for name, value in zip(segmentation.schema.clustering_features, values.tolist(), strict=True)
        }
        for part, values in parts.items()
    }


def _column(schema: Schema, spec: ColumnSpec, table: Table, whole: WholeCounts | None) -> dict[str, Any]:
    cells, kind = table.columns[spec.name], column_kind(spec)
    role = "clustering" if spec.name in schema.clustering_sources else "profile"
    entry: dict[str, Any] = {
        "name": spec.name,
        "label": spec.label,
        "aliases": list(dict.fromkeys((spec.header, *spec.aliases))),
        "kind": spec.kind,
        "role": role,
        "unit": spec.unit,
        "range": None if spec.range is None else list(spec.range),
        "categories": [_category(category) for category in spec.categories],
        "missing_allowed": True,
    }
    optional = ("other", "missing", "date_format", "reading")
    entry |= {name: value for name in optional if (value := getattr(spec, name))}
    if spec.date_format in LAYOUT_WORDS:  # the reading says it; a single value is no count of seconds
        del entry["date_format"]
    if spec.range is not None and not spec.hard_range:
        entry["hard_range"] = False  # left out where it is true, as in files of earlier versions
    missing = float(np.mean(kind.served.missing_in(cells)))
    if whole is not None:
        missing = whole.missing[spec.name] / whole.rows
    return entry | kind.statistics(cells) | {"missing_share": missing}


def _category(category: Category) -> dict[str, Any]:
    """A category; its number only where the categories have an order."""
    number = {} if category.number is None else {"number": category.number}
    return {"value": category.value, "aliases": list(category.aliases), **number}


def _histograms(
    fitted: Fitted, table: Table, labels: NDArray[np.int64], whole: WholeCounts | None
) -> dict[str, Any]:
    """Counts to monitor drift without customer data: columns, segments, distances."""
    columns: dict[str, Any] = {}
    for spec in fitted.schema.columns:
        cells, kind = table.columns[spec.name], column_kind(spec)
        missing = int(kind.served.missing_in(cells).sum())
        columns[spec.name] = kind.histogram(spec, cells) | {"missing": missing}
    own = fitted.segmentation.distances(table.take(table.clusterable())).min(axis=1)
    document = {
        "columns": columns,
        "segments": np.bincount(labels, minlength=fitted.segmentation.k).tolist(),
        "distance": {
            "mean_square": float(np.mean(own**2)),
            "quantiles": {
                str(level): float(value)
                for level, value in zip(DISTANCE_LEVELS, quantiles(own, DISTANCE_LEVELS), strict=True)
            },
        },
    }
    return document if whole is None else _of_all_rows(document, whole)


def _of_all_rows(document: dict[str, Any], whole: WholeCounts) -> dict[str, Any]:
    """The histograms of a sample with the counts of all rows; quantiles are those of the sample."""
    return {
        "columns": {
            name: {**whole.histograms[name], "missing": whole.missing[name]} for name in document["columns"]
        },
        "segments": list(whole.sizes),
        "distance": {**document["distance"], "mean_square": whole.mean_square},
    }
