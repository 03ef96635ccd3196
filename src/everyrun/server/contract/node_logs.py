"""``/api/logs``: what nodes did, told by whoever runs them and read by whoever looks (seed 000)."""

from functools import partial
from typing import Annotated, Any

import msgspec
from fastapi import Query

from everyrun.domain.errors import AmbiguousId, InvalidCursor, InvalidQuery
from everyrun.domain.roles import Role
from everyrun.server.contract.envelopes import Done
from everyrun.server.contract.finding import (
    GivenId,
    LogNotFound,
    ScriptNotFound,
    as_script,
    place_of_log,
    script_of,
)
from everyrun.server.contract.messages import say
from everyrun.server.contract.moments import moment
from everyrun.server.contract.node_log_rows import (
    NodeLogAnswer,
    NodeLogList,
    rows_of,
)
from everyrun.server.contract.words import status_told, statuses_of
from everyrun.server.routing import Routes
from everyrun.server.visit import Visit
from everyrun.store.coming_months import prepare_months
from everyrun.store.connections import Connection
from everyrun.store.deleting_nodes import (
    InHand,
    delete_node,
    delete_nodes_of,
    delete_some_nodes,
)
from everyrun.store.numbers import number_nodes
from everyrun.store.reading.dashboard import log_statistics
from everyrun.store.reading.node_logs import (
    FURTHEST_OFFSET,
    LONGEST_PAGE,
    NodeLogFilters,
    list_node_logs,
    read_node_log,
)
from everyrun.store.reported import executions_named
from everyrun.workflows.reporting import (
    ImpossibleReport,
    NodeReport,
    NotReported,
    report_node,
)

LONGEST_ID = 400
LONGEST_TYPE = 100

routes = Routes("/api/logs", tag="node logs")

Limit = Annotated[int, Query(ge=1, le=LONGEST_PAGE)]
Offset = Annotated[int, Query(ge=0, le=FURTHEST_OFFSET)]


class NodeLogRequest(msgspec.Struct, kw_only=True):
    """One report about one run of a node (R0.2). Times are ISO 8601, in the server's zone where
    they name none; ``execution_time_ms`` is milliseconds.
    """

    execution_id: str | int | None = None
    script_id: int | str | None = None
    node_id: str
    node_type: str | None = None
    node_name: str | None = None
    status: str = "running"
    started_at: str | None = None
    finished_at: str | None = None
    execution_time_ms: float | None = None
    parameters: Any = None
    result: Any = None
    error_message: str | None = None
    error_traceback: str | None = None


class NodeLogged(msgspec.Struct, kw_only=True):
    """The number of the log that a report is about."""

    success: bool = True
    message: str
    log_id: int


class LogStats(msgspec.Struct, kw_only=True):
    """Executions that ran nodes, how their nodes ended, and milliseconds on average (R0.6)."""

    total: int
    completed: int
    failed: int
    average_execution_time: float


class LogStatsAnswer(msgspec.Struct, kw_only=True):
    """The log statistics."""

    success: bool = True
    message: str
    data: LogStats


# Not audited: the record of what ran is these reports themselves.
@routes.post(
    "/node-execution",
    role=Role.INGEST,
    body=NodeLogRequest,
    answers=NodeLogged,
    audit=None,
    raises=(ScriptNotFound, AmbiguousId, NotReported, ImpossibleReport),
)
def report_node_execution(visit: Visit, body: NodeLogRequest) -> NodeLogged:
    """Report that a node runs, or how it ended.

    ``completed`` and ``failed`` update the row that runs, else make one (R0.3); a repeat changes
    nothing. Answers the row's number.
    """
    now = visit.now
    prepare_months(visit.database)

    def work(connection: Connection) -> int:
        place = report_node(connection, _report(visit, connection, body), now)
        return number_nodes(connection, [place])[place.node_execution_id]

    number = visit.database.transact(work)
    return NodeLogged(message=say(visit, "node_logged"), log_id=number)


