"""The kinds of columns there are; a new kind is one more entry, also from outside of this package."""

from __future__ import annotations

from inference.contract import Column
from inference.errors import InputError
from inference.kinds.category import CategoryKind
from inference.kinds.date import DateKind
from inference.kinds.kind import Kind
from inference.kinds.number import NumberKind

KINDS: dict[str, Kind] = {kind.name: kind for kind in (NumberKind(), CategoryKind(), DateKind())}


def kind_of(column: Column) -> Kind:
    """The kind of a column.

    Raises:
        InputError: when there is no such kind.
    """
    return kind_called(column.kind)


def kind_called(name: str) -> Kind:
    """The kind with this name.

    Raises:
        InputError: when the kind is unknown.
    """
    try:
        return KINDS[name]
    except (KeyError, TypeError):
        raise InputError(f"a column's kind must be one of {tuple(KINDS)}, but it is {name!r}") from None
