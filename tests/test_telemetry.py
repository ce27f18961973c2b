"""Promises that traces and metrics reach an OpenTelemetry collector, which decodes them."""

from __future__ import annotations

import gzip
import re
import threading
import time
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from app import build_app
from service.settings import Settings
from tests.free_port import free_port
from tests.server import get, post

pytestmark = pytest.mark.server

TRACE = "0af7651916cd43dd8448eb211c80319c"
PARENT = "b7ad6b7169203331"
MARK = "Zebulon7391"


class Collector:
    """A collector on the loopback: what it was sent, decoded."""

    def __init__(self) -> None:
        self.traces: list[ExportTraceServiceRequest] = []
        self.metrics: list[ExportMetricsServiceRequest] = []
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.headers.get("Content-Encoding") == "gzip":
                    body = gzip.decompress(body)
                if self.path == "/v1/traces":
                    collector.traces.append(ExportTraceServiceRequest.FromString(body))
                elif self.path == "/v1/metrics":
                    collector.metrics.append(ExportMetricsServiceRequest.FromString(body))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self._thread = threading.Thread(target=self.server.serve_forever)
        self._thread.start()

    def close(self) -> None:
        """Stop it."""
        self.server.shutdown()
        self.server.server_close()
        self._thread.join()

    def spans(self) -> list[Any]:
        """Every span that came."""
        return [
            span
            for sent in self.traces
            for resource in sent.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]

    def points(self) -> dict[str, list[Any]]:
        """Metric -> its points in the last export."""
        found: dict[str, list[Any]] = {}
        for resource in self.metrics[-1].resource_metrics:
            for scope in resource.scope_metrics:
                for metric in scope.metrics:
                    data = getattr(metric, metric.WhichOneof("data"))
                    found[metric.name] = list(data.data_points)
        return found


@pytest.fixture
def collector() -> Iterator[Collector]:
    """A collector that is stopped afterwards."""
    made = Collector()
    yield made
    made.close()


def attributes(point: Any) -> dict[str, Any]:
    """Attributes of a span or a point."""
    return {each.key: getattr(each.value, each.value.WhichOneof("value")) for each in point.attributes}


def test_spans_and_figures_arrive(collector: Collector, monkeypatch: pytest.MonkeyPatch) -> None:
    environment = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url,
        "OTEL_SERVICE_NAME": "segments-test",
        "OTEL_BSP_SCHEDULE_DELAY": "100",
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    signals = Settings.from_environment(environment).telemetry
    site = build_app(Settings(host="127.0.0.1", port=free_port(), mcp=False, telemetry=signals))
    url = site.launch(prevent_thread_lock=True, quiet=True)
    try:
        assert post(f"{url}/v1/predict", {"age": 30})[0] == 200
        assert post(f"{url}/v1/predict", {"age": -4815})[0] == 422
        assert get(f"{url}/v1/{MARK}?a={MARK}")[0] == 404
        traced = urllib.request.Request(  # noqa: S310 - loopback
            f"{url}/v1/health", headers={"traceparent": f"00-{TRACE}-{PARENT}-01", "User-Agent": MARK}
        )
        urllib.request.urlopen(traced).close()  # noqa: S310 - loopback
        counted = re.compile(r'^segmenter_customers\S*\{[^}]*route="error"[^}]*\} 1', re.MULTILINE)
        until = time.monotonic() + 20
        while not counted.search(urllib.request.urlopen(f"{url}/metrics").read().decode()):  # noqa: S310
            assert time.monotonic() < until, "the refused customer was not counted"
            time.sleep(0.1)
    finally:
        site.close()
    spans = [span for span in collector.spans() if span.name.startswith("rest ")]
    told = {(span.name, attributes(span)["http.response.status_code"]) for span in spans}
    assert {("rest predict", 200), ("rest predict", 422), ("rest unknown", 404), ("rest health", 200)} <= told
    (health,) = (span for span in spans if span.name == "rest health")
    assert (health.trace_id.hex(), health.parent_span_id.hex()) == (TRACE, PARENT)
    assert attributes(health)["http.route"] == "/v1/health"
    assert all(span.end_time_unix_nano > span.start_time_unix_nano for span in spans)
    resource = {
        each.key: each.value.string_value
        for each in collector.traces[0].resource_spans[0].resource.attributes
    }
    assert resource["service.name"] == "segments-test"
    points = collector.points()
    routes = {attributes(point)["route"]: point.as_double or point.as_int
              for point in points["segmenter_customers"]}  # fmt: skip
    assert routes == {"complete": 0, "partial": 1, "prior": 0, "error": 1}
    timed = points["http.server.request.duration"]
    durations = {attributes(point)["http.route"]: point.count for point in timed}
    assert durations["/v1/health"] == 1
    assert sum(count for route, count in durations.items() if route == "/v1/predict") >= 1
    everything = str(collector.traces) + str(collector.metrics)
    assert MARK not in everything
    assert "4815" not in str([attributes(span) for span in spans])


def test_no_collector_does_not_hold_up_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "1")
    site = build_app(Settings(host="127.0.0.1", port=free_port(), mcp=False, telemetry=("traces",)))
    url = site.launch(prevent_thread_lock=True, quiet=True)
    try:
        started = time.perf_counter()
        for _ in range(20):
            assert get(f"{url}/v1/health")[0] == 200
        assert time.perf_counter() - started < 5
    finally:
        site.close()
