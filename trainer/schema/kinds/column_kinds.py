"""The kinds of columns the trainer knows; a new kind is one more entry, also from outside of this package."""

from __future__ import annotations

from inference.errors import InputError
from trainer.schema.kinds.category_column import CategoryColumn
from trainer.schema.kinds.column_kind import ColumnKind
from trainer.schema.kinds.date_column import DateColumn
from trainer.schema.kinds.declared import Declared
from trainer.schema.kinds.number_column import NumberColumn

COLUMN_KINDS: dict[str, ColumnKind] = {
    kind.name: kind for kind in (NumberColumn(), CategoryColumn(), DateColumn())
}


def column_kind(spec: Declared) -> ColumnKind:
    """The kind of a declared column.

    Raises:
        InputError: when there is no such kind.
    """
    if spec.kind not in COLUMN_KINDS:
        raise InputError(
            f"the kind of column {spec.name!r} must be one of {tuple(COLUMN_KINDS)}, but it is {spec.kind!r}"
        )
    return COLUMN_KINDS[spec.kind]
