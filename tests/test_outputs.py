"""Checks that an output is added to one table in one place, and that readers accept it."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, get_type_hints

import numpy as np
import onnx
import pytest

from inference import Answer, ArtifactError, Segmenter
from inference.contract import ANSWERS, OUTPUT_TABLE, PROBABILITIES, Output
from inference.contract.outputs import FLOAT, NEVER, PROBABILITY_TOLERANCE, ROWS
from inference.loading.seal import add_seal
from inference.validation import check_columns
from service.api.schemas import Prediction
from tests.conftest import ROOT, quick_config
from tests.falsified import falsified
from trainer import DifferenceError, Table, Trained, train
from trainer.export.build_graph import build_model
from trainer.export.reference_vectors import make_vectors, vectors_text
from trainer.export.verify import verify
from trainer.results.fitted import EXTRA_OUTPUTS, ExtraOutput, graph_outputs

JAVASCRIPT = ROOT / "examples" / "javascript"
CONFIDENCE = ExtraOutput(
    output=Output(
        name="confidence",
        type=FLOAT,
        dimensions=(ROWS,),
        tolerance=PROBABILITY_TOLERANCE,
        meaning="the largest probability",
    ),
    emit=lambda graph, fitted: graph.node(
        "ReduceMax", PROBABILITIES, axes=[1], keepdims=0, output="confidence"
    ),
    answer=lambda fitted, columns, answers: answers[PROBABILITIES].max(axis=1),
)


@pytest.fixture(scope="module")
def newer(table: Table) -> Iterator[Trained]:
    """A run whose file has one output that is not in the table."""
    EXTRA_OUTPUTS["confidence"] = CONFIDENCE
    yield train(table, quick_config(user_k=3))
    del EXTRA_OUTPUTS["confidence"]


@pytest.fixture(scope="module")
def files(newer: Trained, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """This file with its outputs in the reverse order, and its test vectors."""
    folder = tmp_path_factory.mktemp("newer")
    model = onnx.load_model_from_string(newer.model)
    outputs = list(reversed(model.graph.output))
    del model.graph.output[:]
    model.graph.output.extend(outputs)
    (folder / "model.onnx").write_bytes(add_seal(model.SerializeToString()))
    vectors = make_vectors(newer.fitted, newer.model, newer.table)
    (folder / "vectors.json").write_text(vectors_text(vectors), encoding="utf-8")
    return folder / "model.onnx", folder / "vectors.json"


def test_a_registered_output_is_in_the_file_and_verified(newer: Trained) -> None:
    assert "confidence" in [each.name for each in onnx.load_model_from_string(newer.model).graph.output]
    assert newer.verification.largest["confidence"] <= PROBABILITY_TOLERANCE
    assert newer.described.outputs == graph_outputs()
    assert newer.described.self_test is not None
    assert "confidence" in newer.described.self_test.outputs


def test_a_registered_output_that_differs_from_its_reference_is_refused(
    newer: Trained, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = build_model(newer.fitted, newer.contract).SerializeToString()
    wrong = replace(CONFIDENCE, answer=lambda fitted, columns, answers: answers[PROBABILITIES].min(axis=1))
    monkeypatch.setitem(EXTRA_OUTPUTS, "confidence", wrong)
    with pytest.raises(DifferenceError, match="'confidence' must be within 1e-05"):
        verify(newer.fitted, model, newer.table, rows=500)


def test_python_reads_a_file_with_more_outputs_in_any_order(files: tuple[Path, Path]) -> None:
    segmenter = Segmenter.load(files[0])
    columns = {"annual_income": [17, 80, None], "spending_score": [40, 80, 50]}
    answers = segmenter.predict_many(columns)
    checked = check_columns(segmenter.contract, columns)
    (confidence,) = segmenter.values(checked, ["confidence"]).values()
    assert np.array_equal(confidence, answers.probabilities.max(axis=1))
    with pytest.raises(KeyError, match="contract"):
        segmenter.values(checked, ["contract"])


def test_the_self_test_covers_an_output_that_only_the_file_knows(
    files: tuple[Path, Path], tmp_path: Path
) -> None:
    def change(document: dict[str, Any]) -> None:
        document["self_test"]["outputs"]["confidence"][0] += 0.001

    (tmp_path / "model.onnx").write_bytes(falsified(files[0].read_bytes(), change))
    with pytest.raises(ArtifactError, match=r"'confidence' is off by 0\.001"):
        Segmenter.load(tmp_path / "model.onnx")


def test_a_file_without_an_output_of_its_contract_is_refused(
    files: tuple[Path, Path], tmp_path: Path
) -> None:
    model = onnx.load(files[0])
    kept = [each for each in model.graph.output if each.name != "confidence"]
    del model.graph.output[:]
    model.graph.output.extend(kept)
    (tmp_path / "model.onnx").write_bytes(add_seal(model.SerializeToString()))
    with pytest.raises(ArtifactError, match=r"must have the inputs .*'confidence'.*changed after training"):
        Segmenter.load(tmp_path / "model.onnx")


def test_javascript_reads_a_file_with_more_outputs_in_any_order(files: tuple[Path, Path]) -> None:
    if shutil.which("node") is None or not (JAVASCRIPT / "node_modules").exists():
        pytest.skip("the JavaScript example must be built: python examples/run.py javascript")
    environment = {"MODEL": str(files[0]), "VECTORS": str(files[1])}
    checked = json.loads(_node(["segment.js", "vectors"], environment))
    assert (checked["mismatches"], checked["rows"] > 500) == (0, True)
    code = (
        'import { readFile } from "node:fs/promises"; import * as ort from "onnxruntime-node";'
        'import { Segmenter } from "./core/segmenter.js";'
        "const segmenter = await Segmenter.open(ort, new Uint8Array(await readFile(process.env.MODEL)));"
        "const inputs = segmenter.contract.self_test.inputs;"
        'const { confidence } = await segmenter.run(inputs, ["confidence"]);'
        "console.log(JSON.stringify([...confidence]));"
    )
    found = json.loads(_node(["--input-type=module", "-e", code], environment))
    test = Segmenter.load(files[0]).contract.self_test
    assert test is not None
    assert found == pytest.approx(test.outputs["confidence"], abs=PROBABILITY_TOLERANCE)


def _node(arguments: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(
        ["node", *arguments],
        cwd=JAVASCRIPT,
        env=environment | {"PATH": _path()},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _path() -> str:
    node = shutil.which("node")
    assert node is not None
    return str(Path(node).parent)


def test_an_output_of_an_unknown_type_or_missing_rule_is_refused() -> None:
    with pytest.raises(ValueError, match="output 'confidence' must have a type of"):
        replace(CONFIDENCE.output, type="int8")
    with pytest.raises(ValueError, match="and a missing rule of"):
        replace(CONFIDENCE.output, missing="sometimes")


def test_the_api_answers_with_every_output_of_the_table_and_null_where_it_may_be_missing() -> None:
    for shape in (Prediction, Answer):
        hints: dict[str, Any] = get_type_hints(shape)
        for output in OUTPUT_TABLE:
            if output.per_row:
                may_be_null = "None" in str(hints[output.name])
                assert may_be_null == (output.missing != NEVER), output.name


def test_the_documentation_has_the_table() -> None:
    rows = []
    for output in OUTPUT_TABLE:
        shape = ", ".join(str(size) for size in output.dimensions)
        missing = "" if output.missing == NEVER else f"; NaN {output.missing}"
        rows.append(f"| `{output.name}` | {output.type} `[{shape}]` | {output.meaning}{missing} |")
    text = "\n".join(["| output | type | meaning |", "|---|---|---|", *rows])
    assert text in (ROOT / "docs" / "run-it-anywhere.md").read_text(encoding="utf-8"), text


def test_every_output_but_the_contract_answers_about_each_row() -> None:
    assert tuple(output.name for output in OUTPUT_TABLE if output.name != "contract") == ANSWERS


def test_an_output_of_the_table_cannot_be_registered_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(EXTRA_OUTPUTS, PROBABILITIES, CONFIDENCE)
    with pytest.raises(ValueError, match="must have a name of its own"):
        graph_outputs()
