"""What is counted, as a server tells it."""

from datetime import datetime
from typing import TYPE_CHECKING

from everyrun.domain.views.limits import LONGEST_PAGE
from everyrun.domain.views.statistics import DashboardStatistics, LogStatistics

if TYPE_CHECKING:
    from everyrun.cli.statistics import Statistics
    from everyrun.client import Client


class FiguresThere:
    """Figures of a server's ledger."""

    def __init__(self, client: "Client") -> None:
        self._statistics = client.statistics

    def statistics(
        self, workflow: str | None, bounds: tuple[datetime | None, ...], zone: str, now: datetime
    ) -> "Statistics":
        """All figures, each as it stands when it is asked for."""
        from everyrun.cli.statistics import Statistics

        since, until = bounds
        today, logs = self._statistics.dashboard(zone=zone), self._statistics.logs()
        nodes = None
        if workflow is not None:
            nodes = self._statistics.nodes(workflow, since=since, until=until)
        return Statistics(
            zone=zone,
            since=since,
            until=until,
            today=DashboardStatistics(
                total_workflows=today.total_workflows,
                today_executions=today.today_executions,
                today_failed_workflows=today.today_failed_workflows,
                inactive_workflows=today.inactive_workflows,
            ),
            logs=LogStatistics(
                total=logs.total,
                completed=logs.completed,
                failed=logs.failed,
                average_execution_time_ms=logs.average_execution_time_ms,
            ),
            dropped_events=logs.dropped_events,
            workflows=self._statistics.workflows(
                workflow=workflow, since=since, until=until, limit=LONGEST_PAGE
            ),
            nodes=nodes,
        )
