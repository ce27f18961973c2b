"""Checks that a new kind of column needs one object per package, registered from outside.

The kind made up here is a duration: text such as ``2 weeks``, days in the graph.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inference import ArtifactError, Column, InputError, Segmenter, explain, nearest_changes, score_file
from inference.kinds.kind import Parsed
from inference.kinds.number import NumberKind
from inference.kinds.registry import KINDS, kind_called
from service.api.api_predictions import Predictor
from service.api.describe import described
from service.api.json_schemas import customer_schema
from service.customer_values import linked_customer, typical_customer
from service.kinds.kind_view import Schema, Value
from service.kinds.kind_views import KIND_VIEWS, kind_view
from service.kinds.number_view import NumberView
from service.page.form import form
from service.page.handlers import PageHandlers
from tests.conftest import quick_config
from trainer import ColumnSettings, ColumnSpec, Roles, Trained, prepare, read_raw, read_table, train
from trainer import Schema as TableSchema
from trainer.report.card import model_card
from trainer.schema.kinds.column_kinds import COLUMN_KINDS
from trainer.schema.kinds.declared import Declared
from trainer.schema.kinds.number_column import NumberColumn

DURATION = "duration"
_WRITTEN = re.compile(r"(\d+) (day|week)s?")
_DAYS = {"day": 1, "week": 7}


class DurationKind(NumberKind):
    """Takes ``2 weeks``, and days as a number."""

    name = DURATION
    numeric_text = False
    blank_is_missing = True

    def parse(self, column: Column, value: Any) -> Parsed:
        """Read text, and leave numbers to the kind for numbers."""
        if isinstance(value, str):
            found = _WRITTEN.fullmatch(value.strip())
            if found is None:
                return math.nan, f"must be a duration such as '2 weeks', but it is {value!r}; correct it"
            value = int(found[1]) * _DAYS[found[2]]
        return super().parse(column, value)


class DurationColumn(NumberColumn):
    """Clusters durations as numbers and writes the unit itself."""

    name = DURATION
    graph_note = " A duration is a double, in days."

    def limit_text(self, spec: Declared, value: float) -> str:
        """A number of days."""
        return f"{value:g} days"


class DurationView(NumberView):
    """Shows durations as numbers of days."""

    name = DURATION

    def template(self, column: Column) -> str:
        """Describe how a duration is written."""
        return "{title}, a duration such as 2 weeks, or days as a number{limits}{role}."

    def schemas(self, column: Column, *, spellings: bool) -> list[Schema]:
        """A number, or text with a unit."""
        text = {"type": "string", "pattern": f"^{_WRITTEN.pattern}$"}
        return [*super().schemas(column, spellings=spellings), text]

    def read(self, column: Column, text: str) -> Value:
        """A number, or text with a unit."""
        days, refusal = KINDS[DURATION].parse(column, text)
        return super().read(column, text) if refusal else int(days)


def _customers() -> TableSchema:
    return TableSchema(
        name="members",
        title="Members",
        columns=(
            ColumnSpec(name="stay", header="Stay", label="Stay", kind=DURATION, range=(0.0, 5000.0)),
            ColumnSpec(name="visits", header="Visits", label="Visits", kind="number", range=(0.0, 1000.0)),
            ColumnSpec(name="pause", header="Pause", label="Pause", kind=DURATION),
        ),
        features=(),
        clustering=("stay", "visits"),
    )


def _write(path: Path) -> None:
    """Three clear groups of 60; every seventh pause is blank and one stay is no duration."""
    rng = np.random.default_rng(3)
    rows = [
        f"{int(rng.normal(weeks, 2))} weeks,{int(rng.normal(visits, 3))},"
        f"{'' if row % 7 == 0 else f'{rng.integers(2, 30)} days'}"
        for weeks, visits in ((20, 40), (60, 10), (110, 60))
        for row in range(60)
    ]
    path.write_text("\n".join(["Stay,Visits,Pause", *rows, "a while,12,3 days"]) + "\n", encoding="utf-8")


@pytest.fixture(scope="module")
def registered() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(KINDS, DURATION, DurationKind())
        patch.setitem(COLUMN_KINDS, DURATION, DurationColumn())
        patch.setitem(KIND_VIEWS, DURATION, DurationView())
        yield


@pytest.fixture(scope="module")
def table_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("members") / "members.csv"
    _write(path)
    return path


@pytest.fixture(scope="module")
def trained(registered: None, table_path: Path) -> Trained:
    return train(read_table(table_path, _customers()), quick_config())


@pytest.fixture(scope="module")
def model_path(trained: Trained, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("model") / "model.onnx"
    path.write_bytes(trained.model)
    return path


@pytest.fixture(scope="module")
def loaded(model_path: Path) -> Segmenter:
    return Segmenter.load(model_path)


def test_a_new_kind_is_read_from_a_table_and_refused_cell_by_cell(trained: Trained) -> None:
    stays = trained.table.columns["stay"]
    assert stays.dtype == np.float64
    assert np.nanmax(stays) % 7 == 0
    report = trained.table.report.columns[0]
    assert report.refused == 1
    assert "must be a duration such as '2 weeks', but it is 'a while'" in report.examples[0]


def test_a_new_kind_is_trained_exported_and_verified(trained: Trained) -> None:
    assert trained.choice.k == 3
    assert trained.verification.rows > 10_000
    assert "A duration is a double, in days." in model_card(trained)


def test_a_new_kind_is_answered_explained_and_changed(loaded: Segmenter) -> None:
    answer = loaded.predict(stay="20 weeks", visits=40)
    assert answer == loaded.predict(stay=140, visits=40)
    assert answer.complete
    assert explain(loaded, {"stay": "20 weeks"}).row == {"stay": 140, "visits": None, "pause": None}
    assert {each.column for each in nearest_changes(loaded, {"stay": "20 weeks", "visits": 40})} >= {"stay"}
    with pytest.raises(InputError, match="must be from 0 to 5000, but it is 7000"):
        loaded.predict(stay="1000 weeks")


def test_files_with_a_new_kind_are_scored(loaded: Segmenter, table_path: Path, tmp_path: Path) -> None:
    scored = score_file(loaded, table_path, tmp_path / "scored.csv")
    assert (scored.rows, scored.errors) == (181, 1)


def test_the_api_describes_a_new_kind(loaded: Segmenter) -> None:
    stay = loaded.contract.column("stay")
    assert described(stay).startswith("Stay, a duration such as 2 weeks")
    schema = customer_schema(loaded.contract.columns)["properties"]["stay"]
    assert [each["type"] for each in schema["anyOf"]] == ["number", "string", "null"]
    assert Predictor(loaded).predict({"stay": "20 weeks", "visits": 40})["complete"]
    assert Predictor(loaded).model()["columns"][0]["maximum"] == 5000.0


def test_the_page_has_a_field_for_a_new_kind(loaded: Segmenter) -> None:
    customer = typical_customer(loaded.contract, loaded.contract.segments[0])
    shown = form(loaded.contract, customer)
    assert re.search(r'class="field number" data-control="number" data-name="stay"', shown)
    linked = linked_customer(loaded.contract, {"stay": "20 weeks"})
    assert linked == {"stay": 140, "visits": None, "pause": None}
    assert 'role="alert"' not in "".join(PageHandlers(loaded).show({**customer, "pause": None}))


def test_an_unknown_kind_is_refused_with_the_known_ones() -> None:
    column = Column(name="stay", label="Stay", kind="stay", role="profile", quantiles={})
    with pytest.raises(InputError, match=r"must be one of \('number', 'category', 'date'.*but it is 'stay'"):
        kind_called("stay")
    with pytest.raises(InputError, match=r"must be one of \('number', 'category', 'date'.*but it is 'stay'"):
        ColumnSpec(name="stay", header="Stay", label="Stay", kind="stay")
    with pytest.raises(InputError, match=r"must be one of \('number', .* but it is 'stay'; add it to"):
        kind_view(column)


def test_a_model_file_with_an_unknown_kind_is_refused_at_load(
    model_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(KINDS, DURATION)
    with pytest.raises(ArtifactError, match=r"of 'stay' .*'duration'; update this package, or train"):
        Segmenter.load(model_path)


def test_settings_may_declare_a_new_kind_with_the_range_of_a_number(
    registered: None, table_path: Path
) -> None:
    stay = ColumnSettings(kind=DURATION, range=(0.0, 5000.0))
    roles = Roles(cluster=("stay", "visits"), columns={"stay": stay})
    prepared = prepare(read_raw(table_path), roles)
    spec = next(each for each in prepared.table.schema.columns if each.name == "stay")
    assert (spec.kind, spec.range) == (DURATION, (0.0, 5000.0))
