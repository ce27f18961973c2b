"""How the API names the columns and segments of a contract."""

from __future__ import annotations

from inference import Column, Segment
from inference.contract import DATE
from service.api import api_texts as texts
from service.api.schemas import ColumnInfo, SegmentInfo
from service.number_format import entered_in


def described(column: Column) -> str:
    """What a column is, in one sentence."""
    role = texts.CLUSTERING if column.role == "clustering" else ""
    if column.categories:
        values = ", ".join(category.value for category in column.categories)
        template = texts.OTHER if column.other else texts.CATEGORY
        return template.format(title=column.title, values=values, other=column.other, role=role)
    limits = ""
    if column.range is not None:
        low, high = (entered_in(column, limit) for limit in column.range)
        limits = texts.RANGE.format(low=low, high=high)
    template = texts.DATE if column.kind == DATE else texts.NUMBER
    return template.format(title=column.title, limits=limits, role=role)


def column_info(column: Column) -> ColumnInfo:
    """A column, as ``/model`` describes it."""
    low, high = (_limit(column, limit) for limit in column.range or (None, None))
    return ColumnInfo(
        name=column.name,
        title=column.title,
        kind=column.kind,
        decides=column.role == "clustering",
        required=not column.missing_allowed,
        minimum=low,
        maximum=high,
        values=[category.value for category in column.categories] or None,
    )


def _limit(column: Column, limit: float | None) -> float | str | None:
    """A limit as a value of the column is written: a date as text."""
    return entered_in(column, limit) if column.kind == DATE and limit is not None else limit


def segment_info(segment: Segment) -> SegmentInfo:
    """A segment, as ``/model`` describes it."""
    return SegmentInfo(
        id=segment.id,
        name=segment.name,
        tier=segment.tier,
        high_potential=segment.high_potential,
        customers=segment.size,
        share=segment.share,
        value_index=segment.index,
        action=segment.action,
        profile=segment.to_dict()["profile"],
    )
