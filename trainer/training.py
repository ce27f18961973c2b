"""The whole run, from a clean table to a verified model: each step returns a finished value."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from inference.contract import Contract, Segment
from trainer.classifier.candidates import CANDIDATES
from trainer.classifier.evaluation.cross_validation import HeldOut, hold_out
from trainer.classifier.evaluation.group_changes import GroupChange, group_changes
from trainer.classifier.evaluation.held_out_scores import Evaluation, evaluate
from trainer.classifier.evaluation.subgroups import GroupFigure, group_fidelity
from trainer.classifier.fitted_classifier import fit_classifier
from trainer.classifier.missing_patterns import key_patterns, served_patterns
from trainer.classifier.models.temperature import Temperature, at_temperature, choose_temperature
from trainer.classifier.selection import Selection, select_classifier
from trainer.classifier.training_table import TrainingTable
from trainer.config import TrainConfig
from trainer.export.build_graph import write_model
from trainer.export.verify import verify
from trainer.export.write_contract import write_contract
from trainer.parallel import Progress, Workers, no_progress
from trainer.results.fitted import Fitted, far_distances, fit_model
from trainer.results.known_limits import known_limits
from trainer.results.trained import Findings, Trained
from trainer.roles.training_rows import table_of
from trainer.segments.alternatives import Alternative, evaluate_alternatives, take_alternative
from trainer.segments.clustered import Clustered, cluster
from trainer.segments.matching import Move, Pairing, keep_names, moves
from trainer.segments.overrides import Overrides, apply_overrides, still_fitting
from trainer.segments.segment_outcomes import outcomes_by_segment
from trainer.segments.soft_membership import fit_scale
from trainer.segments.whole_counts import count_all
from trainer.table.customer_table import Table


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
        data: a clean ``Table`` or what ``prepare`` returned; or a DataFrame of pandas, polars or pyarrow,
            a ``Raw`` or a path, whose columns get the roles of ``config.roles``, otherwise proposed ones.
        earlier: the contract of the previous model; ids and names are kept where segments stayed.
        overrides: the user's own names, tiers and actions; ``None`` keeps those of ``earlier``.
        created: the file's date; ``None`` leaves it out, so that equal runs give equal bytes.

    Raises:
        InputError: when the table has too few rows, no column in which customers differ, or not the
            alternative that is asked for.
        NotNaturalError: when the segments are not natural and the settings are ``strict``.
        DifferenceError: when the exported graph does not answer as the libraries do.
    """
    config = config or TrainConfig()
    proposed = table_of(data, config)
    table = take_alternative(proposed, config.alternative)
    clustered = cluster(table, config, earlier=earlier, progress=progress)
    serving = _choose_classifier(clustered, config, progress)
    fitted = _fit(clustered, serving, config, progress)
    whole = count_all(clustered, progress=progress)
    if whole is not None:
        fitted = replace(fitted, segments=whole.described(fitted.segments))
    naming = _name(fitted.segments, clustered.pairing, earlier, overrides)
    fitted = replace(fitted, segments=naming.segments)
    found = _alternatives(clustered, proposed, config, progress)
    findings = _findings(clustered, serving, naming, found, _fairness(clustered, serving, fitted, config))
    return _export(clustered, fitted, replace(findings, whole=whole), created, config, progress)


@dataclass(frozen=True, kw_only=True)
class _Serving:
    """The classifier for incomplete customers, and how good its answers are."""

    held_out: HeldOut
    membership_scale: float
    selection: Selection
    temperature: Temperature


@dataclass(frozen=True, kw_only=True)
class _Naming:
    """The segments with their names in the file, and how they moved since the previous model.

    Attributes:
        automatic: the names without the user's own.
    """

    segments: tuple[Segment, ...]
    automatic: tuple[str, ...]
    overrides: Overrides
    moves: tuple[Move, ...]


@dataclass(frozen=True, kw_only=True)
class _Fairness:
    """Whether groups of customers are served alike; see ``Findings``."""

    persons: tuple[str, ...]
    groups: tuple[GroupFigure, ...]
    changes: tuple[GroupChange, ...]


def _choose_classifier(clustered: Clustered, config: TrainConfig, progress: Progress) -> _Serving:
    """Cross-validate every candidate; choose one, its temperature and the scale of the soft membership."""
    held_out = hold_out(
        clustered.segmentation,
        clustered.columns,
        clustered.labels,
        folding=config.folding,
        workers=Workers(jobs=config.choice.jobs, progress=progress),
    )
    schema = clustered.table.schema
    selection = select_classifier(held_out, schema, config.classifier)
    temperature = choose_temperature(held_out, selection.chosen, served_patterns(schema))
    return _Serving(
        held_out=at_temperature(held_out, selection.chosen, temperature.used),
        membership_scale=fit_scale(*held_out.distances()),
        selection=selection,
        temperature=temperature,
    )


