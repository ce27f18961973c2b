"""Columns of dates that can be read in two ways: noted, and refused where they are needed."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from inference.errors import InputError
from inference.wording import listed, quoted
from trainer.roles.column_profile import Understood
from trainer.roles.settings.role_settings import Roles
from trainer.schema.table_remedies import DeclareColumn


def unclear_dates(column: Understood) -> InputError:
    """The error about a column that is needed, and whose dates can be read in two ways."""
    formats = column.kind.formats
    return InputError(
        f"the dates of {quoted(column.header)} must have one format, but can be read as "
        f"{listed(map(repr, formats[:2]))}",
        column=column.name,
        remedies=[DeclareColumn(column=column.name, setting="date_format", example=formats[0])],
    )


def refuse_unclear_sources(columns: Sequence[Understood], roles: Roles) -> None:
    """Refuse a feature that is computed from dates that can be read in two ways."""
    unclear = {each.name: each for each in columns if each.kind.formats}
    for feature in roles.features:
        for source in feature.formula.columns:
            if source in unclear:
                raise unclear_dates(unclear[source])


def unclear_notes(columns: Sequence[Understood], ignored: Collection[str]) -> list[str]:
    """The columns that are left out because their dates can be read in two ways, a sentence each."""
    return [
        f"{quoted(each.header)} is not used, because {each.kind.reason}"
        for each in columns
        if each.kind.formats and each.name not in ignored
    ]
