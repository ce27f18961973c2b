"""Checks that every interface of a running app follows another model, and goes back to the one before."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from gradio_client import Client

from inference import Segmenter
from service.api.api_predictions import Predictor
from service.models.file_watch import FileWatch, state_of
from service.models.reloading import previous_path
from service.settings import StoreSettings
from tests.running_app import CUSTOMER, Running, put, running_app

pytestmark = pytest.mark.server


def test_every_interface_follows_a_new_model(
    running: Running, published: Segmenter, segmenter: Segmenter
) -> None:
    client = Client(running.url, verbose=False, ssl_verify=False)
    before = client.predict(**CUSTOMER, api_name="/predict")
    assert before["model_version"] == published.fingerprint[:12] == running.version
    put(segmenter, running.path)
    assert running.version == published.fingerprint[:12]  # nobody asked yet
    status, told = running.reload()
    assert (status, told["changed"], told["problem"]) == (200, True, "")
    assert told["model_sha256"] == segmenter.fingerprint
    assert told["previous_sha256"] == published.fingerprint

    version = segmenter.fingerprint[:12]
    expected = Predictor(segmenter)
    _, headers, answer = running.ask("POST", "/v1/predict", json.dumps(CUSTOMER).encode())
    assert headers["x-model-version"] == version
    assert answer == expected.predict(CUSTOMER)
    assert running.ask("GET", "/v1/model")[2] == expected.model()
    assert running.ask("GET", "/v1/ready")[2] == {"status": "ready", "model_version": version}
    document = running.ask("GET", "/v1/openapi.json")[2]
    example = document["paths"]["/predict"]["post"]["responses"]["200"]["content"]["application/json"]
    assert example["example"]["model_version"] == version
    assert running.ask("GET", "/v1/monitoring")[2]["model_version"] == version
    assert version in running.ask("GET", "/metrics")[2].decode()
    assert client.predict(**CUSTOMER, api_name="/predict")["model_version"] == version
    assert tool(running, "predict_segment", CUSTOMER)["model_version"] == version
    page = running.ask("GET", "/")[2].decode()
    assert segmenter.fingerprint in page
    assert published.fingerprint not in page
    assert running.reload()[1]["changed"] is False


def tool(running: Running, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """What an MCP tool answers."""
    call = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "tools/call",
        "params": {"name": name, "arguments": arguments},
    }
    _, _, answer = running.ask(
        "POST",
        "/gradio_api/mcp/",
        json.dumps(call).encode(),
        Accept="application/json, text/event-stream",
    )
    found: dict[str, Any] = answer["result"]["structuredContent"]
    return found


def test_counts_start_anew_for_a_new_model_and_go_on_for_the_one_before(
    running: Running, segmenter: Segmenter
) -> None:
    for _ in range(3):
        running.ask("POST", "/v1/predict", json.dumps(CUSTOMER).encode())
    assert running.ask("GET", "/v1/monitoring")[2]["customers"] == 3
    put(segmenter, running.path)
    running.reload()
    assert running.ask("GET", "/v1/monitoring")[2]["customers"] == 0
    running.ask("POST", "/v1/predict", json.dumps(CUSTOMER).encode())
    assert running.ask("GET", "/v1/monitoring")[2]["customers"] == 1
    assert running.reload("?model=previous")[0] == 200
    assert running.ask("GET", "/v1/monitoring")[2]["customers"] == 3


def test_the_model_before_is_one_request_away(
    running: Running, published: Segmenter, segmenter: Segmenter
) -> None:
    status, answer = running.reload("?model=previous")
    assert status == 422
    assert "none was served since the start" in answer["detail"]
    put(segmenter, running.path)
    running.reload()
    status, answer = running.reload("?model=previous")
    assert (status, answer["model_sha256"]) == (200, published.fingerprint)
    assert answer["previous_sha256"] == segmenter.fingerprint
    assert running.version == published.fingerprint[:12]


def test_the_folder_that_the_trainer_kept_is_the_model_before(running: Running, segmenter: Segmenter) -> None:
    kept = previous_path(running.path)
    kept.parent.mkdir()
    kept.write_bytes(segmenter.content)
    assert running.reload("?model=previous")[1]["model_sha256"] == segmenter.fingerprint


def test_remembered_customers_follow_the_new_model(
    tmp_path: Path, published: Segmenter, segmenter: Segmenter
) -> None:
    with running_app(tmp_path, store=StoreSettings(address=f"sqlite:///{tmp_path}/customers.db")) as started:
        body = json.dumps(CUSTOMER).encode()
        assert started.ask("PUT", "/v1/customers/7", body)[0] == 200
        put(segmenter, started.path)
        assert started.reload()[1]["changed"] is True
        assert started.ask("PUT", "/v1/customers/7", body)[0] == 200
        exported = started.ask("GET", "/v1/customers/7/export")[2]
        assert segmenter.fingerprint[:12] in json.dumps(exported)
        assert published.fingerprint[:12] in json.dumps(exported)


def test_the_file_is_watched_and_taken_when_it_is_complete(
    running: Running, published: Segmenter, segmenter: Segmenter
) -> None:
    watch = FileWatch(running.path, running.site.reloading, every=60)
    watch.look()
    running.path.write_bytes(segmenter.content[:1000])
    watch.look()
    running.path.write_bytes(segmenter.content)  # still being written between two looks
    watch.look()
    assert running.version == published.fingerprint[:12]
    assert running.site.reloading.problem == ""
    watch.look()
    assert running.version == segmenter.fingerprint[:12]
    running.path.write_bytes(b"no model")
    watch.look()
    watch.look()
    assert "ONNX model" in running.site.reloading.problem
    assert running.version == segmenter.fingerprint[:12]
    running.path.unlink()
    watch.look()
    assert state_of(running.path) is None


def test_the_setting_starts_the_watch(tmp_path: Path, segmenter: Segmenter) -> None:
    with running_app(tmp_path, model_watch=1) as started:
        put(segmenter, started.path)
        deadline = time.monotonic() + 30
        while started.version != segmenter.fingerprint[:12]:
            assert time.monotonic() < deadline
            time.sleep(0.1)


def test_a_page_opened_before_asks_to_be_loaded_again(
    running: Running, published: Segmenter, segmenter: Segmenter
) -> None:
    events = running.ask("GET", "/config")[2]["dependencies"]
    show = next(each for each in events if len(each["inputs"]) == 2 and len(each["outputs"]) == 6)

    def shown(fingerprint: str) -> str:
        body = {"fn_index": show["id"], "data": [fingerprint, CUSTOMER], "session_hash": "opened-before"}
        status, _, answer = running.ask("POST", "/gradio_api/run/predict", json.dumps(body).encode())
        assert status == 200
        return json.dumps(answer["data"])

    assert "A new model answers now" not in shown(published.fingerprint)
    put(segmenter, running.path)
    running.reload()
    assert "A new model answers now" in shown(published.fingerprint)
    assert "annual_income=17" in shown(published.fingerprint)
    assert "A new model answers now" not in shown(segmenter.fingerprint)
