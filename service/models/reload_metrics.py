"""Metrics of reloading, for an alarm when a new model file is not taken."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from service.models.reloading import Reloading
from service.monitor.metrics import PREFIX


class ReloadCollector(Collector):
    """Since when the model is served, and whether the last file was refused."""

    def __init__(self, reloading: Reloading) -> None:
        self._reloading = reloading

    def describe(self) -> Iterator[Metric]:
        """Nothing, so that registering asks for no figures yet."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """The metrics, read now."""
        yield GaugeMetricFamily(
            f"{PREFIX}_model_served_timestamp_seconds",
            "Unix time from which on the model is served.",
            value=self._reloading.now.since,
        )
        yield GaugeMetricFamily(
            f"{PREFIX}_model_reload_refused",
            "Whether the last model file was refused; the model before is served then.",
            value=float(bool(self._reloading.problem)),
        )
