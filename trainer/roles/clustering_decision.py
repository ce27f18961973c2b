"""Decides the clustering columns: those that are set, or the proposed ones."""

from __future__ import annotations

from collections.abc import Sequence

from inference.contract import NUMBER
from inference.errors import InputError
from inference.remedies import FixInput
from inference.wording import quoted, shortened
from trainer.roles.clustering_columns import Candidate, ClusteringChoice, choose_clustering_columns
from trainer.roles.column_profile import Understood, pick
from trainer.roles.recognise.infer_kind import IDENTIFIER
from trainer.roles.settings.role_settings import Roles
from trainer.roles.unclear_dates import unclear_dates
from trainer.schema.table_remedies import DeclareColumn, NameClusteringColumns

SHOWN = 2  # columns in an error


def number_candidates(usable: Sequence[Understood]) -> list[Candidate]:
    """The columns of numbers, as candidates for clustering."""
    return [
        Candidate(
            name=each.name,
            header=each.header,
            number=each.facts.number,
            missing_share=each.facts.missing_share,
            person=each.chosen.person,
        )
        for each in usable
        if each.kind.kind == NUMBER and each.facts.number is not None
    ]


def decide_clustering(
    columns: Sequence[Understood],
    usable: Sequence[Understood],
    roles: Roles,
    value: str | None,
    *,
    ordered: Sequence[Candidate],
) -> ClusteringChoice:
    """The clustering columns or features: those that are set, or the proposed ones.

    Args:
        ordered: the categories with an order, as numbers.

    Raises:
        InputError: when a set column has two roles or cannot be used, or no column can be proposed.
    """
    features = {feature.name.casefold(): feature.name for feature in roles.features}
    wanted = [features.get(each.strip().casefold()) or pick(columns, each) for each in roles.cluster]
    described = [pick(columns, each) for each in roles.profile]
    ignored = [pick(columns, each, name_first=False) for each in roles.ignore]
    for name in (*wanted, *described):
        if [*wanted, *described, *ignored].count(name) > 1:
            raise InputError(f"a column has one role, but {quoted(name)} is named for two; name it once")
        if name not in features.values():
            _refuse_unusable(next(each for each in columns if each.name == name), usable)
    candidates = number_candidates(usable)
    if wanted:
        others = [each.name for each in candidates if each.name not in wanted]
        return ClusteringChoice(
            names=tuple(wanted), refusals=dict.fromkeys(others, "not among the clustering columns you named")
        )
    positions = {each.name: index for index, each in enumerate(columns)}
    candidates = sorted((*candidates, *ordered), key=lambda each: positions[each.name])
    chosen = choose_clustering_columns(
        [each for each in candidates if each.name not in described], first=value
    )
    if not chosen.names:
        raise _no_clustering_column(columns, chosen)
    return chosen


def _refuse_unusable(column: Understood, usable: Sequence[Understood]) -> None:
    if column in usable:
        return
    if column.kind.formats:
        raise unclear_dates(column)
    if column.kind.kind == IDENTIFIER or column.kind.usable:  # usable by itself, but it is the identifier
        why = f"identifies customers and does not describe them ({shortened(column.kind.reason, 60)})"
    else:
        why = f"cannot be used: {shortened(column.kind.reason, 60)}"
    raise InputError(
        f"{quoted(column.header)} {why}",
        remedies=[
            FixInput(action="choose another column"),
            DeclareColumn(column=column.name, setting="kind", example=NUMBER),
        ],
    )


def _no_clustering_column(columns: Sequence[Understood], clustering: ClusteringChoice) -> InputError:
    reasons = [clustering.refusals.get(each.name, each.kind.reason) for each in columns[:SHOWN]]
    seen = [
        f"{quoted(each.header, most=20)}: {shortened(reason, 50)}"
        for each, reason in zip(columns, reasons, strict=False)
    ]
    more = f"; and {len(columns) - SHOWN} more" if len(columns) > SHOWN else ""
    return InputError(
        "at least one column of numbers must describe what customers do, but none here can be a clustering "
        f"column ({'; '.join(seen)}{more})",
        remedies=[FixInput(action="add one"), NameClusteringColumns()],
    )
