"""Moves the cuts of boosted trees off the training values, so that no cut is a customer's value.

XGBoost cuts at values of the table: ``x < cut`` with a cut that some customer has. The middle between it and
the next lower value separates the same customers. A cut beyond all values, which separates the missing from
the known, is twice the largest value; it becomes a power of two.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from numpy.typing import NDArray
from xgboost import Booster

_LEAF = -1


def move_cuts(booster: Booster, inputs: NDArray[np.float32]) -> None:
    """Move every cut of the trees in place; no training row ``[N, M]`` changes its leaf."""
    document = json.loads(bytes(booster.save_raw("json")))
    trees = document["learner"]["gradient_booster"]["model"]["trees"]
    known: dict[int, NDArray[np.float32]] = {}
    for tree in trees:
        _move(tree, inputs, known)
    booster.load_model(bytearray(json.dumps(document), "utf-8"))
    booster.set_param({"nthread": 1})


def moved(cut: float, values: NDArray[np.float32]) -> float:
    """The new cut for ascending values without NaN: below it are the values that were below the old one.

    >>> moved(4.0, np.array([1.0, 2.0, 4.0], dtype=np.float32))
    3.0
    >>> moved(9.1, np.array([1.0, 2.0, 4.0], dtype=np.float32))
    16.0
    """
    index = int(np.searchsorted(values, np.float32(cut), side="left"))
    if index == len(values):
        return _beyond(cut)
    if index == 0:
        return -_beyond(-cut) if cut < 0 else cut
    below, above = values[index - 1], values[index]
    middle = np.float32((np.float64(below) + np.float64(above)) / 2)
    return float(middle) if below < middle < above else float(np.float32(cut))


def _beyond(cut: float) -> float:
    """The power of two that is not smaller; a cut that is not positive stays."""
    return float(2.0 ** np.ceil(np.log2(cut))) if cut > 0 else cut


def _move(tree: dict[str, Any], inputs: NDArray[np.float32], known: dict[int, NDArray[np.float32]]) -> None:
    for node, child in enumerate(tree["left_children"]):
        if child == _LEAF:
            continue
        position = tree["split_indices"][node]
        if position not in known:
            column = inputs[:, position]
            known[position] = np.unique(column[np.isfinite(column)])
        tree["split_conditions"][node] = moved(tree["split_conditions"][node], known[position])
