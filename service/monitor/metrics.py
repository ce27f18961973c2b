"""Prometheus metrics of one running service, in the text format that ``/metrics`` answers with.

Requests are counted as they end. What the monitor, the workers and the model know anyway is read when
somebody asks, so that it costs nothing before.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from prometheus_client import (
    CollectorRegistry,
    Counter,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector

from inference import Segmenter
from inference.drift import AMBER, GREEN, RED, TOO_FEW
from service.monitor.drift_state import current_checks
from service.monitor.monitor import Monitor

if TYPE_CHECKING:
    from service.thread_pools import WorkerPools

PREFIX = "segmenter"
SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
LIGHTS = {TOO_FEW: -1, GREEN: 0, AMBER: 1, RED: 2}
ERRORS = {  # status -> what kind of error it is
    400: "unreadable",
    401: "unauthorised",
    403: "forbidden",
    404: "not_found",
    405: "wrong_method",
    408: "too_slow",
    413: "too_large",
    415: "wrong_type",
    422: "refused",
    429: "rate_limited",
    500: "fault",
    503: "busy",
}
MOST_WAITING = 256  # requests of a kind that are counted together: one by one takes several times as long
ABORTED = "aborted"  # the connection ended before the answer did


class Metrics:
    """The metrics of one service.

    Args:
        monitor: with the counts of answers.
        model: the model that is served now.
        pools: the workers.
        more: what else is asked for its figures.
    """

    def __init__(
        self,
        monitor: Monitor,
        model: Callable[[], Segmenter],
        pools: WorkerPools,
        more: Sequence[Collector] = (),
    ) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]  # a second series for each, which nobody asks for
        self.registry = CollectorRegistry()
        self._requests = Counter(
            f"{PREFIX}_requests",
            "Requests that were answered, by interface, operation and HTTP status.",
            ("interface", "operation", "status"),
            registry=self.registry,
        )
        self._errors = Counter(
            f"{PREFIX}_errors",
            "Requests that were not answered as asked, by kind.",
            ("interface", "operation", "kind"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            f"{PREFIX}_request_seconds",
            "Time from the first byte of a request to the last byte of its answer.",
            ("interface", "operation"),
            buckets=SECONDS,
            registry=self.registry,
        )
        self._children: dict[tuple[str, str, int], Callable[[float], None]] = {}
        self._waiting: dict[tuple[str, str, int], deque[float]] = {}  # kind -> seconds, not yet counted
        self.collectors = (ModelCollector(monitor, model), PoolCollector(pools), *more)
        for collector in self.collectors:
            self.registry.register(collector)
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        GCCollector(registry=self.registry)

    def answered(self, interface: str, operation: str, status: int, seconds: float | None) -> None:
        """Count one request.

        Args:
            interface, operation: from fixed lists, so that a client cannot make up new ones.
            status: of HTTP; 0 where the answer broke off.
            seconds: it took; ``None`` for one that stays open as long as the client likes.
        """
        key = (interface, operation, status)
        waiting = self._waiting.get(key)
        if waiting is None:
            waiting = self._waiting.setdefault(key, deque())
        waiting.append(-1.0 if seconds is None else seconds)
        if len(waiting) >= MOST_WAITING:
            self._count(key)

    def text(self) -> tuple[bytes, str]:
        """Every metric in Prometheus' text format, and its media type."""
        self.count()
        return generate_latest(self.registry), "text/plain; version=0.0.4; charset=utf-8"

    def count(self) -> None:
        """Count the requests that wait for it."""
        for key in list(self._waiting):
            self._count(key)

    def _count(self, key: tuple[str, str, int]) -> None:
        """Count those of one kind; each is taken once, whoever asks at the same time."""
        count = self._children.get(key)
        if count is None:
            count = self._children[key] = self._counting(*key)
        waiting = self._waiting[key]
        for _ in range(len(waiting)):
            try:
                seconds = waiting.popleft()
            except IndexError:
                return
            count(seconds)

    def _counting(self, interface: str, operation: str, status: int) -> Callable[[float], None]:
        """A function that counts requests of one kind; finding the labels each time would take longer."""
        requests = self._requests.labels(interface, operation, str(status) if status else ABORTED)
        seconds = self._seconds.labels(interface, operation)
        kind = ERRORS.get(status, ABORTED if status == 0 else "other")
        errors = self._errors.labels(interface, operation, kind) if status == 0 or status >= 400 else None

        def count(took: float) -> None:
            requests.inc()
            if took >= 0:
                seconds.observe(took)
            if errors is not None:
                errors.inc()

        return count


