"""Checks that every example detects a wrong file and accepts a newer one.

    python examples/conformance.py [NAME ...]

In a copy of the model, one cut of the trees is moved to the next float32: a cut that equals a value in a row
of artifacts/test_vectors.json. Every example (built by run.py before) must then end with status 1 and report
a mismatch. In another copy, the graph for one complete customer has other centroids, which every example with
"one_row" in its example.json must report, too. A third copy has one more output, and all outputs in another
order: every example must end with status 0. All have a seal of their own; copies with one flipped bit, and
without the seal that their contract promises, must be refused because of it. Exit status 1 when one does not.
"""

from __future__ import annotations

import base64
import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime as ort

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))  # a script's own folder is on the path, the project's is not

from examples.run import Example, examples  # noqa: E402 - the path is set above
from inference.contract import CLASSIFIER_PROBABILITIES, COMPLETE  # noqa: E402 - the path is set above
from inference.contract.parse import ONE_COMPLETE_ROW_KEY  # noqa: E402 - the path is set above
from inference.loading.seal import SEAL_BYTES, add_seal  # noqa: E402 - the path is set above

ARTIFACTS = HERE.parent / "artifacts"
MOVED = 1e-6  # of a centroid; distances must be right to 1e-9
COMPARED = "GreaterOrEqual"  # inputs with the cuts of the trees


def main() -> int:
    """Edit copies and run every example with them."""
    vectors = json.loads((ARTIFACTS / "test_vectors.json").read_text(encoding="utf-8"))
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        moved, wider = Path(folder) / "moved.onnx", Path(folder) / "wider.onnx"
        moved.write_bytes(moved_model(vectors))
        wider.write_bytes(wider_model())
        one_row = moved_one_row()
        if one_row is not None:
            (Path(folder) / "one_row.onnx").write_bytes(one_row)
        damaged = damaged_models(Path(folder))
        for example in examples(sys.argv[1:]):
            if example.missing() and example.settings.get("optional"):
                continue
            wrong += not _notices(example, moved)
            if one_row is not None and example.settings.get("one_row"):
                wrong += not _notices(example, Path(folder) / "one_row.onnx")
            wrong += not _accepts(example, wider)
            wrong += sum(not _refuses(example, path) for path in damaged)
    return 1 if wrong else 0


def _notices(example: Example, model: Path) -> bool:
    done = example.call([*example.settings["run"], "vectors"], {"MODEL": str(model)})
    first = next((line for line in done.stderr.splitlines() if line.startswith("mismatch:")), "")
    red = done.returncode == 1 and bool(first)
    note = first[:120] or f"status {done.returncode} {done.stderr.strip()[-300:]}"
    print(f"{'detected' if red else 'NOT DETECTED':20}{example.name:12}{note}")
    return red


def _accepts(example: Example, model: Path) -> bool:
    done = example.call([*example.settings["run"], "vectors"], {"MODEL": str(model)})
    green = done.returncode == 0
    note = "one more output, another order" if green else done.stderr.strip()[-300:]
    print(f"{'accepted' if green else 'NOT ACCEPTED':20} {example.name:11}{note}")
    return green


def _refuses(example: Example, model: Path) -> bool:
    done = example.call([*example.settings["run"], "vectors"], {"MODEL": str(model)})
    refused = done.returncode != 0 and "seal" in done.stderr and "mismatch:" not in done.stderr
    print(f"{'refused' if refused else 'NOT REFUSED':20} {example.name:11}{model.stem}")
    return refused


