"""Which raw columns are hidden: for training a classifier on incomplete rows, and for judging it."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations, product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.contract import CATEGORY
from trainer.schema.schema import Schema

ENUMERATED_COLUMNS = 6  # up to here every one of the 2^d patterns is trained on
RANDOM_MASKS = 16
HIDE_PROBABILITY = 0.4
COMPLETE = "complete"

Mask = tuple[bool, ...]  # True = hidden, in the order of the schema's columns


def training_masks(schema: Schema, *, seed: int) -> list[Mask]:
    """The patterns every training row is repeated under, the complete one first.

    All ``2^d`` up to six columns; above that each column alone, every set of (the first six) clustering
    columns,
    everything, and sixteen at random (each cell hidden with probability 0.4).
    """
    width = len(schema.names)
    if width <= ENUMERATED_COLUMNS:
        return [tuple(mask) for mask in product((False, True), repeat=width)]
    clustering = [schema.names.index(name) for name in schema.clustering_sources]
    chosen = [_hide(width, ()), _hide(width, range(width))]
    chosen += [_hide(width, (position,)) for position in range(width)]
    for size in range(1, min(len(clustering), ENUMERATED_COLUMNS) + 1):
        chosen += [_hide(width, group) for group in combinations(clustering[:ENUMERATED_COLUMNS], size)]
    draws = np.random.default_rng(seed).random((RANDOM_MASKS, width)) < HIDE_PROBABILITY
    chosen += [tuple(bool(hidden) for hidden in draw) for draw in draws]
    return list(dict.fromkeys(chosen))


def evaluation_masks(schema: Schema) -> dict[str, Mask]:
    """The patterns reported, by name: complete, each column unknown, pairs unknown.

    Above six columns, only pairs of clustering columns are reported; all clustering columns unknown always
    is.
    """
    width = len(schema.names)
    paired = schema.names if width <= ENUMERATED_COLUMNS else schema.clustering_sources
    alone = [(name,) for name in schema.names]
    groups: list[tuple[str, ...]] = [(), *alone, *combinations(paired, 2), schema.clustering_sources]
    return {
        pattern_name(group): _hide(width, [schema.names.index(name) for name in group]) for group in groups
    }


def served_patterns(schema: Schema) -> tuple[str, ...]:
    """The evaluated patterns in which a clustering column is missing, so that the classifier answers."""
    clustering = [schema.names.index(name) for name in schema.clustering_sources]
    return tuple(
        name
        for name, mask in evaluation_masks(schema).items()
        if any(mask[position] for position in clustering)
    )


def pattern_name(hidden: tuple[str, ...]) -> str:
    """``"complete"``, or the hidden columns: ``"without age, gender"``."""
    return f"without {', '.join(hidden)}" if hidden else COMPLETE


def hide(schema: Schema, columns: Mapping[str, NDArray[Any]], mask: Mask) -> dict[str, NDArray[Any]]:
    """The same rows with the masked columns missing."""
    return {
        spec.name: np.full_like(columns[spec.name], "" if spec.kind == CATEGORY else np.nan)
        if hidden
        else columns[spec.name]
        for spec, hidden in zip(schema.columns, mask, strict=True)
    }


def repeat_under(
    schema: Schema, columns: Mapping[str, NDArray[Any]], masks: list[Mask]
) -> dict[str, NDArray[Any]]:
    """Rows ``[N]`` repeated under every mask, ``[len(masks) * N]``, mask after mask."""
    copies = [hide(schema, columns, mask) for mask in masks]
    return {name: np.concatenate([copy[name] for copy in copies]) for name in schema.names}


def _hide(width: int, positions: Any) -> Mask:
    return tuple(position in set(positions) for position in range(width))
