"""Checks that each segment's Gaussian is marginalised exactly, and blended with trees where that helps."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import onnx
import onnxruntime as ort
import pytest
from numpy.typing import NDArray
from onnx import TensorProto, helper
from scipy.stats import multivariate_normal

from trainer import MALL, Table
from trainer.classifier.candidates import BLEND, CANDIDATES, GAUSSIAN
from trainer.classifier.models.blend_candidate import WEIGHTS, Blend, best_weight
from trainer.classifier.models.gaussian_fit import RIDGE, factorised, moments, shrunken
from trainer.classifier.models.gaussian_model import GaussianModel, Indicators, Statistics, gaussian_models
from trainer.classifier.training_table import TrainingTable, classifier_inputs
from trainer.schema.features import feature_names
from trainer.schema.onnx_graph import OPSETS, Graph
from trainer.segments.kmeans import fit_segmentation

STEPS, PRECISION = 300, 1e-10


@pytest.fixture(scope="module")
def mall(table: Table) -> TrainingTable:
    segmentation = fit_segmentation(MALL, table.columns, 5, seed=0)
    labels = segmentation.nearest(table.columns)
    return TrainingTable(segmentation=segmentation, columns=table.columns, labels=labels)


def _groups(width: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Three groups of 60 rows with correlations of their own."""
    rng = np.random.default_rng(width)
    parts = [
        rng.normal(size=(60, width)) @ rng.normal(size=(width, width)) + 2 * rng.normal(size=width)
        for _ in range(3)
    ]
    return np.concatenate(parts), np.repeat(np.arange(3), 60)


def _model(numbers: NDArray[np.float64], labels: NDArray[np.int64]) -> GaussianModel:
    statistics = Statistics(
        moments=moments(numbers, labels, 3),
        positions=np.arange(numbers.shape[1]),
        categories=[],
        width=numbers.shape[1],
    )
    return gaussian_models(statistics, [(5.0, 0.15)], steps=STEPS, precision=PRECISION)[0]


@pytest.mark.parametrize("width", [1, 2, 3, 6])
def test_every_pattern_has_the_marginal_density(width: int) -> None:
    """Compared with scipy's density of the known columns, under the covariance that the factors give."""
    numbers, labels = _groups(width)
    found = moments(numbers, labels, 3)
    specific, loadings = factorised(
        shrunken(found, pooled_rows=5.0, diagonal=0.15), steps=STEPS, precision=PRECISION
    )
    model = _model(numbers, labels)
    rows = numbers[::9].astype(np.float32)
    for known in product((True, False), repeat=width):
        kept = np.flatnonzero(known)
        asked = np.where(known, rows, np.float32(np.nan))
        wanted = np.full((len(rows), 3), 1 / 3)
        for segment in range(3 if len(kept) else 0):
            covariance = np.diag(specific[segment]) + loadings[segment] @ loadings[segment].T
            own = multivariate_normal(found.means[segment, kept], covariance[np.ix_(kept, kept)])
            wanted[:, segment] = own.pdf(rows[:, kept].astype(np.float64))
        wanted /= wanted.sum(axis=1, keepdims=True)
        assert model.predict_proba(asked) == pytest.approx(wanted, abs=1e-6)


def test_two_columns_need_no_more_than_two_factors() -> None:
    covariances = np.array([[[1.0, r], [r, 2.0]] for r in (-1.2, 0.0, 0.4, 1.2)])
    specific, loadings = factorised(covariances, steps=STEPS, precision=PRECISION)
    restored = loadings @ loadings.transpose(0, 2, 1)
    restored[:, [0, 1], [0, 1]] += specific
    assert restored == pytest.approx(covariances, abs=1e-6)


def test_moments_are_those_of_the_known_cells() -> None:
    numbers, labels = _groups(3)
    whole = moments(numbers, labels, 3)
    for segment in range(3):
        own = numbers[labels == segment]
        assert whole.means[segment] == pytest.approx(own.mean(axis=0))
        assert whole.covariances[segment] == pytest.approx(np.cov(own.T, bias=True))
    gaps = numbers.copy()
    gaps[::3, 1] = np.nan
    gaps[labels == 2, 2] = np.nan
    found = moments(gaps, labels, 3)
    assert found.means[0, 1] == pytest.approx(np.nanmean(gaps[labels == 0, 1]))
    assert found.means[2, 2] == pytest.approx(np.nanmean(gaps[:, 2]))
    assert found.covariances[2, 2, 2] == pytest.approx(np.nanvar(gaps[:, 2]))
    assert (np.linalg.eigvalsh(found.covariances) > -1e-9).all()


