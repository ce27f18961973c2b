"""Names, tiers and actions from a segment's properties, never from its cluster number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainer.schema.column_arrays import Columns
from trainer.schema.features import matrix
from trainer.schema.kinds.column_kinds import column_kind
from trainer.schema.schema import Schema
from trainer.segments.kmeans import Segmentation

LOW, MID, HIGH = "Low", "Mid", "High"
LOW_QUANTILE, HIGH_QUANTILE = (
    0.25,
    0.75,
)  # of the cuts tried, names were the most stable in bootstrap samples with these
ALL_MID = "Average"
CLEAR_SHARE = 0.75  # of a segment's customers in one category; with fewer the name does not mention it
CLEAR_GAP = 0.25  # in standard deviations; below it one word cannot distinguish two segments

PREMIUM, AVERAGE, LOW_SPENDING = "premium", "average", "low-spending"
PREMIUM_INDEX, AVERAGE_INDEX = 1.25, 0.6

ACTIONS = {
    (PREMIUM, False): "Retain: loyalty programme, early access and personal service; no discounts needed.",
    (AVERAGE, False): "Lift the basket: bundles, cross-selling and offers on occasions such as birthdays.",
    (LOW_SPENDING, True): "Win over: ask what they miss, offer a premium trial and a personal invitation.",
    (LOW_SPENDING, False): "Keep costs low: value offers through inexpensive channels.",
}
ENTHUSIAST_ACTION = "Keep close: affordable trends, care with instalments, rewards for referrals."
PLAIN_ACTION = "Learn more before acting: no column of this table shows what the segment spends."


@dataclass(frozen=True, kw_only=True)
class Naming:
    """The name of one segment, its value index, and its suggested action."""

    name: str
    words: dict[str, str]
    tier: str
    index: float | None
    high_potential: bool
    action: str


def name_segments(segmentation: Segmentation, columns: Columns, labels: NDArray[np.int64]) -> list[Naming]:
    """Name the ``K`` segments of the rows ``[N]``, in the order of their numbers."""
    schema = segmentation.schema
    words = _words(schema, columns, labels, segmentation.k)
    names = _unique_names(segmentation, columns, labels, words)
    indices = segment_indices(schema, columns, labels, segmentation.k)
    return [_naming(schema, name, own, index) for name, own, index in zip(names, words, indices, strict=True)]


def segment_indices(
    schema: Schema, columns: Columns, labels: NDArray[np.int64], k: int
) -> list[float | None]:
    """Share of value over share of customers, per segment, among customers whose value is known.

    ``None`` without a value column, and where shares are not meaningful: with a negative value, or if all
    values are zero or unknown.
    """
    if schema.value is None:
        return [None] * k
    value = matrix(schema, columns, (schema.value,))[:, 0]
    known = ~np.isnan(value)
    total = float(value[known].sum())
    own = [known & (labels == segment) for segment in range(k)]
    if total <= 0 or (value[known] < 0).any() or not all(members.any() for members in own):
        return [None] * k
    return [float(value[members].sum() / total / (members.sum() / known.sum())) for members in own]


def _naming(schema: Schema, name: str, words: dict[str, str], index: float | None) -> Naming:
    capacity = words.get(schema.capacity or "")
    spend = words.get(schema.spend or "")
    potential = capacity == HIGH and spend == LOW
    if index is None:
        return Naming(
            name=name, words=words, tier="", index=None, high_potential=potential, action=PLAIN_ACTION
        )
    tier = PREMIUM if index > PREMIUM_INDEX else AVERAGE if index >= AVERAGE_INDEX else LOW_SPENDING
    action = ACTIONS[tier, potential and tier == LOW_SPENDING]
    if tier == AVERAGE and capacity == LOW and spend == HIGH:
        action = ENTHUSIAST_ACTION
    return Naming(name=name, words=words, tier=tier, index=index, high_potential=potential, action=action)


def _words(schema: Schema, columns: Columns, labels: NDArray[np.int64], k: int) -> list[dict[str, str]]:
    """One word per segment and clustering column: the level of its median among all customers."""
    words: list[dict[str, str]] = [{} for _ in range(k)]
    categories = [
        spec.name for spec in schema.columns if not column_kind(spec).ordered and not spec.has_order
    ]
    for name in schema.clustering:
        if name in categories:
            for segment in range(k):
                words[segment][name] = _common_category(columns[name][labels == segment])
            continue
        values = matrix(schema, columns, (name,))[:, 0]
        low, high = np.quantile(values, (LOW_QUANTILE, HIGH_QUANTILE))
        for segment in range(k):
            median = np.median(values[labels == segment])
            words[segment][name] = _word(float(median), float(low), float(high))
    return words


def _word(median: float, low: float, high: float) -> str:
    if low == high:  # half of the customers have one value: only other values are low or high
        return LOW if median < low else HIGH if median > high else MID
    return LOW if median <= low else HIGH if median >= high else MID


def _common_category(cells: NDArray[Any]) -> str:
    """The category of most of a segment's customers, or ``Mid`` where no category is frequent enough."""
    values, counts = np.unique(cells.astype(str), return_counts=True)
    return str(values[counts.argmax()]) if counts.max() >= CLEAR_SHARE * len(cells) else MID


