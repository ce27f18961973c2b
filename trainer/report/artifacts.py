"""Writes the files of a run (model, card, report, figures, test vectors), and compares those of two runs."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any

import onnx

from inference.contract import CONTRACT, METADATA_KEY
from trainer.export.reference_vectors import make_vectors, vectors_text
from trainer.export.vectors_schema import schema_text
from trainer.parallel import Progress, no_progress
from trainer.report.atomic_folder import replacing
from trainer.report.card import model_card
from trainer.report.comparison_words import COMPARED
from trainer.report.figures import write_figures
from trainer.report.model_comparison import Comparison
from trainer.report.run_report import report_document
from trainer.results.trained import Trained

MODEL, CARD, REPORT, FIGURES = "model.onnx", "MODEL_CARD.md", "report.json", "figures"
COMPARISON = "comparison.json"  # of a retrained model with the one before
VECTORS, VECTORS_SCHEMA = "test_vectors.json", "test_vectors.schema.json"
NUMBER_TOLERANCE = 1e-5  # other processors and library builds round the last digits differently
_MAY_DIFFER = frozenset({"versions", "created", "largest", "moves", "model_sha256"})
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_LAST_DIGITS = 0.011  # sentences show two or three digits, percentages one


def write_artifacts(
    trained: Trained,
    folder: Path,
    *,
    comparison: Comparison | None = None,
    progress: Progress = no_progress,
) -> None:
    """Write everything into ``folder``, all at once (see ``trainer.report.atomic_folder``).

    Args:
        comparison: with the model that ran before, where there was one to compare with.
    """
    with replacing(folder, without=(COMPARISON,)) as fresh:
        (fresh / MODEL).write_bytes(trained.model)
        (fresh / CARD).write_text(model_card(trained, comparison), encoding="utf-8")
        if comparison is not None:
            (fresh / COMPARISON).write_text(comparison.to_json() + "\n", encoding="utf-8")
        report = json.dumps(report_document(trained), indent=1, ensure_ascii=False, allow_nan=False)
        (fresh / REPORT).write_text(report + "\n", encoding="utf-8")
        vectors = make_vectors(trained.fitted, trained.model, trained.table)
        (fresh / VECTORS).write_text(vectors_text(vectors), encoding="utf-8")
        (fresh / VECTORS_SCHEMA).write_text(schema_text(), encoding="utf-8")
        (fresh / FIGURES).mkdir()
        write_figures(trained, fresh / FIGURES, progress=progress)


def differences(one: Path, other: Path) -> list[str]:
    """How the graphs, contracts, reports, cards and test vectors of two folders differ, in sentences.

    Versions, dates and the last digits may differ, so that the same run on another processor agrees.
    Figures only draw what the report contains, and are not compared.
    """
    found = []
    parts = (
        (_contract, MODEL),
        (_graph, MODEL),
        (_json, REPORT),
        (_card, CARD),
        (_json, VECTORS),
        (_json, VECTORS_SCHEMA),
    )
    for read, name in parts:
        lacking = [str(folder) for folder in (one, other) if not (folder / name).exists()]
        if lacking:
            found.append(f"{name}: is not in {' and '.join(lacking)}")
            continue
        found += [f"{name}: {line}" for line in _compare(read(one / name), read(other / name), "")]
    return found


def _contract(path: Path) -> Any:
    properties = onnx.load(path).metadata_props
    return json.loads(next(each.value for each in properties if each.key == METADATA_KEY))


def _graph(path: Path) -> Any:
    """Nodes with their attributes and the numbers of the initializers, without the contract's own node."""
    graph = onnx.load(path).graph
    return {
        "nodes": _nodes(graph),
        "initializers": [onnx.numpy_helper.to_array(each).tolist() for each in graph.initializer],
    }


def _nodes(graph: onnx.GraphProto) -> list[Any]:
    return [
        [
            node.op_type,
            list(node.input),
            list(node.output),
            {each.name: _attribute(each) for each in node.attribute},
        ]
        for node in graph.node
        if list(node.output) != [CONTRACT]
    ]


def _attribute(attribute: onnx.AttributeProto) -> Any:
    value = onnx.helper.get_attribute_value(attribute)
    if isinstance(value, onnx.GraphProto):
        return _nodes(value)
    if isinstance(value, onnx.TensorProto):
        return onnx.numpy_helper.to_array(value).tolist()
    return list(value) if isinstance(value, (list, tuple)) else value


def _card(path: Path) -> Any:
    """The lines of the card, without those about versions, rounding and the model that ran before."""
    text = path.read_text(encoding="utf-8")
    lines = re.sub(rf"^{COMPARED}\n.*?(?=^## )", "", text, flags=re.DOTALL | re.MULTILINE).splitlines()
    return [line for line in lines if not line.startswith(("Made with", "Before it was written"))]


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _compare(one: Any, other: Any, where: str) -> list[str]:
    if isinstance(one, dict) and isinstance(other, dict):
        found = [f"{where}.{key} is only in one" for key in sorted(one.keys() ^ other.keys())]
        for key in sorted((one.keys() & other.keys()) - _MAY_DIFFER):
            found += _compare(one[key], other[key], f"{where}.{key}")
        return found
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return [
            line
            for row, pair in enumerate(zip(one, other, strict=True))
            for line in _compare(*pair, f"{where}[{row}]")
        ]
    if isinstance(one, float) and isinstance(other, float):
        close = one == other or math.isclose(one, other, rel_tol=NUMBER_TOLERANCE, abs_tol=NUMBER_TOLERANCE)
        close = close or (math.isnan(one) and math.isnan(other))
        return [] if close else [f"{where} is {one!r} and {other!r}"]
    same = _alike(one, other) if isinstance(one, str) and isinstance(other, str) else one == other
    return [] if same else [f"{where} is {one!r} and {other!r}"]


def _alike(one: str, other: str) -> bool:
    """Whether two sentences have the same words, and numbers that differ at most in the last digit."""
    if _NUMBER.sub("#", one) != _NUMBER.sub("#", other):
        return False
    pairs = zip(_NUMBER.findall(one), _NUMBER.findall(other), strict=True)
    return all(
        left == right or ("." in left and abs(float(left) - float(right)) < _LAST_DIGITS)
        for left, right in pairs
    )
