"""The whole run, from a clean table to a proven model: every arrow of the README's picture in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.contract import Contract
from inference.errors import InputError
from trainer.classifier.abstention import calibration_bins, selective_accuracy
from trainer.classifier.candidates import CANDIDATES
from trainer.classifier.cross_validation import HeldOut, confusion, hold_out, judge
from trainer.classifier.missing_patterns import served_patterns
from trainer.classifier.selection import Selection, select_classifier
from trainer.classifier.temperature import at_temperature, judge_temperature
from trainer.config import TrainConfig
from trainer.export.build_graph import build_model
from trainer.export.fitted import Fitted
from trainer.export.verify import Verification, verify
from trainer.export.write_contract import Findings, write_contract
from trainer.parallel import Progress, no_progress
from trainer.roles.preparation import Prepared, prepare
from trainer.roles.role_settings import Roles
from trainer.schema.features import matrix
from trainer.schema.schema import Schema
from trainer.segments.assembly import assemble, fit_ordered
from trainer.segments.choose_for_schema import choose_for
from trainer.segments.choose_k import Choice
from trainer.segments.kmeans import Segmentation
from trainer.segments.matching import Move, keep_names, moves
from trainer.segments.overrides import Overrides, apply_overrides, still_fitting
from trainer.segments.sensitivity import alternatives
from trainer.segments.soft_membership import fit_scale
from trainer.table.customer_table import MIN_ROWS, Table, missing_cells


@dataclass(frozen=True, kw_only=True)
class Trained:
    """A finished run.

    Attributes:
        labels: ``[M]`` segments of the table's rows that have every clustering column.
        model: the bytes of the ONNX file; contract: the JSON text it carries.
    """

    table: Table
    config: TrainConfig
    fitted: Fitted
    labels: NDArray[np.int64]
    choice: Choice
    selection: Selection
    held_out: HeldOut
    evaluation: dict[str, Any]
    contract: str
    model: bytes
    verification: Verification
    moves: tuple[Move, ...]


class NoStableSegmentationError(RuntimeError):
    """The table shows no stable segmentation, and nobody asked for an exploratory one."""


def train(
    data: Any,
    config: TrainConfig | None = None,
    *,
    earlier: Contract | None = None,
    overrides: Overrides | None = None,
    created: str | None = None,
    progress: Progress = no_progress,
) -> Trained:
    """Choose k, fit, evaluate, export and verify.

    Args:
        data: a clean ``Table`` or what ``prepare`` returned; or a pandas DataFrame, a ``pyarrow.Table``, a
            ``Raw`` or a path, whose columns get the roles of ``config.roles`` and else proposed ones.
        earlier: the contract of the file this run follows; ids and names are kept where segments stayed.
        overrides: the user's own names, tiers and actions; ``None`` keeps those of ``earlier``.
        created: the file's date; ``None`` leaves it out, so that equal runs give equal bytes.

    Raises:
        InputError: when the table has too few rows or nothing to tell customers apart by.
        NoStableSegmentationError: when no k is admissible and the settings do not say ``exploratory``.
        DifferenceError: when the exported graph does not answer as the libraries do.
    """
    config = config or TrainConfig()
    table = _table(data, config)
    usable = table.clusterable()
    if usable.sum() < MIN_ROWS:
        raise InputError(
            f"at least {MIN_ROWS} rows must have every clustering column "
            f"{table.schema.clustering_sources}, but "
            f"{usable.sum()} of {len(table)} have; add rows or change the columns"
        )
    columns = table.take(usable)
    _refuse_empty(table.schema, columns)
    choice = choose_for(table.schema, columns, config.choice, progress=progress)
    if choice.chosen_by == "exploratory" and not config.exploratory:
        raise NoStableSegmentationError(choice.reason)
    segmentation, pairing = fit_ordered(table.schema, columns, choice.k, config, earlier)
    labels = segmentation.nearest(columns)
    held_out = hold_out(segmentation, columns, labels, config=config, progress=progress)
    scale = fit_scale(*held_out.distances())
    selection = select_classifier(held_out, table.schema, config.classifier)
    temperature = judge_temperature(held_out, selection.chosen, served_patterns(table.schema))
    held_out = at_temperature(held_out, selection.chosen, temperature.used)
    progress("Fitting the classifier", 0, 1)
    fitted = assemble(
        segmentation,
        columns,
        classifier=selection.chosen,
        membership_scale=scale,
        temperature=temperature.used,
        seed=config.seed,
    )
    automatic = fitted.segments
    if earlier is not None and pairing is not None:
        automatic = keep_names(earlier, automatic, pairing)
    if overrides is None:
        overrides = still_fitting(earlier, automatic)
    fitted = replace(fitted, segments=apply_overrides(automatic, overrides))
    progress("Fitting the classifier", 1, 1)
    evaluation = _evaluation(held_out, scale, selection, table.schema)
    found = Findings(
        choice=asdict(choice),
        sensitivity=_sensitivity(segmentation, columns, choice, config, progress),
        classifier={
            **asdict(selection),
            "settings": dict(fitted.classifier.settings),
            "temperature": asdict(temperature),
            "served_patterns": list(served_patterns(table.schema)),
        },
        evaluation=evaluation,
        automatic_names=[segment.name for segment in automatic],
        overrides={name: dict(entry) for name, entry in overrides.items()},
    )
    contract = write_contract(fitted, table, labels, found, created=created)
    progress("Verifying the file", 0, 1)
    model = build_model(fitted, contract).SerializeToString(deterministic=True)
    verification = verify(fitted, model, table, seed=config.seed)
    progress("Verifying the file", 1, 1)
    return Trained(
        table=table,
        config=config,
        fitted=fitted,
        labels=labels,
        choice=choice,
        selection=selection,
        held_out=held_out,
        evaluation=evaluation,
        contract=contract,
        model=model,
        verification=verification,
        moves=() if earlier is None else moves(earlier, fitted.segments, pairing),
    )


def _table(data: Any, config: TrainConfig) -> Table:
    if not isinstance(data, Table):
        prepared = data if isinstance(data, Prepared) else prepare(data, config.roles, seed=config.seed)
        return prepared.table
    if config.roles != Roles():
        raise InputError(
            "the columns of a clean table have their roles already; give the table as it was read"
        )
    return data


def _refuse_empty(schema: Schema, columns: Mapping[str, NDArray[Any]]) -> None:
    """Refuse a column without any value and a feature that reaches infinity, by name."""
    missing = missing_cells(schema, columns).all(axis=0)
    for spec, empty in zip(schema.columns, np.atleast_1d(missing), strict=True):
        if empty:
            raise InputError(
                f"column {spec.name!r} must be known in some rows that have every clustering column, but "
                "it is "
                "missing in all; fill it in or leave it out of the schema",
                column=spec.name,
            )
    for feature in schema.features:
        if np.isinf(matrix(schema, columns, (feature.name,))).any():
            raise InputError(
                f"the feature {feature.name!r} must be finite, but {feature.formula.text!r} divides by zero "
                "in some rows; change the formula"
            )


def _sensitivity(
    segmentation: Segmentation,
    columns: Mapping[str, NDArray[Any]],
    choice: Choice,
    config: TrainConfig,
    progress: Progress,
) -> list[dict[str, Any]]:
    if not config.sensitivity:
        return []
    labels = segmentation.nearest(columns)
    found = alternatives(segmentation, columns, labels, choice, progress=progress)
    return [asdict(each) for each in found]


def _evaluation(held_out: HeldOut, scale: float, selection: Selection, schema: Schema) -> dict[str, Any]:
    served = served_patterns(schema)
    k = len(held_out.folds[0].shares)
    return {
        "method": "repeated stratified k-fold; scaler and K-Means fitted anew in each training fold",
        "folds": held_out.folds_per_repeat,
        "repeats": len(held_out.folds) // held_out.folds_per_repeat,
        "rows": len(held_out.labels),
        "classifiers": judge(held_out, membership_scale=scale),
        "confusion": {name: confusion(held_out, name, k) for name in CANDIDATES},
        "selective": selective_accuracy(held_out, selection.chosen, served),
        "calibration": {
            pattern: calibration_bins(held_out, selection.chosen, [pattern]) for pattern in held_out.patterns
        },
    }
