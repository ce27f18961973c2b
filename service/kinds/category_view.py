"""Categories in the API and on the page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal

from inference import Column, Segment
from inference.contract import CATEGORY
from service.api import api_texts as texts
from service.kinds.kind_view import KindView, Schema, Value
from service.kinds.scales import Scale


class CategoryView(KindView):
    """A column of categories."""

    name = CATEGORY
    control = "category"

    def template(self, column: Column) -> str:
        """The categories, and what others count as."""
        return texts.OTHER if column.other else texts.CATEGORY

    def schemas(self, column: Column, *, spellings: bool) -> list[Schema]:
        """One of the categories, any text where others count as one, or another spelling."""
        known: list[Schema] = [{"type": "string", "enum": _values(column)}]
        if column.other:
            known.append({"type": "string", "description": f"Any other text counts as {column.other}."})
        elif spellings:
            known.append({"type": "string", "pattern": _pattern(column), "description": "Other spellings."})
        return known

    def argument(self, column: Column) -> Any:
        """One of the categories; any text where others count as one."""
        return str | None if column.other else Literal[tuple(_values(column))] | None

    def read(self, column: Column, text: str) -> Value:
        """The category with this spelling."""
        return column.spellings.get(text.strip().casefold())

    def common(self, column: Column, counts: Mapping[str, int]) -> float | str:
        """The most frequent category."""
        return max(_values(column), key=lambda value: counts.get(value, 0))

    def typical(self, column: Column, segment: Segment) -> Value:
        """The segment's most frequent category."""
        shares = segment.shares(column.name)
        return max(shares, key=lambda value: shares[value]) if shares else None

    def ticks(self, scale: Scale) -> list[tuple[str, float]]:
        """Categories lie on no axis."""
        del scale
        return []


def _values(column: Column) -> list[str]:
    return [category.value for category in column.categories]


def _pattern(column: Column) -> str:
    """A pattern of every spelling that is taken, in upper or lower case, blanks around it or not."""
    known = sorted({text.strip().casefold() for text in column.spellings})
    cased = ["".join(_either_case(letter) for letter in text) for text in known]
    blank = "|" if column.missing_allowed else ""  # blank text is unknown
    return rf"^\s*(?:{'|'.join(cased)}{blank})\s*$"


def _either_case(letter: str) -> str:
    lower, upper = letter.lower(), letter.upper()
    if lower == upper or len(lower + upper) != 2:
        return re.escape(letter)
    return f"[{upper}{lower}]"
