"""Checks that the app gives programs the model's answers, and refuses invalid input with messages."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError
from starlette.requests import Request

from app import build_app
from inference import Segmenter
from service.api.api_predictions import Predictor
from service.gradio_api.gradio_errors import bad_arguments, unknown_endpoint
from service.settings import Settings
from tests.conftest import ROOT
from tests.free_port import free_port
from tests.server import get, post

pytestmark = pytest.mark.server

FIELDS = {
    "segment", "segment_id", "tier", "action", "probability", "probabilities", "route", "complete", "enough",
    "novelty", "distances", "classifier_probabilities", "model_version",
}  # fmt: skip


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """The address of the app, served in this process."""
    site = build_app(Settings(host="127.0.0.1", port=free_port(), mcp=False))
    yield site.launch(prevent_thread_lock=True, quiet=True)
    site.close()


@pytest.fixture(scope="module")
def client(url: str) -> Client:
    """Gradio's own client."""
    return Client(url, verbose=False, ssl_verify=False)


def test_named_arguments_get_the_models_answer_as_json(client: Client, published: Segmenter) -> None:
    customer = {"gender": "Female", "age": 31, "annual_income": 17, "spending_score": 40}
    answer = client.predict(**customer, api_name="/predict")
    expected = published.predict(**customer)
    assert set(answer) == FIELDS
    assert answer["segment"] == expected.segment
    assert answer["action"] == expected.action
    assert answer["probabilities"] == pytest.approx(expected.probabilities)
    assert answer["distances"] == pytest.approx(expected.distances)
    assert answer["novelty"] == pytest.approx(expected.novelty)
    assert (answer["complete"], answer["route"]) == (True, "complete")
    assert answer["model_version"] == published.fingerprint[:12]


def test_a_customer_gets_the_same_answer_from_every_interface(client: Client, published: Segmenter) -> None:
    customer = {"age": 31, "annual_income": 17, "spending_score": 40}
    answer = client.predict(**customer, api_name="/predict")
    assert answer == Predictor(published).predict(customer)
    assert answer["classifier_probabilities"] is None


def test_arguments_left_out_are_unknown(client: Client, published: Segmenter) -> None:
    answer = client.predict(annual_income=80, api_name="/predict")
    assert answer["segment"] == published.predict(annual_income=80).segment
    assert answer["complete"] is False
    assert answer["distances"] is None
    assert 0 < answer["novelty"] < 1


def test_a_customer_without_known_values_gets_the_segment_sizes(client: Client, published: Segmenter) -> None:
    answer = client.predict(api_name="/predict")
    assert (answer["route"], answer["enough"]) == ("prior", False)
    shares = {segment.name: segment.share for segment in published.contract.segments}
    assert answer["probabilities"] == pytest.approx(shares, abs=1e-6)


@pytest.mark.parametrize(
    ("customer", "sentence"),
    [
        ({"age": 300}, "column 'age' must be from 0 to 120 years, but it is 300"),
        ({"age": "40"}, "column 'age' must be a number, but it is '40'"),
        ({"gender": "Femal"}, "Did you mean 'Female'?"),
        ({"annual_income": True}, "column 'annual_income' must be a number, but it is True"),
        ({"annual_income": [1]}, "column 'annual_income' must be a number, but it is [1]"),
    ],
)
def test_an_invalid_value_returns_its_message(
    client: Client, customer: Mapping[str, Any], sentence: str
) -> None:
    with pytest.raises(AppError) as caught:
        client.predict(**customer, api_name="/predict")
    assert sentence in caught.value.message


def test_a_plain_post_gets_the_same_message(url: str) -> None:
    status, body = post(f"{url}/gradio_api/run/predict", {"data": [None, 300, None, None]})
    assert status == 422
    assert body["error"].startswith("column 'age' must be from 0 to 120 years")


def test_too_few_values_give_a_message_and_never_a_null(url: str) -> None:
    status, body = post(f"{url}/gradio_api/run/predict", {"data": [None]})
    assert status == 422
    assert "takes 4 values, but 1 were sent" in body["error"]


