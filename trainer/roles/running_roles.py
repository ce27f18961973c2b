"""The roles of a running model's columns, so that it is trained again under the same ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from inference.contract import CATEGORY, NUMBER, Column, Contract
from trainer.roles.settings.role_settings import ColumnSettings, Roles


def roles_like(contract: Contract, roles: Roles, headers: Sequence[str]) -> Roles:
    """Roles with those of the running model where the user sets none.

    Columns keep name, kind, unit, range and categories, so that its clients are still understood. Clustering
    columns and value are kept where they are raw columns; engineered ones are proposed again.

    Args:
        headers: of the table.
    """
    found = {name.strip().casefold(): name for name in headers}
    columns: dict[str, ColumnSettings | str] = {}
    for column in contract.columns:
        spellings = (column.name, column.label, *column.aliases)
        header = next((found[each.casefold()] for each in spellings if each.casefold() in found), None)
        if header is not None:
            columns[column.name] = _settings(column, header)
    names = set(columns)
    keeps = set(contract.clustering) <= names
    value = contract.value.name if contract.value is not None and contract.value.name in names else None
    return replace(
        roles,
        columns={**columns, **roles.columns},
        cluster=roles.cluster or (contract.clustering if keeps else ()),
        profile=roles.profile or tuple(name for name in columns if name not in contract.clustering),
        value=roles.value or value,
        name=roles.name or contract.name,
        title=roles.title or contract.title or None,
    )


def _settings(column: Column, header: str) -> ColumnSettings:
    return ColumnSettings(
        source=header,
        kind=column.kind,
        label=column.label,
        unit=column.unit,
        range=column.limits if column.kind == NUMBER else None,
        aliases=column.aliases,
        categories=column.categories if column.kind == CATEGORY else None,
        other=column.other or None,
    )
