"""Promises that the served app answers programs as the model does, and refuses what is wrong in words."""

from __future__ import annotations

import json
import logging
import os
import re
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError

from app import build_app
from inference import ArtifactError, Segmenter
from service.server import launch_options
from service.settings import DEFAULT_MODEL, Settings
from service.startup import QUIET, prepare

pytestmark = pytest.mark.server

ROOT = Path(__file__).parents[1]
FIELDS = {
    "segment", "segment_id", "tier", "action", "probability", "probabilities", "route", "complete", "enough",
    "novelty", "distances", "classifier_probabilities", "model_version",
}  # fmt: skip
TRAINING_ONLY = {"sklearn", "xgboost", "onnx", "skl2onnx", "onnxmltools", "scipy", "matplotlib", "trainer"}


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture(scope="module")
def published() -> Segmenter:
    """The published model."""
    return Segmenter.load(DEFAULT_MODEL)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """The address of the app, served in this process."""
    page = build_app()
    settings = Settings(host="127.0.0.1", port=free_port(), mcp=False)
    _, address, _ = page.launch(**launch_options(settings), prevent_thread_lock=True, quiet=True)
    yield address.rstrip("/")
    page.close()


@pytest.fixture(scope="module")
def client(url: str) -> Client:
    """Gradio's own client."""
    return Client(url, verbose=False, ssl_verify=False)


def post(address: str, body: object) -> tuple[int, Any]:
    """Send JSON; the status and the JSON that came back."""
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(address, json.dumps(body).encode(), headers)  # noqa: S310 - loopback
    try:
        with urllib.request.urlopen(request) as answer:  # noqa: S310
            return int(answer.status), json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return int(error.code), json.load(error)


def get(address: str) -> tuple[int, bytes]:
    """Fetch an address; the status and what came back."""
    try:
        with urllib.request.urlopen(address) as answer:  # noqa: S310 - loopback
            return int(answer.status), answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return int(error.code), error.read()


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


def test_a_complete_customer_brings_the_classifiers_opinion_too(client: Client, published: Segmenter) -> None:
    customer = {"age": 31, "annual_income": 17, "spending_score": 40}
    answer = client.predict(**customer, api_name="/predict")
    asked = published.predict_many({name: [value] for name, value in customer.items()}, opinion=True)
    assert answer["classifier_probabilities"] == pytest.approx(asked.row(0).classifier_probabilities)


def test_arguments_left_out_are_unknown(client: Client, published: Segmenter) -> None:
    answer = client.predict(annual_income=80, api_name="/predict")
    assert answer["segment"] == published.predict(annual_income=80).segment
    assert answer["complete"] is False
    assert answer["distances"] is None
    assert answer["novelty"] is None


def test_knowing_nothing_is_answered_with_the_sizes_of_the_segments(
    client: Client, published: Segmenter
) -> None:
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
def test_a_refused_value_comes_back_as_the_sentence_about_it(
    client: Client, customer: Mapping[str, Any], sentence: str
) -> None:
    with pytest.raises(AppError) as caught:
        client.predict(**customer, api_name="/predict")
    assert sentence in caught.value.message


def test_a_plain_post_is_told_the_sentence_too(url: str) -> None:
    status, body = post(f"{url}/gradio_api/run/predict", {"data": [None, 300, None, None]})
    assert status == 500
    assert body["error"].startswith("column 'age' must be from 0 to 120 years")


def test_too_few_values_are_told_and_never_a_null(url: str) -> None:
    _, body = post(f"{url}/gradio_api/run/predict", {"data": [None]})
    assert "needed: 4, got: 1" in body["error"]


def test_the_only_endpoint_shown_is_predict_with_names_types_and_defaults(url: str) -> None:
    info = json.loads(get(f"{url}/gradio_api/info")[1])
    assert list(info["named_endpoints"]) == ["/predict"]
    assert not info["unnamed_endpoints"]
    endpoint = info["named_endpoints"]["/predict"]
    arguments = {each["parameter_name"]: each for each in endpoint["parameters"]}
    assert list(arguments) == ["gender", "age", "annual_income", "spending_score"]
    assert all(each["parameter_has_default"] for each in arguments.values())
    assert all(each["parameter_default"] is None for each in arguments.values())
    assert arguments["age"]["type"] == {"oneOf": [{"type": "null"}, {"type": "number"}]}
    assert {"enum": ["Female", "Male"]} in arguments["gender"]["type"]["oneOf"]
    assert arguments["age"]["label"] == "Age (years), a number from 0 to 120; null when unknown."
    assert set(endpoint["returns"][0]["type"]["properties"]) == FIELDS
    assert endpoint["description"].startswith("Tell which segment a customer belongs to.")


