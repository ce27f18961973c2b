"""Checks that a valid file gives the same answers in every call, and that an invalid one is refused."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest

from inference import Answer, ArtifactError, InputError, Segmenter
from inference.contract import METADATA_KEY
from inference.loading.seal import add_seal
from inference.segmenter import CHUNK_ROWS
from tests.conftest import ROOT
from tests.falsified import falsified
from trainer import Trained

CUSTOMER = {"gender": "Female", "age": 31, "annual_income": 17, "spending_score": 40}


def test_a_complete_customer_gets_the_nearest_centroid(segmenter: Segmenter) -> None:
    answer = segmenter.predict(**CUSTOMER)
    assert answer.complete
    assert answer.route == "complete"
    assert answer.distances is not None
    assert answer.segment == min(answer.distances, key=answer.distances.__getitem__)
    assert answer.segment == "Low income, low score"
    assert answer.tier == "low-spending"
    assert answer.probability == answer.probabilities[answer.segment] == max(answer.probabilities.values())
    assert answer.classifier_probabilities is None


def test_an_incomplete_customer_gets_the_classifier(segmenter: Segmenter) -> None:
    answer = segmenter.predict(gender="Female", age=31, annual_income=17)
    assert not answer.complete
    assert answer.route == "partial"
    assert answer.distances is None
    assert answer.novelty is not None
    assert 0 < answer.novelty < 1
    assert answer.classifier_probabilities == answer.probabilities
    assert sum(answer.probabilities.values()) == pytest.approx(1.0, abs=1e-6)


def test_a_missing_profile_column_does_not_change_a_complete_answer(segmenter: Segmenter) -> None:
    known = segmenter.predict(annual_income=17, spending_score=40)
    assert known.complete
    assert known.distances == segmenter.predict(**CUSTOMER).distances


def test_without_known_values_the_answer_is_the_prior(segmenter: Segmenter) -> None:
    answer = segmenter.predict()
    assert answer.route == "prior"
    assert not answer.enough
    for segment in segmenter.contract.segments:
        assert answer.probabilities[segment.name] == pytest.approx(segment.share, abs=1e-7)


def test_one_segment_is_enough_from_the_contracts_threshold(segmenter: Segmenter) -> None:
    threshold = segmenter.contract.answer_probability
    ages = np.arange(18, 71)
    answers = segmenter.predict_many({"age": ages, "annual_income": np.full(len(ages), 20)})
    assert np.array_equal(answers.enough, answers.probability >= np.float32(threshold))
    assert answers.enough.any()
    assert not answers.enough.all()
    assert segmenter.predict(annual_income=42, spending_score=68).enough


def test_novelty_exceeds_one_outside_the_training_range(segmenter: Segmenter) -> None:
    inside = segmenter.predict(annual_income=55, spending_score=50).novelty
    outside = segmenter.predict(annual_income=400, spending_score=50).novelty
    assert inside is not None
    assert outside is not None
    assert inside < 1.0 < outside


def _mixed_rows() -> dict[str, list[object]]:
    return {
        "gender": ["Female", None, "male", "", "Male"],
        "age": [31, 45, None, 22, 60],
        "annual_income": [17, None, 70, 88, None],
        "spending_score": [40, 60, 77, 13, None],
    }


SUM_ORDER = 1e-6  # onnxruntime adds the leaves of one row in another order than those of many


def test_a_single_row_is_answered_as_in_a_batch(segmenter: Segmenter) -> None:
    rows = _mixed_rows()
    answers = segmenter.predict_many(rows)
    for position in range(len(answers)):
        alone = segmenter.predict(**{name: values[position] for name, values in rows.items()})
        together = answers.row(position)
        assert (together.segment, together.distances) == (alone.segment, alone.distances)
        assert together.novelty == (alone.novelty and pytest.approx(alone.novelty, abs=1e-12))
        assert together.probabilities == pytest.approx(alone.probabilities, abs=SUM_ORDER)


def test_classifier_probabilities_for_complete_rows_change_no_answer(segmenter: Segmenter) -> None:
    plain, asked = segmenter.predict_many(_mixed_rows()), segmenter.predict_many(_mixed_rows(), opinion=True)
    assert np.array_equal(plain.probabilities, asked.probabilities)
    assert np.isnan(plain.classifier_probabilities[0]).all()
    assert not np.isnan(asked.classifier_probabilities).any()
    assert asked.row(0).classifier_probabilities is not None


def test_rows_keep_their_order_over_chunks(segmenter: Segmenter) -> None:
    count = CHUNK_ROWS + 3
    score = np.linspace(1, 100, count)
    score[::7] = np.nan
    answers = segmenter.predict_many({"annual_income": np.full(count, 50.0), "spending_score": score})
    assert len(answers) == count
    assert np.array_equal(answers.complete, ~np.isnan(score))
    last, alone = answers.row(count - 1), segmenter.predict(annual_income=50.0, spending_score=100.0)
    assert (last.segment, last.distances) == (alone.segment, alone.distances)
    assert last.probabilities == pytest.approx(alone.probabilities, abs=SUM_ORDER)


def test_no_rows_give_no_answers(segmenter: Segmenter) -> None:
    assert len(segmenter.predict_many({"age": []})) == 0


def test_threads_share_one_model(segmenter: Segmenter) -> None:
    def ask(score: int) -> Answer:
        return segmenter.predict(annual_income=17, spending_score=score)

    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(ask, range(1, 100)))
    assert together == [ask(score) for score in range(1, 100)]


def test_refuses_a_row_by_name_and_number(segmenter: Segmenter) -> None:
    with pytest.raises(InputError, match="row 1: column 'age' must be from 0 to 120 years, but it is 131"):
        segmenter.predict_many({"age": [31, 131]})


def test_a_column_may_be_called_self(segmenter: Segmenter) -> None:
    with pytest.raises(InputError, match="unknown column 'self'"):
        segmenter.predict(**{"self": 1})


def _changed(trained: Trained, path: Path, change: Callable[[onnx.ModelProto], None]) -> Path:
    model = onnx.load_model_from_string(trained.model)
    change(model)
    path.write_bytes(add_seal(model.SerializeToString()))
    return path


def _with_contract(trained: Trained, path: Path, old: str, new: str) -> Path:
    assert old in trained.contract

    def change(model: onnx.ModelProto) -> None:
        model.metadata_props[0].value = trained.contract.replace(old, new)

    return _changed(trained, path, change)


def test_refuses_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(
        ArtifactError, match=r"no model file can be read at .*nothing\.onnx.*python -m trainer"
    ):
        Segmenter.load(tmp_path / "nothing.onnx")


def test_refuses_a_folder(tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match="no model file can be read at"):
        Segmenter.load(tmp_path)


@pytest.mark.parametrize("keep", [0, 100, -10])
def test_refuses_a_truncated_file(trained: Trained, tmp_path: Path, keep: int) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(trained.model[:keep])
    with pytest.raises(ArtifactError, match=r"damaged or not a model|must end with its seal"):
        Segmenter.load(path)


def test_refuses_a_file_without_a_contract(trained: Trained, tmp_path: Path) -> None:
    path = _changed(trained, tmp_path / "model.onnx", lambda model: model.ClearField("metadata_props"))
    with pytest.raises(
        ArtifactError, match=f"must contain a contract under '{METADATA_KEY}', but it has none"
    ):
        Segmenter.load(path)


def test_refuses_a_newer_format(trained: Trained, tmp_path: Path) -> None:
    path = _with_contract(trained, tmp_path / "model.onnx", '"format":2', '"format":9')
    with pytest.raises(ArtifactError, match="newer format 9; update this package"):
        Segmenter.load(path)


def test_refuses_a_graph_other_than_its_contract(trained: Trained, tmp_path: Path) -> None:
    path = _with_contract(trained, tmp_path / "model.onnx", '"name":"age"', '"name":"years"')
    with pytest.raises(ArtifactError, match=r"must have the inputs .*'years'.*changed after training"):
        Segmenter.load(path)


def test_refuses_a_runtime_that_fails_the_self_test(trained: Trained, tmp_path: Path) -> None:
    def change(document: dict[str, Any]) -> None:
        document["self_test"]["outputs"]["probabilities"][0][0] += 0.001

    path = tmp_path / "model.onnx"
    path.write_bytes(falsified(trained.model, change))
    with pytest.raises(ArtifactError, match=r"'probabilities' is off by 0\.001.*install another onnxruntime"):
        Segmenter.load(path)


def test_refuses_a_changed_segment_in_the_self_test(trained: Trained, tmp_path: Path) -> None:
    def change(document: dict[str, Any]) -> None:
        answers = document["self_test"]["outputs"]
        answers["segment_id"][2] = (answers["segment_id"][2] + 1) % 5
        answers["segment"][2] = document["segments"][answers["segment_id"][2]]["name"]

    path = tmp_path / "model.onnx"
    path.write_bytes(falsified(trained.model, change))
    with pytest.raises(ArtifactError, match=r"'segment' is .* instead of .* in row 2"):
        Segmenter.load(path)


def test_only_the_file_with_the_given_sha256_is_loaded(published: Segmenter) -> None:
    path = ROOT / "artifacts" / "model.onnx"
    assert Segmenter.load(path, sha256=published.fingerprint.upper()).fingerprint == published.fingerprint
    with pytest.raises(
        ArtifactError, match=f"must have the SHA-256 {'0' * 64}, but it has {published.fingerprint}"
    ):
        Segmenter.load(path, sha256="0" * 64)


def test_another_file_is_refused_before_it_is_read() -> None:
    with pytest.raises(ArtifactError, match="must have the SHA-256"):
        Segmenter.load(b"not a model", sha256="0" * 64)
