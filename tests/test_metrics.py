"""Promises that a running service counts what it does, and that no count or log holds what a client sent."""

from __future__ import annotations

import http.client
import json
import signal
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from gradio_client import Client
from prometheus_client.parser import text_string_to_metric_families

from app import build_app
from inference import Segmenter
from service.monitor.metrics import PREFIX
from service.server import Site
from service.settings import Settings
from service.thread_pools import Workers
from tests.free_port import free_port
from tests.mall_samples import rows_of, sample, shifted
from tests.server import get, post, run_app

pytestmark = pytest.mark.server

Labels = frozenset[tuple[str, str]]
Figures = dict[tuple[str, Labels], float]
MARK = "Zebulon7391"


def parsed(text: str) -> Figures:
    """Every sample of a scrape."""
    families = list(text_string_to_metric_families(text))
    assert all(family.documentation and family.type != "unknown" for family in families)
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in families
        for sample in family.samples
    }


def scrape(url: str) -> Figures:
    """What Prometheus would read."""
    with urllib.request.urlopen(f"{url}/metrics") as answer:  # noqa: S310 - loopback
        assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
        return parsed(answer.read().decode())


def figure(figures: Figures, name: str, /, **labels: str) -> float:
    """One sample; 0 where there is none yet."""
    return figures.get((f"{PREFIX}_{name}", frozenset(labels.items())), 0.0)


@pytest.fixture
def site() -> Iterator[Site]:
    """A service with windows of 100 customers."""
    made = build_app(Settings(host="127.0.0.1", port=free_port(), monitor_window=100))
    yield made
    made.close()


@pytest.fixture
def url(site: Site) -> str:
    """Its address."""
    return site.launch(prevent_thread_lock=True, quiet=True)


def customer(**changed: Any) -> dict[str, Any]:
    """A customer of the published model."""
    return {"gender": "Female", "age": 31, "annual_income": 17, "spending_score": 40, **changed}


