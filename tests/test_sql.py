"""Checks the model as a SQL statement, in SQLite: the answers of the file, whatever the model is made of."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import jinja2
import numpy as np
import onnx
import pytest

from inference import ArtifactError, Contract, InputError, Segmenter
from inference.__main__ import main
from inference.engines.sql.dbt import as_model
from inference.engines.sql.dialects import DIALECTS
from inference.engines.sql.sql_statement import ANSWERS, SqlOptions, sql_statement
from inference.engines.sql.sql_terms import Expressions
from inference.engines.symbolic_run import read_graph
from inference.engines.symbolic_run.operators import OPERATORS
from inference.engines.symbolic_run.program import Term
from inference.engines.symbolic_run.terms import Terms
from tests import shapes
from tests.conftest import ROOT, quick_config
from tests.sql_answers import ID, Rows, assert_same_answers, by_column, create_table, statement
from trainer import Table, prepare, train
from trainer.export.probe_rows import mixed_rows, training_rows, with_gaps
from trainer.schema.kinds.column_kinds import column_kind

PUBLISHED = ROOT / "artifacts" / "model.onnx"
TYPES = {"number": "REAL", "category": "TEXT", "date": "TEXT"}
CLASSIFIERS = ("xgboost", "random_forest", "logistic_regression", "gaussian", "blend")


def in_sqlite(written: str, contract: Contract, rows: Rows) -> list[dict[str, Any]]:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(create_table(contract, TYPES))
        marks = ", ".join("?" * (1 + len(contract.names)))
        connection.executemany(f"INSERT INTO customers VALUES ({marks})", rows)  # noqa: S608 - our own marks
        found = connection.execute(written)
        return by_column([each[0] for each in found.description], found.fetchall())


def vectors(contract: Contract) -> dict[str, Any]:
    """The inputs of the published test vectors, with every threshold and its neighbours among them."""
    document = json.loads((ROOT / "artifacts" / "test_vectors.json").read_text(encoding="utf-8"))
    return {
        name: np.array(
            [np.nan if cell is None else cell for cell in document["inputs"][name]],
            dtype=float if contract.column(name).kind != "category" else object,
        )
        for name in contract.names
    }


def test_the_published_model_answers_as_its_file(published: Segmenter) -> None:
    assert_same_answers(PUBLISHED, "sqlite", in_sqlite, vectors(published.contract))


@pytest.mark.parametrize("classifier", CLASSIFIERS)
def test_every_classifier_answers_as_its_file(table: Table, tmp_path: Path, classifier: str) -> None:
    found = train(table, quick_config(user_k=4, classifier=classifier))
    path = tmp_path / "model.onnx"
    path.write_bytes(found.model)
    assert_same_answers(path, "sqlite", in_sqlite, mixed_rows(found.fitted, table, 1_000, seed=0))


@pytest.mark.parametrize("shape", ["shop", "telecom"])
def test_tables_with_dates_categories_and_logarithms_answer_as_their_file(shape: str, tmp_path: Path) -> None:
    """Dates and categories with a place for all others, and clustering columns of which one is missing."""
    ready = prepare(getattr(shapes, shape)(400)).table
    found = train(ready, quick_config(user_k=3))
    path = tmp_path / "model.onnx"
    path.write_bytes(found.model)
    rng = np.random.default_rng(0)
    asked = with_gaps(found.fitted, training_rows(ready, rng), rng)
    assert {column_kind(each).name for each in ready.schema.columns} >= {"number", "category"}
    assert_same_answers(path, "sqlite", in_sqlite, asked)


def _asked(published: Segmenter, *rows: list[Any], **options: Any) -> list[dict[str, Any]]:
    written = statement(published, "sqlite", **options)
    return in_sqlite(written, published.contract, [[place, *row] for place, row in enumerate(rows)])


def test_a_cell_that_cannot_be_used_is_said_and_never_guessed(published: Segmenter) -> None:
    bad, noted, sound = _asked(
        published, ["Male", 30.0, 40.0, 101.0], ["robot", 30.0, 40.0, 50.0], [" FEMALE ", 30.0, 40.0, 50.0]
    )
    assert bad["error"] == "spending_score must be a number from 1 to 100; correct it or make it NULL"
    assert {bad[name] for name in ANSWERS} == {None, "error", bad["error"]}
    assert noted["note"] == "gender must be one of Female, Male; correct it or make it NULL"
    assert noted["segment"] == sound["segment"]
    assert (sound["note"], sound["error"], sound["route"]) == (None, None, "complete")


def test_blank_texts_are_missing_and_an_unknown_customer_has_the_prior(published: Segmenter) -> None:
    nothing, blank = _asked(published, [None, None, None, None], ["  ", None, None, None])
    assert nothing["route"] == blank["route"] == "prior"
    assert (nothing["enough"], nothing["novelty"], blank["note"]) == (0, None, None)
    shares = [each.share for each in published.contract.segments]
    got = [nothing[f"probability_{each.id}"] for each in published.contract.segments]
    np.testing.assert_allclose(got, shares, atol=1e-6)


def test_columns_may_have_other_names_or_be_absent(published: Segmenter) -> None:
    options = {"absent": ["gender", "age"], "columns": {"annual_income": "age"}}
    (found,) = _asked(published, [None, 60.0, None, 50.0], **options)
    wanted = published.predict(annual_income=60.0, spending_score=50.0)
    assert (found["segment"], found["route"]) == (wanted.segment, "complete")


@pytest.mark.parametrize("dialect", DIALECTS)
def test_texts_and_names_from_a_table_cannot_end_their_quotes(published: Segmenter, dialect: str) -> None:
    chosen = DIALECTS[dialect]
    hostile = "x'; DROP TABLE y; --\\"
    assert chosen.string(hostile).count("'") % 2 == 0 or "\\'" in chosen.string(hostile)
    named = chosen.identifier('a"`b')
    assert named.strip(chosen.quote).replace(chosen.quote * 2, "").count(chosen.quote) == 0
    written = statement(published, dialect, columns={"age": 'a"`b'})
    assert named in written


def test_the_command_writes_a_new_file_and_refuses_what_does_not_fit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "segments.sql"
    command = ["sql", str(PUBLISHED), "--dialect", "postgres", "--table", "shop.customers", "--keep", ID]
    assert main([*command, "--out", str(out)]) == 0
    assert 'FROM "shop"."customers" OFFSET 0\n' in out.read_text(encoding="utf-8")
    assert main([*command, "--out", str(out)]) == 2
    assert main(["sql", str(PUBLISHED), "--without", "agee"]) == 2
    assert main(["sql", str(PUBLISHED), "--column", "age"]) == 2
    assert main(["sql", str(PUBLISHED), "--keep", "segment"]) == 2
    said = capsys.readouterr().err
    assert "must not exist yet" in said
    assert "Did you mean 'age'?" in said
    assert "--column must be NAME=T" in said
    assert "must not be named as an answer" in said


def test_a_model_of_dbt_runs_nothing_that_a_name_contains() -> None:
    written = as_model("SELECT '{{ env_var(1) }} {% x %} {# y #}' FROM \"cs_table\"", "shop.o'neil")
    environment = jinja2.Environment(autoescape=False)  # noqa: S701 - SQL, not HTML
    shown = environment.from_string(written).render(source=lambda *names: "/".join(names))
    assert shown == "SELECT '{{ env_var(1) }} {% x %} {# y #}' FROM shop/o'neil"


@pytest.mark.parametrize(("above", "found"), [(3.0, np.inf), (-3.0, -np.inf), (0.0, np.nan), (None, np.nan)])
def test_a_quotient_by_zero_is_no_error_and_as_large_as_a_number_can_be(
    above: float | None, found: float
) -> None:
    terms = Terms()
    quotient = terms.make("divide", terms.make("input", value="a"), terms.make("input", value="b"))
    written = Expressions(DIALECTS["sqlite"], {}).of(quotient)
    with closing(sqlite3.connect(":memory:")) as connection:
        ask = f'SELECT {written} FROM (SELECT ? AS "cs_in_a", 0.0 AS "cs_in_b")'  # noqa: S608 - our own terms
        ((answer,),) = connection.execute(ask, (above,)).fetchall()
    largest = np.finfo(np.float64).max
    assert answer == (None if np.isnan(found) else np.clip(found, -largest, largest))


def test_without_onnx_the_command_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    from inference.engines.engine_commands import run_sql

    monkeypatch.setitem(sys.modules, "inference.engines.sql.sql_statement", None)
    with pytest.raises(InputError, match="run pip install onnx"):
        run_sql(object())  # type: ignore[arg-type]


def _changed(monkeypatch: pytest.MonkeyPatch, published: Segmenter, operator: str, other: str) -> None:
    """Let the reader see one operator of the published graph as another."""
    model = onnx.load_from_string(published.content)
    next(node for node in model.graph.node if node.op_type == operator).op_type = other
    monkeypatch.setattr(onnx, "load_from_string", lambda _: model)


def test_an_unknown_operator_is_named(monkeypatch: pytest.MonkeyPatch, published: Segmenter) -> None:
    assert "Mod" not in OPERATORS
    _changed(monkeypatch, published, "Sub", "Mod")
    with pytest.raises(ArtifactError, match="'Mod'"):
        read_graph.answer_program(published)


def test_a_use_of_an_operator_that_is_not_known_is_named(
    monkeypatch: pytest.MonkeyPatch, published: Segmenter
) -> None:
    _changed(monkeypatch, published, "Cast", "Sqrt")
    with pytest.raises(ArtifactError, match="can be written in other languages"):
        read_graph.answer_program(published)


def test_a_threshold_is_where_rounding_to_single_precision_reaches_it() -> None:
    terms = Terms()
    number = terms.make("input", value="x")
    rounded = terms.make("single", number)
    rng = np.random.default_rng(0)
    for bound in rng.normal(size=200).astype(np.float32):
        below = np.nextafter(bound, np.float32(-np.inf))
        near = [
            (float(bound) + float(below)) / 2,
            (float(bound) + float(np.nextafter(bound, np.float32(9)))) / 2,
        ]
        cells = [np.nextafter(each, to) for each in near for to in (-9.0, each, 9.0)]
        cut = terms.constant(bound)
        for cell in cells:
            value = np.float32(cell)
            assert _holds(terms.less(rounded, cut), cell) == (value < bound)
            assert _holds(terms.at_most(rounded, cut), cell) == (value <= bound)
            assert _holds(terms.less(cut, rounded), cell) == (bound < value)
            assert _holds(terms.at_most(cut, rounded), cell) == (bound <= value)


def _holds(comparison: Term, cell: float) -> bool:
    """Whether a comparison of the input with a constant holds, in double precision."""
    left, right = (float(cell) if each.value == "x" else each.value for each in comparison.arguments)
    return bool(left < right if comparison.operation == "less" else left <= right)


def test_a_table_over_pairs_is_written_as_steps(published: Segmenter) -> None:
    """As a list of its cells it would be forty times as long."""
    assert len(sql_statement(published, DIALECTS["sqlite"], SqlOptions())) < 100_000
