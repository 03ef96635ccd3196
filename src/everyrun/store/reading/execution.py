"""One execution: the whole of it, with its node executions."""

from typing import cast

from sqlalchemy import Connection, Table, bindparam, select

from everyrun.domain.errors import NotOnRecord
from everyrun.domain.views.executions import ExecutionDetail, GraphState
from everyrun.store.column_types import Identifier
from everyrun.store.reading.known_ids import record_id
from everyrun.store.reading.lanes import executions
from everyrun.store.reading.nodes import MOST_NODES, read_node, read_nodes
from everyrun.store.reading.planning import kept_to_indexes
from everyrun.store.reading.prepared import Prepared
from everyrun.store.reading.recorders import recorders
from everyrun.store.reading.summaries import SUMMARY_COLUMNS, summary_fields
from everyrun.store.reading.workflow_names import workflows
from everyrun.store.tables import ExecutionLease, WorkflowVersion

__all__ = ["MOST_NODES", "read_execution", "read_node"]

leases = cast("Table", ExecutionLease.__table__)
versions = cast("Table", WorkflowVersion.__table__)
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
    versions.c.version.label("graph_version"),
    leases.c.paused_at.label("graph_paused_at"),
)
_COLUMNS = (*SUMMARY_COLUMNS, *_DETAIL_COLUMNS)
_NAMES = [column.name for column in _COLUMNS]
_EXECUTION = Prepared(
    select(*_COLUMNS)
    .join_from(executions, workflows, workflows.c.id == _e.workflow_id)
    .outerjoin(recorders, recorders.c.id == _e.recorder_id)
    .outerjoin(versions, versions.c.id == _e.workflow_version_id)
    .outerjoin(leases, leases.c.workflow_execution_id == _e.id)
    .where(_e.id == bindparam("id", type_=Identifier))
)


def read_execution(connection: Connection, execution_id: str) -> ExecutionDetail:
    """An execution by its full id. Raises :class:`NotOnRecord`."""
    id_ = record_id(execution_id)
    with kept_to_indexes(connection, plan_once=True):
        row = _EXECUTION.first(connection, {"id": id_})
        if row is None:
            raise NotOnRecord(f"no execution on record has the id {execution_id!r}")
        nodes = read_nodes(connection, id_)
    fields = summary_fields(dict(zip(_NAMES, row, strict=True)))
    version, paused_at = fields.pop("graph_version"), fields.pop("graph_paused_at")
    return ExecutionDetail(
        **fields,
        graph=None if version is None else GraphState(version=version, paused_at=paused_at),
        nodes=nodes,
        nodes_cut=max(0, fields["nodes_total"] - len(nodes)),
    )
