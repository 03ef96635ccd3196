"""A whole run, as its runner tells it when it is over (R0.7, R1.9).

What settles a reported execution is this and nothing else: node reports only show that it runs.
A report that names no execution is about the newest one of its script that has no outcome and of
which something was heard while the run was on; without one, a new execution is made. The run began
``took`` before the report, so an older execution whose report was lost is left alone.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection

from everyrun.domain import events
from everyrun.domain.identifiers import new_id
from everyrun.domain.status import Status
from everyrun.store.leases import lock_workflow
from everyrun.store.reported import (
    REPORTED,
    ReportedRun,
    external_id_within,
    is_taken,
    latest_runs,
    lock_run,
    open_nodes,
    run_named,
)
from everyrun.workflows.launching import put_on_record
from everyrun.workflows.reporting.nodes import MESSAGE_BYTES, shown
from everyrun.workflows.reporting.scripts import Script
from everyrun.workflows.reporting.troubles import NotReported

SLACK = 5_000_000
"""Microseconds by which a report may be late, of the run's end or of one of its nodes."""


@dataclass(frozen=True, kw_only=True)
class RunReport:
    """How a run of a script ended. ``took`` is milliseconds; ``execution`` is its id, if known."""

    script: Script
    status: Status
    error_message: str | None = None
    took: float | None = None
    execution: str | None = None


class Reported(NamedTuple):
    """Where a run lies now; ``known`` when its nodes had been reported before."""

    execution_id: str
    known: bool


def report_run(connection: Connection, report: RunReport, now: int) -> Reported:
    """Put a run's outcome on record, inside the caller's writing transaction.

    A repeat changes nothing. The month's partition must be there. Raises :class:`NotReported`.
    """
    script = report.script
    lock_workflow(connection, script.id)
    run = _run_meant(connection, report, now)
    if run is not None:
        lock_run(connection, run.id)
    execution_id = new_id() if run is None else run.id
    about: dict[str, Any] = {
        "execution_id": execution_id,
        "workflow": script.name,
        "kind": script.kind,
    }
    start = None if report.took is None else now - round(report.took * 1_000)
    told: list[events.AnyEvent] = []
    if run is None:
        external_id = _external_id(connection, report)
        began = now if start is None else start
        told.append(
            events.ExecutionStarted(**about, at=began, trigger=REPORTED, external_id=external_id)
        )
    elif run.is_open:
        told += unheard_nodes(connection, run, now, "the run ended and told nothing more of it")
    told.append(
        events.ExecutionFinished(
            **about,
            at=now,
            started_at=start,
            status=report.status,
            error_message=shown(report.error_message, MESSAGE_BYTES),
        )
    )
    put_on_record(connection, told, now)
    return Reported(execution_id, run is not None)


def unheard_nodes(
    connection: Connection, run: ReportedRun, now: int, reason: str
) -> list[events.AnyEvent]:
    """The nodes of a run of whose end nothing was heard are lost, unless it is told yet."""
    return [
        events.NodeLost(
            execution_id=run.id,
            workflow=run.workflow,
            kind=run.kind,
            node=key,
            node_execution_id=id_,
            at=now,
            reason=reason,
        )
        for id_, key in open_nodes(connection, run.id)
    ]


def _run_meant(connection: Connection, report: RunReport, now: int) -> ReportedRun | None:
    script = report.script
    if report.execution is not None:
        run = run_named(connection, script.id, script.kind, report.execution)
        if run is not None and (run.workflow_id != script.id or run.trigger != REPORTED):
            raise NotReported
        return run
    began = 0 if report.took is None else now - round(report.took * 1_000) - SLACK
    latest = latest_runs(connection, script.id)
    return next((run for run in latest if run.is_open and run.heard_at >= began), None)


def _external_id(connection: Connection, report: RunReport) -> str | None:
    given = report.execution
    if given is not None and is_taken(connection, report.script.kind, given):
        return external_id_within(given, report.script.id)
    return given
