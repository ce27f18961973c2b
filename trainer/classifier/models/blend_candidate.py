"""The weighted mean of one Gaussian per segment and XGBoost's trees."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from xgboost import XGBClassifier

from trainer.classifier.candidate import Candidate, Settings, Thresholds
from trainer.classifier.evaluation.inner_folds import asked_inputs, inner_splits, losses_by_row
from trainer.classifier.models.gaussian_candidate import GaussianCandidate
from trainer.classifier.models.gaussian_model import GaussianModel
from trainer.classifier.models.xgboost_candidate import XGBoostCandidate
from trainer.classifier.training_table import TrainingTable
from trainer.schema.onnx_graph import Graph
from trainer.schema.pattern_graph import PatternGraphs

WEIGHTS = (0.0, 0.25, 0.5, 0.75, 1.0)  # of the Gaussian
USUAL_WEIGHT = 0.5
TREES: Settings = {"max_depth": 2, "n_estimators": 40}
_GAUSSIAN, _BOOSTED = GaussianCandidate(), XGBoostCandidate()


@dataclass(frozen=True, kw_only=True)
class Blend:
    """Two fitted models and the weight of the first; a model without weight is not asked."""

    gaussian: GaussianModel
    trees: XGBClassifier
    weight: float

    @property
    def n_features_in_(self) -> int:
        """How many inputs a row has."""
        return self.gaussian.n_features_in_

    def predict_proba(self, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        """The weighted mean of the two models' probabilities ``[N, K]``."""
        if self.weight in (0.0, 1.0):
            own = self.gaussian if self.weight else self.trees
            return np.asarray(own.predict_proba(inputs), dtype=np.float32)
        parts = (self.gaussian.predict_proba(inputs), self.trees.predict_proba(inputs))
        return mean_of(*parts, self.weight)


def mean_of(one: NDArray[np.float32], other: NDArray[np.float32], weight: float) -> NDArray[np.float32]:
    """The weighted mean of two models' probabilities ``[N, K]`` in float32."""
    return np.asarray(np.float32(weight) * one + np.float32(1.0 - weight) * other, dtype=np.float32)


class BlendCandidate(Candidate):
    """The mean of the Gaussians, which know how columns depend on each other, and of trees, which do not.

    The trees have one size: more of them are too sure of themselves on small tables.
    """

    name = "blend"
    label = "Blend of Gaussian and XGBoost"
    follows_missing = True
    sizes = ({"weight": USUAL_WEIGHT, **GaussianCandidate.sizes[0]},)

    def train(self, table: TrainingTable, *, settings: Settings, seed: int) -> Blend:
        """Fit both: the Gaussians to the rows as they are, the trees to rows with hidden columns."""
        shrinkage = {name: settings[name] for name in GaussianCandidate.sizes[0]}
        return Blend(
            gaussian=_GAUSSIAN.trained(table, settings=shrinkage, seed=seed),
            trees=_BOOSTED.trained(table, settings=TREES, seed=seed),
            weight=settings["weight"],
        )

    def search(self, table: TrainingTable, *, seed: int) -> Settings:
        """The shrinkage of the Gaussian alone, and the weight by an inner cross-validation."""
        shrinkage = _GAUSSIAN.search(table, seed=seed)
        losses = []
        for known, asked in inner_splits(table, seed=seed):
            inputs = asked_inputs(asked, follows_missing=True)
            one = _GAUSSIAN.trained(known, settings=shrinkage, seed=seed).predict_proba(inputs)
            other = _BOOSTED.trained(known, settings=TREES, seed=seed).predict_proba(inputs)
            losses.append([losses_by_row(mean_of(one, other, weight), asked) for weight in WEIGHTS])
        return {"weight": best_weight(np.concatenate(losses, axis=1)), **shrinkage}

    def emit(self, graph: Graph, estimator: Blend, inputs: str) -> str:
        """The nodes of the models that have a weight, and their weighted mean."""
        if estimator.weight == 0.0:
            return _BOOSTED.emit(graph, estimator.trees, inputs)
        one = _GAUSSIAN.emit(graph, estimator.gaussian, inputs)
        if estimator.weight == 1.0:
            return one
        return _emit_mean(graph, one, _BOOSTED.emit(graph, estimator.trees, inputs), estimator.weight)

    def emit_one(self, graphs: PatternGraphs, estimator: Blend) -> str | None:
        """The same for one customer, where the trees are small enough for it."""
        if estimator.weight == 0.0:
            return _BOOSTED.emit_one(graphs, estimator.trees)
        one = _GAUSSIAN.emit_one(graphs, estimator.gaussian)
        if estimator.weight == 1.0:
            return one
        other = _BOOSTED.emit_one(graphs, estimator.trees, beside=True)
        return None if other is None else _emit_mean(graphs.row, one, other, estimator.weight)

    def thresholds(self, estimator: Blend) -> Thresholds:
        """The cuts of the trees, where these have a weight."""
        return {} if estimator.weight == 1.0 else _BOOSTED.thresholds(estimator.trees)


def _emit_mean(graph: Graph, one: str, other: str, weight: float) -> str:
    """The same as ``mean_of``."""
    weighted = (
        graph.node("Mul", part, graph.constant(np.float32(share)))
        for part, share in ((one, weight), (other, 1.0 - weight))
    )
    return graph.node("Add", *weighted)


def best_weight(losses: NDArray[np.float64]) -> float:
    """The usual weight, unless another one's mean loss is lower by more than one paired standard error.

    Args:
        losses: ``[W, N]`` of each of ``WEIGHTS`` for each customer.
    """
    usual = losses[WEIGHTS.index(USUAL_WEIGHT)]
    best = int(losses.mean(axis=1).argmin())
    gain = usual - losses[best]
    clear = gain.mean() > gain.std(ddof=1) / np.sqrt(len(gain))
    return WEIGHTS[best] if clear else USUAL_WEIGHT
