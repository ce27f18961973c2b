"""Traces and metrics for OpenTelemetry, sent as its ``OTEL_*`` environment variables say; off without them.

The metrics are those of Prometheus under the same names, and ``http.server.request.duration``. Needs the
packages of ``requirements/observe.txt``.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.metrics import CallbackOptions, Observation
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, SpanKind, Status, StatusCode, Tracer
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from prometheus_client.core import Metric
from prometheus_client.registry import Collector
from starlette.types import Scope

SERVICE = "customer-segmentation"
TRACES, METRICS = "traces", "metrics"
FRESH = 1.0  # seconds in which figures that were read are used for every metric of one export
_UNSENT = ("_created",)


class Telemetry:
    """Sends spans of requests and the figures of collectors.

    Args:
        signals: ``"traces"``, ``"metrics"`` or both.
        collectors: whose figures are sent.
        routes: interface and operation -> route, such as ``/v1/predict``; others have none.
    """

    def __init__(
        self,
        signals: Iterable[str],
        collectors: Iterable[Collector],
        routes: Mapping[tuple[str, str], str],
    ) -> None:
        resource = Resource.create().merge(Resource({}))
        if resource.attributes.get("service.name", "unknown_service").__str__().startswith("unknown_service"):
            resource = resource.merge(Resource({"service.name": SERVICE}))
        self._routes = routes
        self._context = TraceContextTextMapPropagator()
        self._tracer: Tracer | None = None
        self._stop: list[Callable[[], object]] = []
        self._seconds: Any = None
        if TRACES in signals:
            traces = TracerProvider(resource=resource, shutdown_on_exit=False)
            traces.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
            self._tracer = traces.get_tracer(SERVICE)
            self._stop.append(traces.shutdown)
        if METRICS in signals:
            reader = PeriodicExportingMetricReader(OTLPMetricExporter())
            meters = MeterProvider([reader], resource=resource, shutdown_on_exit=False)
            self._stop.append(meters.shutdown)
            meter = meters.get_meter(SERVICE)
            self._seconds = meter.create_histogram(
                "http.server.request.duration", unit="s", description="Duration of HTTP server requests."
            )
            figures = _Figures(list(collectors))
            self._stop.insert(0, figures.forget)  # what is sent last is read then
            for family in figures.read().values():
                make = (
                    meter.create_observable_counter
                    if family.type == "counter"
                    else meter.create_observable_gauge
                )
                make(family.name, [figures.callback(family.name)], description=family.documentation)

    def begin(self, kind: tuple[str, str], scope: Scope) -> Span | None:
        """Start the span of a request, as part of the client's trace if it sent one."""
        if self._tracer is None:
            return None
        headers = {name.decode("latin-1"): text.decode("latin-1") for name, text in scope["headers"]}
        route = self._routes.get(kind)
        attributes = {"segmenter.interface": kind[0], "segmenter.operation": kind[1]}
        if route is not None:
            attributes["http.route"] = route
        return self._tracer.start_span(
            f"{kind[0]} {kind[1]}",
            context=self._context.extract(headers),
            kind=SpanKind.SERVER,
            attributes=attributes,
        )

    def end(self, span: Span | None, kind: tuple[str, str], status: int, seconds: float | None) -> None:
        """End the span, and record how long the request took."""
        attributes: dict[str, str | int] = {"http.response.status_code": status}
        if span is not None:
            span.set_attributes(attributes)
            if status == 0 or status >= 500:
                span.set_status(Status(StatusCode.ERROR))
            span.end()
        if self._seconds is not None and seconds is not None:
            route = self._routes.get(kind, f"{kind[0]} {kind[1]}")
            self._seconds.record(seconds, {**attributes, "http.route": route})

    def close(self) -> None:
        """Send what is left."""
        for stop in self._stop:
            stop()


class _Figures:
    """Figures of collectors, read once for all metrics of an export."""

    def __init__(self, collectors: list[Collector]) -> None:
        self._collectors = collectors
        self._read: dict[str, Metric] = {}
        self._at = -math.inf

    def read(self) -> dict[str, Metric]:
        """The families by name, at most ``FRESH`` seconds old."""
        now = time.monotonic()
        if now - self._at >= FRESH:
            families = [family for collector in self._collectors for family in collector.collect()]
            self._read, self._at = {family.name: family for family in families}, now
        return self._read

    def forget(self) -> None:
        """Read anew at the next export, however soon."""
        self._at = -math.inf

    def callback(self, name: str) -> Callable[[CallbackOptions], Iterable[Observation]]:
        """What an instrument calls for its figures."""

        def observe(_: CallbackOptions) -> Iterable[Observation]:
            family = self.read().get(name)
            samples = [] if family is None else family.samples
            return [
                Observation(each.value, each.labels)
                for each in samples
                if not each.name.endswith(_UNSENT) and each.value == each.value  # NaN: no figure yet
            ]

        return observe
