"""What is counted over all rows of a table of which a run holds a sample: sizes, means, shares, histograms.

Quartiles, names and tiers are those of the sample.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from inference.contract import Segment, Shares, Spread
from trainer.parallel import Progress, no_progress
from trainer.roles.training_rows import refuse_few_customers
from trainer.schema.kinds.column_kinds import column_kind
from trainer.schema.order_statistics import MIN_CUSTOMERS
from trainer.schema.schema import Schema
from trainer.segments.clustered import Clustered
from trainer.segments.full_passes import FullPasses
from trainer.segments.row_tally import RowTally
from trainer.table.every_row import Tally
from trainer.table.exact_sums import mean
from trainer.table.parsed_rows import ParsedRows

Entry = dict[str, Any]
STAGE = "Counting all rows"


@dataclass(frozen=True, kw_only=True)
class WholeCounts:
    """What was counted over all rows.

    Attributes:
        rows: of the table, without ``left_out`` rows of another length.
        distinct: whether rows that equal each other in every cell count once, as in the sample.
        sample_rows: drawn; ``seed``: of the draw.
        clustered: rows that have every clustering column; ``sizes``: per segment.
        mean_square: of the distance to the own centroid.
        missing: column -> rows; ``histograms``: column -> counts.
        profile: per segment, column -> mean or shares.
        passes: of K-Means over all rows.
    """

    rows: int
    left_out: int
    distinct: bool
    sample_rows: int
    seed: int
    sizes: tuple[int, ...]
    mean_square: float
    missing: Mapping[str, int]
    histograms: Mapping[str, Entry]
    profile: tuple[Mapping[str, float | Shares], ...]
    passes: FullPasses

    @property
    def clustered(self) -> int:
        """Rows that have every clustering column."""
        return sum(self.sizes)

    def described(self, segments: Sequence[Segment]) -> tuple[Segment, ...]:
        """Segments of the sample with sizes, shares and means of all rows."""
        return tuple(
            replace(
                segment,
                size=size,
                share=size / self.clustered,
                profile={name: _typical(found, own.get(name)) for name, found in segment.profile.items()},
            )
            for segment, size, own in zip(segments, self.sizes, self.profile, strict=True)
        )


def count_all(clustered: Clustered, *, progress: Progress = no_progress) -> WholeCounts | None:
    """Count all rows of a table of which a sample was clustered; ``None`` where all rows were.

    Raises:
        InputError: when a segment has fewer than five customers.
    """
    every, passes = clustered.table.every, clustered.passes
    if every is None or passes is None:
        return None
    progress(STAGE, 0, 1)
    segmentation, table = clustered.segmentation, clustered.table
    histograms = {
        spec.name: column_kind(spec).histogram(spec, table.columns[spec.name])
        for spec in segmentation.schema.columns
    }
    only_inside = segmentation.leaves_out(clustered.columns)
    tally = RowTally(segmentation=segmentation, only_inside=only_inside, histograms=histograms)
    counts = _counted(clustered, every, passes, tally)
    progress(STAGE, 1, 1)
    return counts


def _counted(clustered: Clustered, every: ParsedRows, passes: FullPasses, tally: RowTally) -> WholeCounts:
    schema, k, total = clustered.table.schema, clustered.segmentation.k, every.total(tally)
    sizes = total["sizes"]
    refuse_few_customers(np.repeat(np.arange(k), np.minimum(sizes, MIN_CUSTOMERS)), k)
    return WholeCounts(
        rows=total["rows"][0],
        left_out=every.every.left_out,
        distinct=every.distinct,
        sample_rows=clustered.table.report.rows_read,
        seed=every.every.seed,
        sizes=tuple(sizes),
        mean_square=mean(total["squares"][0], sum(sizes)),
        missing={name: total[f"missing {name}"][0] for name in schema.names},
        histograms={
            spec.name: column_kind(spec).with_counts(tally.histograms[spec.name], total[f"bins {spec.name}"])
            for spec in schema.columns
        },
        profile=tuple(_profile(schema, total, segment) for segment in range(k)),
        passes=passes,
    )


def _profile(schema: Schema, total: Tally, segment: int) -> dict[str, float | Shares]:
    """Means and shares of a segment by column and feature."""
    found: dict[str, float | Shares] = {}
    for spec in schema.columns:
        if column_kind(spec).ordered:
            continue
        known, width = total[f"known {spec.name}"][segment], len(spec.values)
        counts = total[f"each {spec.name}"][segment * width : (segment + 1) * width]
        found[spec.name] = {
            value: count / known if known >= MIN_CUSTOMERS else None
            for value, count in zip(spec.values, counts, strict=True)
        }
    for name in (*schema.names, *(feature.name for feature in schema.features)):
        if f"sum {name}" in total:
            found[name] = mean(total[f"sum {name}"][segment], total[f"known {name}"][segment])
    return found


def _typical(found: Spread | Shares | None, whole: float | Shares | None) -> Spread | Shares | None:
    """A column's profile with its mean or shares over all rows; without any where the sample had too few."""
    if isinstance(found, Spread) and isinstance(whole, float):
        return replace(found, mean=whole)
    return whole if isinstance(whole, Mapping) and found is not None else found
