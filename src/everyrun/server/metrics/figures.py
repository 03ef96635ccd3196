"""Figures of the ledger and of this host at the moment they are asked for."""

from collections.abc import Iterator
from threading import Lock

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily

from everyrun.domain.clock import Clock
from everyrun.store.database import Database
from everyrun.store.reading.health import LedgerHealth, read_health
from everyrun.store.reading.recorders import dropped_events
from everyrun.tracking.settings import Settings
from everyrun.tracking.spool.inventory import waiting_bytes

_DROPS_KEPT = 60_000_000  # µs: every recorder that ever was is added up for them
_SECONDS = 2.0


class Figures:
    """Reads the figures of one ledger, and of the spools of this host's home."""

    def __init__(self, database: Database, clock: Clock, recording: Settings) -> None:
        self._database = database
        self._clock = clock
        self._recording = recording
        self._lock = Lock()
        self._dropped = (0, 0)

    def text(self) -> bytes:
        """The figures in Prometheus' text format."""
        registry = CollectorRegistry()
        families = list(self._families())
        registry.register(_Read(families))
        return generate_latest(registry)

    def _families(self) -> Iterator[GaugeMetricFamily]:
        now = self._clock.now()
        with self._database.reading(_SECONDS) as connection:
            health = read_health(connection, now)
        yield from _of_ledger(health)
        yield GaugeMetricFamily(
            "everyrun_dropped_events",
            "Events that recorders dropped because their spools were full, as far as they said.",
            value=self._drops(now),
        )
        spools, waiting = waiting_bytes(self._recording.home)
        yield GaugeMetricFamily(
            "everyrun_spools", "Spools of this host, of living and ended processes.", value=spools
        )
        yield GaugeMetricFamily(
            "everyrun_spool_waiting_bytes",
            "Bytes in these spools that no ledger has taken yet.",
            value=waiting,
        )

    def _drops(self, now: int) -> int:
        with self._lock:
            read_at, dropped = self._dropped
            if now - read_at > _DROPS_KEPT:
                with self._database.reading(_SECONDS) as connection:
                    dropped = dropped_events(connection)
                self._dropped = (now, dropped)
            return dropped


class _Read:
    """Families that were read already, as a collector."""

    def __init__(self, families: list[GaugeMetricFamily]) -> None:
        self._families = families

    def collect(self) -> list[GaugeMetricFamily]:
        return self._families


def _of_ledger(health: LedgerHealth) -> Iterator[GaugeMetricFamily]:
    unsettled = GaugeMetricFamily(
        "everyrun_executions_unsettled",
        "Executions by status that have not ended, 10,000 of each at most.",
        labels=["status"],
    )
    for status, count in health.unsettled.items():
        unsettled.add_metric([status], count)
    day = GaugeMetricFamily(
        "everyrun_executions_last_day",
        "Executions that began in the last 24 hours, by status.",
        labels=["status"],
    )
    for status, count in health.last_day.items():
        day.add_metric([status], count)
    lead = GaugeMetricFamily(
        "everyrun_scheduler_leads",
        "1 for the host whose scheduler leads; nothing when none does.",
        labels=["host"],
    )
    if health.leading_host is not None:
        lead.add_metric([health.leading_host], 1)
    yield from (unsettled, day, lead)
