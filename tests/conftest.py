"""What the tests share: one small training run, and the published model."""

from __future__ import annotations

from pathlib import Path

import pytest

from inference import Segmenter
from trainer import MALL, Schema, Table, TrainConfig, Trained, read_table, train
from trainer.choice import ChoiceSettings
from trainer.fitted import Fitted
from trainer.segmentation import fit_segmentation
from trainer.training import assemble

ROOT = Path(__file__).parents[1]


def quick_config(*, user_k: int | None = None, classifier: str = "auto") -> TrainConfig:
    """The settings of a run small enough for a test: the same steps, fewer repetitions."""
    choice = ChoiceSettings(k_max=5, bootstraps=5, gap_draws=2, user_k=user_k, jobs=1)
    return TrainConfig(repeats=1, folds=2, classifier=classifier, sensitivity=False, choice=choice)


def fit(table: Table, classifier: str, k: int, schema: Schema = MALL) -> Fitted:
    """A fitted model without the evaluation around it."""
    segmentation = fit_segmentation(schema, table.columns, k, seed=0)
    return assemble(segmentation, table.columns, classifier=classifier, membership_scale=3.0, seed=0)


@pytest.fixture(scope="session")
def table() -> Table:
    """The embedded table."""
    return read_table()


@pytest.fixture(scope="session")
def trained(table: Table) -> Trained:
    """A finished small run on the embedded table."""
    return train(table, quick_config())


@pytest.fixture(scope="session")
def model_path(trained: Trained, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small run's model file."""
    path = tmp_path_factory.mktemp("model") / "model.onnx"
    path.write_bytes(trained.model)
    return path


@pytest.fixture(scope="session")
def segmenter(model_path: Path) -> Segmenter:
    """The small run's model, loaded."""
    return Segmenter.load(model_path)
