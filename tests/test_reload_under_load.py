"""Checks that each answer is of one model while others take its place, and what was replaced is freed."""

from __future__ import annotations

import gc
import http.client
import json
import threading
import time
import weakref
from collections import Counter

import pytest

from inference import Segmenter
from service.api.api_predictions import Predictor
from tests.running_app import CUSTOMER, Running, asked, put

pytestmark = pytest.mark.server

PARTIAL = {"age": 52, "annual_income": 80}
RELOADS, CONNECTIONS = 20, 16


def test_an_answer_that_has_begun_ends_on_its_model(
    running: Running, published: Segmenter, segmenter: Segmenter
) -> None:
    """A body that arrives in two parts, with a reload in between."""
    connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=60)
    body = json.dumps(CUSTOMER).encode()
    connection.putrequest("POST", "/v1/predict")
    connection.putheader("Content-Type", "application/json")
    connection.putheader("Content-Length", str(len(body)))
    connection.endheaders(body[:10])
    time.sleep(0.3)
    put(segmenter, running.path)
    assert running.reload()[1]["changed"] is True
    connection.send(body[10:])
    answer = connection.getresponse()
    assert answer.status == 200
    assert answer.getheader("X-Model-Version") == published.fingerprint[:12]
    assert json.load(answer) == Predictor(published).predict(CUSTOMER)
    connection.close()


def test_a_model_that_was_replaced_is_given_back(
    running: Running, published: Segmenter, segmenter: Segmenter
) -> None:
    replaced = []
    for turn in range(4):
        put(segmenter if turn % 2 == 0 else published, running.path)
        running.ask("GET", "/gradio_api/info")
        running.reload()
        now = running.site.reloading.now.model
        replaced += [weakref.ref(now.segmenter), weakref.ref(now.page)]
    running.reload()
    gc.collect()
    gone: list[bool] = [each() is None for each in replaced]  # type: ignore[operator]
    assert gone == [True] * 6 + [False] * 2


def test_twenty_reloads_under_load_fail_no_request_and_mix_no_models(
    running: Running, published: Segmenter, segmenter: Segmenter
) -> None:
    models = {each.fingerprint[:12]: Predictor(each) for each in (published, segmenter)}
    rows = [CUSTOMER, PARTIAL, {"age": 999}]
    expected = {
        version: {
            "/v1/predict": each.predict(CUSTOMER),
            "/v1/predict/batch": each.predict_many(rows),
            "/v1/explain": each.explain(CUSTOMER),
            "/v1/model": each.model(),
            "/gradio_api/run/predict": each.predict(CUSTOMER),
        }
        for version, each in models.items()
    }
    bodies = {
        "/v1/predict": CUSTOMER,
        "/v1/predict/batch": {"rows": rows},
        "/v1/explain": CUSTOMER,
        "/v1/model": None,
        "/gradio_api/run/predict": {"data": [CUSTOMER[name] for name in published.contract.names]},
    }
    faults: list[str] = []
    seen: Counter[str] = Counter()
    stop = threading.Event()

    def keep_asking(number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=60)
        paths = list(bodies)[number % 2 :: 2] if number % 4 else ["/v1/predict"]
        turn = 0
        while not stop.is_set():
            path = paths[turn % len(paths)]
            turn += 1
            sent = bodies[path]
            try:
                status, headers, answer = asked(
                    connection,
                    "GET" if sent is None else "POST",
                    path,
                    None if sent is None else json.dumps(sent).encode(),
                )
            except Exception as error:
                faults.append(f"{path}: {error!r}")
                return
            if status != 200:
                faults.append(f"{path}: {status} {answer}")
                continue
            got = answer["data"][0] if path.startswith("/gradio_api") else answer
            version = got["model_version"]
            if path.startswith("/v1") and headers["x-model-version"] != version:
                faults.append(f"{path}: header and body differ")
            if got != json.loads(json.dumps(expected[version][path])):
                faults.append(f"{path}: not the answer of {version}")
            seen[version] += 1
        connection.close()

    threads = [threading.Thread(target=keep_asking, args=(number,)) for number in range(CONNECTIONS)]
    for each in threads:
        each.start()
    try:
        for turn in range(RELOADS):
            put(segmenter if turn % 2 == 0 else published, running.path)
            status, told = running.reload()
            assert (status, told["changed"]) == (200, True)
            time.sleep(0.1)
    finally:
        stop.set()
        for each in threads:
            each.join()
    assert not faults, faults[:5]
    assert min(seen[version] for version in models) > CONNECTIONS
