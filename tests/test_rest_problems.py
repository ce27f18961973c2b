"""Checks that an invalid request gets a problem document, never a plain 500."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient
from starlette.types import Message

from inference import Segmenter
from service.api.api_predictions import Predictor
from service.api.http import request_body
from service.api.problems import Problem
from service.rest import rest_api
from service.settings import Settings
from service.thread_pools import WorkerPools
from tests.web import client as client_of

JSON = {"Content-Type": "application/json"}
# From 3.14 on Python reads to the depth that its stack has room for.
DEEP = "nested too deeply" if sys.version_info < (3, 14) else "must be JSON"


@pytest.fixture(scope="module")
def client(published: Segmenter) -> Iterator[TestClient]:
    """The API about the published model."""
    with client_of(published) as client:
        yield client


def problem(answer: Any, status: int) -> dict[str, Any]:
    """The problem in an answer, once its shape has been checked."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert {"type", "title", "status", "detail", "request_id"} <= body.keys()
    assert body["status"] == status
    return body


@pytest.mark.parametrize(
    ("body", "status", "reported"),
    [
        (b"", 400, "it is empty"),
        (b"   ", 400, "it is empty"),
        (b"{", 400, "must be JSON"),
        (b'{"age": 3', 400, "line 1, column 10"),
        (b"\xff{}", 400, "UTF-8"),
        (b"[" * 100_000, 413, "at most 65,536 bytes"),
        (b"[" * 60_000, 400, DEEP),
        (b'{"age":' + b"9" * 5000 + b"}", 400, "too many digits"),
        (b"[]", 422, "it is an array"),
        (b"3", 422, "it is a number"),
        (b"null", 422, "it is null"),
        (b'"age"', 422, "it is a string"),
        (b"NaN", 422, "it is a number"),
        (b'{"age":1,"age":2}', 422, "'age' occurs twice"),
        (rb'{"\ud800":1}', 400, "whole characters"),
        (rb'{"gender":["\uDC00"]}', 400, "whole characters"),
        (rb'{"a\ud800":1,"a\ud800":2}', 422, "occurs twice"),
    ],
)
def test_a_body_that_is_not_a_customer_is_refused(
    client: TestClient, body: bytes, status: int, reported: str
) -> None:
    assert reported in problem(client.post("/v1/predict", content=body, headers=JSON), status)["detail"]


@pytest.mark.parametrize(
    ("body", "field", "reported"),
    [
        ('{"age": NaN}', "age", "must be a number, but it is NaN"),
        ('{"age": -Infinity}', "age", "must be a number, but it is -Infinity"),
        ('{"age": 1e999}', "age", "must be a finite number"),
        ('{"gender": NaN}', "gender", "must be one of"),
        ('{"age": 99999999999999999999999999}', "age", "must be from 0 to 120"),
        ('{"age": "40"}', "age", "must be a number, but it is '40'"),
        ('{"age": true}', "age", "must be a number, but it is True"),
        ('{"age": {}}', "age", "must be a number, but it is {}"),
        ('{"agee": 4}', "agee", "Did you mean 'age'?"),
        ('{"": 4}', "", "unknown column ''"),
    ],
)
def test_a_wrong_field_is_unprocessable_and_named(
    client: TestClient, body: str, field: str, reported: str
) -> None:
    (error,) = problem(client.post("/v1/predict", content=body, headers=JSON), 422)["errors"]
    assert error["field"] == field
    assert reported in error["message"]


def test_all_wrong_fields_are_reported_together(client: TestClient) -> None:
    answer = client.post("/v1/predict", json={"agee": 1, "age": 300, "gender": "x", "spending_score": 0})
    errors = problem(answer, 422)["errors"]
    assert [error["field"] for error in errors] == ["agee", "gender", "age", "spending_score"]


def test_a_nested_value_is_refused(client: TestClient) -> None:
    for depth in (50, 500, 900, 5000):
        body = '{"age":' + "[" * depth + "]" * depth + "}"
        answer = client.post("/v1/predict", content=body, headers=JSON)
        assert problem(answer, answer.status_code)["status"] in (400, 422)


@pytest.mark.parametrize("path", ["/v1/predict", "/v1/predict/batch", "/v1/explain"])
@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_another_media_type_is_refused_with_what_to_send(client: TestClient, path: str, kind: str) -> None:
    answer = client.post(path, content=b"{}", headers={"Content-Type": kind})
    assert "--json" in problem(answer, 415)["detail"]


def test_a_compressed_body_is_refused(client: TestClient) -> None:
    answer = client.post("/v1/predict", content=b"x", headers={**JSON, "Content-Encoding": "gzip"})
    assert "Content-Encoding" in problem(answer, 415)["detail"]


def test_a_body_without_a_length_is_refused_once_it_is_too_large(client: TestClient) -> None:
    pieces = (b" " * 1000 for _ in range(100))
    problem(client.post("/v1/predict", content=pieces, headers=JSON), 413)


@pytest.mark.parametrize("body", [{}, {"rows": {}}, {"rows": [], "more": 1}, {"row": []}])
def test_a_batch_that_is_not_a_list_of_rows_is_refused(client: TestClient, body: object) -> None:
    (error,) = problem(client.post("/v1/predict/batch", json=body), 422)["errors"]
    assert error["field"] == "rows"


def test_an_unknown_address_is_not_found_and_a_wrong_method_not_allowed(client: TestClient) -> None:
    for path in ("/v1/nope", "/v1/predict/", "/v1/predict/batch/x", "/v1/../etc/passwd"):
        answer = client.get(path)
        if path.startswith("/v1/.."):
            assert answer.status_code == 404
        else:
            problem(answer, 404)
    answer = client.get("/v1/predict")
    assert "POST" in problem(answer, 405)["detail"]
    assert answer.headers["allow"] == "POST"


