"""Checks that the REST API gives the model's answers and identifies the model in each of them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import asdict

import pytest
from starlette.testclient import TestClient

from inference import Segmenter, explain, nearest_change
from tests.web import client as client_of

CUSTOMER = {"gender": "Female", "age": 31, "annual_income": 17, "spending_score": 40}
IN_EVERY_ANSWER = {"segment", "probability", "probabilities", "route", "novelty", "model_version"}


@pytest.fixture(scope="module")
def client(published: Segmenter) -> Iterator[TestClient]:
    """The API about the published model."""
    with client_of(published) as client:
        yield client


@pytest.mark.parametrize(
    "customer", [CUSTOMER, {"age": 31, "annual_income": 17}, {"gender": None, "age": None}, {}]
)
def test_one_customer_gets_the_models_answer(
    client: TestClient, published: Segmenter, customer: dict[str, object]
) -> None:
    answer = client.post("/v1/predict", json=customer)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    expected = asdict(published.predict(**customer)) | {"model_version": published.fingerprint[:12]}
    assert answer.json() == expected
    assert answer.json().keys() >= IN_EVERY_ANSWER


def test_a_batch_is_answered_row_by_row_as_single_customers_are(
    client: TestClient, published: Segmenter
) -> None:
    rows = [CUSTOMER, {"age": 31}, {}, {"annual_income": 80, "spending_score": 90}]
    answer = client.post("/v1/predict/batch", json={"rows": rows}).json()
    assert (answer["rows"], answer["answered"], answer["errors"]) == (4, 4, [])
    for row, found in zip(rows, answer["answers"], strict=True):
        single = client.post("/v1/predict", json=row).json()
        assert found.pop("probabilities") == pytest.approx(single.pop("probabilities"), abs=1e-6)
        assert found.pop("probability") == pytest.approx(single.pop("probability"), abs=1e-6)
        for name in ("classifier_probabilities", "distances"):
            mine, other = found.pop(name), single.pop(name)
            assert mine == (None if other is None else pytest.approx(other, abs=1e-6))
        assert found.pop("novelty") == pytest.approx(single.pop("novelty"))
        assert found == single


def test_an_invalid_row_is_reported_and_does_not_stop_the_others(client: TestClient) -> None:
    rows: list[object] = [CUSTOMER, {"age": 300}, 5, {"agee": 3}, {"gender": "Femal"}]
    answer = client.post("/v1/predict/batch", json={"rows": rows})
    assert answer.status_code == 200
    body = answer.json()
    assert [found is None for found in body["answers"]] == [False, True, True, True, True]
    assert [(error["row"], error["field"]) for error in body["errors"]] == [
        (1, "age"),
        (2, None),
        (3, "agee"),
        (4, "gender"),
    ]
    assert body["answered"] == 1
    assert "Did you mean 'age'?" in body["errors"][2]["message"]


def test_ten_thousand_rows_are_answered_and_one_more_is_refused(client: TestClient) -> None:
    rows = [{"annual_income": 15 + at % 100, "spending_score": 40} for at in range(10_000)]
    full = client.post("/v1/predict/batch", json={"rows": rows})
    assert full.json()["answered"] == 10_000
    over = client.post("/v1/predict/batch", json={"rows": [*rows, {}]})
    assert over.status_code == 422
    assert "at most 10,000 rows" in over.json()["detail"]


def test_an_explanation_adds_up_and_names_the_nearest_change(
    client: TestClient, published: Segmenter
) -> None:
    answer = client.post("/v1/explain", json=CUSTOMER).json()
    why = explain(published, CUSTOMER)
    change = nearest_change(published, CUSTOMER)
    assert change is not None
    assert answer.keys() >= IN_EVERY_ANSWER
    reported = {each["column"]: each["contribution"] for each in answer["contributions"]}
    assert reported == pytest.approx(why.contributions)
    assert answer["base"] + sum(reported.values()) == pytest.approx(answer["explained_probability"], abs=1e-6)
    assert answer["nearest_change"]["sentence"] == change.sentence
    assert [each["sentence"] for each in answer["contributions"]] == why.sentences()


def test_another_segment_can_be_explained_by_name_or_id(client: TestClient, published: Segmenter) -> None:
    other = published.contract.segments[0]
    for asked in (other.name, str(other.id)):
        answer = client.post("/v1/explain", params={"segment": asked}, json=CUSTOMER).json()
        assert answer["explained_segment"] == other.name
    wrong = client.post("/v1/explain", params={"segment": "Nobody"}, json=CUSTOMER)
    assert wrong.status_code == 422
    assert wrong.json()["errors"][0]["field"] == "segment"


def test_the_model_is_described_by_its_contract(client: TestClient, published: Segmenter) -> None:
    model = client.get("/v1/model").json()
    assert model["model_sha256"] == published.fingerprint
    assert [each["name"] for each in model["segments"]] == [each.name for each in published.contract.segments]
    assert [each["name"] for each in model["columns"]] == list(published.contract.names)
    assert (model["columns"][1]["minimum"], model["columns"][1]["maximum"]) == (0, 120)


def test_the_model_says_what_kind_of_segments_it_has(client: TestClient, published: Segmenter) -> None:
    found, choice = client.get("/v1/model").json()["segmentation"], published.contract.choice
    assert choice is not None
    assert choice.row is not None
    assert (found["kind"], found["p_value"], found["reason"]) == (choice.kind, choice.p_value, choice.reason)
    assert found["silhouette"] == choice.row.silhouette > found["one_population"]


def test_health_and_readiness_are_reported(client: TestClient, published: Segmenter) -> None:
    assert client.get("/v1/health").json() == {"status": "ok", "model_version": published.fingerprint[:12]}
    ready = client.get("/v1/ready").json()
    assert ready == {"status": "ready", "model_version": published.fingerprint[:12]}
    assert client.head("/v1/health").status_code == 200


def test_large_answers_are_compressed_if_the_client_accepts_it(client: TestClient) -> None:
    rows = {"rows": [CUSTOMER] * 100}
    plain = client.post("/v1/predict/batch", json=rows, headers={"Accept-Encoding": "identity"})
    small = client.post("/v1/predict/batch", json=rows, headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert small.headers["content-encoding"] == "gzip"
    assert small.json() == plain.json()
    assert int(small.headers["content-length"]) < len(plain.content) / 4
    refused = client.get("/v1/model", headers={"Accept-Encoding": "gzip;q=0"})
    assert "content-encoding" not in refused.headers


def test_what_never_changes_is_not_sent_twice(client: TestClient) -> None:
    first = client.get("/v1/model")
    again = client.get("/v1/model", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_every_answer_has_a_request_id_and_keeps_a_sane_one(client: TestClient) -> None:
    first, second = (client.get("/v1/health").headers["x-request-id"] for _ in range(2))
    assert first != second
    kept = client.post("/v1/predict", json={"age": 300}, headers={"X-Request-ID": "order-7.a"})
    assert kept.headers["x-request-id"] == kept.json()["request_id"] == "order-7.a"
    for bad in ("a b", "x" * 65, '"><script>'):
        made = client.get("/v1/health", headers={"X-Request-ID": bad}).headers["x-request-id"]
        assert made != bad


def test_answers_have_security_headers_for_browsers(client: TestClient) -> None:
    for answer in (client.get("/v1/health"), client.get("/v1/nothing"), client.get("/v1/predict")):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        assert answer.headers["cache-control"] == "no-store"


def test_a_gzip_answer_is_what_gzip_reads(client: TestClient) -> None:
    with client.stream("GET", "/v1/openapi.json", headers={"Accept-Encoding": "gzip"}) as answer:
        packed = b"".join(answer.iter_raw())
    assert json.loads(gzip.decompress(packed))["openapi"] == "3.1.0"
