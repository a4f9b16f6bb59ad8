"""What Prometheus reads: the registered figures, and how long requests took.

The figures come from the database at the time of reading. The histogram is counted in the web
processes; with PROMETHEUS_MULTIPROC_DIR set, all those of a machine answer as one.
"""

import os
from collections.abc import Iterator
from datetime import datetime

from prometheus_client import (
    REGISTRY,
    CollectorRegistry,
    Histogram,
    Metric,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from surveillance.operations import figures

PREFIX = "surveillance_"
REQUESTS = Histogram(
    f"{PREFIX}request_seconds",
    "Time from a request's arrival in Django to its answer, by name of the route and status.",
    ["route", "status"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0),
)


class Figures(Collector):
    """The registered figures as gauges, as they are at one instant."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def describe(self) -> list[Metric]:
        """Registering asks no database."""
        return []

    def collect(self) -> Iterator[Metric]:
        for figure in figures.registered():
            family = GaugeMetricFamily(
                f"{PREFIX}{figure.name}", figure.meaning, labels=figure.labels
            )
            for labels, value in figure.read(self.at).items():
                family.add_metric(labels, value)
            yield family


def exposition(at: datetime) -> bytes:
    """Everything in Prometheus' text format."""
    now = CollectorRegistry()
    now.register(Figures(at))
    return generate_latest(now) + generate_latest(_counted())


def _counted() -> CollectorRegistry:
    """What was counted: by all processes that share the folder, else by this process alone."""
    if not os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        return REGISTRY
    together = CollectorRegistry()
    MultiProcessCollector(together)
    return together
