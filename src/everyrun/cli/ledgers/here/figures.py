"""What is counted, read from the database."""

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from everyrun.cli.statistics import Statistics
    from everyrun.store.database import Database


class FiguresHere:
    """Figures of an open database."""

    def __init__(self, database: "Database") -> None:
        self._database = database

    def statistics(
        self, workflow: str | None, bounds: tuple[datetime | None, ...], zone: str, now: datetime
    ) -> "Statistics":
        """All figures from one snapshot of the ledger."""
        from everyrun.cli.statistics import Statistics
        from everyrun.domain.clock import to_microseconds
        from everyrun.store.reading.dashboard import log_statistics, today
        from everyrun.store.reading.recorders import dropped_events
        from everyrun.store.reading.statistics import node_statistics, workflow_statistics

        since, until = bounds
        with self._database.reading() as connection:
            nodes = None
            if workflow is not None:
                nodes = node_statistics(connection, workflow, since=since, until=until)
            return Statistics(
                zone=zone,
                since=since,
                until=until,
                today=today(connection, to_microseconds(now), zone),
                logs=log_statistics(connection),
                dropped_events=dropped_events(connection),
                workflows=workflow_statistics(
                    connection, since=since, until=until, workflow=workflow
                ),
                nodes=nodes,
            )
