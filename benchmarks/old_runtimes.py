"""Runs the model file in old onnxruntimes and compares with scikit-learn and XGBoost.

    python benchmarks/old_runtimes.py

Builds temporary environments with the oldest onnxruntime that the file supports on this Python (1.16.3 on
Python 3.11) and with one between it and the installed one. The published model is checked with the test
vectors in all of them. With the oldest and the installed one, it and each classifier with two and with five
segments are compared on the same random rows. The float variant of each must answer alike with the installed
onnxruntime and with that of Oracle Database (1.15.1 on Python 3.11, else the oldest). Prints one line per
model and runtime. Exit status 1 when any answer differs.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # a script's own folder is on the path, the project's is not

OLD = {(3, 11): ("onnxruntime==1.16.3", "numpy==1.26.4"), (3, 12): ("onnxruntime==1.17.3", "numpy==1.26.4")}
ORACLE = {(3, 11): ("onnxruntime==1.15.1", "numpy==1.26.4")}
NEXT = ("onnxruntime==1.20.1", "numpy==2.1.3")  # the first with wheels for Python 3.13
MIDDLE = ("onnxruntime==1.23.2", "numpy==2.3.5")
ROWS = 20_000
PUBLISHED = "artifacts/model.onnx"
EXACT, FLOAT = (1e-5, 1e-9), (1e-5, 1e-4)  # between two runtimes: of probabilities, of distances

Arrays = dict[str, Any]  # of arrays; numpy's types of savez allow nothing narrower


def main() -> int:
    """Compare every model in the old and in the installed runtimes."""
    packages = OLD.get(sys.version_info[:2], NEXT)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        old, middle = _install(folder / "old", packages), _install(folder / "middle", MIDDLE)
        oracle = _install(folder / "oracle", ORACLE.get(sys.version_info[:2], packages))
        wrong = sum(_vectors(each) for each in (old, middle, sys.executable))
        for title, wanted in _models(folder):
            for interpreter in (old, sys.executable):
                wrong += _compare(title, wanted, *_run(interpreter, "ask", folder, "model.onnx"))
            (folder / "float.onnx").write_bytes(_float_content(title, folder / "model.onnx"))
            _, here = _run(sys.executable, "ask-float", folder, "float.onnx")
            there = _run(oracle, "ask-float", folder, "float.onnx")
            wrong += _compare(f"{title}, float", here, *there, FLOAT)
    return 1 if wrong else 0


def _run(interpreter: str, command: str, folder: Path, model: str) -> tuple[str, Arrays]:
    """Ask with another environment; its runtime's version, and what it answers."""
    out = folder / "out.npz"
    files: list[str | Path] = [folder / model, folder / "rows.npz", out]
    arguments = [interpreter, __file__, command, *files]
    runtime = subprocess.run(arguments, check=True, capture_output=True, text=True).stdout.strip()
    return runtime, dict(np.load(out))


def _float_content(title: str, model: Path) -> bytes:
    """The float variant of a model; of the published one, with its contract, as the command writes it."""
    from inference import Segmenter
    from inference.engines.float32.float_graph import float_graph
    from inference.engines.float32.float_variant import float_variant

    if title == PUBLISHED:
        return float_variant(Segmenter.load(model), rows=ROWS, seed=0, vectors=None)[0]
    return bytes(float_graph(model.read_bytes()).SerializeToString())


def _install(folder: Path, packages: tuple[str, ...]) -> str:
    """Make an environment with the packages; returns its interpreter."""
    print(f"installing {' '.join(packages)}", flush=True)
    python, uv = folder / "bin" / "python", [sys.executable, "-m", "uv"]
    subprocess.run([*uv, "venv", "--quiet", "--python", sys.executable, folder], check=True)
    subprocess.run([*uv, "pip", "install", "--quiet", "--python", python, *packages], check=True)
    return str(python)


def _vectors(interpreter: str) -> int:
    """Check the test vectors with another environment's runtime; 1 when a row differs."""
    example = ROOT / "examples" / "python" / "segment.py"
    done = subprocess.run([interpreter, example, "vectors"], capture_output=True, text=True, check=False)
    print(f"{'same' if done.returncode == 0 else 'DIFFERENT':10}{done.stdout.strip()}{done.stderr.strip()}")
    return int(done.returncode != 0)