def test_an_unknown_parameter_is_refused_with_the_likely_one(client: TestClient) -> None:
    answer = client.post("/v1/explain?segmnt=1&x=2", json={"age": 31})
    found = problem(answer, 422)
    assert "but it has 'segmnt'" in found["detail"]
    assert found["detail"].endswith("Did you mean 'segment'?")
    assert [each["field"] for each in found["errors"]] == ["segmnt", "x"]
    for method, path in (
        ("GET", "/v1/health"),
        ("GET", "/v1/openapi.json"),
        ("GET", "/v1/"),
        ("POST", "/v1/predict"),
    ):
        answer = client.request(method, f"{path}?segment=1", json={} if method == "POST" else None)
        assert "may have no parameters, but it has 'segment'" in problem(answer, 422)["detail"]
    answer = client.post("/v1/score?mising=age", content=b"age\n31\n", headers={"Content-Type": "text/csv"})
    assert problem(answer, 422)["detail"].endswith("Did you mean 'missing'?")


def test_the_index_names_every_operation_and_where_it_is_described(client: TestClient) -> None:
    index = client.get("/v1/").json()
    document = client.get("/v1/openapi.json").json()
    listed = {(each["method"], each["path"].removeprefix("/v1")) for each in index["operations"]}
    assert listed == {
        (method.upper(), path) for path, methods in document["paths"].items() for method in methods
    }
    assert index["links"]["openapi"] == "/v1/openapi.json"
    assert index["model"]["version"] == client.get("/v1/health").json()["model_version"]


def test_an_internal_error_shows_no_details_and_logs_no_value(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: object, customer: dict[str, object]) -> None:
        raise KeyError(f"cannot answer {customer}")

    monkeypatch.setattr(Predictor, "predict", fail)
    with caplog.at_level(logging.DEBUG):
        body = problem(client.post("/v1/predict", json={"age": 77.125}), 500)
    assert body["detail"] == "The server could not answer; the fault is not in the request."
    assert "KeyError while answering" in caplog.text
    assert "77.125" not in caplog.text + str(body)


def test_no_input_is_logged(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, logger="service"):
        client.post("/v1/predict", json={"age": 77.125})
        client.post("/v1/predict", json={"age": 777.125})
    assert caplog.text == ""


def test_an_overloaded_server_returns_when_to_retry(
    published: Segmenter, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold, started = threading.Event(), threading.Event()

    def wait(_: object, rows: list[object]) -> dict[str, object]:
        started.set()
        assert hold.wait(20)
        return {"rows": len(rows)}

    monkeypatch.setattr(Predictor, "predict_many", wait)
    with client_of(published, Settings(batch_workers=1, batch_queue=0)) as client:
        first = threading.Thread(
            target=client.post, args=("/v1/predict/batch",), kwargs={"json": {"rows": []}}
        )
        first.start()
        assert started.wait(20)
        refused = client.post("/v1/predict/batch", json={"rows": []})
        single = client.post("/v1/predict", json={})
        hold.set()
        first.join()
        problem(refused, 503)
        assert int(refused.headers["retry-after"]) >= 1
        assert single.status_code == 200
        assert client.post("/v1/predict/batch", json={"rows": []}).status_code == 200


def test_a_client_over_its_rate_limit_gets_the_time_to_retry(published: Segmenter) -> None:
    with client_of(published, Settings(rate_limit="3/minute")) as client:
        statuses = [client.post("/v1/predict", json={}).status_code for _ in range(4)]
        assert statuses == [200, 200, 200, 429]
        refused = client.post("/v1/predict", json={})
        problem(refused, 429)
        assert 1 <= int(refused.headers["retry-after"]) <= 61
        assert client.get("/v1/health").status_code == 200


def test_a_body_that_does_not_arrive_in_time_is_aborted(
    published: Segmenter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(request_body, "PATIENCE", 0.05)
    settings = Settings()
    rest = rest_api(Predictor(published), settings, pools=WorkerPools.of(settings))
    statuses: list[int] = []

    async def send(message: Message) -> None:
        statuses.append(message.get("status", 0))

    async def never() -> Message:
        await asyncio.Event().wait()
        return {"type": "http.disconnect"}

    headers = [(b"content-type", b"application/json"), (b"expect", b"100-continue")]
    scope = {"type": "http", "method": "POST", "path": "/predict", "query_string": b"", "headers": headers}

    async def ask() -> None:
        await rest(scope, never, send)

    asyncio.run(ask())
    assert statuses[0] == 408


def test_an_unpaired_surrogate_in_a_batch_is_refused_and_a_complete_character_is_not(
    client: TestClient,
) -> None:
    half = client.post("/v1/predict/batch", content=rb'{"rows":[{"gender":"\ud83d"}]}', headers=JSON)
    assert "whole characters" in problem(half, 400)["detail"]
    assert half.headers["x-request-id"]
    whole = client.post("/v1/predict/batch", content=rb'{"rows":[{"gender":"\ud83d\ude00"}]}', headers=JSON)
    assert whole.status_code == 200


def test_many_names_are_compared_quickly() -> None:
    names = ",".join(f'"{at}":0' for at in range(100_000))
    body = f'{{{names},"99999":1}}'
    started = time.process_time()
    json.loads(body)
    plain = time.process_time() - started
    started = time.process_time()
    with pytest.raises(Problem, match="'99999' occurs twice"):
        request_body.parse_json(body.encode())
    assert time.process_time() - started < 200 * plain  # comparing each with each takes 10,000 times as long
