"""The outcome columns of a table: those a person names, else those that look like one."""

from __future__ import annotations

from collections.abc import Sequence

from inference.contract import DATE
from inference.errors import InputError
from inference.remedies import FixInput
from inference.wording import quoted, shortened
from trainer.roles.column_profile import Understood, pick
from trainer.roles.recognise.outcome_columns import outcome_reason
from trainer.roles.settings.role_settings import Roles


def find_outcomes(
    columns: Sequence[Understood], usable: Sequence[Understood], roles: Roles
) -> dict[str, str]:
    """Name -> why it is an outcome.

    A column that a person names for another role, or that a formula of theirs uses, is not one.

    Raises:
        InputError: when a named column cannot be used, or has another role, too.
    """
    taken = {pick(columns, each) for each in (*roles.cluster, *roles.profile) if _is_column(each, roles)}
    if roles.outcome is None:
        taken |= {used for feature in roles.features for used in feature.formula.columns}
        meanings = {roles.value, roles.capacity, roles.spend}
        found = {
            each.name: outcome_reason(each.facts, each.kind.kind)
            for each in usable
            if each.name not in taken and not meanings & {each.name, each.header}
        }
        return {name: reason for name, reason in found.items() if reason}
    named = {pick(columns, each, name_first=False): "an outcome, as set by you" for each in roles.outcome}
    for column in columns:
        if column.name in named:
            _check(column, column in usable, column.name in taken)
    return named


def _is_column(wanted: str, roles: Roles) -> bool:
    return wanted.strip().casefold() not in {feature.name.casefold() for feature in roles.features}


def _check(column: Understood, usable: bool, taken: bool) -> None:
    if taken:
        raise InputError(
            f"a column has one role, but {quoted(column.header)} is named as an outcome and for another one; "
            "name it once"
        )
    if not usable or column.kind.kind == DATE:
        raise InputError(
            f"an outcome must be a number or a category, but {quoted(column.header)} is not "
            f"({shortened(column.kind.reason, 60)})",
            remedies=[FixInput(action="choose another column")],
        )
