"""How workflows, nodes, hours and days fared, and what the ledger takes up."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from everyrun.client.resources.paging import every
from everyrun.client.transport import API, Transport
from everyrun.domain.views.dashboard import DashboardFigures
from everyrun.domain.views.statistics import (
    LogTotals,
    NodesFare,
    NodeStatistics,
    RecentFailure,
    RecentFailures,
    Series,
    ViewCounts,
    WorkflowsFare,
    WorkflowStatistics,
)
from everyrun.domain.views.storage import StorageUse

_PATH = f"{API}/statistics"


class Statistics:
    """``client.statistics``. ``zone`` is an IANA name; None is the server's."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def dashboard(self, *, zone: str | None = None, use_cache: bool = True) -> DashboardFigures:
        """The day so far and all days; without ``use_cache`` they are counted anew."""
        return self._transport.get(
            f"{API}/dashboard", DashboardFigures, tz=zone, use_cache=use_cache
        )

    def workflows(
        self,
        *,
        workflow: str | None = None,
        kind: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        order: str | None = None,
        limit: int = 100,
    ) -> list[WorkflowStatistics]:
        """How workflows fare; ``order`` is busiest, slowest or failing, up to 500 of them."""
        return self._transport.get(
            f"{_PATH}/workflows",
            WorkflowsFare,
            workflow=workflow,
            kind=kind,
            since=since,
            until=until,
            order=order,
            limit=limit,
        ).items

    def nodes(
        self,
        workflow: str,
        *,
        kind: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> list[NodeStatistics]:
        """How the nodes of a workflow fare."""
        return self._transport.get(
            f"{_PATH}/nodes", NodesFare, workflow=workflow, kind=kind, since=since, until=until
        ).items

    def series(
        self,
        step: str = "day",
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        workflow: str | None = None,
        kind: str | None = None,
        zone: str | None = None,
    ) -> Series:
        """Executions by the hour or the day of a zone, by status."""
        return self._transport.get(
            f"{_PATH}/series",
            Series,
            step=step,
            since=since,
            until=until,
            workflow=workflow,
            kind=kind,
            tz=zone,
        )

    def counts(
        self, *, workflow: str | None = None, kind: str | None = None, zone: str | None = None
    ) -> ViewCounts:
        """How many executions the usual views show."""
        return self._transport.get(
            f"{_PATH}/counts", ViewCounts, workflow=workflow, kind=kind, tz=zone
        )

    def failures(
        self,
        *,
        workflow: str | None = None,
        kind: str | None = None,
        limit: int = 20,
        cursor: str | None = None,
    ) -> RecentFailures:
        """A page of what failed, with the first line of its error, the latest first."""
        return self._transport.get(
            f"{_PATH}/failures",
            RecentFailures,
            workflow=workflow,
            kind=kind,
            limit=limit,
            cursor=cursor,
        )

    def all_failures(self, **filters: Any) -> Iterator[RecentFailure]:
        """All that failed, the latest first; the filters of :meth:`failures`."""
        return every(lambda cursor: self.failures(**{"limit": 500, **filters, "cursor": cursor}))

    def logs(self) -> LogTotals:
        """What the whole ledger adds up to."""
        return self._transport.get(f"{_PATH}/logs", LogTotals)

    def storage(self) -> StorageUse:
        """What the ledger and the server's spools take up."""
        return self._transport.get(f"{API}/storage", StorageUse)
