"""Everything that watches one service, put together as the settings say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from prometheus_client.registry import Collector
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from inference import Segmenter
from service.monitor.metrics import Metrics
from service.monitor.monitor import Monitor
from service.monitor.traffic import METRICS_PATH, Paths, Traffic
from service.settings import JSON_LINES, Settings, SettingsError

if TYPE_CHECKING:
    from service.monitor.telemetry import Telemetry
    from service.thread_pools import WorkerPools


def monitor_of(settings: Settings) -> Monitor | None:
    """The monitor that the settings ask for; ``None`` where it is off."""
    if not settings.monitoring:
        return None
    return Monitor(state=settings.monitor_state, window_rows=settings.monitor_window)


@dataclass(frozen=True, kw_only=True)
class Watch:
    """What watches a service; each part is ``None`` where it is off."""

    monitor: Monitor | None
    metrics: Metrics | None
    telemetry: Telemetry | None
    paths: Paths
    log: bool

    @classmethod
    def of(
        cls,
        settings: Settings,
        monitor: Monitor | None,
        model: Callable[[], Segmenter],
        *,
        pools: WorkerPools,
        paths: Paths,
        more: Sequence[Collector] = (),
    ) -> Watch:
        """What the settings ask for.

        Args:
            settings: what is on.
            monitor: with the counts of answers; without one there are no metrics.
            model: the model that is served when it is called.
            pools: the workers of the service.
            paths: what its requests are called.
            more: further metrics.

        Raises:
            SettingsError: when OpenTelemetry is asked for and not installed.
        """
        metrics = None if monitor is None else Metrics(monitor, model, pools, more)
        return cls(
            monitor=monitor,
            metrics=metrics,
            telemetry=_telemetry(settings, metrics, paths) if settings.telemetry else None,
            paths=paths,
            log=settings.log_format == JSON_LINES,
        )

    def routes(self) -> list[Route]:
        """The route that Prometheus asks."""
        if self.metrics is None:
            return []
        metrics = self.metrics

        def answer(_: Request) -> Response:  # in a thread, because it is no coroutine
            content, kind = metrics.text()
            return Response(content, media_type=kind, headers={"Cache-Control": "no-store"})

        return [Route(METRICS_PATH, answer, methods=["GET"])]

    def middleware(self) -> Middleware:
        """What sees each request end."""
        return Middleware(
            Traffic, paths=self.paths, metrics=self.metrics, telemetry=self.telemetry, log=self.log
        )

    def close(self) -> None:
        """Save and send what is left."""
        if self.monitor is not None:
            self.monitor.close()
        if self.telemetry is not None:
            self.telemetry.close()


def _telemetry(settings: Settings, metrics: Metrics | None, paths: Paths) -> Telemetry:
    try:
        from service.monitor.telemetry import Telemetry
    except ImportError as error:
        raise SettingsError(
            f"OTEL_EXPORTER_OTLP_ENDPOINT needs OpenTelemetry, but {error.name} is not installed; install "
            "requirements/observe.lock, or set OTEL_SDK_DISABLED=true"
        ) from error
    return Telemetry(settings.telemetry, () if metrics is None else metrics.collectors, paths.routes)
