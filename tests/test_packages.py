"""Checks that packages stay light, list what they export, and import in one direction only."""

from __future__ import annotations

from pathlib import Path

import pytest

import inference
import trainer
from tests.conftest import loaded_after

ROOT = Path(__file__).parents[1]
HEAVY = {
    "pandas",
    "sklearn",
    "scipy",
    "xgboost",
    "onnx",
    "skl2onnx",
    "onnxmltools",
    "gradio",
    "matplotlib",
    "pyarrow",
    "charset_normalizer",
    "python_calamine",
    "rich",
    "sqlalchemy",
}


def test_inference_loads_only_numpy_and_onnxruntime() -> None:
    loaded = loaded_after("import inference")
    assert {"numpy", "onnxruntime"} <= loaded
    assert not loaded & (HEAVY | {"trainer", "service", "app"})


def test_prediction_also_loads_nothing_heavy() -> None:
    code = (
        "from inference import Segmenter\n"
        "segmenter = Segmenter.load('artifacts/model.onnx')\n"
        "segmenter.predict_many({name: [None] for name in segmenter.contract.names})"
    )
    assert not loaded_after(code) & (HEAVY | {"trainer", "service", "app"})


def test_the_trainer_never_loads_the_web_side() -> None:
    assert not loaded_after("import trainer.__main__") & {"service", "gradio", "app", "fastapi"}


def test_an_app_that_remembers_nobody_loads_no_database() -> None:
    code = "from service.server import Site\nfrom service.remember.switch import routes_of\nroutes_of(None)"
    assert not loaded_after(code) & {"sqlalchemy", "alembic", "psycopg", "standardwebhooks"}


def test_inference_exports_exactly_these_names() -> None:
    assert inference.__all__ == [
        "Answer",
        "Answers",
        "ArtifactError",
        "Category",
        "Change",
        "ChangeOfTwo",
        "Column",
        "Contract",
        "Explanation",
        "InputError",
        "ScoreOptions",
        "Scored",
        "Segment",
        "Segmenter",
        "SmallestChanges",
        "explain",
        "nearest_change",
        "nearest_changes",
        "score_batches",
        "score_file",
        "smallest_changes",
    ]
    assert all(hasattr(inference, name) for name in inference.__all__)


def test_the_trainer_exports_exactly_these_names() -> None:
    assert trainer.__all__ == [
        "MALL",
        "Alternative",
        "ChoiceSettings",
        "ColumnSettings",
        "ColumnSpec",
        "DifferenceError",
        "Feature",
        "NotNaturalError",
        "Prepared",
        "Proposal",
        "Raw",
        "Roles",
        "Schema",
        "SegmentNumber",
        "Table",
        "TrainConfig",
        "Trained",
        "alternatives",
        "choose_k",
        "draw_figure",
        "prepare",
        "propose",
        "read_raw",
        "read_table",
        "train",
    ]
    assert all(hasattr(trainer, name) for name in trainer.__all__)


@pytest.mark.parametrize("room", ["inference", "trainer", "service"])
def test_packages_do_not_import_heavier_ones(room: str) -> None:
    forbidden = {
        "inference": ("trainer", "service", "app"),
        "trainer": ("service", "app"),
        "service": ("trainer", "app"),
    }[room]
    files = sorted((ROOT / room).rglob("*.py"))
    assert files
    for path in files:
        for line in path.read_text(encoding="utf-8").splitlines():
            words = line.split()
            if words[:1] in (["import"], ["from"]) and len(words) > 1:
                assert words[1].split(".")[0] not in forbidden, f"{path}: {line}"