def test_requests_are_counted_by_interface_operation_and_status(url: str) -> None:
    before = scrape(url)
    for _ in range(3):
        assert post(f"{url}/v1/predict", customer())[0] == 200
    assert post(f"{url}/v1/predict", customer(age=-1))[0] == 422
    assert post(f"{url}/v1/explain", customer())[0] == 200
    assert get(f"{url}/v1/health")[0] == 200
    assert get(f"{url}/v1/{MARK}")[0] == 404
    assert Client(url, verbose=False).predict(**customer(), api_name="/predict")["segment_id"] == 4
    assert post(f"{url}/gradio_api/run/predict", {"data": list(customer().values())})[0] == 200
    listed = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    request = urllib.request.Request(  # noqa: S310 - loopback
        f"{url}/gradio_api/mcp/",
        json.dumps(listed).encode(),
        {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"},
    )
    with urllib.request.urlopen(request) as answer:  # noqa: S310 - loopback
        assert answer.status == 200
    after = scrape(url)

    def more(name: str, **labels: str) -> float:
        return figure(after, name, **labels) - figure(before, name, **labels)

    assert more("requests_total", interface="rest", operation="predict", status="200") == 3
    assert more("requests_total", interface="rest", operation="predict", status="422") == 1
    assert more("requests_total", interface="rest", operation="explain", status="200") == 1
    assert more("requests_total", interface="rest", operation="health", status="200") == 1
    assert more("requests_total", interface="rest", operation="unknown", status="404") == 1
    assert more("requests_total", interface="gradio", operation="predict", status="200") == 1
    assert more("requests_total", interface="gradio", operation="queue", status="200") == 1
    assert more("requests_total", interface="mcp", operation="call", status="200") == 1
    assert more("errors_total", interface="rest", operation="predict", kind="refused") == 1
    assert more("errors_total", interface="rest", operation="unknown", kind="not_found") == 1
    assert more("request_seconds_count", interface="rest", operation="predict") == 4
    assert 0 < more("request_seconds_sum", interface="rest", operation="predict") < 4
    whole = more("request_seconds_bucket", interface="rest", operation="predict", le="+Inf")
    assert whole == 4


def test_customers_are_counted_by_route_segment_and_novelty(url: str, published: Segmenter) -> None:
    post(f"{url}/v1/predict", customer())
    post(f"{url}/v1/predict", customer(spending_score=None))
    post(f"{url}/v1/predict", {})
    post(f"{url}/v1/predict", customer(annual_income=900))
    batch = [customer(), customer(age="old"), 7, customer(unknown=1), customer(annual_income=None)]
    post(f"{url}/v1/predict/batch", {"rows": batch})
    figures = scrape(url)
    counted = {route: figure(figures, "customers_total", route=route) for route in
               ("complete", "partial", "prior", "error")}  # fmt: skip
    assert counted == {"complete": 3, "partial": 2, "prior": 1, "error": 3}
    names = [segment.name for segment in published.contract.segments]
    assert sum(figure(figures, "segment_customers_total", segment=name) for name in names) == 6
    assert figure(figures, "novel_customers_total") == 1
    assert figure(figures, "novelty_share") == pytest.approx(1 / 3)
    info = {
        "name": published.contract.name,
        "version": published.fingerprint[:12],
        "segments": "5",
        "trained_on_rows": "200",
    }
    assert figure(figures, "model_info", **info) == 1
    assert ("process_resident_memory_bytes", frozenset()) in figures


def test_health_documents_and_explanations_are_no_customers(url: str) -> None:
    for path in ("ready", "health", "model", "openapi.json", "monitoring"):
        assert get(f"{url}/v1/{path}")[0] == 200
    post(f"{url}/v1/explain", customer())
    assert figure(scrape(url), "customers_total", route="complete") == 0


def test_a_scored_file_is_counted(url: str) -> None:
    rows = rows_of(sample(150, seed=2))
    lines = ["gender,age,annual_income,spending_score"]
    lines += [",".join(str(value) for value in row.values()) for row in rows]
    lines[4] = "Male,30,unreadable,50"
    request = urllib.request.Request(  # noqa: S310 - loopback
        f"{url}/v1/score", "\n".join(lines).encode(), {"Content-Type": "text/csv"}
    )
    with urllib.request.urlopen(request) as answer:  # noqa: S310 - loopback
        assert answer.headers["X-Rows-Refused"] == "1"
        answer.read()
    figures = scrape(url)
    assert figure(figures, "customers_total", route="complete") == 149
    assert figure(figures, "customers_total", route="error") == 1


def test_drift_is_in_the_metrics_and_at_v1_monitoring(url: str) -> None:
    few = json.loads(get(f"{url}/v1/monitoring")[1])
    assert (few["enabled"], few["light"], few["windows"]) == (True, "too few", [])
    post(f"{url}/v1/predict/batch", {"rows": rows_of(sample(300, seed=4))})
    same = json.loads(get(f"{url}/v1/monitoring")[1])
    assert (same["light"], same["retrain"], same["customers"]) == ("green", False, 300)
    assert figure(scrape(url), "drift_light", window="rows", check="column", column="annual_income") == 0
    post(f"{url}/v1/predict/batch", {"rows": rows_of(shifted(sample(600, seed=5)))})
    richer = json.loads(get(f"{url}/v1/monitoring")[1])
    assert (richer["light"], richer["retrain"], richer["customers"]) == ("red", True, 900)
    assert any("Annual income differs from training" in reason for reason in richer["reasons"])
    assert [each["light"] for each in richer["history"] if each["window"] == "rows"] == ["green", "red"]
    (window,) = (each for each in richer["windows"] if each["window"] == "rows")
    (income,) = (each for each in window["checks"] if each["column"] == "annual_income"
                 and each["check"] == "column")  # fmt: skip
    assert income["light"] == "red"
    assert sum(income["now"]) == pytest.approx(1.0)
    assert len(income["bins"]) == len(income["now"]) == len(income["training"]) == 10
    figures = scrape(url)
    labels = {"window": "rows", "check": "column", "column": "annual_income"}
    assert figure(figures, "drift_light", **labels) == 2
    assert figure(figures, "drift_value", **labels) == pytest.approx(income["value"])
    assert figure(figures, "drift_limit", **labels) == pytest.approx(income["amber"])
    assert figure(figures, "drift_retrain", window="rows") == 1


def test_waiting_work_is_the_depth_of_the_queue() -> None:
    workers = Workers("test", threads=1, waiting=3)
    go = threading.Event()
    done = [threading.Thread(target=lambda: workers.run_here(go.wait)) for _ in range(3)]
    for each in done:
        each.start()
    deadline = time.monotonic() + 5
    while workers.taken < 3 and time.monotonic() < deadline:
        time.sleep(0.01)
    assert workers.taken == 3
    go.set()
    for each in done:
        each.join()
    while workers.taken and time.monotonic() < deadline:
        time.sleep(0.01)
    assert workers.taken == 0


def test_the_depth_of_the_queues_is_exported(url: str) -> None:
    figures = scrape(url)
    for pool in ("batch", "score"):
        assert (f"{PREFIX}_queue_depth", frozenset({("pool", pool)})) in figures
        assert figure(figures, "workers_busy", pool=pool) == 0


def test_a_client_cannot_make_up_labels(url: str) -> None:
    host = url.removeprefix("http://")
    for method, path in (
        ("GET", f"/v1/{MARK}"),
        (MARK, "/v1/predict"),
        ("GET", f"/{MARK}?a={MARK}"),
        ("POST", f"/gradio_api/run/{MARK}"),
        ("GET", f"/gradio_api/call/{MARK}/x"),
    ):
        connection = http.client.HTTPConnection(host)
        connection.request(method, path, body=b"{}", headers={"X-Request-ID": MARK, "User-Agent": MARK})
        with suppress(http.client.IncompleteRead):  # Gradio breaks off for an unknown event
            connection.getresponse().read()
        connection.close()
    post(f"{url}/v1/predict", {MARK: 1})
    post(f"{url}/v1/predict", customer(gender=MARK))
    text = get(f"{url}/metrics")[1].decode()
    assert MARK not in text
    names = {name for name, _ in parsed(text) if name.startswith(f"{PREFIX}_requests")}
    assert names == {f"{PREFIX}_requests_total"}


def test_off_means_that_nothing_is_counted() -> None:
    site = build_app(Settings(host="127.0.0.1", port=free_port(), monitoring=False, mcp=False))
    url = site.launch(prevent_thread_lock=True, quiet=True)
    try:
        assert post(f"{url}/v1/predict", customer())[0] == 200
        state = json.loads(get(f"{url}/v1/monitoring")[1])
        assert (state["enabled"], state["customers"]) == (False, 0)
        assert b"segmenter_requests" not in get(f"{url}/metrics")[1]
    finally:
        site.close()


def wait_for(url: str) -> None:
    """Wait until a server answers."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if get(f"{url}/v1/ready")[0] == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(url)


def test_a_stopped_service_continues_its_counts_and_logs_no_value(tmp_path: Path) -> None:
    state, port = tmp_path / "counts.json", free_port()
    url = f"http://127.0.0.1:{port}"
    logged = ""
    for round_ in range(2):
        process = run_app(
            HOST="127.0.0.1", PORT=str(port), MONITOR_STATE=str(state), LOG_FORMAT="json", MCP="off"
        )
        wait_for(url)
        found = json.loads(get(f"{url}/v1/monitoring")[1])
        assert (found["survives_restart"], found["customers"]) == (True, round_ * 2)
        for age in (31, 4_815_162):
            post(f"{url}/v1/predict", customer(age=age))
        post(f"{url}/v1/predict", customer())
        post(f"{url}/v1/predict", customer(gender=MARK))
        assert get(f"{url}/v1/{MARK}")[0] == 404
        request = urllib.request.Request(f"{url}/v1/health", headers={"X-Request-ID": MARK})  # noqa: S310 - loopback
        with urllib.request.urlopen(request) as answer:  # noqa: S310 - loopback
            assert answer.headers["X-Request-ID"] == MARK
        process.send_signal(signal.SIGTERM)
        written, errors = process.communicate(timeout=30)
        logged += written + errors
    assert MARK not in logged
    assert "4815162" not in logged
    lines = [json.loads(line) for line in logged.splitlines() if line.strip()]
    requests = [line for line in lines if line["event"] == "request"]
    frame = {"time", "level", "logger", "event"}
    told = {"interface", "operation", "method", "status", "milliseconds"}
    assert all(set(line) == frame | told for line in requests)
    statuses = [(each["operation"], each["status"]) for each in requests if each["interface"] == "rest"]
    assert statuses.count(("predict", 200)) == 4
    assert statuses.count(("predict", 422)) == 4
    assert statuses.count(("unknown", 404)) == 2
