"""``/api/automation``: background jobs, started at once and watched by polling (seed 003)."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from fastapi import Query

from everyrun.domain.errors import EveryrunError, NotOnRecord
from everyrun.domain.roles import Role
from everyrun.domain.status import Status
from everyrun.domain.views.logs import LogPage
from everyrun.server.contract.messages import (
    JOB_BEGAN,
    JOB_CANCELLED,
    JOB_COMPLETED,
    JOB_FAILED,
    say,
)
from everyrun.server.routing import Routes
from everyrun.server.visit import Visit
from everyrun.store.connections import Connection
from everyrun.store.reading.jobs import JobState, read_job
from everyrun.store.reading.lines import MOST_LINES
from everyrun.store.reading.logs import tail
from everyrun.workflows.asking import TooManyExecutions
from everyrun.workflows.inputs import InvalidInput
from everyrun.workflows.job_types import NODE, JobTypeTaken, UnknownJobType, job_types
from everyrun.workflows.jobs import InvalidJobId, JobIdTaken, start_job
from everyrun.workflows.launching import WorkflowInactive

WHOLE = 10_000
"""Lines that an answer without ``after`` has at most, the latest ones."""

routes = Routes("/api/automation", tag="jobs")


class JobNotFound(NotOnRecord):
    """There is no such job."""


class InvalidJob(EveryrunError, ValueError):
    """A job needs a type: ``{"type": …}``, and its input beside it."""

    status_code = 422


class JobStarted(msgspec.Struct, kw_only=True, rename="camel"):
    """A job that was put on record (R3.2)."""

    job_id: str
    message: str
    execution_id: str


class JobLine(msgspec.Struct, kw_only=True):
    """One line of a job's log (R3.3). ``id`` counts the job's lines from 1."""

    id: int
    job_id: str
    log_message: str
    created_at: datetime
    level: str


class JobLog(msgspec.Struct, kw_only=True):
    """A job's log, in order (R3.5). The first and the last line say that it began and how it ended.

    ``done``: the job has settled and nothing follows ``next``. ``poll_after_ms`` is how long to
    wait before asking again, with ``after=next``. ``left_out`` earlier lines were too many.
    """

    logs: list[JobLine]
    status: str
    done: bool
    next: int
    poll_after_ms: int
    left_out: int = 0


@routes.post(
    "/jobs",
    role=Role.OPERATOR,
    body=dict[str, Any],
    answers=JobStarted,
    audit="job.start",
    raises=(
        InvalidJob,
        UnknownJobType,
        JobTypeTaken,
        InvalidJobId,
        JobIdTaken,
        InvalidInput,
        WorkflowInactive,
        TooManyExecutions,
    ),
)
def start_automation_job(visit: Visit, body: dict[str, Any]) -> JobStarted:
    """Start a background job: ``{"type": …, "jobId": …, …}``; what stands beside is its input.

    ``type`` (or ``jobType``) is a registered job type or a workflow's name. Without ``jobId`` the
    server gives one, ``job_<ms>``. The same job asked for again under its id is answered again.
    """
    given = dict(body)
    first, second = given.pop("type", None), given.pop("jobType", None)
    job_type, job_id = first or second, given.pop("jobId", None)
    if not isinstance(job_type, str):
        raise InvalidJob
    if job_id is not None and not isinstance(job_id, str | int):
        raise InvalidJobId
    started = start_job(
        visit.database,
        job_type,
        given,
        types=job_types(visit.settings.jobs),
        job_id=None if job_id in (None, "") else str(job_id),
        by=visit.by,
        most=visit.settings.most_executions,
        clock=visit.server.clock,
    )
    return JobStarted(
        job_id=started.job_id,
        message=say(visit, "job_known" if started.known else "job_started"),
        execution_id=started.execution_id,
    )


@routes.get("/logs", role=Role.VIEWER, answers=JobLog, polled=True, raises=(JobNotFound,))
def automation_logs(
    visit: Visit,
    job_id: Annotated[str, Query(alias="jobId", min_length=1)],
    after: Annotated[int | None, Query(ge=0, lt=1 << 60)] = None,
    limit: Annotated[int, Query(ge=1, le=MOST_LINES)] = 500,
) -> JobLog:
    """A job's log: whole, or the ``limit`` lines after ``after``.

    The whole is its latest 10,000 lines. Whoever polls asks for what follows ``next`` instead.
    """
    with visit.reading() as connection:
        try:
            job = read_job(connection, job_id)
        except NotOnRecord as error:
            raise JobNotFound(str(error)) from None
        visit.known(job.execution_id, job.status, job.lines, job.updated_at)
        reader = _Reader(connection, job, job_id, visit.now)
        return reader.whole() if after is None else reader.after(after, limit)


class _Reader:
    """One job's log: line 1 says that it began, and one after the last how it ended."""

    def __init__(self, connection: Connection, job: JobState, job_id: str, now: int) -> None:
        self._connection = connection
        self._job = job
        self._job_id = job_id
        self._now = now

    def whole(self) -> JobLog:
        """All of it, or as much of its end as one answer may have."""
        left_out = max(0, self._job.lines - WHOLE)
        start = left_out + 1 if left_out else 0
        log = self.after(start, MOST_LINES)
        lines = log.logs
        while not log.done and log.poll_after_ms == 0 and len(lines) <= WHOLE + 1:
            log = self.after(log.next, MOST_LINES)
            lines += log.logs
        log.logs, log.left_out = lines, left_out
        return log

    def after(self, after: int, limit: int) -> JobLog:
        """The lines with ids above ``after``."""
        lines = [self._line(1, JOB_BEGAN, self._job.created_at)] if after < 1 else []
        room = limit - len(lines)
        if not room:
            return self._log(lines, 1, done=False, poll_after_ms=0)
        page = self._page(min(max(0, after - 1), self._job.lines), room)
        lines += [
            self._line(line.position + 1, line.message, line.timestamp, line.level)
            for line in page.lines
        ]
        next_ = max(after, page.next + 1)
        if not page.done:
            return self._log(lines, next_, done=False, poll_after_ms=page.poll_after_ms)
        last = page.next + 2
        if after >= last:
            return self._log(lines, after, done=True, poll_after_ms=0)
        if len(lines) == limit:
            return self._log(lines, next_, done=False, poll_after_ms=0)
        lines.append(self._end(last))
        return self._log(lines, last, done=True, poll_after_ms=0)

    def _page(self, after: int, limit: int) -> LogPage:
        return tail(
            self._connection, self._job.execution_id, after=after, limit=limit, now=self._now
        )

    def _end(self, number: int) -> JobLine:
        job = self._job
        at = job.ended_at or job.updated_at
        if job.status == Status.COMPLETED:
            return self._line(number, JOB_COMPLETED, at)
        if job.status == Status.FAILED:
            # The seed's line says what the function raised, not which node of its graph did.
            error = (job.error_message or "").removeprefix(f"{NODE} failed: ")
            return self._line(number, JOB_FAILED.format(error=error).rstrip(), at, "error")
        reason = f": {job.error_message}" if job.error_message else ""
        return self._line(number, JOB_CANCELLED + reason, at, "warning")

    def _line(self, number: int, text: str, at: datetime, level: str = "info") -> JobLine:
        return JobLine(id=number, job_id=self._job_id, log_message=text, created_at=at, level=level)

    def _log(self, lines: list[JobLine], next_: int, *, done: bool, poll_after_ms: int) -> JobLog:
        return JobLog(
            logs=lines,
            status=self._job.status,
            done=done,
            next=next_,
            poll_after_ms=poll_after_ms,
        )