@pytest.mark.parametrize("path", ["call/nope", "call/v2/nope", "run/nope", "call/v2/show"])
def test_an_unknown_endpoint_is_not_found(url: str, path: str) -> None:
    status, body = post(f"{url}/gradio_api/{path}", {"data": []})
    assert status == 404
    assert "no such endpoint" in body["error"]


def test_an_unknown_argument_is_unprocessable(url: str) -> None:
    status, body = post(f"{url}/gradio_api/call/v2/predict", {"agee": 30})
    assert status == 422
    assert "arguments" in body["error"]


@pytest.mark.parametrize(
    "path",
    ["openapi.json", "docs", "redoc", "monitoring", "gradio_api/monitoring/summary", "gradio_api/runs"],
)
def test_what_a_visitor_has_no_use_for_is_closed(url: str, path: str) -> None:
    assert get(f"{url}/{path}")[0] in (403, 404)


def test_files_of_the_server_stay_there(url: str) -> None:
    assert get(f"{url}/gradio_api/file={ROOT / 'app.py'}")[0] == 403


def test_a_fault_of_ours_is_a_plain_sentence_and_logged_without_values(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: object, values: Mapping[str, object]) -> None:
        raise RuntimeError(f"cannot answer {values}")

    monkeypatch.setattr("service.desk.check_row", fail)
    with caplog.at_level(logging.ERROR), pytest.raises(AppError) as caught:
        client.predict(age=77.125, api_name="/predict")
    assert caught.value.message == "The server could not answer; the fault is not in the request."
    assert "RuntimeError while answering" in caplog.text
    assert "77.125" not in caplog.text


def run_app(**environment: str) -> subprocess.Popen[str]:
    """``python app.py`` with these variables."""
    return subprocess.Popen(
        [sys.executable, "app.py"],
        cwd=ROOT,
        env={**os.environ, "PYTHONUNBUFFERED": "1", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_the_app_serves_on_the_port_it_is_given_with_its_tool_for_agents() -> None:
    port = free_port()
    with run_app(PORT=str(port), HOST="127.0.0.1", MCP="on") as process:
        try:
            assert process.stdout is not None
            assert any(f"127.0.0.1:{port}" in line for line in process.stdout)
            status, page = get(f"http://127.0.0.1:{port}/")
            assert status == 200
            assert b"--seg-0: #0f8674" in page
            (tool,) = json.loads(get(f"http://127.0.0.1:{port}/gradio_api/mcp/schema")[1])
            assert tool["name"] == "predict"
            assert "Decides the segment" in tool["inputSchema"]["properties"]["annual_income"]["description"]
        finally:
            process.terminate()
            process.communicate()


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"MODEL_PATH": "no/such.onnx"}, "no model file can be read at 'no/such.onnx'"),
        ({"MODEL_PATH": "app.py"}, "must be an ONNX model"),
        ({"PORT": "http"}, "PORT must be a whole number, but it is 'http'"),
    ],
)
def test_what_cannot_start_says_why_in_one_line(environment: dict[str, str], sentence: str) -> None:
    with run_app(**environment) as process:
        output, errors = process.communicate()
    assert process.returncode == 1
    assert output == ""
    assert len(errors.splitlines()) == 1
    assert errors.startswith("The app cannot start: ")
    assert sentence in errors


def test_a_missing_model_is_an_artifact_error(tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match="no model file"):
        build_app(Settings(model_path=tmp_path / "model.onnx"))


def loaded_after(code: str) -> set[str]:
    """Top-level modules that a fresh process holds after running ``code``."""
    script = f"{code}\nimport sys\nprint(*sorted({{name.split('.')[0] for name in sys.modules}}))"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_the_app_loads_nothing_that_only_training_needs() -> None:
    assert not loaded_after("import app\napp.build_app()") & TRAINING_ONLY


def test_importing_the_app_does_no_work() -> None:
    assert not loaded_after("import app") & {"gradio", "pandas", "fastapi"}


def test_the_app_builds_without_its_quicker_import_of_gradio_too() -> None:
    code = "import gradio, app\npage = app.build_app()\nassert page.title"
    assert "gradio" in loaded_after(code)


def test_telemetry_is_off_before_gradio_is_imported() -> None:
    environment: dict[str, str] = {"GRADIO_ANALYTICS_ENABLED": "True"}
    before = list(sys.meta_path)
    prepare(environment)
    prepare(environment)
    assert environment == QUIET
    assert len(sys.meta_path) <= len(before) + 1


def test_the_service_names_no_column_of_the_published_table() -> None:
    told = re.compile(r"\bmall\b|income|spending_score|gender", re.IGNORECASE)
    naming = [
        path for path in (ROOT / "service").glob("*.py") if told.search(path.read_text(encoding="utf-8"))
    ]
    assert naming == []
