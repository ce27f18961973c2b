"""Checks that test vectors contain no customer, cover likely errors, and fit the file."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from jsonschema import Draft202012Validator

from inference import Segmenter
from inference.contract import CATEGORY
from tests.conftest import ROOT, fit
from trainer import Table, Trained
from trainer.classifier.candidates import BOOSTED, CANDIDATES
from trainer.classifier.missing_patterns import training_patterns
from trainer.export.probe_rows import thresholds
from trainer.export.reference_vectors import make_vectors, vectors_text
from trainer.export.vectors_schema import vectors_schema
from trainer.export.verify import too_close
from trainer.results.fitted import Fitted
from trainer.schema.features import feature_names, matrix
from trainer.schema.kinds.category_column import UNKNOWN_CATEGORY
from trainer.table.customer_table import missing_cells

VALIDATOR = Draft202012Validator(vectors_schema())


@pytest.fixture(scope="module")
def document(trained: Trained) -> dict[str, Any]:
    """The vectors of the small run."""
    return make_vectors(trained.fitted, trained.model, trained.table)


@pytest.fixture(scope="module")
def columns(trained: Trained, document: dict[str, Any]) -> dict[str, Any]:
    """Their inputs as the libraries take them."""
    return {
        spec.name: np.array([cell or "" for cell in document["inputs"][spec.name]], dtype=object)
        if spec.kind == CATEGORY
        else np.array(document["inputs"][spec.name], dtype=np.float64)
        for spec in trained.fitted.schema.columns
    }


@pytest.mark.parametrize("classifier", sorted(CANDIDATES))
def test_the_schema_describes_the_vectors_of_every_classifier(table: Table, classifier: str) -> None:
    document = make_vectors(fit(table, classifier, 2), b"", table)
    VALIDATOR.validate(document)
    assert {len(cells) for part in ("inputs", "outputs") for cells in document[part].values()} == {
        len(document["outputs"]["segment"])
    }


def test_the_schema_refuses_a_segment_without_a_name(document: dict[str, Any]) -> None:
    outputs = document["outputs"] | {"segment": [None, *document["outputs"]["segment"][1:]]}
    assert not VALIDATOR.is_valid(document | {"outputs": outputs})


def test_equal_runs_write_equal_text_that_reads_back(trained: Trained, document: dict[str, Any]) -> None:
    again = make_vectors(trained.fitted, trained.model, trained.table)
    assert vectors_text(again) == vectors_text(document)
    assert json.loads(vectors_text(document)) == document


def test_every_missing_pattern_is_in_the_vectors(trained: Trained, columns: dict[str, Any]) -> None:
    schema = trained.fitted.schema
    cells = missing_cells(schema, columns)
    asked = {tuple(name for name, gone in zip(schema.names, row, strict=True) if gone) for row in cells}
    assert asked == set(training_patterns(schema, seed=0))


def test_unknown_categories_and_both_ends_of_each_range_are_in_the_vectors(
    trained: Trained, columns: dict[str, Any]
) -> None:
    for spec in trained.fitted.schema.columns:
        if spec.kind == CATEGORY:
            assert UNKNOWN_CATEGORY in columns[spec.name]
        else:
            assert spec.range is not None
            assert (np.nanmin(columns[spec.name]), np.nanmax(columns[spec.name])) == spec.range


def _on_cuts(fitted: Fitted, columns: dict[str, Any]) -> dict[str, int]:
    names = feature_names(fitted.schema)
    scaler = fitted.segmentation.scaler
    scaled = ((matrix(fitted.schema, columns, names) - scaler.mean_) / scaler.scale_).astype(np.float32)
    return {names[at]: int(np.isin(scaled[:, at], cuts).sum()) for at, cuts in thresholds(fitted).items()}


def test_numbers_are_on_cuts_of_the_trees(table: Table) -> None:
    boosted = fit(table, BOOSTED, 5)
    inputs = make_vectors(boosted, b"", table)["inputs"]
    columns = {
        name: np.array([cell or "" for cell in cells], dtype=object)
        if name == "gender"
        else np.array(cells, float)
        for name, cells in inputs.items()
    }
    on = _on_cuts(boosted, columns)
    assert min(on[name] for name in ("age", "annual_income", "spending_score")) >= 10


def test_no_row_is_a_customer(columns: dict[str, Any], table: Table) -> None:
    """Nor equals one in all known columns, if two or more are known."""
    customers = list(zip(*(table.columns[name].tolist() for name in table.schema.names), strict=True))
    known = ~missing_cells(table.schema, columns)
    for row, cells in enumerate(zip(*(columns[name] for name in table.schema.names), strict=True)):
        given = np.flatnonzero(known[row])
        if len(given) >= 2:
            reported = tuple(cells[at] for at in given)
            assert reported not in {tuple(customer[at] for at in given) for customer in customers}


def test_no_row_is_close_to_a_tie(trained: Trained, columns: dict[str, Any]) -> None:
    assert not too_close(trained.fitted.answer(columns), distance=1e-9).any()


def test_the_published_file_answers_the_published_vectors(published: Segmenter) -> None:
    document = json.loads((ROOT / "artifacts" / "test_vectors.json").read_text(encoding="utf-8"))
    VALIDATOR.validate(document)
    assert document["model_sha256"] == published.fingerprint
    inputs = {
        column.name: [
            cell if column.kind != CATEGORY or cell in column.spellings else None
            for cell in document["inputs"][column.name]
        ]
        for column in published.contract.columns
    }
    answers = published.predict_many(inputs, opinion=True)
    assert answers.segment.tolist() == document["outputs"]["segment"]
    for found, name in (
        (answers.probabilities, "probabilities"),
        (answers.classifier_probabilities, "classifier_probabilities"),
        (answers.distances, "distances"),
    ):
        wanted = np.array(document["outputs"][name], dtype=np.float64)
        assert np.allclose(found, wanted, rtol=0.0, atol=1e-5, equal_nan=True)
