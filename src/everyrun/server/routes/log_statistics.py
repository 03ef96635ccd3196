"""What the whole ledger adds up to."""

from everyrun.domain.roles import Role
from everyrun.domain.views.statistics import LogTotals
from everyrun.server.routing import Routes
from everyrun.server.visit import Visit
from everyrun.store.reading.dashboard import log_statistics
from everyrun.store.reading.recorders import dropped_events

routes = Routes("/api/v1/statistics", tag="statistics")


@routes.get("/logs", role=Role.VIEWER, answers=LogTotals, polled=True)
def statistics_logs(visit: Visit) -> LogTotals:
    """How many executions ran nodes and how those ended, and how many events were dropped."""
    with visit.reading() as connection:
        found = log_statistics(connection)
        dropped = dropped_events(connection)
    return LogTotals(
        total=found.total,
        completed=found.completed,
        failed=found.failed,
        average_execution_time_ms=found.average_execution_time_ms,
        dropped_events=dropped,
    )
