"""Proposes the role of each column from the data: clustering, profile or left out, with the reason."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from inference.contract import NUMBER
from inference.errors import InputError
from inference.wording import counted, nearest, quoted, quoted_names
from trainer.roles.clustering_columns import ClusteringChoice
from trainer.roles.clustering_decision import decide_clustering, number_candidates
from trainer.roles.column_profile import Understood, find_identifier, pick, understand
from trainer.roles.declared_columns import column_spec
from trainer.roles.engineered_features import engineer
from trainer.roles.ordered_candidates import ordered_candidates
from trainer.roles.proposal import CLUSTERING, LEFT_OUT, OUTCOME, PROFILE, Decision, Proposal
from trainer.roles.proposed_value import find_value, negative_notes, possible_values, refuse_cost
from trainer.roles.recognise.business_meaning import propose_capacity, propose_spend
from trainer.roles.recognise.column_statistics import sampled_rows
from trainer.roles.recognise.found_outcomes import find_outcomes
from trainer.roles.recognise.infer_kind import IDENTIFIER
from trainer.roles.settings.role_settings import Roles
from trainer.roles.unclear_dates import refuse_unclear_sources, unclear_notes
from trainer.schema.column_spec import ColumnSpec
from trainer.table.customer_table import MIN_ROWS
from trainer.table.table_readings import ReadingRules, TableReadings, read_table_columns

ONE_A_CUSTOMER = 0.9  # share of different identifiers; with fewer, rows are purchases


def propose(
    cells: Any,
    roles: Roles | None = None,
    *,
    readings: TableReadings | None = None,
    source: str = "customers",
    seed: int = 0,
) -> Proposal:
    """Propose roles for a ``pyarrow.Table``; what ``roles`` sets is obeyed.

    Args:
        cells: one row per customer; columns of text or of any type.
        roles: what the user sets; ``None`` leaves everything to the data.
        readings: how its columns are written; ``None``: as the cells alone show.
        source: what the table is called, for name and title.
        seed: of the sample of rows that skew and correlations are measured on.

    Raises:
        InputError: when the table is too small, no column can be a clustering column, or what is set does
            not fit it.
    """
    roles = roles or Roles()
    if cells.num_rows < MIN_ROWS:
        raise InputError(
            f"a table must have at least {MIN_ROWS} customers, but it has {counted(cells.num_rows, 'row')}"
        )
    if readings is None:
        readings = read_table_columns(cells, ReadingRules(missing_words=roles.na))
    columns = understand(cells, readings, roles, seed=seed)
    identifier = find_identifier(columns, roles)
    ignored = {pick(columns, each, name_first=False) for each in roles.ignore}
    usable = [
        each for each in columns if each.kind.usable and each.name != identifier and each.name not in ignored
    ]
    refuse_unclear_sources(columns, roles)
    outcomes = find_outcomes(columns, usable, roles)
    specs = {each.name: column_spec(each.name, each.kind.kind, each.facts, each.chosen) for each in usable}
    usable = [each for each in usable if each.name not in outcomes]
    inputs = {name: spec for name, spec in specs.items() if name not in outcomes}
    candidates = number_candidates(usable)
    value, parts = find_value(possible_values(candidates, inputs), roles)
    summed = parts if value is None and roles.value is None else ()
    ordered = ordered_candidates(cells, usable, inputs, sampled_rows(cells.num_rows, seed))
    clustering = decide_clustering(columns, usable, roles, value, ordered=ordered)
    made = engineer(inputs, candidates, clustering, roles, summed)
    sources = made.sources
    meant = [each for each in candidates if each.name in sources]
    name = roles.name or "-".join(re.findall(r"[a-z0-9]+", source.rsplit(".", 1)[0].lower())) or "customers"
    known = (*inputs, *(feature.name for feature in made.features))
    chosen = _meaning(columns, known, roles.value, value or made.total)
    refuse_cost(inputs, roles.value, chosen)
    return Proposal(
        name=name,
        title=roles.title or name.replace("-", " ").capitalize(),
        rows=cells.num_rows,
        decisions=tuple(
            _decision(
                each,
                spec=specs.get(each.name),
                role=OUTCOME if each.name in outcomes else _role(each.name, identifier, specs, sources),
                clustering=clustering,
                given={**dict.fromkeys(ignored, "left out, as set by you"), **outcomes},
            )
            for each in columns
        ),
        features=made.features,
        reasons=made.reasons,
        clustering=made.clustering,
        value=chosen,
        capacity=made.clustered(_meaning(columns, known, roles.capacity, propose_capacity(meant))),
        spend=made.clustered(_meaning(columns, known, roles.spend, propose_spend(meant))),
        notes=(
            *clustering.notes,
            *_notes(columns, identifier),
            *negative_notes(candidates, {chosen, *summed}),
            *unclear_notes(columns, ignored),
        ),
        spend_columns=parts,
    )


def _role(name: str, identifier: str | None, specs: Mapping[str, Any], sources: Collection[str]) -> str:
    if name == identifier:
        return IDENTIFIER
    if name not in specs:
        return LEFT_OUT
    return CLUSTERING if name in sources else PROFILE


def _decision(
    column: Understood,
    *,
    spec: ColumnSpec | None,
    role: str,
    clustering: ClusteringChoice,
    given: Mapping[str, str],
) -> Decision:
    reason, number = column.kind.reason, column.facts.number
    if column.name in given:
        reason = given[column.name]
    elif role == PROFILE and column.name in clustering.refusals:
        reason = clustering.refusals[column.name]
    elif role == IDENTIFIER:
        reason = f"{reason}; never a feature"
    elif role == CLUSTERING and column.name in clustering.reasons:
        reason = f"{reason}, {clustering.reasons[column.name]}"
    elif role == CLUSTERING and number is not None and column.kind.kind == NUMBER:
        reason = f"{reason}, skew {number.skew:.1f}"
    return Decision(
        header=column.header,
        name=column.name,
        kind=column.kind.kind,
        role=role,
        reason=reason,
        missing_share=column.facts.missing_share,
        spec=spec,
        formats=() if column.name in given else column.kind.formats,
    )


def _meaning(
    columns: Sequence[Understood], known: Sequence[str], wanted: str | None, proposed: str | None
) -> str | None:
    """The column or feature that was set (an empty text: none), or the proposed one."""
    if wanted is None or not wanted:
        return proposed if wanted is None else None
    name = wanted if wanted in known else pick(columns, wanted)
    if name not in known:
        raise InputError(
            f"{quoted(wanted)} must be a column that is used or a feature, but it is left out; known: "
            f"{quoted_names(known)}",
            suggestion=nearest(wanted, known),
        )
    return name


def _notes(columns: Sequence[Understood], identifier: str | None) -> list[str]:
    found = next((each.facts for each in columns if each.name == identifier), None)
    if found is None or found.distinct >= ONE_A_CUSTOMER * found.known:
        return []
    return [
        f"{found.known:,} rows hold {found.distinct:,} different values of {found.header!r}: the table "
        "should have one row per customer; aggregate each customer's rows first"
    ]
