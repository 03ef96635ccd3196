"""Reported runs of which nothing more is heard: their runner is gone, or never tells how they end.

A run of a script waits for its report. When nothing is told of it for an hour it is ``lost``, with
the reason; a report that comes later still settles it. Of a run without a script no report can
come, so its nodes say how it ended, unless one of them was left running.
"""

from typing import Any, NamedTuple

from sqlalchemy import Connection

from everyrun.domain import events
from everyrun.domain.status import Status
from everyrun.store.reported import (
    ReportedRun,
    last_node_end,
    lock_run,
    open_nodes,
    runs_without_outcome,
)
from everyrun.workflows.launching import put_on_record
from everyrun.workflows.reporting.runs import unheard_nodes
from everyrun.workflows.reporting.scripts import NO_SCRIPT

QUIET_FOR = 3_600_000_000
"""Microseconds."""

RUNS_AT_ONCE = 100

_REASON = "nothing was reported for an hour, and no record of how it ended"


class Looked(NamedTuple):
    """How many runs were ended, and before which one to look on; None at the end."""

    ended: int
    before: str | None


def end_quiet_runs(
    connection: Connection, now: int, before: str | None = None, quiet_for: int = QUIET_FOR
) -> Looked:
    """Settle what can be settled of quiet runs, and call the others lost.

    Inside the caller's writing transaction; looks at a hundred that run, born before ``before``.
    """
    running = runs_without_outcome(connection, before, RUNS_AT_ONCE)
    quiet = [run for run in running if run.updated_at <= now - quiet_for]
    for run in quiet:
        lock_run(connection, run.id)
        put_on_record(connection, _end_of(connection, run, now), now)
    return Looked(len(quiet), running[-1].id if len(running) == RUNS_AT_ONCE else None)


def _end_of(connection: Connection, run: ReportedRun, now: int) -> list[events.AnyEvent]:
    about: dict[str, Any] = {"execution_id": run.id, "workflow": run.workflow, "kind": run.kind}
    if run.workflow == NO_SCRIPT and not open_nodes(connection, run.id):
        status = Status.FAILED if run.nodes_failed else Status.COMPLETED
        at = last_node_end(connection, run.id) or now
        return [events.ExecutionFinished(**about, at=at, status=status)]
    lost_at = max(now, run.seen_at or 0)
    return [
        events.ExecutionLost(**about, at=lost_at, reason=_REASON),
        *unheard_nodes(connection, run, now, _REASON),
    ]
