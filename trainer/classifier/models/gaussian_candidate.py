"""One Gaussian per segment: what is missing is left out of the density, so no hidden columns are trained."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto

from trainer.classifier.candidate import FARTHEST, Candidate, Settings, Thresholds
from trainer.classifier.evaluation.inner_folds import asked_inputs, inner_splits, losses_by_row
from trainer.classifier.models.gaussian_fit import moments
from trainer.classifier.models.gaussian_model import (
    LEAST_SCORE,
    SUMS,
    GaussianModel,
    Indicators,
    Statistics,
    gaussian_models,
)
from trainer.classifier.training_table import TrainingTable, classifier_inputs
from trainer.schema.features import feature_names, indicators
from trainer.schema.onnx_graph import Graph
from trainer.schema.pattern_graph import PatternGraphs
from trainer.segments.kmeans import Segmentation

SHRINKAGE = tuple(product((80.0, 20.0, 5.0, 0.0), (1.0, 0.4, 0.15, 0.0)))


class GaussianCandidate(Candidate):
    """Gaussians of the numbers and smoothed shares of the categories, independent of each other.

    Formulas follow from other columns and have no weight. Every setting gives a model of the same size; the
    search takes the one with the lowest log loss.
    """

    name = "gaussian"
    label = "Gaussian per segment"
    follows_missing = True
    sizes = ({"pooled_rows": 20.0, "diagonal": 0.4},)

    def train(self, table: TrainingTable, *, settings: Settings, seed: int) -> GaussianModel:
        """Fit to the rows as they are, from their known cells."""
        del seed
        (model,) = _fit(table, [(settings["pooled_rows"], settings["diagonal"])], steps=300, precision=1e-8)
        return model

    def search(self, table: TrainingTable, *, seed: int) -> Settings:
        """The shrinkage with the lowest log loss in an inner cross-validation."""
        return table.once((self.name, "search", seed), lambda: self._searched(table, seed))

    def _searched(self, table: TrainingTable, seed: int) -> Settings:
        losses = np.zeros(len(SHRINKAGE))
        for known, asked in inner_splits(table, seed=seed):
            inputs = asked_inputs(asked, follows_missing=True)
            for index, model in enumerate(_fit(known, SHRINKAGE, steps=20, precision=1e-3)):
                losses[index] += losses_by_row(model.predict_proba(inputs), asked).sum()
        pooled_rows, diagonal = SHRINKAGE[int(losses.argmin())]
        return {"pooled_rows": pooled_rows, "diagonal": diagonal}

    def emit(self, graph: Graph, estimator: GaussianModel, inputs: str) -> str:
        """The steps of ``GaussianModel.predict_proba``, in double up to the scores' differences.

        Rows are columns of all tensors, so that each step runs over contiguous rows.
        """
        rows = graph.cast(graph.turned(inputs), TensorProto.DOUBLE)
        missing = graph.node("IsNaN", rows)
        known = graph.cast(graph.node("Not", missing), TensorProto.DOUBLE)
        filled = graph.node("Where", missing, graph.constant(np.float64(0.0)), rows)
        above = graph.node("Max", filled, graph.constant(np.float64(-FARTHEST)))
        values = graph.node("Min", above, graph.constant(np.float64(FARTHEST)))
        terms = graph.node("Concat", graph.node("Mul", values, values), values, known, axis=0)
        weights = graph.constant(np.ascontiguousarray(estimator.coefficients.T))
        sums = graph.node("Gemm", weights, terms, graph.constant(estimator.constants[:, None]))
        q, h1, h2, a, b, c = graph.split(sums, SUMS, axis=0)
        return _emit_chances(graph, graph.node("Add", q, _emit_factors(graph, h1, h2, a, b, c)))

    def emit_one(self, graphs: PatternGraphs, estimator: GaussianModel) -> str:
        """The same with ``M`` of the known columns factorised once: ``h' M^-1 h / 2`` is two squares."""
        weights, constants = _emit_pattern(graphs, estimator)
        row = graphs.row
        values = row.cast(graphs.inputs, TensorProto.DOUBLE)
        terms = row.node("Concat", row.node("Mul", values, values), values, axis=0)
        sums = row.node("Gemm", weights, terms, constants)
        if graphs.many:
            plain, first, second = row.split(sums, 3, axis=0)
            explained = row.node("Add", row.node("Mul", first, first), row.node("Mul", second, second))
            return _emit_chances(row, row.node("Add", plain, explained))
        shape = row.constant(np.array([3, estimator.segments]))
        plain, factors = row.split_sizes(row.node("Reshape", sums, shape), (1, 2), axis=0)
        explained = row.node("ReduceSumSquare", factors, axes=[0], keepdims=1)
        scores = row.node("Softmax", row.node("Add", plain, explained), axis=1)
        return row.cast(scores, TensorProto.FLOAT)

    def thresholds(self, estimator: GaussianModel) -> Thresholds:
        """None: a density has no comparisons."""
        del estimator
        return {}


def _emit_chances(graph: Graph, scores: str) -> str:
    """Probabilities, float ``[N, K]``, of scores ``[K, N]``; double up to the scores' differences."""
    highest = graph.node("ReduceMax", scores, axes=[0], keepdims=1)
    relative = graph.node("Sub", scores, highest)
    bounded = graph.node("Max", relative, graph.constant(np.float64(LEAST_SCORE)))
    powers = graph.node("Exp", graph.cast(bounded, TensorProto.FLOAT))
    total = graph.node("ReduceSum", powers, graph.constant(np.array([0])), keepdims=1)
    return graph.turned(graph.node("Div", powers, total))


