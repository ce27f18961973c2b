"""The kinds of columns the service knows; a new kind is one more entry, also from outside of this package."""

from __future__ import annotations

from inference import Column, InputError
from service.kinds.category_view import CategoryView
from service.kinds.date_view import DateView
from service.kinds.kind_view import KindView
from service.kinds.number_view import NumberView

KIND_VIEWS: dict[str, KindView] = {kind.name: kind for kind in (NumberView(), CategoryView(), DateView())}


def kind_view(column: Column) -> KindView:
    """The view of a column's kind.

    Raises:
        InputError: when the kind is unknown.
    """
    if column.kind not in KIND_VIEWS:
        raise InputError(
            f"the kind of column {column.name!r} must be one of {tuple(KIND_VIEWS)} to be shown, but it is "
            f"{column.kind!r}; add it to service.kinds.kind_views"
        )
    return KIND_VIEWS[column.kind]