class ModelCollector(Collector):
    """What the model answered, and what the monitor found."""

    def __init__(self, monitor: Monitor, model: Callable[[], Segmenter]) -> None:
        self._monitor, self._model = monitor, model

    def describe(self) -> Iterator[Metric]:
        """Nothing, so that registering asks for no figures yet."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """The metrics, read now."""
        segmenter = self._model()
        live = self._monitor.live(segmenter)
        contract = segmenter.contract
        info = InfoMetricFamily(f"{PREFIX}_model", "The model that is served.")
        data = contract.data
        info.add_metric(
            (),
            {
                "name": contract.name,
                "version": live.version,
                "segments": str(len(contract.segments)),
                "trained_on_rows": "" if data is None else str(data.rows),
            },
        )
        yield info
        counts, refused = live.totals()
        routes = CounterMetricFamily(
            f"{PREFIX}_customers", "Customers that were asked about, by route.", labels=("route",)
        )
        for route, customers in {**counts.routes, "error": refused}.items():
            routes.add_metric((route,), customers)
        yield routes
        segments = CounterMetricFamily(
            f"{PREFIX}_segment_customers", "Customers that were answered, by segment.", labels=("segment",)
        )
        for segment, customers in zip(contract.segments, counts.answers.tolist(), strict=True):
            segments.add_metric((segment.name,), customers)
        yield segments
        yield CounterMetricFamily(
            f"{PREFIX}_novel_customers",
            "Complete customers unlike those in training (novelty above 1).",
            value=counts.novel,
        )
        yield GaugeMetricFamily(
            f"{PREFIX}_novelty_share",
            "Share of complete customers unlike those in training, since the start; NaN without any.",
            value=counts.novel / counts.complete if counts.complete else float("nan"),
        )
        yield from self._drift()
        saving = self._monitor.saving
        if saving.path is not None:
            yield GaugeMetricFamily(
                f"{PREFIX}_monitor_saved_timestamp_seconds",
                "When the counts were last saved; 0 before the first time.",
                value=saved if (saved := saving.saved) is not None else 0,
            )
            yield GaugeMetricFamily(
                f"{PREFIX}_monitor_saving_failed",
                "Whether the counts cannot be saved now.",
                value=int(bool(saving.problem)),
            )

    def _drift(self) -> Iterator[Metric]:
        value = GaugeMetricFamily(
            f"{PREFIX}_drift_value",
            "Figure of a drift check, in the last look at each kind of window.",
            labels=("window", "check", "column"),
        )
        limit = GaugeMetricFamily(
            f"{PREFIX}_drift_limit",
            "Its limit, beyond which it is amber.",
            labels=("window", "check", "column"),
        )
        light = GaugeMetricFamily(
            f"{PREFIX}_drift_light",
            "Its light: -1 too few customers, 0 green, 1 amber, 2 red.",
            labels=("window", "check", "column"),
        )
        retrain = GaugeMetricFamily(
            f"{PREFIX}_drift_retrain",
            "Whether the rule says to train again: a column is red and the distance ratio at least amber.",
            labels=("window",),
        )
        for kind, judgement in current_checks(self._monitor.live(self._model()).seen()):
            for check in judgement.checks:
                labels = (kind, check.kind, check.column)
                light.add_metric(labels, LIGHTS[check.light])
                if check.value is not None:
                    value.add_metric(labels, check.value)
                    limit.add_metric(labels, check.amber)
            retrain.add_metric((kind,), int(judgement.retrain))
        yield from (value, limit, light, retrain)


class PoolCollector(Collector):
    """How busy the workers are."""

    def __init__(self, pools: WorkerPools) -> None:
        self._pools = {"batch": pools.batch, "score": pools.score}

    def collect(self) -> Iterator[Metric]:
        """The metrics, read now."""
        busy = GaugeMetricFamily(f"{PREFIX}_workers_busy", "Workers at work, by pool.", labels=("pool",))
        waiting = GaugeMetricFamily(
            f"{PREFIX}_queue_depth", "Requests that wait for a worker, by pool.", labels=("pool",)
        )
        for name, workers in self._pools.items():
            busy.add_metric((name,), min(workers.taken, workers.threads))
            waiting.add_metric((name,), max(workers.taken - workers.threads, 0))
        yield from (busy, waiting)