def _emit_factors(graph: Graph, h1: str, h2: str, a: str, b: str, c: str) -> str:
    """``(h' M^-1 h - log det M) / 2`` for ``M = [[a, b], [b, c]]``, double ``[K, N]``."""

    def times(one: str, other: str) -> str:
        return graph.node("Mul", one, other)

    determinant = graph.node("Sub", times(a, c), times(b, b))
    left = times(graph.node("Sub", times(c, h1), times(b, h2)), h1)
    right = times(graph.node("Sub", times(a, h2), times(b, h1)), h2)
    explained = graph.node("Div", graph.node("Add", left, right), determinant)
    twice = graph.node("Sub", explained, graph.node("Log", determinant))
    return times(twice, graph.constant(np.float64(0.5)))


def _emit_pattern(graphs: PatternGraphs, estimator: GaussianModel) -> tuple[str, str]:
    """What ``emit_one`` needs of the known columns: weights ``[3K, 2F]`` and constants ``[3K, 1]``.

    With ``M = [[a, b], [b, c]]`` the two squares are those of ``sqrt(c / 2 det) h1 - b / sqrt(2 c det) h2``
    and ``h2 / sqrt(2 c)``.
    """
    graph, features, segments = graphs.pattern, estimator.n_features_in_, estimator.segments
    of_flags = graph.constant(np.ascontiguousarray(estimator.coefficients[2 * features :].T))
    sums = graph.node("Gemm", of_flags, graphs.flags, graph.constant(estimator.constants[:, None]))
    q, h1, h2, a, b, c = graph.split(sums, SUMS, axis=0)
    half = graph.constant(np.float64(0.5))
    determinant = graph.node("Sub", graph.node("Mul", a, c), graph.node("Mul", b, b))
    of_second = graph.node("Sqrt", graph.node("Div", half, c))
    of_first = graph.node("Sqrt", graph.node("Div", graph.node("Mul", half, c), determinant))
    crossed = graph.node("Neg", graph.node("Div", graph.node("Mul", of_first, b), c))

    def factors(one: str, two: str) -> tuple[str, str]:
        mixed = graph.node("Add", graph.node("Mul", of_first, one), graph.node("Mul", crossed, two))
        return mixed, graph.node("Mul", of_second, two)

    plain, first, second = (
        graph.constant(np.ascontiguousarray(part.T))
        for part in np.split(estimator.coefficients[: 2 * features, : 3 * segments], 3, axis=1)
    )
    logarithm = graph.node("Mul", half, graph.node("Log", determinant))
    weights = graph.node("Concat", plain, *factors(first, second), axis=0)
    constants = graph.node("Concat", graph.node("Sub", q, logarithm), *factors(h1, h2), axis=0)
    kind = TensorProto.DOUBLE
    return (
        graphs.hand_over("gaussian_weights", weights, kind, (3 * segments, 2 * features)),
        graphs.hand_over("gaussian_constants", constants, kind, (3 * segments, 1)),
    )


def _fit(
    table: TrainingTable, shrinkage: Sequence[tuple[float, float]], *, steps: int, precision: float
) -> list[GaussianModel]:
    """The model of a table at each shrinkage."""
    segmentation = table.segmentation
    inputs = classifier_inputs(segmentation, table.columns, follows_missing=True).astype(np.float64)
    names = feature_names(segmentation.schema)
    categories = indicators(segmentation.schema)
    raw = [name for column in segmentation.schema.columns for name in column.features]
    positions = np.array([names.index(name) for name in raw if name not in categories], dtype=np.intp)
    statistics = Statistics(
        moments=moments(inputs[:, positions], table.labels, segmentation.k),
        positions=positions,
        categories=_categories(segmentation, inputs, table.labels),
        width=len(names),
    )
    return gaussian_models(statistics, shrinkage, steps=steps, precision=precision)


def _categories(
    segmentation: Segmentation, inputs: NDArray[np.float64], labels: NDArray[np.int64]
) -> list[Indicators]:
    """Every column of categories, with shares that are smoothed by two customers like all customers."""
    names = feature_names(segmentation.schema)
    columns: dict[str, list[int]] = {}
    for name, (spec, _) in indicators(segmentation.schema).items():
        columns.setdefault(spec.name, []).append(names.index(name))
    found = []
    for positions in columns.values():
        means, scales = segmentation.scaler.mean_[positions], segmentation.scaler.scale_[positions]
        beyond = np.rint(inputs[:, positions] * scales + means)  # the indicators themselves: 0, 1 or NaN
        known = ~np.isnan(beyond).any(axis=1)
        cells = np.column_stack([1.0 - beyond.sum(axis=1), beyond])[known]
        counts = np.zeros((segmentation.k, cells.shape[1]))
        np.add.at(counts, labels[known], cells)
        pooled = (counts.sum(axis=0) + 1.0) / (counts.sum() + counts.shape[1])
        chances = (counts + 2.0 * pooled) / (counts.sum(axis=1, keepdims=True) + 2.0)
        found.append(Indicators(positions=tuple(positions), means=means, scales=scales, chances=chances))
    return found
