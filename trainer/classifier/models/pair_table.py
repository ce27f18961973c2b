"""Trees of at most two levels as a table over pairs of inputs: the same function, twenty times as fast.

A tree that asks about input *i*, and then about *j* or *l*, is a function of *(i, j)* plus a function of
*(i, l)*. So an ensemble of such trees is exactly a sum over pairs of inputs, each a table over the intervals
between the thresholds of both, with one more interval for a missing value. The table is made from what the
converter gives, so that it has the branches and weights of the exported trees.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

MOST_BYTES = 1_000_000  # of a table; a larger one is slower than the trees
LARGEST_INDEX = 2**24  # row numbers are computed in float32, which is exact below

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class PairTable:
    """The tables of all pairs.

    Attributes:
        used: ``[U]`` positions of the inputs that are compared with something.
        thresholds: ``[U, T]`` float32, ascending, NaN at the end of the shorter ones.
        pairs: ``[P, 2]`` places in ``used``, of inputs whose intervals number the rows of a part.
        rows: ``[R, K]`` float32: the parts one after the other, the second input's interval running faster.
        starts: ``[P]`` of the parts; intervals: ``[U]`` of each input, the last one for a missing value.
    """

    used: NDArray[np.int64]
    thresholds: NDArray[np.float32]
    pairs: NDArray[np.int64]
    rows: NDArray[np.float32]
    starts: NDArray[np.int64]
    intervals: NDArray[np.int64]

    def margins(self, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        """The sums ``[N, K]`` of the parts for inputs ``[N, M]``."""
        values = inputs[:, self.used]
        reached = (values[:, :, None] >= self.thresholds[None]).sum(axis=2)
        places = np.where(np.isnan(values), self.intervals - 1, reached)
        first, second = self.pairs.T
        index = self.starts + places[:, first] * self.intervals[second] + places[:, second]
        return np.asarray(self.rows[index].sum(axis=1), dtype=np.float32)


@dataclass(frozen=True, kw_only=True)
class _Node:
    """A node of a converted tree; ``weights`` ``[K]`` of a leaf, otherwise ``None``."""

    position: int
    threshold: np.float32
    below: int
    above: int
    missing_below: bool
    weights: Floats | None


def pair_table(attributes: Mapping[str, Any], *, segments: int) -> PairTable | None:
    """The table of a converted ``TreeEnsembleClassifier``; ``None`` where it is too deep or too large.

    Only trees whose branches compare with ``<`` are taken, as XGBoost's do.
    """
    trees = _trees(attributes, segments)
    if trees is None:
        return None
    cuts: dict[int, set[np.float32]] = defaultdict(set)
    for tree in trees:
        for node in tree.values():
            if node.weights is None:
                cuts[node.position].add(node.threshold)
    if not cuts:
        return None
    used = np.array(sorted(cuts), dtype=np.int64)
    sorted_cuts = [np.array(sorted(cuts[int(each)]), dtype=np.float32) for each in used]
    place = {int(position): number for number, position in enumerate(used)}
    intervals = np.array([len(each) + 2 for each in sorted_cuts], dtype=np.int64)
    below = {position: _below(sorted_cuts[number]) for position, number in place.items()}
    parts: dict[tuple[int, int], Floats] = {}
    for tree in trees:
        if not _add(tree, parts, place, intervals, below, segments):
            return None
    _fold_single(parts)
    rows = [part.reshape(-1, segments) for part in parts.values()]
    starts = np.cumsum([0, *(len(each) for each in rows[:-1])])
    rows[0] = rows[0] + np.asarray(attributes.get("base_values", [0.0] * segments), dtype=np.float64)
    table = np.concatenate(rows).astype(np.float32)
    if table.nbytes > MOST_BYTES or len(table) >= LARGEST_INDEX:
        return None
    longest = max(len(each) for each in sorted_cuts)
    thresholds = np.full((len(used), longest), np.nan, dtype=np.float32)
    for number, each in enumerate(sorted_cuts):
        thresholds[number, : len(each)] = each
    return PairTable(
        used=used,
        thresholds=thresholds,
        pairs=np.array(list(parts), dtype=np.int64),
        rows=table,
        starts=starts.astype(np.int64),
        intervals=intervals,
    )


def _trees(attributes: Mapping[str, Any], segments: int) -> list[dict[int, _Node]] | None:
    """The nodes of each tree by number; ``None`` where a branch compares in another way."""
    weights: dict[tuple[int, int], Floats] = defaultdict(lambda: np.zeros(segments))
    leaves = zip(
        attributes["class_treeids"],
        attributes["class_nodeids"],
        attributes["class_ids"],
        attributes["class_weights"],
        strict=True,
    )
    for tree, node, segment, weight in leaves:
        weights[tree, node][segment] += float(weight)
    trees: dict[int, dict[int, _Node]] = defaultdict(dict)
    names = ("treeids", "nodeids", "modes", "featureids", "values", "truenodeids", "falsenodeids")
    columns = [attributes[f"nodes_{name}"] for name in names]
    missing = attributes.get("nodes_missing_value_tracks_true") or [0] * len(columns[0])
    for tree, number, mode, position, value, below, above, tracks in zip(*columns, missing, strict=True):
        if mode not in (b"LEAF", b"BRANCH_LT"):
            return None
        trees[tree][number] = _Node(
            position=int(position),
            threshold=np.float32(value),
            below=below,
            above=above,
            missing_below=bool(tracks),
            weights=weights[tree, number] if mode == b"LEAF" else None,
        )
    return list(trees.values())


def _fold_single(parts: dict[tuple[int, int], Floats]) -> None:
    """Add the parts of one input to a part of it and another one, so that there are fewer to look up."""
    for one, same in [key for key in parts if key[0] == key[1]]:
        key = next((each for each in parts if one in each and each[0] != each[1]), None)
        if key is not None:
            own = np.einsum("iik->ik", parts.pop((one, same)))
            parts[key] += own[:, None] if key[0] == one else own[None]


def _below(cuts: NDArray[np.float32]) -> dict[np.float32, NDArray[np.bool_]]:
    """For each threshold, which intervals lie below it; that of a missing value is filled in later."""
    places = np.arange(len(cuts) + 2)
    return {cut: places <= number for number, cut in enumerate(cuts)}


def _add(
    tree: Mapping[int, _Node],
    parts: dict[tuple[int, int], Floats],
    place: Mapping[int, int],
    intervals: NDArray[np.int64],
    below: Mapping[int, Mapping[np.float32, NDArray[np.bool_]]],
    segments: int,
) -> bool:
    """Add a tree to the parts; false where it has more than two levels."""

    def goes_below(node: _Node) -> NDArray[np.bool_]:
        ways = below[node.position][node.threshold].copy()
        ways[-1] = node.missing_below
        return ways

    root = tree[0]
    if root.weights is not None:
        root = _Node(
            position=next(iter(place)),
            threshold=next(iter(below[next(iter(place))])),
            below=0,
            above=0,
            missing_below=True,
            weights=None,
        )
    way = goes_below(root)
    for child, taken in ((tree[root.below], way), (tree[root.above], ~way)):
        one = place[root.position]
        if child.weights is not None:
            part = parts.setdefault((one, one), np.zeros((intervals[one], intervals[one], segments)))
            part[np.arange(intervals[one]), np.arange(intervals[one])] += taken[:, None] * child.weights
            continue
        leaves = tree[child.below].weights, tree[child.above].weights
        if leaves[0] is None or leaves[1] is None:
            return False
        values = np.where(goes_below(child)[:, None], leaves[0], leaves[1])
        other = place[child.position]
        key = (min(one, other), max(one, other))
        part = parts.setdefault(key, np.zeros((intervals[key[0]], intervals[key[1]], segments)))
        if one == other:
            part[np.arange(intervals[one]), np.arange(intervals[one])] += taken[:, None] * values
        else:
            both = taken[:, None, None] * values[None]
            part += both if one < other else both.transpose(1, 0, 2)
    return True