def test_shrinkage_ends_at_the_pooled_covariance_and_at_its_diagonal() -> None:
    found = moments(*_groups(3), 3)
    alone = shrunken(found, pooled_rows=0.0, diagonal=0.0)
    assert alone == pytest.approx(found.covariances + RIDGE * np.eye(3))
    pooled = shrunken(found, pooled_rows=1e12, diagonal=1.0)
    for each in pooled:
        assert each == pytest.approx(np.diag(np.diag(found.pooled)) + RIDGE * np.eye(3))


def test_formulas_have_no_weight_and_gender_has_one(mall: TrainingTable) -> None:
    names = feature_names(MALL)
    model = CANDIDATES[GAUSSIAN].train(mall, settings=CANDIDATES[GAUSSIAN].sizes[0], seed=0)
    inputs = classifier_inputs(mall.segmentation, mall.columns, follows_missing=True)
    plain = model.predict_proba(inputs)
    for position, name in enumerate(names):
        changed = inputs.copy()
        changed[:, position] += 1.0
        formula = name in {feature.name for feature in MALL.features}
        assert np.array_equal(model.predict_proba(changed), plain) == formula


def test_categories_have_the_smoothed_shares_of_their_segment() -> None:
    """With nothing else known, the answer is Bayes' rule on these shares."""
    chances = np.array([[0.2, 0.3, 0.5], [0.6, 0.3, 0.1]])
    means, scales = np.array([0.3, 0.4]), np.array([0.5, 2.0])
    numbers, labels = _groups(1)
    statistics = Statistics(
        moments=moments(numbers[:90], labels[:90], 2),
        positions=np.array([0]),
        categories=[Indicators(positions=(1, 2), means=means, scales=scales, chances=chances)],
        width=3,
    )
    (model,) = gaussian_models(statistics, [(0.0, 0.0)], steps=STEPS, precision=PRECISION)
    for category, indicators in enumerate(([0.0, 0.0], [1.0, 0.0], [0.0, 1.0])):
        row = np.array([[np.nan, *((np.array(indicators) - means) / scales)]], dtype=np.float32)
        wanted = np.array([60, 30]) * chances[:, category]
        assert model.predict_proba(row)[0] == pytest.approx(wanted / wanted.sum(), abs=1e-6)


def test_gender_alone_gives_the_smoothed_shares(mall: TrainingTable) -> None:
    model = CANDIDATES[GAUSSIAN].train(mall, settings=CANDIDATES[GAUSSIAN].sizes[0], seed=0)
    genders = np.asarray(mall.columns["gender"])
    columns = {**mall.columns, **{name: np.full(200, np.nan) for name in MALL.names if name != "gender"}}
    inputs = classifier_inputs(mall.segmentation, columns, follows_missing=True)
    for value in ("Female", "Male"):
        counts = np.bincount(mall.labels[genders == value], minlength=5)
        sizes = np.bincount(mall.labels, minlength=5)
        pooled = ((genders == value).sum() + 1) / 202
        wanted = sizes * (counts + 2 * pooled) / (sizes + 2)
        found = model.predict_proba(inputs[genders == value])[0]
        assert found == pytest.approx(wanted / wanted.sum(), abs=1e-5)


@pytest.mark.parametrize("name", [GAUSSIAN, BLEND])
def test_missing_and_far_rows_agree_with_the_graph(mall: TrainingTable, name: str) -> None:
    candidate = CANDIDATES[name]
    estimator = candidate.train(mall, settings=candidate.sizes[0], seed=0)
    inputs = classifier_inputs(mall.segmentation, mall.columns, follows_missing=True)
    rng = np.random.default_rng(0)
    rows = np.concatenate([inputs, 50 * inputs, -50 * inputs, 1e20 * inputs])
    rows = np.where(rng.random(rows.shape) < 0.3, np.float32(np.nan), rows)
    rows[0], rows[1] = np.nan, np.inf
    found, wanted = _run(name, estimator, rows), estimator.predict_proba(rows)
    assert np.isfinite(wanted).all()
    assert found == pytest.approx(wanted, abs=1e-6)
    if name == GAUSSIAN:
        shares = np.bincount(mall.labels) / 200
        assert found[0] == pytest.approx(shares, abs=1e-6)