def _report(visit: Visit, connection: Connection, body: NodeLogRequest) -> NodeReport:
    status = status_told(body.status)
    if status is None:
        raise ImpossibleReport(f"status is running, completed or failed, not {body.status[:60]!r}")
    zone = visit.zone(None)
    script = None if body.script_id is None else script_of(connection, body.script_id)
    execution = None if body.execution_id in (None, "") else str(body.execution_id)
    return NodeReport(
        script=None if script is None else as_script(script),
        execution=None if execution is None else _short(execution, "execution_id", LONGEST_ID),
        node=_short(body.node_id, "node_id", LONGEST_ID),
        node_type=body.node_type and _short(body.node_type, "node_type", LONGEST_TYPE),
        title=body.node_name and _short(body.node_name, "node_name", LONGEST_ID),
        status=status,
        started_at=moment(body.started_at, zone, "started_at"),
        finished_at=moment(body.finished_at, zone, "finished_at"),
        took=_duration(body.execution_time_ms),
        parameters=body.parameters,
        result=body.result,
        error_message=body.error_message,
        error_traceback=body.error_traceback,
    )


def _short(text: str, field: str, longest: int) -> str:
    if not text.strip() or len(text) > longest or "\0" in text:
        raise ImpossibleReport(f"{field} has 1 to {longest} characters, none of them NUL")
    return text


def _duration(milliseconds: float | None) -> float | None:
    if milliseconds is not None and not 0 <= milliseconds < 1e12:
        raise ImpossibleReport(f"execution_time_ms is 0 or more, not {milliseconds}")
    return milliseconds


@routes.get(
    "/node-execution",
    role=Role.VIEWER,
    answers=NodeLogList,
    polled=True,
    raises=(ScriptNotFound, AmbiguousId, InvalidQuery, InvalidCursor),
)
def list_node_executions(
    visit: Visit,
    execution_id: str | None = None,
    script_id: str | None = None,
    node_id: str | None = None,
    status: str | None = None,
    settled: bool = False,
    limit: Limit = 100,
    offset: Offset = 0,
    cursor: str | None = None,
) -> NodeLogList:
    """Node logs by any combination of filters.

    Those of one execution come in the order in which its nodes were begun, others the latest first.
    ``status`` is running, completed or failed. ``settled=true`` leaves out what still runs, so that
    a look with ``limit=1`` finds nothing until something has ended (R0.10).
    """
    asked = _Asked(execution_id, script_id, node_id, status, settled=settled)
    return _listed(visit, asked, "node_logs", limit=limit, offset=offset, cursor=cursor)


class _Asked:
    """The filters as they were given."""

    def __init__(
        self,
        execution_id: str | None = None,
        script_id: GivenId | None = None,
        node_id: str | None = None,
        status: str | None = None,
        *,
        settled: bool = False,
    ) -> None:
        self._execution_id = execution_id or None
        self._script_id = script_id if script_id != "" else None
        self._node_id = node_id or None
        self._status = "settled" if settled and not status else status or None

    def filters(self, connection: Connection) -> NodeLogFilters:
        """What they stand for. Raises :class:`InvalidQuery` for a status that is none."""
        statuses = () if self._status is None else statuses_of(self._status)
        if statuses is None:
            raise InvalidQuery(f"status is running, completed or failed, not {self._status!r:.60}")
        workflow_id = None
        if self._script_id is not None:
            workflow_id = script_of(connection, self._script_id).id
        executions = None
        if self._execution_id is not None:
            executions = executions_named(connection, self._execution_id, workflow_id)
        return NodeLogFilters(
            execution_ids=executions,
            workflow_id=workflow_id,
            node=self._node_id,
            statuses=statuses,
        )


def _listed(visit: Visit, asked: _Asked, sentence: str, **page: Any) -> NodeLogList:
    with visit.reading() as connection:
        found = list_node_logs(connection, asked.filters(connection), **page)
    rows = rows_of(visit, found.items)
    return NodeLogList(message=say(visit, sentence), data=rows, count=len(rows), next=found.next)


@routes.get(
    "/node-execution/failed",
    role=Role.VIEWER,
    answers=NodeLogList,
    polled=True,
    raises=(ScriptNotFound, AmbiguousId, InvalidQuery, InvalidCursor),
)
def list_failed_node_executions(
    visit: Visit,
    script_id: str | None = None,
    limit: Limit = 100,
    offset: Offset = 0,
    cursor: str | None = None,
) -> NodeLogList:
    """Node logs that say failed, the latest first."""
    asked = _Asked(None, script_id, None, "failed")
    return _listed(visit, asked, "failed_node_logs", limit=limit, offset=offset, cursor=cursor)


