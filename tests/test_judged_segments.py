"""Checks that the segments in a file are those that were judged, with scales, limits and left-out columns."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import joblib
import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.metrics import adjusted_rand_score

from inference import Segmenter
from inference.contract import NUMBER
from tests.conftest import quick_config
from trainer import ColumnSpec, Schema, SegmentNumber, Table, Trained, choose_k, read_table, train
from trainer.classifier.candidates import LOGISTIC
from trainer.export.joblib_files import save_joblib
from trainer.export.verify import verify
from trainer.report.card import model_card
from trainer.report.run_report import report_document

GROUPED, NOISE = ("visits", "basket"), ("height", "shoe", "humidity", "phase")
FAR_OUT = 900.0
CONFIG = quick_config(classifier=LOGISTIC)
EVERY_COLUMN = replace(CONFIG, choice=replace(CONFIG.choice, search_columns=False))


def noisy() -> NDArray[np.float64]:
    """Four groups in two columns, and four columns of noise."""
    rng = np.random.default_rng(0)
    groups = 6 * rng.integers(0, 2, (200, 2)) + rng.normal(size=(200, 2))
    return np.hstack([groups, 3 * rng.normal(size=(200, 4))])


def chain() -> NDArray[np.float64]:
    """Three groups in a row, whose first column is enlarged to find them."""
    rng = np.random.default_rng(1)
    return np.column_stack([4.5 * rng.integers(0, 3, 300), np.zeros(300)]) + rng.normal(size=(300, 2))


def outliers() -> NDArray[np.float64]:
    """Four groups, and three customers who are far out in one column each."""
    table = noisy()[:, :2]
    table[[3, 50, 120], [0, 1, 0]] = [FAR_OUT, FAR_OUT, -FAR_OUT]
    return table


TABLES = {noisy: CONFIG, chain: EVERY_COLUMN, outliers: CONFIG}
Made = Callable[[], NDArray[np.float64]]


@dataclass(frozen=True, kw_only=True)
class Run:
    """A table, the decision about its columns alone, and the finished run."""

    rows: Table
    number: SegmentNumber
    trained: Trained
    segmenter: Segmenter

    @property
    def positions(self) -> list[int]:
        """Judged segment -> its number in the file."""
        pairs = zip(self.number.labels, self.trained.labels, strict=True)
        return [int(number) for _, number in sorted(set(pairs))]


def finished(made: Made, folder: Path) -> Run:
    features, config = made(), TABLES[made]
    names = (*GROUPED, *NOISE)[: features.shape[1]]
    specs = tuple(
        ColumnSpec(name=name, header=name, label=name.capitalize(), kind=NUMBER, range=(-1e4, 1e4))
        for name in names
    )
    schema = Schema(name="shop", title="Shop", columns=specs, features=(), clustering=names)
    lines = [",".join(names), *(",".join(map(repr, row)) for row in features.tolist())]
    (folder / "shop.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    rows = read_table(folder / "shop.csv", schema)
    trained = train(rows, config)
    (folder / "model.onnx").write_bytes(trained.model)
    return Run(
        rows=rows,
        number=choose_k(features, config.choice),
        trained=trained,
        segmenter=Segmenter.load(folder / "model.onnx"),
    )


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Made], Run]:
    """Table -> its finished run, made once."""
    return cache(lambda made: finished(made, tmp_path_factory.mktemp(made.__name__)))


@pytest.fixture(scope="module", params=list(TABLES), ids=lambda made: str(made.__name__))
def run(request: pytest.FixtureRequest, runs: Callable[[Made], Run]) -> Run:
    return runs(request.param)


@pytest.fixture(scope="module")
def left_out(runs: Callable[[Made], Run]) -> Run:
    return runs(noisy)


def test_the_tables_need_what_they_are_made_for(runs: Callable[[Made], Run]) -> None:
    """Otherwise the tests below would compare nothing."""
    found = {made: runs(made).number for made in TABLES}
    assert {each.kind for each in found.values()} == {"natural"}
    assert found[noisy].columns == (0, 1)
    assert found[chain].factors[0] / found[chain].factors[1] > 2
    assert found[outliers].scaler.upper.max() < FAR_OUT


def test_the_file_gives_the_segments_that_were_judged(run: Run) -> None:
    answers = run.segmenter.predict_many(run.rows.columns)
    assert np.array_equal(answers.segment_id, run.trained.labels)
    assert adjusted_rand_score(run.number.labels, answers.segment_id) == 1
    assert run.trained.choice.k == run.number.k
    assert run.trained.choice.row.ari == next(row.ari for row in run.number.table if row.k == run.number.k)


def test_the_centroids_of_the_contract_are_those_that_were_judged(run: Run) -> None:
    names = run.trained.described.clustering
    raw = run.number.scaler.raw(run.number.centroids)
    for judged, position in enumerate(run.positions):
        centroid = run.trained.described.segments[position].centroid
        assert [centroid[name] for name in names] == pytest.approx(raw[judged].tolist(), rel=1e-12)


def test_the_contract_tells_the_units_of_the_distances(run: Run) -> None:
    contract = run.trained.described
    assert contract.scaling is not None
    distances = run.segmenter.predict_many(run.rows.columns).distances
    squares = np.zeros_like(distances)
    for name in contract.clustering:
        low, high = contract.scaling.lower[name], contract.scaling.upper[name]
        assert low is not None
        assert high is not None
        values = run.rows.columns[name].clip(low, high)[:, None]
        centres = np.array([segment.centroid[name] for segment in contract.segments])
        squares += ((values - centres) / contract.scaling.scale[name]) ** 2
    assert np.allclose(np.sqrt(squares), distances, rtol=0, atol=1e-9)


def test_the_file_answers_as_the_libraries(run: Run) -> None:
    checked = verify(run.trained.fitted, run.trained.model, run.trained.table, rows=4_000, seed=5)
    assert checked.rows > 5_000
    assert checked.largest["distances"] <= 1e-9


def test_the_joblib_parts_give_the_segments_and_distances_of_the_file(run: Run, tmp_path: Path) -> None:
    save_joblib(run.trained.fitted, tmp_path)
    kmeans = joblib.load(tmp_path / "kmeans.joblib")
    names = json.loads((tmp_path / "feature_names.json").read_text(encoding="utf-8"))["kmeans"]
    rng = np.random.default_rng(0)
    probes = {name: rng.uniform(-20, 20, 500) for name in run.rows.columns}
    probes[GROUPED[0]][:50] = FAR_OUT
    probes[GROUPED[1]][25:75] = -FAR_OUT
    answers = run.segmenter.predict_many(probes)
    features = np.column_stack([probes[name] for name in names])
    assert np.array_equal(kmeans.predict(features), answers.segment_id)
    assert np.allclose(kmeans.transform(features), answers.distances, rtol=0, atol=1e-9)


def test_columns_that_are_left_out_are_profile_columns(left_out: Run) -> None:
    contract = left_out.trained.described
    assert contract.clustering == GROUPED
    assert {column.name for column in contract.columns if column.role == "profile"} == set(NOISE)
    assert contract.choice is not None
    assert contract.choice.unused_columns == ("Height", "Shoe", "Humidity", "Phase")
    assert "Height, Shoe, Humidity and Phase show no groups and are not used." in contract.choice.reason


def test_a_customer_is_complete_without_the_columns_that_are_left_out(left_out: Run) -> None:
    values = left_out.rows.columns
    known = {name: values[name] for name in GROUPED}
    answers = left_out.segmenter.predict_many(known)
    assert answers.complete.all()
    assert np.array_equal(answers.segment_id, left_out.trained.labels)


def test_rows_with_a_gap_in_a_column_that_is_left_out_are_clustered(left_out: Run, tmp_path: Path) -> None:
    values = noisy()
    values[:30, 4] = np.nan
    lines = [",".join((*GROUPED, *NOISE))]
    lines += [",".join("" if np.isnan(cell) else repr(cell) for cell in row) for row in values.tolist()]
    (tmp_path / "gaps.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    trained = train(read_table(tmp_path / "gaps.csv", left_out.rows.schema), CONFIG)
    assert trained.described.clustering == GROUPED
    assert len(trained.labels) == 200
    assert trained.described.data is not None
    assert trained.described.data.cleaning.rows_without_clustering_values == 0
    assert adjusted_rand_score(trained.labels, left_out.trained.labels) > 0.95


def test_card_and_report_tell_what_was_left_out(left_out: Run) -> None:
    told = "Height, Shoe, Humidity and Phase show no groups and are not used."
    assert told in model_card(left_out.trained)
    assert told in report_document(left_out.trained)["choice"]["reason"]
