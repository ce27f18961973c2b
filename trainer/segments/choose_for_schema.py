"""Chooses the number of segments for a schema: connects a table's columns with ``choose_k``."""

from __future__ import annotations

from dataclasses import dataclass, replace

from trainer.parallel import Progress, no_progress
from trainer.schema.column_arrays import Columns
from trainer.schema.features import matrix
from trainer.schema.schema import Schema
from trainer.segments.structure import ChoiceSettings, SegmentNumber, choose_k


@dataclass(frozen=True, kw_only=True)
class ChosenNumber:
    """The number of segments of a table, and the schema with the clustering columns it uses.

    Attributes:
        left_out: clustering columns or features that show no groups, and are not used.
    """

    schema: Schema
    number: SegmentNumber
    left_out: tuple[str, ...]


def choose_for(
    schema: Schema, columns: Columns, settings: ChoiceSettings, *, progress: Progress = no_progress
) -> ChosenNumber:
    """Choose the number of segments for rows in which every clustering column is present.

    A clustering column is used as a whole: where the choice would leave out a part of the indicators of a
    category, all columns are used.
    """
    table = matrix(schema, columns, schema.clustering_features)
    number = choose_k(table, settings, progress=progress)
    used = {schema.clustering_features[each] for each in number.columns}
    kept = tuple(name for name in schema.clustering if used & set(_features(schema, name)))
    if {each for name in kept for each in _features(schema, name)} != used:
        number = choose_k(table, replace(settings, search_columns=False), progress=progress)
        kept = schema.clustering
    return ChosenNumber(
        schema=replace(schema, clustering=kept),
        number=number,
        left_out=tuple(name for name in schema.clustering if name not in kept),
    )


def _features(schema: Schema, name: str) -> tuple[str, ...]:
    """The features of one clustering column."""
    return replace(schema, clustering=(name,)).clustering_features