def test_the_endpoints_shown_are_these_and_no_event_of_the_page(url: str) -> None:
    info = json.loads(get(f"{url}/gradio_api/info")[1])
    assert set(info["named_endpoints"]) == {"/predict", "/predict_many", "/explain", "/score_file", "/model"}
    assert not info["unnamed_endpoints"]
    for name, endpoint in info["named_endpoints"].items():
        assert len(endpoint["description"]) > 40, name
        for argument in endpoint["parameters"]:
            assert argument["parameter_has_default"] or argument["parameter_name"] == "file"
            assert len(argument["label"]) > 20, argument
        assert "1st" not in [each["label"] for each in endpoint["returns"]]


def test_predict_has_one_named_typed_and_described_argument_per_column(url: str) -> None:
    info = json.loads(get(f"{url}/gradio_api/info")[1])
    endpoint = info["named_endpoints"]["/predict"]
    arguments = {each["parameter_name"]: each for each in endpoint["parameters"]}
    assert list(arguments) == ["gender", "age", "annual_income", "spending_score"]
    assert all(each["parameter_has_default"] for each in arguments.values())
    assert all(each["parameter_default"] is None for each in arguments.values())
    assert arguments["age"]["type"] == {"oneOf": [{"type": "null"}, {"type": "number"}]}
    assert {"enum": ["Female", "Male"]} in arguments["gender"]["type"]["oneOf"]
    assert arguments["age"]["label"] == "Age (years), a number from 0 to 120; null if unknown."
    assert set(endpoint["returns"][0]["type"]["properties"]) == FIELDS
    assert endpoint["description"].startswith("Predict which segment one customer belongs to")


@pytest.mark.parametrize("path", ["call/nope", "call/v2/nope", "run/nope", "call/v2/show"])
def test_an_unknown_endpoint_is_not_found(url: str, path: str) -> None:
    status, body = post(f"{url}/gradio_api/{path}", {"data": []})
    assert status == 404
    assert "no such endpoint" in body["error"]


def test_a_body_over_the_limit_is_refused_before_it_is_parsed(url: str) -> None:
    status, body = post(f"{url}/gradio_api/run/predict_many", {"data": [[{"gender": "x" * 17_000_000}]]})
    assert status == 413
    assert "at most 16,777,216 bytes" in body["detail"]


def test_an_unknown_argument_is_unprocessable(url: str) -> None:
    status, body = post(f"{url}/gradio_api/call/v2/predict", {"agee": 30})
    assert status == 422
    assert body["error"].startswith("'agee': the arguments do not fit")


@pytest.mark.parametrize(
    "path",
    ["openapi.json", "docs", "redoc", "monitoring", "gradio_api/monitoring/summary", "gradio_api/runs"],
)
def test_unused_endpoints_are_disabled(url: str, path: str) -> None:
    assert get(f"{url}/{path}")[0] in (403, 404)


def test_files_of_the_server_cannot_be_read(url: str) -> None:
    assert get(f"{url}/gradio_api/file={ROOT / 'app.py'}")[0] == 403


def test_an_internal_error_has_a_plain_message_and_a_log_without_values(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: object, values: Mapping[str, object]) -> None:
        raise RuntimeError(f"cannot answer {values}")

    monkeypatch.setattr("service.api.api_predictions.check_row", fail)
    with caplog.at_level(logging.ERROR), pytest.raises(AppError) as caught:
        client.predict(age=77.125, api_name="/predict")
    assert caught.value.message == "The server could not answer; the fault is not in the request."
    assert "RuntimeError while answering" in caplog.text
    assert "77.125" not in caplog.text


def test_an_internal_error_is_logged_and_an_unknown_argument_is_not(caplog: pytest.LogCaptureFixture) -> None:
    request = Request({"type": "http", "path": "/gradio_api/call/predict", "headers": []})
    asyncio.run(bad_arguments(request, TypeError("Parameter `agee` is not a valid key-word argument")))
    assert caplog.text == ""
    asyncio.run(bad_arguments(request, TypeError("private")))
    asyncio.run(unknown_endpoint()(request, KeyError("private")))
    assert ("TypeError" in caplog.text, "KeyError" in caplog.text) == (True, True)
    assert "private" not in caplog.text