def _fit(clustered: Clustered, serving: _Serving, config: TrainConfig, progress: Progress) -> Fitted:
    """Fit the chosen classifier on every clustered row, and describe the segments."""
    progress("Fitting the classifier", 0, 1)
    segmentation, columns, labels = clustered.segmentation, clustered.columns, clustered.labels
    chosen = serving.selection.chosen
    known = TrainingTable(segmentation=segmentation, columns=columns, labels=labels)
    classifier = fit_classifier(
        CANDIDATES[chosen], known, settings=serving.held_out.sizes[chosen], seed=config.seed
    )
    fitted = fit_model(
        segmentation,
        columns,
        labels,
        classifier=replace(classifier, temperature=serving.temperature.used),
        membership_scale=serving.membership_scale,
        outcomes=outcomes_by_segment(clustered.table, labels, segmentation.k),
    )
    progress("Fitting the classifier", 1, 1)
    unseen = serving.held_out.distances()[0]  # to centroids that were fitted on other customers
    customers = len(serving.held_out.labels)
    return replace(
        fitted,
        far=far_distances(unseen, customers),
        known=known_limits(serving.held_out.gaps(), customers, seed=config.seed),
    )


def _name(
    segments: tuple[Segment, ...],
    pairing: Pairing | None,
    earlier: Contract | None,
    overrides: Overrides | None,
) -> _Naming:
    """Keep the names of the previous model where segments stayed, and apply those of the user."""
    if earlier is not None and pairing is not None:
        segments = keep_names(earlier, segments, pairing)
    if overrides is None:
        overrides = still_fitting(earlier, segments)
    named = apply_overrides(segments, overrides)
    return _Naming(
        segments=named,
        automatic=tuple(segment.name for segment in segments),
        overrides=overrides,
        moves=() if earlier is None else moves(earlier, named, pairing),
    )


def _findings(
    clustered: Clustered,
    serving: _Serving,
    naming: _Naming,
    sensitivity: tuple[Alternative, ...],
    fairness: _Fairness,
) -> Findings:
    return Findings(
        choice=clustered.choice,
        sensitivity=sensitivity,
        selection=serving.selection,
        temperature=serving.temperature,
        held_out=serving.held_out,
        evaluation=_evaluation(serving, clustered.table),
        persons=fairness.persons,
        groups=fairness.groups,
        group_changes=fairness.changes,
        automatic_names=naming.automatic,
        overrides=naming.overrides,
        moves=naming.moves,
    )


def _alternatives(
    clustered: Clustered, proposed: Table, config: TrainConfig, progress: Progress
) -> tuple[Alternative, ...]:
    """The table with other clustering columns; none where they are not wanted."""
    wanted = config.sensitivity and not (config.light_sensitivity and clustered.number.kind == "natural")
    if not wanted:
        return ()
    return evaluate_alternatives(clustered, proposed, rows=config.sensitivity_rows, progress=progress)


def _evaluation(serving: _Serving, table: Table) -> Evaluation:
    served, scale = served_patterns(table.schema), serving.membership_scale
    return evaluate(serving.held_out, serving.selection.chosen, served, membership_scale=scale)


def _fairness(clustered: Clustered, serving: _Serving, fitted: Fitted, config: TrainConfig) -> _Fairness:
    """Compare groups of customers by the columns that describe the person."""
    table, schema = clustered.table, clustered.table.schema
    persons = tuple(spec.name for spec in schema.columns if spec.person)
    profile = [name for name in persons if name not in schema.clustering_sources]
    _, *incomplete = key_patterns(schema)
    return _Fairness(
        persons=persons,
        groups=group_fidelity(table, serving.held_out, serving.selection.chosen, incomplete, profile),
        changes=group_changes(fitted.classifier, clustered.columns, profile, seed=config.seed),
    )


def _export(
    clustered: Clustered,
    fitted: Fitted,
    findings: Findings,
    created: str | None,
    config: TrainConfig,
    progress: Progress,
) -> Trained:
    """Build the file, and compare its answers with those of the libraries."""
    progress("Verifying the file", 0, 1)
    table, labels = clustered.table, clustered.labels
    contract = write_contract(fitted, table, labels, findings, created=created)
    model = write_model(fitted, contract)
    verification = verify(fitted, model, table, seed=config.seed)
    progress("Verifying the file", 1, 1)
    return Trained(
        **vars(findings),
        table=table,
        config=config,
        fitted=fitted,
        labels=labels,
        contract=contract,
        model=model,
        verification=verification,
    )
