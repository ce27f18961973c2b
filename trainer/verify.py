"""Proves that a file answers as scikit-learn and XGBoost do, before anyone gets to use it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from inference.contract import (
    CATEGORY,
    CLASSIFIER_PROBABILITIES,
    COMPLETE,
    DISTANCES,
    NOVELTY,
    OUTPUTS,
    PROBABILITIES,
    SEGMENT,
    SEGMENT_ID,
)
from inference.selftest import DISTANCE_TOLERANCE, PROBABILITY_TOLERANCE
from trainer.classifiers import BOOSTED, FOREST
from trainer.features import feature_names
from trainer.fitted import Fitted
from trainer.masks import Mask, evaluation_masks, hide
from trainer.table import Table

# An argmax may fall either way where the two leading candidates differ by less than rounding can move them.
PROBABILITY_MARGIN = 2 * PROBABILITY_TOLERANCE
DISTANCE_MARGIN = 1e-12
BEYOND = 0.5  # random rows reach half a training span beyond the training range
UNKNOWN_CATEGORY = "a category never seen"

Columns = dict[str, NDArray[Any]]


class DifferenceError(RuntimeError):
    """The file does not answer as the libraries do; it must not be published."""


@dataclass(frozen=True, kw_only=True)
class Verification:
    """What was compared.

    Attributes:
        rows: compared, all patterns of missing columns together.
        ties: rows whose two leading segments were closer than rounding; their label was not compared.
        largest: output -> largest absolute difference seen.
    """

    rows: int
    ties: int
    largest: dict[str, float]


def verify(fitted: Fitted, model: bytes, table: Table, *, rows: int = 24_000, seed: int = 0) -> Verification:
    """Compare the file with the libraries on random rows, on thresholds, and with missing cells.

    Args:
        rows: random rows; rows on thresholds and rows of the table come on top, and a quarter of all is
            asked again with each pattern of missing columns.

    Raises:
        DifferenceError: naming the first output, pattern and row that differ.
    """
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    compared = ties = 0
    largest: dict[str, float] = {}
    for pattern, columns in _calls(fitted, table, rows, seed):
        found = dict(zip(OUTPUTS, session.run(list(OUTPUTS), _feeds(columns)), strict=True))
        ties += _compare(fitted, columns, found, pattern, largest)
        compared += len(found[SEGMENT_ID])
    return Verification(rows=compared, ties=ties, largest=largest)


def _calls(fitted: Fitted, table: Table, rows: int, seed: int) -> Iterator[tuple[str, Columns]]:
    """Every call to compare: complete rows alone, each pattern of missing columns, and a mixed call."""
    rng = np.random.default_rng(seed)
    everything = _join(
        random_rows(fitted, table, rows, rng), threshold_rows(fitted, table, rng), training_rows(table, rng)
    )
    yield "complete", everything
    masks = _patterns(fitted)
    size = len(everything[fitted.schema.names[0]])
    for name, mask in masks.items():
        part = {key: values[rng.permutation(size)[: size // 4]] for key, values in everything.items()}
        yield name, hide(fitted.schema, part, mask)
    yield "mixed", _with_gaps(fitted, everything, rng)


def _patterns(fitted: Fitted) -> dict[str, Mask]:
    width = len(fitted.schema.names)
    if width > 6:
        return evaluation_masks(fitted.schema)
    return {str(mask): mask for mask in product((False, True), repeat=width) if any(mask)}


def mixed_rows(fitted: Fitted, table: Table, rows: int, *, seed: int) -> Columns:
    """Random rows and rows on thresholds, with cells missing at random."""
    rng = np.random.default_rng(seed)
    return _with_gaps(
        fitted, _join(random_rows(fitted, table, rows, rng), threshold_rows(fitted, table, rng)), rng
    )


def _with_gaps(fitted: Fitted, columns: Columns, rng: np.random.Generator) -> Columns:
    """Cells missing at random, and categories nobody has seen."""
    mixed = {name: values.copy() for name, values in columns.items()}
    for spec in fitted.schema.columns:
        hidden = rng.random(len(mixed[spec.name])) < 0.2
        mixed[spec.name][hidden] = rng.choice(["", UNKNOWN_CATEGORY]) if spec.kind == CATEGORY else np.nan
    return mixed


def random_rows(fitted: Fitted, table: Table, rows: int, rng: np.random.Generator) -> Columns:
    """Rows spread over and beyond the training range, half of them on whole numbers."""
    columns: Columns = {}
    for spec in fitted.schema.columns:
        if spec.kind == CATEGORY:
            columns[spec.name] = rng.choice(
                np.array([each.value for each in spec.categories], dtype=object), rows
            )
            continue
        low, high = float(np.nanmin(table.columns[spec.name])), float(np.nanmax(table.columns[spec.name]))
        span = (high - low) * BEYOND
        values = rng.uniform(low - span, high + span, rows)
        values[::2] = np.round(values[::2])
        columns[spec.name] = np.clip(values, *(spec.range or (-np.inf, np.inf)))
    return columns


def threshold_rows(fitted: Fitted, table: Table, rng: np.random.Generator) -> Columns:
    """Rows whose raw numbers lie exactly on a threshold of a tree, and one ulp to each side of it.

    A threshold lives on a scaled feature in float32; the raw value is the one that scales to it, so
    neighbours are one ulp of float32 in scaled units away.
    """
    names = feature_names(fitted.schema)
    scaler = fitted.segmentation.scaler
    numbers = {spec.name for spec in fitted.schema.columns if spec.kind != CATEGORY}
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
    return _join(*parts) if parts else random_rows(fitted, table, 1, rng)


def training_rows(table: Table, rng: np.random.Generator) -> Columns:
    """Rows of the table (1,000 at most), and the same with every number one ulp up and one ulp down.

    XGBoost puts its cuts on data values, those of engineered features included.
    """
    rows = rng.permutation(np.flatnonzero(table.drivable()))[:1000]
    known = table.take(rows)
    numbers = {spec.name for spec in table.schema.columns if spec.kind != CATEGORY}
    moved = [
        {name: np.nextafter(values, to) if name in numbers else values for name, values in known.items()}
        for to in (np.inf, -np.inf)
    ]
    return _join(known, *moved)


def thresholds(fitted: Fitted) -> dict[int, NDArray[np.float32]]:
    """Feature position -> the distinct thresholds the classifier compares it with, in float32."""
    estimator, name = fitted.classifier.estimator, fitted.classifier.candidate.name
    if name == FOREST:
        features = np.concatenate([tree.tree_.feature for tree in estimator.estimators_])
        cuts = np.concatenate([tree.tree_.threshold for tree in estimator.estimators_])
    elif name == BOOSTED:
        frame = estimator.get_booster().trees_to_dataframe()
        inner = frame[frame["Feature"] != "Leaf"]
        features = inner["Feature"].str.removeprefix("f").astype(int).to_numpy()
        cuts = inner["Split"].to_numpy()
    else:  # logistic regression: a line has no thresholds
        return {}
    known = range(len(feature_names(fitted.schema)))
    return {each: np.unique(cuts[features == each].astype(np.float32)) for each in known}


def _feeds(columns: Columns) -> Columns:
    return {name: values.reshape(-1, 1) for name, values in columns.items()}


def _join(*parts: Columns) -> Columns:
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _compare(
    fitted: Fitted, columns: Columns, found: Columns, pattern: str, largest: dict[str, float]
) -> int:
    """Compare all outputs of one call; returns how many labels were too close to compare."""
    wanted = fitted.answer(columns)
    _same(pattern, COMPLETE, found[COMPLETE], wanted[COMPLETE])
    for name, tolerance in (
        (PROBABILITIES, PROBABILITY_TOLERANCE),
        (CLASSIFIER_PROBABILITIES, PROBABILITY_TOLERANCE),
        (DISTANCES, DISTANCE_TOLERANCE),
    ):
        _close(pattern, name, found[name], wanted[name], tolerance, largest)
    close = _too_close(wanted)
    _same(pattern, SEGMENT_ID, found[SEGMENT_ID][~close], wanted[SEGMENT_ID][~close])
    _same(pattern, SEGMENT, found[SEGMENT][~close], wanted[SEGMENT][~close])
    _close(
        pattern,
        NOVELTY,
        found[NOVELTY][~close],
        wanted[NOVELTY][~close],
        DISTANCE_TOLERANCE / fitted.far.min(),
        largest,
    )
    return int(close.sum())


def _too_close(wanted: Columns) -> NDArray[np.bool_]:
    """Rows whose two leading segments tie within rounding, by the output that decides them."""
    nearest = np.sort(wanted[DISTANCES], axis=1)
    likeliest = -np.sort(-wanted[PROBABILITIES].astype(np.float64), axis=1)
    by_distance = nearest[:, 1] - nearest[:, 0] < DISTANCE_MARGIN
    by_probability = likeliest[:, 0] - likeliest[:, 1] < PROBABILITY_MARGIN
    return np.where(wanted[COMPLETE], by_distance, by_probability).astype(bool)


def _same(pattern: str, name: str, found: NDArray[Any], wanted: NDArray[Any]) -> None:
    wrong = np.flatnonzero(found != wanted)
    if len(wrong):
        row = wrong[0]
        raise DifferenceError(
            f"{name!r} must equal scikit-learn's and XGBoost's answer, but {len(wrong)} rows differ "
            f"({pattern}), first row {row}: {found[row]!r} instead of {wanted[row]!r}; it was not published"
        )


def _close(
    pattern: str,
    name: str,
    found: NDArray[Any],
    wanted: NDArray[Any],
    tolerance: float,
    largest: dict[str, float],
) -> None:
    if not np.array_equal(np.isnan(found), np.isnan(wanted)):
        raise DifferenceError(
            f"{name!r} is missing in other rows than it should be ({pattern}); the file was not published"
        )
    difference = np.abs(found.astype(np.float64) - wanted.astype(np.float64))
    most = float(np.nanmax(difference, initial=0.0))
    largest[name] = max(largest.get(name, 0.0), most)
    if most > tolerance:
        raise DifferenceError(
            f"{name!r} must be within {tolerance:g} of scikit-learn's and XGBoost's answer, but it is off by "
            f"{most:g} ({pattern}); the file was not published"
        )
