"""Schedules for tests, and what became of their due times as plain facts."""

from typing import Any

from everyrun.domain.clock import Clock
from everyrun.domain.schedule import Cron, Interval, ScheduleDefinition
from everyrun.scheduler.scheduling import NewSchedule, add
from everyrun.store import schedules
from everyrun.store.database import Database
from everyrun.store.schedules import FireRecord, ScheduleRecord
from tests.support.graphs import saved

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE

GRAPH = """
workflow: {name}
policy: {policy}
inputs:
  day: {{type: string, default: none}}
nodes:
  only: {{type: set, with: {{values: {{day: "{{{{ inputs.day }}}}"}}}}}}
"""


def a_graph(database: Database, name: str = "nightly", policy: str = "{}") -> str:
    """A graph of one quick node; answers its id."""
    return saved(database, GRAPH.format(name=name, policy=policy)).workflow_id


def a_schedule(
    database: Database,
    clock: Clock,
    *,
    workflow: str = "nightly",
    policy: str = "{}",
    name: str | None = None,
    timezone: str = "UTC",
    cron: str | None = None,
    every: float = 60,
    **more: Any,
) -> ScheduleRecord:
    """A schedule of a graph of one node: every minute from now on when not said otherwise."""
    a_graph(database, workflow, policy)
    trigger = Interval(every=every) if cron is None else Cron(expression=cron)
    definition = ScheduleDefinition(trigger=trigger, **more)
    new = NewSchedule(workflow=workflow, definition=definition, timezone=timezone, name=name)
    return add(database, new, clock=clock)


def fires_of(database: Database, schedule_id: str, limit: int = 1_000) -> list[FireRecord]:
    """What became of the due times, the earliest first."""
    with database.reading() as connection:
        return list(reversed(schedules.list_fires(connection, schedule_id, limit)))


def outcomes_of(database: Database, schedule_id: str) -> list[str]:
    """The outcomes of the due times, the earliest first."""
    return [fire.outcome for fire in fires_of(database, schedule_id)]
