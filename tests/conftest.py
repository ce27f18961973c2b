"""Shared fixtures: one small training run, and the published model.

What trains is imported where it is used: that takes seconds, and most tests and the processes that
they start need none of it.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from playwright.sync_api import Browser

    from inference import Segmenter
    from tests.running_app import Running
    from trainer import Schema, Table, TrainConfig, Trained
    from trainer.results.fitted import Fitted

ROOT = Path(__file__).parents[1]

# The load of the machine does not depend on the code, so no example has a time limit.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")


def quick_config(*, user_k: int | None = None, classifier: str = "auto") -> TrainConfig:
    """The settings of a run small enough for a test: the same steps, fewer repetitions."""
    from tests.quick_choice import QUICK_CHOICE
    from trainer import TrainConfig

    choice = replace(QUICK_CHOICE, user_k=user_k)
    return TrainConfig(repeats=1, folds=2, classifier=classifier, sensitivity=False, choice=choice)


def fit(table: Table, classifier: str, k: int, schema: Schema | None = None) -> Fitted:
    """A fitted model without its evaluation."""
    from trainer import MALL
    from trainer.classifier.candidates import CANDIDATES
    from trainer.classifier.model_size import fit_at_best_size
    from trainer.results.fitted import fit_model
    from trainer.segments.kmeans import fit_segmentation

    schema = schema or MALL
    segmentation = fit_segmentation(schema, table.columns, k, seed=0)
    labels = segmentation.nearest(table.columns)
    chosen = fit_at_best_size(CANDIDATES[classifier], segmentation, table.columns, labels, seed=0)
    return fit_model(segmentation, table.columns, labels, classifier=chosen, membership_scale=3.0)


@pytest.fixture(scope="session")
def table() -> Table:
    """The embedded table."""
    from trainer import read_table

    return read_table()


@pytest.fixture(scope="session")
def trained(table: Table) -> Trained:
    """A finished small run on the embedded table."""
    from trainer import train

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
    from inference import Segmenter

    return Segmenter.load(model_path)


@pytest.fixture(scope="session")
def published() -> Segmenter:
    """The published model."""
    from inference import Segmenter

    return Segmenter.load(ROOT / "artifacts" / "model.onnx")


@pytest.fixture(scope="session")
def figures(trained: Trained) -> dict[str, Figure]:
    """Every figure of the small run, drawn."""
    from tests.drawn import drawn
    from trainer.report.figures import FIGURES

    return {name: drawn(trained, name) for name in FIGURES}


@pytest.fixture(scope="session")
def one_column(trained: Trained) -> Trained:
    """Two segments of one clustering column, without a column for spending."""
    from tests.fake_results import made_up, schema_with

    schema = schema_with("spending_score", value=None, capacity=None, spend=None)
    return made_up(trained, k=2, schema=schema, kind="constructive")


@pytest.fixture(scope="session")
def ten(trained: Trained) -> Trained:
    """As many segments as the page has colours, of three clustering columns."""
    from tests.fake_results import made_up, schema_with

    schema = schema_with("age", "annual_income", "spending_score")
    return made_up(trained, k=10, schema=schema, chosen_by="user")


def loaded_after(code: str) -> set[str]:
    """Top-level modules that a new process has loaded after running ``code``."""
    script = f"{code}\nimport sys\nprint(*sorted({{name.split('.')[0] for name in sys.modules}}))"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium."""
    from tests.browsing import chromium  # it needs Playwright and the whole app

    with chromium() as started:
        yield started


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    """The app about the published model, in this process."""
    from tests.running_app import running_app  # it needs this module and the whole app

    with running_app(tmp_path) as started:
        yield started


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a PostgreSQL server."""
    from tests.postgres_server import postgres_server  # it needs this module

    with postgres_server(tmp_path_factory.mktemp("cluster")) as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database for a store of customers: of each kind in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'customers.sqlite'}"
    import sqlalchemy as sa  # not installed where the light tests run

    url: str = request.getfixturevalue("postgres")
    engine = sa.create_engine(sa.make_url(url).set(drivername="postgresql+psycopg"))
    with engine.begin() as connection:
        connection.execute(sa.text("DROP SCHEMA public CASCADE"))
        connection.execute(sa.text("CREATE SCHEMA public"))
    engine.dispose()
    return url
