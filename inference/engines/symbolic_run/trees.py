"""Trees of a ``TreeEnsembleRegressor`` as nested choices."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from inference.engines.symbolic_run.program import Term
from inference.engines.symbolic_run.terms import Terms

_LEAF = b"LEAF"
_STRICT = {b"BRANCH_LT": True, b"BRANCH_LEQ": False}


@dataclass(frozen=True, kw_only=True)
class _Branch:
    """One node of a tree: what it compares, and where it goes."""

    mode: bytes
    feature: int
    threshold: float
    so: int
    otherwise: int
    missing_is_so: bool


def tree_sums(terms: Terms, features: Sequence[Term], attributes: Mapping[str, Any]) -> list[Term]:
    """The sum of the trees' leaves for each target."""
    trees = _branches(attributes)
    weights = _weights(attributes)
    targets = attributes["n_targets"]
    base = attributes.get("base_values") or [0.0] * targets
    sums = []
    for target in range(targets):
        leaves = {tree: weights[target, tree] for tree in trees if (target, tree) in weights}
        each = [_walk(terms, features, trees[tree], leaf, 0) for tree, leaf in leaves.items()]
        sums.append(terms.weighted(each, [1.0] * len(each), base[target]))
    return sums


def _branches(attributes: Mapping[str, Any]) -> dict[int, dict[int, _Branch]]:
    count = len(attributes["nodes_treeids"])
    tracked = attributes.get("nodes_missing_value_tracks_true") or [0] * count
    names = ("treeids", "nodeids", "modes", "featureids", "values", "truenodeids", "falsenodeids")
    rows = zip(*(attributes[f"nodes_{name}"] for name in names), tracked, strict=True)
    trees: dict[int, dict[int, _Branch]] = defaultdict(dict)
    for tree, node, mode, feature, threshold, so, otherwise, tracks in rows:
        trees[tree][node] = _Branch(
            mode=mode,
            feature=feature,
            threshold=threshold,
            so=so,
            otherwise=otherwise,
            missing_is_so=bool(tracks),
        )
    return trees


def _weights(attributes: Mapping[str, Any]) -> dict[tuple[int, int], dict[int, float]]:
    """(Target, tree) -> node -> its weight."""
    found: dict[tuple[int, int], dict[int, float]] = defaultdict(dict)
    names = ("ids", "treeids", "nodeids", "weights")
    for target, tree, node, weight in zip(*(attributes[f"target_{name}"] for name in names), strict=True):
        found[target, tree][node] = weight
    return found


def _walk(
    terms: Terms,
    features: Sequence[Term],
    tree: Mapping[int, _Branch],
    leaves: Mapping[int, float],
    node: int,
) -> Term:
    branch = tree[node]
    if branch.mode == _LEAF:
        return terms.constant(leaves.get(node, 0.0))
    number, threshold = features[branch.feature], terms.constant(branch.threshold)
    below = terms.less(number, threshold) if _STRICT[branch.mode] else terms.at_most(number, threshold)
    so, otherwise = (_walk(terms, features, tree, leaves, at) for at in (branch.so, branch.otherwise))
    if branch.missing_is_so:
        below = terms.any([terms.missing(number), below])
    return terms.choose(below, so, otherwise)
