"""``execution-record`` and ``execution-summary``: runs that were over when they were told."""

from datetime import datetime

import msgspec

from everyrun.domain.clock import to_datetime
from everyrun.domain.errors import AmbiguousId
from everyrun.domain.roles import Role
from everyrun.domain.status import Status
from everyrun.server.contract.finding import ScriptNotFound, as_script, script_of
from everyrun.server.contract.messages import say
from everyrun.server.contract.words import SCRIPT_WORDS, ScriptWord, status_told
from everyrun.server.routing import Routes
from everyrun.server.visit import Visit
from everyrun.store.coming_months import prepare_months
from everyrun.store.connections import Connection
from everyrun.store.numbers import number_workflows
from everyrun.store.reported_batches import BatchReport, record_batch
from everyrun.workflows.reporting import (
    ImpossibleReport,
    NotReported,
    RunReport,
    report_run,
)

MOST_EXECUTIONS = 1_000_000

routes = Routes("/api", tag="records")


class ExecutionRecord(msgspec.Struct, kw_only=True):
    """How a run of a script ended (R0.7): success, error or cancelled; milliseconds it took.

    ``execution_id``, where it is known, says which run; else it is the newest that is open.
    """

    status: str
    error_message: str | None = None
    execution_time_ms: float | None = None
    execution_id: str | None = None


class Recorded(msgspec.Struct, kw_only=True):
    """Where a record lies now."""

    execution_id: str
    script_id: int
    status: ScriptWord


class RecordedAnswer(msgspec.Struct, kw_only=True):
    """A record that was taken."""

    success: bool = True
    message: str
    data: Recorded


class ReportedSummary(msgspec.Struct, kw_only=True):
    """How running all scripts went (R0.8). What is neither failed, cancelled nor not run counts as
    completed.
    """

    total_executions: int
    failed_count: int = 0
    cancelled_count: int = 0
    not_run_count: int = 0


class Summarised(msgspec.Struct, kw_only=True):
    """The batch that a summary became."""

    batch_id: str
    total_executions: int
    completed_count: int
    failed_count: int
    cancelled_count: int
    not_run_count: int
    recorded_at: datetime


class SummarisedAnswer(msgspec.Struct, kw_only=True):
    """A summary that was taken."""

    success: bool = True
    message: str
    data: Summarised


# Not audited: the record of what ran is these reports themselves.
@routes.post(
    "/scripts/{script_id}/execution-record",
    role=Role.INGEST,
    body=ExecutionRecord,
    answers=RecordedAnswer,
    audit=None,
    raises=(ScriptNotFound, AmbiguousId, NotReported, ImpossibleReport),
)
def record_execution(visit: Visit, script_id: str, body: ExecutionRecord) -> RecordedAnswer:
    """Record how a run of a script ended; statistics follow at once (R0.7, R1.6).

    It settles the execution whose nodes were reported while the run was on, or is one of its own.
    """
    now = visit.now
    status = status_told(body.status)
    if status is None or status is Status.RUNNING:
        raise ImpossibleReport(f"status is success, error or cancelled, not {body.status[:60]!r}")
    took = body.execution_time_ms
    if took is not None and not 0 <= took * 1_000 <= now:
        raise ImpossibleReport(f"execution_time_ms is 0 or more, not {took}")
    prepare_months(visit.database)

    def work(connection: Connection) -> Recorded:
        script = as_script(script_of(connection, script_id))
        report = RunReport(
            script=script,
            status=status,
            error_message=body.error_message,
            took=took,
            execution=body.execution_id or None,
        )
        found = report_run(connection, report, now)
        number = number_workflows(connection, [script.id])[script.id]
        return Recorded(
            execution_id=found.execution_id, script_id=number, status=SCRIPT_WORDS[status]
        )

    recorded = visit.database.transact(work)
    return RecordedAnswer(message=say(visit, "script_recorded"), data=recorded)


@routes.post(
    "/dashboard/execution-summary",
    role=Role.INGEST,
    body=ReportedSummary,
    answers=SummarisedAnswer,
    audit="batch.report",
    raises=(ImpossibleReport,),
)
def record_summary(visit: Visit, body: ReportedSummary) -> SummarisedAnswer:
    """Record how running all scripts went, as a batch that has ended, with the counts as told."""
    told = (body.failed_count, body.cancelled_count, body.not_run_count)
    completed = body.total_executions - sum(told)
    if not 0 <= body.total_executions <= MOST_EXECUTIONS or min(*told, completed) < 0:
        raise ImpossibleReport("counts are 0 or more, and together no more than the total")
    now = visit.now
    report = BatchReport(completed, *told)
    id_ = visit.database.transact(lambda c: record_batch(c, report, visit.by, now))
    summarised = Summarised(
        batch_id=id_,
        total_executions=body.total_executions,
        completed_count=completed,
        failed_count=body.failed_count,
        cancelled_count=body.cancelled_count,
        not_run_count=body.not_run_count,
        recorded_at=to_datetime(now),
    )
    return SummarisedAnswer(message=say(visit, "summary_recorded"), data=summarised)
