"""Checks that trees of two levels and their table over pairs are the same function."""

from __future__ import annotations

import numpy as np
import pytest
from onnx import TensorProto, helper
from onnxmltools import convert_xgboost
from onnxmltools.convert.common.data_types import FloatTensorType
from onnxruntime import InferenceSession
from xgboost import XGBClassifier

from trainer.classifier.models.pair_nodes import emit_pairs
from trainer.classifier.models.pair_table import PairTable, pair_table
from trainer.classifier.models.tree_ensemble import tree_attributes
from trainer.schema.onnx_graph import OPSETS, Graph

WIDTH = 5


def fitted(depth: int, segments: int, seed: int = 0) -> XGBClassifier:
    rng = np.random.default_rng(seed)
    inputs = rng.normal(size=(600, WIDTH)).astype(np.float32)
    inputs[rng.random(inputs.shape) < 0.2] = np.nan
    labels = (np.nan_to_num(inputs[:, 0]) * 2 + np.nan_to_num(inputs[:, 1]) > 0).astype(int)
    labels += segments - 2 if segments > 2 else 0
    labels[:segments] = np.arange(segments)
    boosted = XGBClassifier(
        objective="multi:softprob", num_class=segments, n_estimators=15, max_depth=depth, n_jobs=1
    )
    return boosted.fit(inputs, labels)


def table_of(boosted: XGBClassifier) -> PairTable | None:
    model = convert_xgboost(
        boosted, initial_types=[("X", FloatTensorType([None, WIDTH]))], target_opset=OPSETS[""]
    )
    return pair_table(tree_attributes(model), segments=boosted.n_classes_)


def asked(boosted: XGBClassifier) -> np.ndarray:
    """Random rows, and rows at every threshold and next to it."""
    rng = np.random.default_rng(1)
    rows = rng.normal(size=(2_000, WIDTH)).astype(np.float32) * 2
    frame = boosted.get_booster().trees_to_dataframe()
    cuts = frame[frame["Feature"] != "Leaf"]
    for number, (name, cut) in enumerate(zip(cuts["Feature"], cuts["Split"].astype(np.float32), strict=True)):
        for step, near in enumerate((np.nextafter(cut, np.float32(-np.inf)), cut)):
            rows[(2 * number + step) % len(rows), int(name[1:])] = near
    rows[rng.random(rows.shape) < 0.2] = np.nan
    rows[0], rows[1] = np.nan, np.inf
    return rows


@pytest.mark.parametrize("depth", [1, 2])
@pytest.mark.parametrize("segments", [2, 4])
def test_the_table_is_the_ensemble(depth: int, segments: int) -> None:
    boosted = fitted(depth, segments)
    table = table_of(boosted)
    assert table is not None
    rows = asked(boosted)
    wanted = boosted.predict(rows, output_margin=True)
    found = table.margins(rows)
    finite = np.isfinite(rows).all(axis=1) | np.isnan(rows).any(axis=1)
    assert np.abs(found - wanted)[finite].max() < 2e-6
    assert np.abs(found - wanted).max() < 2e-6  # an infinite value is above every threshold

    graph = Graph(taken=("X",))
    output = emit_pairs(graph, "X", table)
    made = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "pairs",
            [helper.make_tensor_value_info("X", TensorProto.FLOAT, ["N", WIDTH])],
            [helper.make_tensor_value_info(output, TensorProto.FLOAT, None)],
            graph.initializers,
        ),
        opset_imports=[helper.make_opsetid(domain, version) for domain, version in OPSETS.items()],
        ir_version=7,
    )
    (emitted,) = InferenceSession(made.SerializeToString()).run(None, {"X": rows})
    assert np.abs(emitted - found).max() < 2e-6
    (single,) = InferenceSession(made.SerializeToString()).run(None, {"X": rows[7:8]})
    assert np.array_equal(single[0], emitted[7])


def test_deeper_trees_have_no_table() -> None:
    assert table_of(fitted(3, 4)) is None


def test_a_table_that_is_too_large_is_not_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trainer.classifier.models.pair_table.MOST_BYTES", 1_000)
    assert table_of(fitted(2, 4)) is None
