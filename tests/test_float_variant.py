"""Checks the float variant: no double tensor is left, and what it changes is counted and said."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime as ort
import pytest
from onnx import TensorProto, helper, numpy_helper

from inference import ArtifactError, InputError, Segmenter
from inference.__main__ import main
from inference.contract import METADATA_KEY
from inference.contract.parse import FLOAT_VARIANT_KEY
from inference.engines.float32.float_graph import float_graph
from inference.engines.float32.float_variant import Compared, advice, float_variant
from inference.engines.float32.rows_in_range import rows_in_range
from inference.loading.seal import check_seal, has_seal
from tests import shapes
from tests.conftest import ROOT, quick_config
from trainer import Table, prepare, train

PUBLISHED = ROOT / "artifacts" / "model.onnx"
ROWS = 4_000


@pytest.fixture(scope="module")
def variant(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The published model's variant."""
    path = tmp_path_factory.mktemp("float") / "float.onnx"
    assert main(["float", str(PUBLISHED), "--out", str(path), "--rows", str(ROWS)]) == 0
    return path


def types(graph: Any) -> Iterator[int]:
    """The type of everything in a graph and its branches that says one."""
    for value in (*graph.input, *graph.output, *graph.value_info):
        yield value.type.tensor_type.elem_type
    yield from (each.data_type for each in graph.initializer)
    for node in graph.node:
        for each in node.attribute:
            if each.HasField("g"):
                yield from types(each.g)
            elif each.HasField("t"):
                yield each.t.data_type
            elif each.name == "to":
                yield each.i


def mark(path: Path) -> dict[str, Any]:
    properties = {each.key: each.value for each in onnx.load(path).metadata_props}
    found: dict[str, Any] = json.loads(properties[FLOAT_VARIANT_KEY])
    return found


def test_no_double_is_left_and_texts_stay(variant: Path) -> None:
    model = onnx.load(variant)
    assert TensorProto.DOUBLE in set(types(onnx.load(PUBLISHED).graph))
    assert TensorProto.DOUBLE not in set(types(model.graph))
    inputs = {each.name: each.type for each in ort.InferenceSession(variant).get_inputs()}
    assert inputs["gender"] == "tensor(string)"
    assert {kind for name, kind in inputs.items() if name != "gender"} == {"tensor(float)"}


def test_it_is_for_the_same_runtimes_and_has_the_same_interface_and_contract(variant: Path) -> None:
    one, other = onnx.load(PUBLISHED), onnx.load(variant)
    assert (other.ir_version, list(other.opset_import)) == (one.ir_version, list(one.opset_import))
    assert [each.name for each in other.graph.output] == [each.name for each in one.graph.output]
    texts = [{each.key: each.value for each in model.metadata_props} for model in (one, other)]
    assert texts[1][METADATA_KEY] == texts[0][METADATA_KEY]


