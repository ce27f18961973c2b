"""Checks that tables of any shape become a verified model: a shop, a telecom, a bank."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.csv as arrow_csv
import pytest
from threadpoolctl import threadpool_limits

from inference import InputError, Segmenter, score_file
from inference.contract import DATE
from inference.dates import array_of_days
from tests import shapes
from tests.conftest import quick_config
from trainer import Roles, Table, TrainConfig, Trained, prepare, train
from trainer.report.run_report import report_document

FEW = {"shop": 240, "telecom": 220, "bank": 240}
ROLES = {"bank": Roles(cluster=("Revolving_Balance", "Total_Trans_Amt"))}  # more would take longer


def _quick(roles: Roles) -> TrainConfig:
    return replace(quick_config(classifier="xgboost"), roles=roles)


@pytest.fixture(scope="module", params=list(FEW))
def run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, ...]:
    """A shape's table, its finished run and its loaded model."""
    shape = request.param
    cells = getattr(shapes, shape)(FEW[shape])
    with threadpool_limits(1):
        trained = train(cells, _quick(ROLES.get(shape, Roles())))
    path = tmp_path_factory.mktemp(shape) / "model.onnx"
    path.write_bytes(trained.model)
    return cells, trained, Segmenter.load(path)


def test_the_four_groups_are_found_and_the_file_is_proven(run: tuple[Any, Trained, Segmenter]) -> None:
    _, trained, _ = run
    assert (trained.choice.k, trained.choice.chosen_by) == (4, "rule")
    assert trained.verification.rows > 50_000
    assert trained.fitted.schema.identifier in ("Customer ID", "customerID", "CLIENTNUM")


def test_every_training_row_gets_its_segment_back(run: tuple[Any, Trained, Segmenter]) -> None:
    _, trained, segmenter = run
    usable = trained.table.clusterable()
    columns = trained.table.take(usable)
    dates = [spec.name for spec in trained.fitted.schema.columns if spec.kind == DATE]
    answers = segmenter.predict_many(columns | {name: array_of_days(columns[name]) for name in dates})
    assert np.array_equal(answers.segment_id, trained.labels)
    assert answers.complete.all()


def test_its_file_is_scored_as_its_rows_were_trained(
    run: tuple[Any, Trained, Segmenter], tmp_path: Path
) -> None:
    cells, trained, segmenter = run
    source, target = tmp_path / "customers.csv", tmp_path / "scored.csv"
    arrow_csv.write_csv(cells, source)
    scored = score_file(segmenter, source, target)
    names = [segment.name for segment in trained.fitted.segments]
    usable = trained.table.clusterable()
    rows = pd.read_csv(target, dtype=str, keep_default_na=False)
    assert (scored.rows, scored.errors, scored.complete) == (len(cells), 0, usable.sum())
    assert rows["segment"][usable].tolist() == [names[label] for label in trained.labels]
    own = pd.read_csv(source, dtype=str, keep_default_na=False)
    assert rows[list(own.columns)].equals(own)


def test_a_customer_of_whom_one_column_is_known_gets_an_answer(run: tuple[Any, Trained, Segmenter]) -> None:
    _, trained, segmenter = run
    (name, *_) = trained.fitted.schema.clustering_sources
    answer = segmenter.predict(**{name: float(np.nanmedian(trained.table.columns[name]))})
    assert not answer.complete
    assert answer.segment in {segment.name for segment in trained.fitted.segments}


def test_no_identifier_and_nothing_left_out_is_in_the_file(run: tuple[Any, Trained, Segmenter]) -> None:
    cells, trained, _ = run
    for header in ("Customer ID", "E-Mail", "Remark", "customerID", "CLIENTNUM", "Surname"):
        if header in cells.column_names:
            assert not [cell for cell in cells[header].to_pylist() if f'"{cell}"' in trained.contract]


def test_what_was_said_about_columns_is_in_the_report(run: tuple[Any, Trained, Segmenter]) -> None:
    _, trained, _ = run
    config = report_document(trained)["config"]
    if trained.config.roles == Roles():
        assert "roles" not in config
    else:
        assert config["roles"]["cluster"] == ["Revolving_Balance", "Total_Trans_Amt"]
    json.dumps(config)


def test_a_data_frame_can_be_trained(table: Table) -> None:
    frame = pd.DataFrame({name: table.columns[name] for name in ("annual_income", "spending_score", "age")})
    roles = Roles(cluster=("Annual_Income", "spending_score"), log=False, title="Mine")
    trained = train(frame, _with(quick_config(user_k=5), roles))
    assert trained.fitted.schema.title == "Mine"
    assert sorted(segment.size for segment in trained.fitted.segments) == [22, 23, 35, 39, 81]


def _with(config: TrainConfig, roles: Roles) -> TrainConfig:
    return replace(config, roles=roles)


def test_roles_of_a_clean_table_are_not_taken_twice(table: Table) -> None:
    with pytest.raises(InputError, match="give the table as it was read"):
        train(table, _with(quick_config(), Roles(cluster=("age",))))


@pytest.mark.parametrize("data", [[1, 2], 5, None, pd.DataFrame()])
def test_what_is_not_a_table_is_refused(data: Any) -> None:
    with pytest.raises(InputError, match="a customer table must"):
        prepare(data)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such file"):
        prepare(tmp_path / "nothing.csv")
