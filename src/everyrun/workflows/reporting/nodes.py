"""One node's run, as its runner tells it: before it and after it (R0.1-R0.4).

Which row a report is about, in this order:

1. the row of that node in that execution that started at the same microsecond: the runner says
   the same ``started_at`` before and after, so a late, repeated or overtaking report finds its row,
2. for an outcome, the newest row of that node in that execution that has none (R0.3),
3. a new row.

So a second ``running`` is a new turn of a loop, unless it says the start of one that is known.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from everyrun.domain import events
from everyrun.domain.identifiers import new_id
from everyrun.domain.payloads import Capturer
from everyrun.domain.status import Status
from everyrun.store.leases import lock_workflow
from everyrun.store.numbers import NodePlace
from everyrun.store.reported import (
    REPORTED,
    NodeRow,
    ReportedRun,
    external_id_within,
    is_taken,
    latest_runs,
    lock_run,
    rows_of_node,
    run_named,
    title_node,
)
from everyrun.workflows.launching import put_on_record
from everyrun.workflows.reporting.scripts import Script, no_script
from everyrun.workflows.reporting.troubles import NotReported

MESSAGE_BYTES = 8_192
TRACEBACK_BYTES = 65_536
_CAPTURER = Capturer()


@dataclass(frozen=True, kw_only=True)
class NodeReport:
    """What is told of one run of a node. Times are microseconds UTC, ``took`` milliseconds.

    ``status`` is ``running``, or how it ended. ``execution`` is the caller's own id of the
    execution, or the ledger's.
    """

    script: Script | None
    execution: str | None
    node: str
    node_type: str | None
    title: str | None = None
    status: Status
    started_at: int | None = None
    finished_at: int | None = None
    took: float | None = None
    parameters: Any = None
    result: Any = None
    error_message: str | None = None
    error_traceback: str | None = None


def report_node(connection: Connection, report: NodeReport, now: int) -> NodePlace:
    """Put a report on record, inside the caller's writing transaction; where it lies now.

    The month's partition must be there (``store.coming_months``). Raises :class:`NotReported`.
    """
    script = report.script or no_script(connection, now)
    run = _locked_run(connection, script, report)
    if run is None:
        # Once more, when nobody else can be making it.
        lock_workflow(connection, script.id)
        run = _locked_run(connection, script, report)
    told: list[events.AnyEvent] = []
    if run is None:
        execution_id, rows, order = new_id(), [], 1
        told.append(_run_began(connection, script, execution_id, report, now))
    else:
        execution_id, order = run.id, run.nodes_total + 1
        rows = rows_of_node(connection, run, report.node)
    known = row_meant(report, rows)
    place = NodePlace(execution_id, new_id() if known is None else known.id)
    told += node_events(report, script, place, known, order, now)
    put_on_record(connection, told, now)
    if report.title:
        title_node(connection, script.id, report.node, report.title)
    return place


def row_meant(report: NodeReport, rows: list[NodeRow]) -> NodeRow | None:
    """The row that a report is about, of those of its node, newest first; None: of a new one."""
    if report.started_at is not None:
        for row in rows:
            if row.started_at == report.started_at:
                return row
    if report.status is Status.RUNNING:
        return None
    return next((row for row in rows if row.is_open), None)


def _locked_run(connection: Connection, script: Script, report: NodeReport) -> ReportedRun | None:
    """The execution meant, its row locked: what is read of it afterwards stays so."""
    run = _run_meant(connection, script, report)
    if run is None:
        return None
    lock_run(connection, run.id)
    return _run_meant(connection, script, report)


def _run_meant(connection: Connection, script: Script, report: NodeReport) -> ReportedRun | None:
    if report.execution is None:
        return _nameless_run(connection, script, report)
    run = run_named(connection, script.id, script.kind, report.execution)
    if run is not None and (run.workflow_id != script.id or run.trigger != REPORTED):
        raise NotReported
    return run


def _nameless_run(connection: Connection, script: Script, report: NodeReport) -> ReportedRun | None:
    """The script's current run; an outcome may also be of the one that has just ended."""
    nameless = [run for run in latest_runs(connection, script.id) if run.external_id is None]
    current = next((run for run in nameless if run.is_open), None)
    if current is None and nameless:
        rows = rows_of_node(connection, nameless[0], report.node)
        return nameless[0] if row_meant(report, rows) is not None else None
    return current


def _run_began(
    connection: Connection, script: Script, execution_id: str, report: NodeReport, now: int
) -> events.AnyEvent:
    external_id = report.execution
    if external_id is not None and is_taken(connection, script.kind, external_id):
        external_id = external_id_within(external_id, script.id)
    return events.ExecutionStarted(
        execution_id=execution_id,
        workflow=script.name,
        kind=script.kind,
        at=_start_of(report, now),
        trigger=REPORTED,
        external_id=external_id,
    )


def _start_of(report: NodeReport, now: int) -> int:
    if report.started_at is not None:
        return report.started_at
    if report.status is Status.RUNNING:
        return now
    return _end_of(report, now) - _took(report)


def _end_of(report: NodeReport, now: int) -> int:
    if report.finished_at is not None:
        return report.finished_at
    if report.started_at is not None and report.took is not None:
        return report.started_at + _took(report)
    return now


def _took(report: NodeReport) -> int:
    return 0 if report.took is None else round(report.took * 1_000)


def node_events(
    report: NodeReport,
    script: Script,
    place: NodePlace,
    known: NodeRow | None,
    order: int,
    now: int,
) -> list[events.AnyEvent]:
    """What a report says, as facts about the row that it is about."""
    start = _start_of(report, now)
    if known is not None and known.started_at is not None:
        start = known.started_at
    at_node: dict[str, Any] = {
        "execution_id": place.execution_id,
        "workflow": script.name,
        "kind": script.kind,
        "node": report.node,
        "node_type": report.node_type,
        "node_execution_id": place.node_execution_id,
        "order": order if known is None else None,
    }
    told: list[events.AnyEvent] = []
    if known is None or report.status is Status.RUNNING or report.parameters is not None:
        parameters = None if report.parameters is None else _CAPTURER.plain(report.parameters)
        told.append(events.NodeStarted(**at_node, at=start, input=parameters))
    if report.status is not Status.RUNNING:
        finished = events.NodeFinished(
            **at_node,
            at=_end_of(report, now),
            started_at=start,
            status=report.status,
            output=None if report.result is None else _CAPTURER.plain(report.result),
            error_message=shown(report.error_message, MESSAGE_BYTES),
            error_traceback=shown(report.error_traceback, TRACEBACK_BYTES),
        )
        told.append(finished)
    return told


def shown(text: str | None, size: int) -> str | None:
    """Text as it may lie in the ledger: without secrets, and no longer than ``size`` bytes."""
    return None if text is None else _CAPTURER.text(text, size)
