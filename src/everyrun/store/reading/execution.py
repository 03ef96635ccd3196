"""One execution: the whole of it, with its node executions."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from everyrun.domain.errors import NotOnRecord
from everyrun.store.reading.known_ids import record_id
from everyrun.store.reading.lanes import executions
from everyrun.store.reading.nodes import (
    MOST_NODES,
    NodeAttemptDetail,
    NodeDetail,
    NodeSummary,
    read_node,
    read_nodes,
)
from everyrun.store.reading.planning import kept_to_indexes
from everyrun.store.reading.recorders import recorders
from everyrun.store.reading.summaries import SUMMARY_COLUMNS, ExecutionSummary, summary_fields
from everyrun.store.reading.workflow_names import workflows

__all__ = [
    "MOST_NODES",
    "ExecutionDetail",
    "NodeAttemptDetail",
    "NodeDetail",
    "NodeSummary",
    "read_execution",
    "read_node",
]


class ExecutionDetail(ExecutionSummary, kw_only=True):
    """One execution, whole. ``nodes`` are ordered by (execution_order, id) and carry no payloads;
    ``nodes_cut`` says how many more there are than the 10,000 that fit.
    """

    workflow_id: str
    workflow_version_id: str | None
    parent_node_execution_id: str | None
    origin_execution_id: str | None
    recorder_id: str | None
    recorder_host: str | None
    recorder_pid: int | None
    recorder_program: str | None
    updated_at: datetime
    seen_at: datetime | None
    lost_at: datetime | None
    progress_at: datetime | None
    input: Any
    output: Any
    error_type: str | None
    error_message: str | None
    error_traceback: str | None
    context: dict[str, Any]
    metadata: dict[str, Any]
    log_lines: int
    nodes: list[NodeSummary]
    nodes_cut: int


_e = executions.c

_DETAIL_COLUMNS = (
    _e.workflow_id,
    _e.workflow_version_id,
    _e.parent_node_execution_id,
    _e.origin_execution_id,
    _e.recorder_id,
    recorders.c.host.label("recorder_host"),
    recorders.c.pid.label("recorder_pid"),
    recorders.c.program.label("recorder_program"),
    _e.updated_at,
    _e.seen_at,
    _e.lost_at,
    _e.progress_at,
    _e.input_data.label("input"),
    _e.output_data.label("output"),
    _e.error_message,
    _e.error_traceback,
    _e.context,
    _e.metadata,
    _e.log_position.label("log_lines"),
)


def read_execution(connection: Connection, execution_id: str) -> ExecutionDetail:
    """An execution by its full id. Raises :class:`NotOnRecord`."""
    id_ = record_id(execution_id)
    statement = (
        select(*SUMMARY_COLUMNS, *_DETAIL_COLUMNS)
        .join_from(executions, workflows, workflows.c.id == _e.workflow_id)
        .outerjoin(recorders, recorders.c.id == _e.recorder_id)
        .where(_e.id == id_)
    )
    row = connection.execute(statement).one_or_none()
    if row is None:
        raise NotOnRecord(f"no execution on record has the id {execution_id!r}")
    with kept_to_indexes(connection):
        nodes = read_nodes(connection, id_)
    fields = {**summary_fields(row), "error_type": row.error_type}
    return ExecutionDetail(**fields, nodes=nodes, nodes_cut=max(0, row.nodes_total - len(nodes)))