def test_its_mark_says_what_it_was_made_from_and_what_changes(variant: Path, published: Segmenter) -> None:
    found = mark(variant)
    assert (found["precision"], found["made_from"]) == ("float32", published.fingerprint)
    vectors = json.loads((ROOT / "artifacts" / "test_vectors.json").read_text(encoding="utf-8"))
    counts = [each["count"] for each in found["compared"]]
    assert counts == [len(vectors["outputs"]["segment"]), ROWS // 2, ROWS // 2]
    content = variant.read_bytes()
    assert has_seal(content)
    check_seal(content, variant)


def test_the_counts_are_those_of_both_files_asked_for_the_same_rows(variant: Path) -> None:
    vectors = json.loads((ROOT / "artifacts" / "test_vectors.json").read_text(encoding="utf-8"))
    session = ort.InferenceSession(variant)
    feeds = {
        each.name: np.array(
            [cell or "" for cell in cells] if each.type == "tensor(string)" else cells,
            object if each.type == "tensor(string)" else np.float32,
        ).reshape(-1, 1)
        for each in session.get_inputs()
        for cells in [vectors["inputs"][each.name]]
    }
    ids, chances = session.run(["segment_id", "probabilities"], feeds)
    told = mark(variant)["compared"][0]
    wanted = vectors["outputs"]
    assert told["segments_changed"] == int((ids != np.array(wanted["segment_id"])).sum())
    difference = np.abs(chances - np.array(wanted["probabilities"])).max()
    assert told["largest_probability_difference"] == pytest.approx(difference, rel=0.05)
    assert difference > 1e-3  # rows on the cuts of the trees: the comparison sees them


def test_complete_rows_of_the_published_model_keep_their_segments(variant: Path) -> None:
    known = mark(variant)["compared"][1]
    assert known["segments_changed"] == 0
    assert known["largest_probability_difference"] < 1e-5


def test_the_same_command_writes_the_same_bytes(variant: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.onnx"
    main(["float", str(PUBLISHED), "--out", str(again), "--rows", str(ROWS)])
    assert again.read_bytes() == variant.read_bytes()


def test_a_forest_has_a_variant_that_answers(table: Table) -> None:
    model = Segmenter.load(train(table, quick_config(user_k=4, classifier="random_forest")).model)
    content, found = float_variant(model, rows=2_000, seed=0, vectors=None)
    assert TensorProto.DOUBLE not in set(types(onnx.load_from_string(content).graph))
    assert [each.count for each in found] == [1_000, 1_000]
    assert found[0].segments_changed == 0
    assert found[1].segments_changed <= 20


def test_dates_logarithms_and_many_categories_have_a_variant() -> None:
    model = Segmenter.load(train(prepare(shapes.telecom(400)).table, quick_config(user_k=3)).model)
    _, found = float_variant(model, rows=2_000, seed=0, vectors=None)
    assert all(each.segments_changed <= 20 for each in found)


def test_drawn_rows_stay_in_the_ranges_and_hide_cells_only_where_wanted(published: Segmenter) -> None:
    contract = published.contract
    known, gaps = (
        rows_in_range(contract, ROWS, np.random.default_rng(1), gaps=each) for each in (False, True)
    )
    age = contract.column("age")
    assert known["age"].min() == age.quantiles[0.0]
    assert known["age"].max() == age.quantiles[1.0]
    assert np.array_equal(known["age"], np.round(known["age"]))
    assert set(known["gender"].ravel()) == {each.value for each in contract.column("gender").categories}
    assert 0.15 < np.isnan(gaps["age"]).mean() < 0.25
    assert "" in set(gaps["gender"].ravel())


def test_a_changed_segment_is_said_with_what_to_do(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    changed = Compared(rows="drawn", count=200, segments_changed=1, largest_probability_difference=0.25)
    assert changed.sentence() == (
        "200 rows (drawn): 1 (0.500%) changes its segment, probabilities differ by 0.25 at most"
    )
    assert "python -m inference sql" in advice((changed,))
    assert main(["float", str(PUBLISHED), "--out", str(tmp_path / "f.onnx"), "--rows", "1"]) == 0
    assert "probabilities differ by" in capsys.readouterr().out


def test_the_package_refuses_the_variant(variant: Path) -> None:
    with pytest.raises(ArtifactError, match="is a float variant for databases"):
        Segmenter.load(variant)


def test_the_page_names_the_segments_in_the_order_of_their_numbers(published: Segmenter) -> None:
    page = (ROOT / "docs" / "onnx-in-databases.md").read_text(encoding="utf-8")
    (labels,) = re.findall(r'"labels": (\[.*?\])', page, re.S)
    assert json.loads(labels) == [each.name for each in published.contract.segments]


def test_a_number_that_single_precision_cannot_hold_is_refused() -> None:
    node = helper.make_node("Add", ["x", "large"], ["y"])
    ends = [helper.make_tensor_value_info(name, TensorProto.DOUBLE, ["N", 1]) for name in "xy"]
    large = numpy_helper.from_array(np.array([1e300]), "large")
    graph = helper.make_graph([node], "g", ends[:1], ends[1:], [large])
    with pytest.raises(ArtifactError, match="must fit single precision, but 1e\\+300 in 'large' does not"):
        float_graph(helper.make_model(graph).SerializeToString())


@pytest.mark.parametrize("ages", [[], [31.0, 32.0]])
def test_vectors_of_no_rows_or_of_other_lengths_are_refused(
    ages: list[float], published: Segmenter, tmp_path: Path
) -> None:
    path = tmp_path / "vectors.json"
    cells: dict[str, Any] = dict.fromkeys(published.contract.names, ages[:1])
    path.write_text(json.dumps({"inputs": cells | {"age": ages}}), encoding="utf-8")
    with pytest.raises(InputError, match="must hold the test vectors of this model"):
        float_variant(published, rows=1, seed=0, vectors=path)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--rows", "0"], "--rows must be from 1"),
        (["--seed", "-1"], "--seed 0 or more"),
        (["--vectors", str(ROOT / "pyproject.toml")], "must hold the test vectors of this model"),
    ],
)
def test_a_wrong_option_writes_nothing(
    options: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "f.onnx"
    assert main(["float", str(PUBLISHED), "--out", str(out), *options]) == 2
    assert said in capsys.readouterr().err
    assert not out.exists()