def _run(name: str, estimator: object, rows: NDArray[np.float32]) -> NDArray[np.float32]:
    graph = Graph(taken=("X",))
    output = CANDIDATES[name].emit(graph, estimator, "X")
    made = helper.make_graph(
        graph.nodes,
        "candidate",
        [helper.make_tensor_value_info("X", TensorProto.FLOAT, [None, rows.shape[1]])],
        [helper.make_tensor_value_info(output, TensorProto.FLOAT, ["N", "K"])],
        graph.initializers,
    )
    opsets = [helper.make_opsetid(domain, version) for domain, version in OPSETS.items()]
    model = helper.make_model(made, opset_imports=opsets, ir_version=7)
    onnx.checker.check_model(model)
    session = ort.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return np.asarray(session.run(None, {"X": rows})[0])


@pytest.mark.parametrize("weight", WEIGHTS)
def test_a_blend_of_any_weight_agrees_with_the_graph(mall: TrainingTable, weight: float) -> None:
    candidate = CANDIDATES[BLEND]
    blend: Blend = candidate.train(mall, settings={**candidate.sizes[0], "weight": weight}, seed=0)
    inputs = classifier_inputs(mall.segmentation, mall.columns, follows_missing=True)
    inputs[::2, 3:] = np.nan
    wanted = weight * blend.gaussian.predict_proba(inputs) + (1 - weight) * blend.trees.predict_proba(inputs)
    assert blend.predict_proba(inputs) == pytest.approx(wanted, abs=1e-6)
    assert _run(BLEND, blend, inputs) == pytest.approx(wanted, abs=1e-6)
    assert bool(candidate.thresholds(blend)) == (weight < 1)


def test_the_usual_weight_stays_unless_another_is_clearly_better() -> None:
    rng = np.random.default_rng(0)
    losses = rng.normal(1.0, 0.1, size=(len(WEIGHTS), 100))
    losses[0] = losses[2] - rng.normal(0.005, 0.1, size=100)
    assert losses[0].mean() < losses[2].mean()
    assert best_weight(losses) == 0.5
    losses[0] -= 0.1
    assert best_weight(losses) == 0.0


def test_the_search_keeps_correlations_only_where_they_tell_segments_apart(table: Table) -> None:
    """Two long, parallel groups of income and score; then the same groups without correlation."""
    rng = np.random.default_rng(1)
    labels = np.arange(200) % 2
    found = []
    for correlated in (True, False):
        income = rng.normal(60.0, 15.0, size=200)
        score = 50.0 + (income - 60.0 if correlated else 0.0) + 12.0 * labels + rng.normal(0.0, 3.0, size=200)
        columns = {**table.columns, "annual_income": income, "spending_score": score}
        segmentation = fit_segmentation(MALL, columns, 2, seed=0)
        known = TrainingTable(segmentation=segmentation, columns=columns, labels=labels)
        settings = CANDIDATES[GAUSSIAN].search(known, seed=0)
        assert settings is not None
        found.append(settings["diagonal"])
    assert found[0] < 0.2 < found[1]


def test_hidden_profile_cells_are_no_obstacle(mall: TrainingTable) -> None:
    ages = np.where(np.arange(200) % 3 == 0, np.nan, mall.columns["age"])
    gaps = replace(mall, columns={**mall.columns, "age": ages})
    model = CANDIDATES[GAUSSIAN].train(gaps, settings=CANDIDATES[GAUSSIAN].sizes[0], seed=0)
    inputs = classifier_inputs(gaps.segmentation, gaps.columns, follows_missing=True)
    assert (model.predict_proba(inputs).argmax(axis=1) == mall.labels).mean() > 0.95