@routes.get(
    "/node-execution/execution/{execution_id}",
    role=Role.VIEWER,
    answers=NodeLogList,
    polled=True,
    raises=(ScriptNotFound, InvalidQuery, InvalidCursor),
)
def list_node_executions_of_one(
    visit: Visit,
    execution_id: str,
    script_id: str | None = None,
    limit: Limit = LONGEST_PAGE,
    offset: Offset = 0,
    cursor: str | None = None,
) -> NodeLogList:
    """The node logs of one execution, in the order in which its nodes were begun."""
    asked = _Asked(execution_id, script_id)
    return _listed(visit, asked, "node_logs", limit=limit, offset=offset, cursor=cursor)


@routes.get("/stats", role=Role.VIEWER, answers=LogStatsAnswer, polled=True)
def log_stats(visit: Visit) -> LogStatsAnswer:
    """The log statistics: kept in step with every log that is told or deleted (R0.6)."""
    return LogStatsAnswer(message=say(visit, "log_stats"), data=_stats(visit))


def _stats(visit: Visit) -> LogStats:
    with visit.reading() as connection:
        found = log_statistics(connection)
    return LogStats(
        total=found.total,
        completed=found.completed,
        failed=found.failed,
        average_execution_time=round(found.average_execution_time_ms or 0.0, 3),
    )


@routes.get(
    "/node-execution/{log_id}",
    role=Role.VIEWER,
    answers=NodeLogAnswer,
    polled=True,
    raises=(LogNotFound,),
)
def one_node_execution(visit: Visit, log_id: str) -> NodeLogAnswer:
    """One node log with all of its payloads, by its number or its node execution's id."""
    with visit.reading() as connection:
        found = read_node_log(connection, place_of_log(connection, log_id))
    [row] = rows_of(visit, [found])
    return NodeLogAnswer(message=say(visit, "node_logs"), data=row)


@routes.delete(
    "/node-execution/{log_id}",
    role=Role.OPERATOR,
    answers=Done,
    audit="node_log.delete",
    raises=(LogNotFound, InHand),
)
def delete_node_execution(visit: Visit, log_id: str) -> Done:
    """Delete one node log; the statistics follow at once (R0.6)."""

    def work(connection: Connection) -> None:
        delete_node(connection, place_of_log(connection, log_id), visit.now)

    visit.database.transact(work)
    told = int(log_id) if log_id.isdigit() else log_id
    data = {"log_id": told, "stats": _stats(visit)}
    return Done(message=say(visit, "node_log_deleted"), data=data)


@routes.delete(
    "/node-execution/execution/{execution_id}",
    role=Role.OPERATOR,
    answers=Done,
    audit="node_log.delete_group",
    raises=(InHand,),
)
def delete_node_executions_of_one(visit: Visit, execution_id: str) -> Done:
    """Delete the node logs of one execution; that it ran stays on record."""

    def work(connection: Connection) -> int:
        return sum(
            delete_nodes_of(connection, id_, visit.now)
            for id_ in executions_named(connection, execution_id)
        )

    count = visit.database.transact(work)
    data = {"execution_id": execution_id, "deleted_count": count, "stats": _stats(visit)}
    return Done(message=say(visit, "node_logs_deleted", count=count), data=data)


@routes.delete(
    "/node-execution",
    role=Role.ADMIN,
    answers=Done,
    audit="node_log.delete_all",
)
def delete_all_node_executions(visit: Visit) -> Done:
    """Delete all node logs, two hundred executions at a time; that those ran stays on record.

    What an engine has in hand keeps its nodes.
    """
    count = 0
    after: str | None = None
    while True:
        work = partial(delete_some_nodes, after=after, now=visit.now)
        deleted, after = visit.database.transact(work)
        count += deleted
        if after is None:
            break
    data = {"deleted_count": count, "stats": _stats(visit)}
    return Done(message=say(visit, "all_node_logs_deleted", count=count), data=data)
