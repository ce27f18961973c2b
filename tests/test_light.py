"""Checks that the published model answers where only numpy, onnxruntime and pytest are installed.

``just light`` runs this file alone, without ``conftest.py``, in an environment of its own.
"""

from __future__ import annotations

import doctest
import importlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from onnxruntime import InferenceSession

from inference import ArtifactError, InputError, Segmenter, explain, nearest_change

pytestmark = [pytest.mark.light, pytest.mark.fast]

ROOT = Path(__file__).parents[1]
MODEL = ROOT / "artifacts" / "model.onnx"
CUSTOMER = {"gender": "Female", "age": 31, "annual_income": 17, "spending_score": 40}
LIGHT = (
    "segmenter",
    "explanations.counterfactual",
    "explanations.explanation",
    "explanations.shapley",
    "dates",
)
ELSEWHERE = ("pandas", "sklearn", "xgboost", "onnx", "pyarrow", "gradio", "scipy", "matplotlib")


@pytest.fixture(scope="module")
def model() -> Segmenter:
    """The published model."""
    return Segmenter.load(MODEL)


@pytest.fixture(scope="module")
def vectors() -> dict[str, Any]:
    """Made-up rows with the answers of scikit-learn and XGBoost."""
    document: dict[str, Any] = json.loads((ROOT / "artifacts" / "test_vectors.json").read_text("utf-8"))
    return document


def test_every_test_vector_gets_its_answer_from_the_bare_file(
    model: Segmenter, vectors: dict[str, Any]
) -> None:
    feeds = {
        column.name: np.array(
            [[("" if column.kind == "category" else np.nan) if cell is None else cell] for cell in cells],
            dtype=object if column.kind == "category" else np.float64,
        )
        for column in model.contract.columns
        for cells in [vectors["inputs"][column.name]]
    }
    session = InferenceSession(MODEL, providers=["CPUExecutionProvider"])
    expected = vectors["outputs"]
    found = dict(zip(expected, session.run(list(expected), feeds), strict=True))
    for name in ("segment", "segment_id", "complete"):
        assert found[name].tolist() == expected[name]
    for name, kind in (("probabilities", "probability"), ("distances", "distance"), ("novelty", "distance")):
        wanted = np.array(expected[name], dtype=np.float64)
        np.testing.assert_allclose(found[name], wanted, rtol=0, atol=vectors["tolerances"][kind])


def test_one_customer_is_answered_whatever_is_unknown(model: Segmenter) -> None:
    assert model.predict(**CUSTOMER).route == "complete"
    assert model.predict(age=31, annual_income=17).route == "partial"
    assert model.predict().route == "prior"


def test_an_answer_is_explained_and_changed(model: Segmenter) -> None:
    why = explain(model, CUSTOMER)
    assert set(why.contributions) >= {"annual_income", "spending_score"}
    change = nearest_change(model, CUSTOMER)
    assert change is not None
    assert change.segment_before != change.segment_after


def test_refuses_invalid_values(model: Segmenter) -> None:
    with pytest.raises(InputError, match="age"):
        model.predict(age=-1)


def test_refuses_a_damaged_file(tmp_path: Path) -> None:
    cut = tmp_path / "model.onnx"
    cut.write_bytes(MODEL.read_bytes()[:1000])
    with pytest.raises(ArtifactError):
        Segmenter.load(cut)


def test_the_examples_in_the_docstrings_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    results = [doctest.testmod(importlib.import_module(f"inference.{name}")) for name in LIGHT]
    assert sum(result.attempted for result in results) >= 10
    assert sum(result.failed for result in results) == 0


def test_nothing_else_is_loaded() -> None:
    code = (
        "import sys\nfrom inference import Segmenter\n"
        f"Segmenter.load({str(MODEL)!r}).predict(age=31)\n"
        "print(*{name.split('.')[0] for name in sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not set(done.stdout.split()) & set(ELSEWHERE)


def test_an_answer_reads_no_section_about_training() -> None:
    code = (
        "import sys\nfrom inference import Segmenter\n"
        f"Segmenter.load({str(MODEL)!r}).predict(age=31)\n"
        "print(*(name for name in sys.modules if name.startswith('inference')))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    later = ("choice", "classifier", "evaluation", "outcomes", "training_data")
    assert not {f"inference.contract.{name}" for name in later} & set(done.stdout.split())
    assert "inference.contract.contract" in done.stdout.split()


WATCHES = """
import os, sys

class Watch:
    def find_spec(self, name, path, target=None):
        if name == "numpy":
            print(os.environ.get("OPENBLAS_THREAD_TIMEOUT"))

sys.meta_path.insert(0, Watch())
"""


@pytest.mark.parametrize(
    ("first", "own", "during", "after"),
    [
        ("", None, "20", "None"),
        ("", "9", "9", "9"),  # who has set it knows why
        ("import numpy", None, "None", "None"),
    ],
)
def test_idle_blas_threads_sleep_soon_and_other_processes_do_not_notice(
    first: str, own: str | None, during: str, after: str
) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "OPENBLAS_THREAD_TIMEOUT"} | (
        {} if own is None else {"OPENBLAS_THREAD_TIMEOUT": own}
    )
    script = f"{WATCHES}\n{first}\nimport inference\nprint(os.environ.get('OPENBLAS_THREAD_TIMEOUT'))"
    run = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert run.stdout.split() == [during, after]