def _unique_names(
    segmentation: Segmentation, columns: Columns, labels: NDArray[np.int64], words: list[dict[str, str]]
) -> list[str]:
    schema = segmentation.schema
    names = [_phrase(schema, each) for each in words]
    for name in dict.fromkeys(names):
        sharing = [segment for segment, each in enumerate(names) if each == name]
        if len(sharing) > 1:
            for segment, suffix in zip(
                sharing, _suffixes(segmentation, columns, labels, sharing), strict=True
            ):
                names[segment] = f"{name}, {suffix}"
    return names


def _phrase(schema: Schema, words: dict[str, str]) -> str:
    """The words in the schema's order; an order by importance would change from sample to sample."""
    phrases = [
        f"{_fitting(schema, name, words[name])} {_short(schema, name)}"
        if words[name] in (LOW, HIGH)
        else words[name]
        for name in schema.clustering
        if words[name] != MID
    ]
    return ", ".join(phrases) or ALL_MID


def _fitting(schema: Schema, name: str, word: str) -> str:
    """The word as it fits the column's kind: a date is early or late."""
    own = [column_kind(spec) for spec in schema.columns if spec.name == name]
    return own[0].position_word(word) if own else word


def _short(schema: Schema, name: str) -> str:
    """The last word of a label, capitalised: ``Annual income`` -> ``Income``."""
    label = schema.label(name)
    last = label.split()[-1]
    labels = [schema.label(each).split()[-1] for each in schema.clustering]
    return last.capitalize() if labels.count(last) == 1 else label


def _suffixes(
    segmentation: Segmentation, columns: Columns, labels: NDArray[np.int64], sharing: list[int]
) -> list[str]:
    """What distinguishes segments with the same name: the column with the largest gap between means."""
    schema = segmentation.schema
    numbers = [spec.name for spec in schema.columns if column_kind(spec).ordered]
    candidates = [*(name for name in schema.clustering if name not in schema.names), *numbers]
    candidates.sort(key=lambda name: name not in schema.clustering)
    best_gap, best_means, best_name = 0.0, np.zeros(len(sharing)), candidates[0]
    for name in dict.fromkeys(candidates):
        values = matrix(schema, columns, (name,))[:, 0]
        means = np.array([np.nanmean(values[labels == segment]) for segment in sharing]) / np.nanstd(values)
        gap = float(np.diff(np.sort(means)).min())
        if gap > best_gap:
            best_gap, best_means, best_name = gap, means, name
    if best_gap < CLEAR_GAP:
        return [chr(ord("A") + position) for position in range(len(sharing))]
    ranks = np.argsort(np.argsort(best_means))
    label = _short(schema, best_name).lower()
    return [f"{_fitting(schema, best_name, _rank_word(int(rank), len(sharing)))} {label}" for rank in ranks]


def _rank_word(rank: int, count: int) -> str:
    if count == 2:
        return ("lower", "higher")[rank]
    return ("lowest", *(f"{position + 1}. lowest" for position in range(1, count - 1)), "highest")[rank]
