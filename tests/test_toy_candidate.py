"""Checks that a classifier from outside the trainer runs end to end once it is registered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from skl2onnx import convert_sklearn
from skl2onnx.common.data_types import FloatTensorType
from sklearn.tree import DecisionTreeClassifier

from inference import Segmenter
from tests.conftest import quick_config
from trainer import DifferenceError, Table, Trained, train
from trainer.classifier.candidate import Candidate, Settings, Thresholds
from trainer.classifier.candidates import CANDIDATES
from trainer.classifier.models.tree_ensemble import distinct_thresholds
from trainer.export.probe_rows import thresholds
from trainer.report.card import model_card
from trainer.schema.onnx_graph import OPSETS, Graph


class OneTree(Candidate):
    """A single decision tree."""

    name = "one_tree"
    label = "One tree"
    follows_missing = False
    sizes = ({"max_depth": 3}, {"max_depth": 5})

    def fit(
        self,
        inputs: NDArray[np.float32],
        labels: NDArray[np.int64],
        *,
        segments: int,
        settings: Settings,
        seed: int,
    ) -> DecisionTreeClassifier:
        del segments
        return DecisionTreeClassifier(random_state=seed, **settings).fit(inputs, labels)

    def emit(self, graph: Graph, estimator: DecisionTreeClassifier, inputs: str) -> str:
        model = convert_sklearn(
            estimator,
            initial_types=[("X", FloatTensorType([None, estimator.n_features_in_]))],
            options={"zipmap": False},
            target_opset=OPSETS,
        )
        return graph.splice(model, {"X": inputs})["probabilities"]

    def thresholds(self, estimator: DecisionTreeClassifier) -> Thresholds:
        inner = estimator.tree_.feature >= 0
        return distinct_thresholds(estimator.tree_.feature[inner], estimator.tree_.threshold[inner])


class WrongTree(OneTree):
    """A tree whose nodes compare with numbers next to its own thresholds."""

    def emit(self, graph: Graph, estimator: DecisionTreeClassifier, inputs: str) -> str:
        moved = graph.node("Sub", inputs, graph.constant(np.float32(1e-6)))
        return super().emit(graph, estimator, moved)


@pytest.fixture(scope="module")
def toy(table: Table) -> Trained:
    """A run with the tree as the requested classifier."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(CANDIDATES, OneTree.name, OneTree())
        return train(table, quick_config(user_k=5, classifier=OneTree.name))


def test_it_is_compared_and_chosen(toy: Trained) -> None:
    assert OneTree.name in toy.evaluation.classifiers
    assert OneTree.name in toy.selection.losses
    assert toy.fitted.classifier.candidate.label == "One tree"


def test_the_file_answers_as_the_tree_does(toy: Trained, tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(toy.model)
    answer = Segmenter.load(tmp_path / "model.onnx").predict(age=30, annual_income=80)
    row: dict[str, NDArray[Any]] = {
        "gender": np.array([""], dtype=object),
        "age": np.array([30.0]),
        "annual_income": np.array([80.0]),
        "spending_score": np.array([np.nan]),
    }
    wanted = toy.fitted.classifier.probabilities(row)[0]
    assert list(answer.probabilities.values()) == pytest.approx(wanted.tolist(), abs=1e-6)


def test_it_is_verified_on_its_own_thresholds(toy: Trained) -> None:
    tree = toy.fitted.classifier.estimator.tree_
    cuts = thresholds(toy.fitted)
    assert sum(len(each) for each in cuts.values()) > 0
    for position, values in cuts.items():
        assert set(values) == set(tree.threshold[tree.feature == position].astype(np.float32))


def test_a_wrong_comparison_is_found_there(table: Table) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(CANDIDATES, WrongTree.name, WrongTree())
        with pytest.raises(DifferenceError):
            train(table, quick_config(user_k=5, classifier=WrongTree.name))


def test_the_card_names_it(toy: Trained, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CANDIDATES, OneTree.name, OneTree())
    assert "One tree" in model_card(toy)


def test_a_candidate_without_thresholds_cannot_be_made() -> None:
    class Silent(Candidate):
        name = "silent"
        label = "Silent"
        follows_missing = False
        sizes = ({},)

        def fit(self, *_: Any, **__: Any) -> Any:
            raise AssertionError

        def emit(self, graph: Graph, estimator: Any, inputs: str) -> str:
            raise AssertionError

    with pytest.raises(TypeError, match="thresholds"):
        Silent()  # type: ignore[abstract]  # that is the point
