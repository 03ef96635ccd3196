"""What a server process counts while it works.

With several processes each counts in files of its own (Prometheus' multiprocess mode), and
whichever is asked answers the sum of all, also of those that have ended.
"""

import os

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
"""Names the folder of those files; to be set before anything of Prometheus is imported."""

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """The counts of one process. Safe to use from any thread."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._answers: dict[tuple[str, str, int], Counter] = {}
        self._requests = Counter(
            "everyrun_http_requests",
            "Requests that were answered, by method, route and status.",
            ["method", "route", "status"],
            registry=self._registry,
        )
        self._seconds = Histogram(
            "everyrun_http_request_seconds",
            "How long answers took, by method and route.",
            ["method", "route"],
            buckets=_SECONDS,
            registry=self._registry,
        )
        self.ingested = Counter(
            "everyrun_ingested_events",
            "Events taken into the ledger over HTTP; what was sent twice counts twice.",
            registry=self._registry,
        )
        self._batches = Counter(
            "everyrun_ingested_batches",
            "Batches of events, by what became of them: taken, rejected, unavailable or busy.",
            ["outcome"],
            registry=self._registry,
        )
        self.waiting = Gauge(
            "everyrun_ingest_waiting",
            "Batches that waited for their turn when the last one was begun.",
            registry=self._registry,
            multiprocess_mode="livesum",
        )

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """A request was answered."""
        key = (method, route, status)
        counter = self._answers.get(key)
        if counter is None:
            counter = self._answers[key] = self._requests.labels(method, route, str(status))
        counter.inc()
        self._seconds.labels(method, route).observe(seconds)

    def batch(self, outcome: str) -> None:
        """A batch of events ended so."""
        self._batches.labels(outcome).inc()

    def text(self) -> bytes:
        """The counts in Prometheus' text format: this process's, or those of all of them."""
        if FOLDER_VARIABLE not in os.environ:
            return generate_latest(self._registry)
        everybody = CollectorRegistry()
        MultiProcessCollector(everybody)  # type: ignore[no-untyped-call] # the library's
        return generate_latest(everybody)