def damaged_models(folder: Path) -> list[Path]:
    """Copies of the model with one flipped bit in the middle, and without its seal."""
    content = (ARTIFACTS / "model.onnx").read_bytes()
    flipped = bytearray(content)
    flipped[len(content) // 2] ^= 1
    made = {"one flipped bit": bytes(flipped), "without its seal": content[:-SEAL_BYTES]}
    for name, damaged in made.items():
        (folder / f"{name}.onnx").write_bytes(damaged)
    return [folder / f"{name}.onnx" for name in made]


def wider_model() -> bytes:
    """The model with one more output than any reader knows, and all outputs in the reverse order."""
    model = onnx.load(ARTIFACTS / "model.onnx")
    model.graph.node.append(onnx.helper.make_node("Not", [COMPLETE], ["incomplete"], name="Not_incomplete"))
    more = onnx.helper.make_tensor_value_info("incomplete", onnx.TensorProto.BOOL, ["N"])
    outputs = [more, *reversed(model.graph.output)]
    del model.graph.output[:]
    model.graph.output.extend(outputs)
    onnx.checker.check_model(model)
    return add_seal(model.SerializeToString())


def moved_one_row() -> bytes | None:
    """The model with other centroids in its graph for one complete customer; ``None`` without that graph."""
    model = onnx.load(ARTIFACTS / "model.onnx")
    entry = next((each for each in model.metadata_props if each.key == ONE_COMPLETE_ROW_KEY), None)
    if entry is None:
        return None
    graph = onnx.load_from_string(base64.b64decode(entry.value))
    (centroids,) = (node.input[0] for node in graph.graph.node if node.op_type == "Gemm")
    (constant,) = (each for each in graph.graph.initializer if each.name == centroids)
    constant.raw_data = (onnx.numpy_helper.to_array(constant) * (1 + MOVED)).tobytes()
    entry.value = base64.b64encode(graph.SerializeToString()).decode()
    return add_seal(model.SerializeToString())


def moved_model(vectors: dict[str, Any]) -> bytes:
    """The model with one cut moved by one ulp: the first whose change a row of the vectors detects."""
    model = onnx.load(ARTIFACTS / "model.onnx")
    for constant, place in _cuts(model):
        cuts = onnx.numpy_helper.to_array(constant)
        moved = cuts.copy()
        moved[place] = np.nextafter(cuts[place], np.float32(np.inf))
        constant.raw_data = moved.tobytes()
        content = add_seal(model.SerializeToString())
        rows = _noticed(content, vectors)
        if rows:
            print(f"moved {cuts[place]!r} to {moved[place]!r}: {rows} rows differ")
            return content
        constant.raw_data = cuts.tobytes()
    raise LookupError(
        "a row of the vectors must be on a cut of the trees, but none is; does the model have trees?"
    )


def _cuts(model: onnx.ModelProto) -> Iterator[tuple[onnx.TensorProto, tuple[int, ...]]]:
    """Every threshold of the trees, which are a table over pairs: its constant, and its place there."""
    constants = {each.name: each for each in model.graph.initializer}
    graphs = [model.graph]
    while graphs:
        for node in graphs.pop().node:
            graphs += [each.g for each in node.attribute if each.HasField("g")]
            if node.op_type == COMPARED:
                cuts = onnx.numpy_helper.to_array(constants[node.input[1]])
                for place in zip(*np.nonzero(~np.isnan(cuts)), strict=True):
                    yield constants[node.input[1]], place


def _noticed(model: bytes, vectors: dict[str, Any]) -> int:
    """How many rows get other classifier probabilities than in the vectors."""
    session = ort.InferenceSession(model, providers=["CPUExecutionProvider"])
    feeds = {}
    for each in session.get_inputs():
        cells = vectors["inputs"][each.name]
        text = each.type == "tensor(string)"
        feed = np.array([cell or "" for cell in cells], object) if text else np.array(cells, np.float64)
        feeds[each.name] = feed.reshape(-1, 1)
    found = session.run([CLASSIFIER_PROBABILITIES], feeds)[0]
    expected = np.array(vectors["outputs"][CLASSIFIER_PROBABILITIES])
    off = np.abs(found - expected) > vectors["tolerances"]["probability"]
    return int(off.any(axis=1).sum())


if __name__ == "__main__":
    sys.exit(main())
