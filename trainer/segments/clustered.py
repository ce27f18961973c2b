"""The segments of a clean table: the number of segments is chosen, and they are fitted and numbered."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference.contract import Contract
from trainer.config import TrainConfig
from trainer.parallel import Progress, no_progress
from trainer.roles.training_rows import clusterable_columns, refuse_few_customers
from trainer.schema.column_arrays import Columns
from trainer.segments.choose_for_schema import choose_for
from trainer.segments.described_choice import Choice, describe_choice
from trainer.segments.full_passes import FullPasses, over_all_rows
from trainer.segments.kmeans import Segmentation, match, segmentation_of
from trainer.segments.matching import Pairing
from trainer.segments.ordering import in_order
from trainer.segments.structure import SegmentNumber
from trainer.table.customer_table import Table


class NotNaturalError(RuntimeError):
    """The segments are not natural, and the settings ask for natural ones."""


@dataclass(frozen=True, kw_only=True)
class Clustered:
    """The customers with every clustering column, and their segments.

    Attributes:
        columns: raw columns of these ``M`` rows; labels: ``[M]``.
        pairing: which segments continue those of the previous model.
        passes: over all rows of a table of which these are a sample; ``None`` where these are all.
    """

    table: Table
    columns: Columns
    choice: Choice
    number: SegmentNumber
    segmentation: Segmentation
    pairing: Pairing | None
    labels: NDArray[np.int64]
    passes: FullPasses | None = None


def cluster(
    table: Table,
    config: TrainConfig,
    *,
    earlier: Contract | None = None,
    progress: Progress = no_progress,
) -> Clustered:
    """Choose k and fit the segments, in the order they keep.

    Args:
        table: under the clustering columns to use.
        earlier: the contract of the previous model.
        progress: called after each step of the work.

    Raises:
        InputError: when the table has too few rows, or no column in which customers differ.
        NotNaturalError: when the segments are not natural and the settings are ``strict``.
    """
    columns = clusterable_columns(table)
    chosen = choose_for(table.schema, columns, config.choice_of_columns, progress=progress)
    if config.strict and chosen.number.kind != "natural":
        raise NotNaturalError(chosen.number.reason)
    choice = describe_choice(chosen, columns, progress)
    if chosen.left_out:
        table = table.under(chosen.schema)
        columns = clusterable_columns(table)
    fitted, passes = segmentation_of(chosen.schema, columns, chosen.number), None
    if table.every is not None:
        fitted, passes = over_all_rows(fitted, columns, table.every, progress=progress)
    segmentation, pairing = in_order(fitted, columns, earlier)
    if passes is not None:
        passes = passes.reordered(match(segmentation.kmeans.cluster_centers_, fitted.kmeans.cluster_centers_))
    labels = segmentation.nearest(columns)
    refuse_few_customers(labels, choice.k)
    return Clustered(
        table=table,
        columns=columns,
        choice=choice,
        number=chosen.number,
        segmentation=segmentation,
        pairing=pairing,
        labels=labels,
        passes=passes,
    )
