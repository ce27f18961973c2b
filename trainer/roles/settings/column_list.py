"""The roles of columns as a list of plain values: what a table on a page shows, and what comes back edited.

::

    {
        "columns": [
            {
                "header": "Income (k$)",
                "role": "clustering",
                "label": "Income",
                "unit": "k$",
                "meaning": "income",
                "order": [],
            },
            ...,
        ]
    }

A list that comes back sets the role, label, unit, meaning and order of every column in it; the rest is
proposed from the data.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

from inference.errors import InputError
from inference.wording import listed, nearest, quoted
from trainer.roles.column_names import identifiers
from trainer.roles.proposal import CLUSTERING, LEFT_OUT, OUTCOME, PROFILE, Proposal
from trainer.roles.recognise.column_meanings import recognise
from trainer.roles.recognise.infer_kind import IDENTIFIER
from trainer.roles.settings.role_settings import ColumnSettings, Roles
from trainer.schema.meanings import MEANINGS, NO_MEANING

ROLES = (CLUSTERING, PROFILE, OUTCOME, IDENTIFIER, LEFT_OUT)
EDITED = ("role", "label", "unit", "meaning", "order")
_SHOWN = ("header", "name", "kind", "reason", "missing_share", "categories", "usable", *EDITED)


class ListedColumn(TypedDict):
    """One column: what it is, and what may be edited (``EDITED``); ``order``: from low to high."""

    header: str
    name: str
    kind: str
    reason: str
    missing_share: float
    categories: list[str]
    usable: bool
    role: str
    label: str
    unit: str
    meaning: str
    order: list[str]


def listed_columns(proposal: Proposal) -> list[ListedColumn]:
    """The columns of a proposal, in the table's order."""
    found = []
    for each in proposal.decisions:
        spec = each.spec
        values = [category.value for category in spec.categories] if spec else []
        found.append(
            ListedColumn(
                header=each.header,
                name=each.name,
                kind=each.kind,
                reason=" ".join(each.reason.split()),
                missing_share=round(each.missing_share, 4),
                categories=values,
                usable=spec is not None,
                role=each.role,
                label=spec.label if spec else each.header,
                unit=spec.unit if spec else "",
                meaning=(spec.meaning if spec else "") or NO_MEANING,
                order=values if spec and spec.has_order else [],
            )
        )
    return found


def roles_of_columns(columns: Sequence[Any]) -> Roles:
    """What an edited list sets.

    Raises:
        InputError: for an entry that is no column, or a value that cannot be used.
    """
    given = [_checked(each) for each in columns]
    identifier = _with_role(given, IDENTIFIER)
    if len(identifier) > 1:
        raise InputError(f"one column may identify a customer, but {len(identifier)} do; change their roles")
    known = [each for each in given if each.get("usable", True)]
    names = identifiers([each["header"] for each in given])
    settings = {
        each.get("name") or names[given.index(each)]: _settings(each)
        for each in known
        if each["role"] != IDENTIFIER
    }
    return Roles(
        cluster=tuple(_with_role(given, CLUSTERING)),
        profile=tuple(_with_role(given, PROFILE)),
        outcome=tuple(_with_role(given, OUTCOME)),
        ignore=tuple(_with_role(given, LEFT_OUT)),
        identifier=identifier[0] if identifier else None,
        columns=settings,
    )


def _with_role(columns: Sequence[Mapping[str, Any]], role: str) -> list[str]:
    return [each["header"] for each in columns if each["role"] == role]


def _settings(column: Mapping[str, Any]) -> ColumnSettings:
    order, meaning = column.get("order"), column.get("meaning")
    categories = column.get("categories")
    as_found = recognise(column["header"]).meaning or NO_MEANING
    return ColumnSettings(
        source=column["header"],
        label=column.get("label") or None,
        unit=column.get("unit"),
        meaning=None if meaning == as_found else meaning,  # one that is set chooses the value column, too
        order=tuple(order) if order is not None and categories else None,
    )


def _checked(entry: Any) -> Mapping[str, Any]:
    """One entry, whose values are of the right types."""
    if not isinstance(entry, dict) or not isinstance(entry.get("header"), str) or not entry["header"]:
        raise InputError(
            f"each column must be an object with its header and role, but one is {quoted(entry)}"
        )
    where = f"in column {quoted(entry['header'])}"
    for key, value in entry.items():
        _check(where, key, value)
    if "role" not in entry:
        raise InputError(f"{where}: it must have a role, but it has none; add one of {listed(ROLES)}")
    return entry


def _check(where: str, key: str, value: Any) -> None:
    if key not in _SHOWN:
        raise InputError(f"{where}: there is no {quoted(key)}", suggestion=nearest(key, _SHOWN))
    for name, allowed in (("role", ROLES), ("meaning", MEANINGS)):
        if key == name and value not in allowed:
            raise InputError(
                f"{where}: the {key} must be {listed(allowed, last='or')}, but it is {quoted(value)}"
            )
    if key in ("label", "unit", "name") and not isinstance(value, str):
        raise InputError(f"{where}: {key} must be text, but it is {quoted(value)}")
    texts = isinstance(value, list) and all(isinstance(each, str) for each in value)
    if key in ("order", "categories") and not texts:
        raise InputError(f"{where}: {key} must be a list of texts, but it is {quoted(value)}")
