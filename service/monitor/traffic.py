"""Sees each request end: counts, times, logs and traces it, by its operation and never by what was sent.

Paths, methods and request ids can be anything that a client likes; only words from fixed lists are kept.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.monitor.metrics import Metrics

if TYPE_CHECKING:
    from service.monitor.telemetry import Telemetry

REST, GRADIO, MCP, PAGE, METRICS = "rest", "gradio", "mcp", "page", "metrics"
UNKNOWN, STREAM = "unknown", "stream"
METRICS_PATH = "/metrics"
CUSTOMER, CUSTOMERS_PATH = "customer", "/v1/customers"
METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
_CALLS = ("/gradio_api/run/", "/gradio_api/api/", "/gradio_api/call/v2/", "/gradio_api/call/")
_STREAMS = ("/gradio_api/queue/data", "/gradio_api/heartbeat/")
_log = logging.getLogger("service.requests")

Kind = tuple[str, str]  # interface and operation


class Paths:
    """What kind of request a path is.

    Args:
        rest: operation -> path below ``/v1``; gradio: operation -> name of the endpoint.
    """

    def __init__(self, rest: Mapping[str, str], gradio: Mapping[str, str]) -> None:
        self._known: dict[str, Kind] = {
            METRICS_PATH: (METRICS, "scrape"),
            "/v1/openapi.json": (REST, "openapi"),
            "/v1/docs": (REST, "docs"),
            "/gradio_api/mcp": (MCP, "call"),
            "/gradio_api/mcp/": (MCP, "call"),
            "/gradio_api/queue/join": (GRADIO, "queue"),  # of Python clients, and of slow events of the page
            "/gradio_api/upload": (GRADIO, "upload"),
            "/": (PAGE, "open"),
        }
        self._known |= {f"/v1{path}": (REST, name) for name, path in rest.items()}
        self.routes = {kind: path for path, kind in self._known.items()}  # for traces
        self.routes[REST, CUSTOMER] = f"{CUSTOMERS_PATH}/{{id}}"
        self._gradio = {endpoint: name for name, endpoint in gradio.items()}

    def kind(self, path: str) -> Kind:
        """Its interface and operation."""
        found = self._known.get(path)
        return found if found is not None else self._other(path)

    def _other(self, path: str) -> Kind:
        if path.startswith(f"{CUSTOMERS_PATH}/"):
            return REST, CUSTOMER  # whoever it is
        if path.startswith("/v1"):
            return REST, UNKNOWN
        for prefix in _CALLS:
            if path.startswith(prefix):
                name, _, event = path.removeprefix(prefix).partition("/")
                return GRADIO, STREAM if event else self._gradio.get(name, UNKNOWN)
        return (GRADIO, STREAM) if path.startswith(_STREAMS) else (PAGE, "part")


class Traffic:
    """The outermost ASGI application of ours."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        paths: Paths,
        metrics: Metrics | None = None,
        telemetry: Telemetry | None = None,
        log: bool = False,
    ) -> None:
        self._app = app
        self._paths, self._metrics, self._telemetry, self._log = paths, metrics, telemetry, log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        kind = self._paths.kind(scope["path"])
        span = None if self._telemetry is None else self._telemetry.begin(kind, scope)
        status = 0

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, answer)
        except BaseException:
            status = 0  # the answer broke off, or the client has gone
            raise
        finally:
            self._end(kind, scope, status, time.perf_counter() - started, span)

    def _end(self, kind: Kind, scope: Scope, status: int, seconds: float, span: Any) -> None:
        timed = None if kind[1] == STREAM else seconds
        if self._metrics is not None:
            self._metrics.answered(*kind, status, timed)
        if self._telemetry is not None:
            self._telemetry.end(span, kind, status, timed)
        if self._log:
            method = scope["method"] if scope["method"] in METHODS else "OTHER"
            fields = {
                "interface": kind[0],
                "operation": kind[1],
                "method": method,
                "status": status,
                "milliseconds": round(seconds * 1000, 3),
            }
            _log.info("request", extra={"fields": fields})