def _models(folder: Path) -> Iterator[tuple[str, Arrays]]:
    """Write the models and their rows one by one; yields the libraries' answers."""
    from trainer import MALL, read_table
    from trainer.classifier.candidates import CANDIDATES
    from trainer.classifier.model_size import fit_at_best_size
    from trainer.export.build_graph import build_model
    from trainer.export.probe_rows import mixed_rows
    from trainer.results.fitted import fit_model
    from trainer.segments.kmeans import fit_segmentation

    table = read_table()
    for k in (2, 5):
        segmentation = fit_segmentation(MALL, table.columns, k, seed=0)
        labels = segmentation.nearest(table.columns)
        for candidate in CANDIDATES.values():
            chosen = fit_at_best_size(candidate, segmentation, table.columns, labels, seed=0)
            fitted = fit_model(segmentation, table.columns, labels, classifier=chosen, membership_scale=3.0)
            rows = mixed_rows(fitted, table, ROWS, seed=k)
            (folder / "model.onnx").write_bytes(build_model(fitted, "{}").SerializeToString())
            texts: Arrays = {name: _plain(values) for name, values in rows.items()}
            np.savez(folder / "rows.npz", **texts)
            wanted = fitted.answer(rows)
            yield f"{candidate.label}, {k} segments", {name: wanted[name] for name in _COMPARED}
    yield from _published(folder)


def _published(folder: Path) -> Iterator[tuple[str, Arrays]]:
    """The published model, compared with itself on the installed runtime, which the tests verify."""
    model = ROOT / "artifacts" / "model.onnx"
    answers = ask(str(model), str(folder / "rows.npz"))
    (folder / "model.onnx").write_bytes(model.read_bytes())
    yield PUBLISHED, answers


_COMPARED = ("segment_id", "probabilities", "distances", "complete")


def ask(model: str, rows: str) -> Arrays:
    """Answer rows ``[N]`` from a file with the runtime of this process."""
    import onnxruntime

    from inference import Segmenter
    from inference.contract import METADATA_KEY

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    if session.get_modelmeta().custom_metadata_map[METADATA_KEY] != "{}":
        Segmenter.load(model)  # the file must also pass its self-test here
    feeds = {
        name: (values.astype(object) if values.dtype.kind == "U" else values).reshape(-1, 1)
        for name, values in np.load(rows).items()
    }
    return dict(zip(_COMPARED, session.run(list(_COMPARED), feeds), strict=True))


def ask_float(model: str, rows: str) -> Arrays:
    """Answer rows from a float variant, with nothing but numpy and onnxruntime."""
    import onnxruntime

    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    feeds = {
        name: values.astype(object if values.dtype.kind == "U" else np.float32).reshape(-1, 1)
        for name, values in np.load(rows).items()
    }
    return dict(zip(_COMPARED, session.run(list(_COMPARED), feeds), strict=True))


def _compare(
    title: str, wanted: Arrays, runtime: str, found: Arrays, tolerances: tuple[float, float] = EXACT
) -> int:
    labels = int((wanted["segment_id"] != found["segment_id"]).sum())
    probability = float(np.abs(wanted["probabilities"] - found["probabilities"]).max())
    distance = float(np.nanmax(np.abs(wanted["distances"] - found["distances"])))
    same_rows = found["complete"] == wanted["complete"]
    close = probability <= tolerances[0] and distance <= tolerances[1]
    good = labels == 0 and close and bool(same_rows.all())
    print(
        f"{'same' if good else 'DIFFERENT':10}onnxruntime {runtime:8}{title:50}{len(same_rows):,} rows, "
        f"{labels} labels differ, probabilities within {probability:.1e}, distances within {distance:.1e}"
    )
    return 0 if good else 1


def _plain(values: NDArray[Any]) -> NDArray[Any]:
    return values.astype(str) if values.dtype == object else values


if __name__ == "__main__":
    if sys.argv[1:2] in (["ask"], ["ask-float"]):
        import onnxruntime

        answer = ask if sys.argv[1] == "ask" else ask_float
        np.savez(sys.argv[4], **answer(sys.argv[2], sys.argv[3]))
        print(onnxruntime.__version__)
    else:
        sys.exit(main())
