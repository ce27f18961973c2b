"""How the API names the columns and segments of a contract."""

from __future__ import annotations

from inference import Column, Contract, Segment
from service.api import api_texts as texts
from service.api.schemas import ColumnInfo, SegmentationInfo, SegmentInfo
from service.kinds.kind_views import kind_view
from service.languages.number_format import as_text, entered_in


def described(column: Column) -> str:
    """What a column is, in one sentence."""
    role = texts.CLUSTERING if column.role == "clustering" else ""
    values = ", ".join(category.value for category in column.categories)
    limits = ""
    if column.limits is not None:
        low, high = (entered_in(column, limit) for limit in column.limits)
        limits = texts.RANGE.format(low=low, high=high)
    template = kind_view(column).template(column)
    return template.format(title=column.title, limits=limits, values=values, other=column.other, role=role)


def column_info(column: Column) -> ColumnInfo:
    """A column, as ``/model`` describes it."""
    low, high = (_limit(column, limit) for limit in column.limits or (None, None))
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
    text = None if limit is None else as_text(column, limit)
    return limit if text is None else text


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
        rate_index=segment.rate_index,
        value_kind=segment.value_kind,
        action=segment.action,
        because=segment.because,
        profile=segment.to_dict()["profile"],
    )


def segmentation_info(contract: Contract) -> SegmentationInfo | None:
    """What kind of segments a model has, as ``/model`` describes it; ``None`` where its file does not say."""
    choice = contract.choice
    if choice is None:
        return None
    row = choice.row
    return SegmentationInfo(
        kind=choice.kind,
        chosen_by=choice.chosen_by,
        reason=choice.reason,
        p_value=choice.p_value,
        silhouette=None if row is None else row.silhouette,
        one_population=None if row is None else row.null_mean,
        reproducibility=None if row is None else row.ari,
    )
