"""How the API names the columns and segments of a contract."""

from __future__ import annotations

from inference import Column, Segment
from service import api_texts as texts
from service.figures import entered
from service.shapes import ColumnInfo, SegmentInfo


def described(column: Column) -> str:
    """What a column is, in one sentence."""
    role = texts.DECIDES if column.role == "driving" else ""
    if column.categories:
        values = ", ".join(category.value for category in column.categories)
        return texts.CATEGORY.format(title=column.title, values=values, role=role)
    limits = ""
    if column.range is not None:
        limits = texts.LIMITS.format(low=entered(column.range[0]), high=entered(column.range[1]))
    return texts.NUMBER.format(title=column.title, limits=limits, role=role)


def column_info(column: Column) -> ColumnInfo:
    """A column, as ``/model`` tells it."""
    low, high = column.range or (None, None)
    return ColumnInfo(
        name=column.name,
        title=column.title,
        kind=column.kind,
        decides=column.role == "driving",
        required=not column.missing_allowed,
        minimum=low,
        maximum=high,
        values=[category.value for category in column.categories] or None,
    )


def segment_info(segment: Segment) -> SegmentInfo:
    """A segment, as ``/model`` tells it."""
    return SegmentInfo(
        id=segment.id,
        name=segment.name,
        tier=segment.tier,
        high_potential=segment.high_potential,
        customers=segment.size,
        share=segment.share,
        value_index=segment.index,
        action=segment.action,
        profile=dict(segment.profile),
    )
