"""Which raw columns are missing: for training a classifier on incomplete rows, and for evaluating it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations, product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainer.schema.column_arrays import Columns
from trainer.schema.kinds.column_kinds import column_kind
from trainer.schema.schema import Schema

ENUMERATED_COLUMNS = 6  # up to this number all 2^d patterns are used in training
RANDOM_PATTERNS = 16
HIDE_PROBABILITY = 0.4

Pattern = tuple[str, ...]
"""The names of the raw columns that are missing, in the schema's order."""

NOTHING_MISSING: Pattern = ()


def training_patterns(schema: Schema, *, seed: int) -> list[Pattern]:
    """The patterns with which every training row is repeated, the complete one first.

    All ``2^d`` up to six columns; above that each column alone, every set of (the first six) clustering
    columns, everything, and sixteen at random (each cell missing with probability 0.4).
    """
    names = schema.names
    if len(names) <= ENUMERATED_COLUMNS:
        return [_where(names, mask) for mask in product((False, True), repeat=len(names))]
    clustering = schema.clustering_sources[:ENUMERATED_COLUMNS]
    chosen: list[Pattern] = [NOTHING_MISSING, names, *((name,) for name in names)]
    for size in range(1, len(clustering) + 1):
        chosen += combinations(clustering, size)
    draws = np.random.default_rng(seed).random((RANDOM_PATTERNS, len(names))) < HIDE_PROBABILITY
    chosen += [_where(names, draw) for draw in draws]
    return list(dict.fromkeys(chosen))


def evaluated_patterns(schema: Schema) -> tuple[Pattern, ...]:
    """The patterns that are reported: nothing missing, each column, pairs of columns.

    Above six columns, only pairs of clustering columns are reported. The pattern with all clustering columns
    missing is always reported.
    """
    few = len(schema.names) <= ENUMERATED_COLUMNS
    alone = [(name,) for name in schema.names]
    pairs = combinations(schema.names if few else schema.clustering_sources, 2)
    return tuple(dict.fromkeys((NOTHING_MISSING, *alone, *pairs, schema.clustering_sources)))


def served_patterns(schema: Schema) -> tuple[Pattern, ...]:
    """The evaluated patterns in which a clustering column is missing, so that the classifier answers."""
    clustering = set(schema.clustering_sources)
    return tuple(pattern for pattern in evaluated_patterns(schema) if clustering & set(pattern))


def key_patterns(schema: Schema) -> tuple[Pattern, ...]:
    """The patterns shown in figures and texts: nothing missing, each clustering column, and all of them."""
    clustering = schema.clustering_sources
    return tuple(dict.fromkeys((NOTHING_MISSING, *((name,) for name in clustering), clustering)))


def hide(schema: Schema, columns: Columns, pattern: Pattern) -> dict[str, NDArray[Any]]:
    """The same rows with the pattern's columns missing."""
    return {
        spec.name: np.full_like(columns[spec.name], column_kind(spec).served.missing)
        if spec.name in pattern
        else columns[spec.name]
        for spec in schema.columns
    }


def repeat_under(schema: Schema, columns: Columns, patterns: Sequence[Pattern]) -> dict[str, NDArray[Any]]:
    """Rows ``[N]`` repeated with every pattern, ``[len(patterns) * N]``, one pattern after the other."""
    copies = [hide(schema, columns, pattern) for pattern in patterns]
    return {name: np.concatenate([copy[name] for copy in copies]) for name in schema.names}


def _where(names: tuple[str, ...], mask: Iterable[Any]) -> Pattern:
    return tuple(name for name, missing in zip(names, mask, strict=True) if missing)
