"""Joins names of columns with the names of their groups, which are in a row above them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from inference.files.read.layout.cell_shapes import filled, is_figure

Cells = Sequence[str]


def are_groups(upper: Cells, names: Cells, *, sure: bool = False) -> bool:
    """Whether the row above the names has the names of groups of columns.

    They are there once, as merged cells give it, or over each of their columns. ``sure``: only where the
    names repeat without them, or where they are over each column.

    >>> are_groups(["Profile", "Profile", "Spend"], ["ID", "Age", "Food"])
    True
    >>> are_groups(["Customers, June", "", ""], ["ID", "Age", "Food"])
    False
    """
    known = [index for index, cell in enumerate(upper) if cell]
    if not known or any(is_bare_number(upper[index]) or upper[index].endswith(":") for index in known):
        return False
    repeated = len(set(filter(None, names))) < filled(names)
    if repeated and len(set(joined(upper, names))) > len(set(names)):
        return True
    if _over_each(upper):  # one name over all columns, or from the first on, is a title
        return len({upper[index] for index in known}) > 1 or (known[0] > 0 and len(known) < len(names))
    bunched = known == list(range(len(known)))  # "Period", "2024", "", "", "": a label and its value
    return not sure and len(known) > 1 and len(upper) >= len(names) and not bunched


def joined(groups: Cells, names: Cells) -> list[str]:
    """Names with the name of their group before them; a merged cell counts for the columns to its right.

    >>> joined(["", "2023", "", "2024"], ["ID", "Orders", "Spend", "Orders"])
    ['ID', '2023 Orders', '2023 Spend', '2024 Orders']
    """
    both, group = [], ""
    merged = not _over_each(groups)
    for column in range(max(len(groups), len(names))):
        own, name = _cell(groups, column), _cell(names, column)
        group = own or (group if name and merged else "")
        both.append(f"{group} {name}".strip() if group.casefold() != name.casefold() else name)
    return both


def is_bare_number(text: str) -> bool:
    """Whether a text is a number without letters and no year, which a header could be."""
    return is_figure(text) and not re.search(r"[^\W\d_]", text) and not re.fullmatch(r"(19|20)\d\d", text)


def _over_each(groups: Cells) -> bool:
    """Whether the names of groups are repeated over each of their columns, so that a blank is no group's."""
    known = [group for group in groups if group]
    everywhere = len(known) == len(groups) and len(set(known)) < len(known)
    return everywhere or any(one and one == other for one, other in pairwise(groups))


def _cell(row: Cells, column: int) -> str:
    return row[column].strip() if column < len(row) else ""
