"""What a ledger says, without what depends on when and in which order things arrived."""

from typing import Any

from sqlalchemy import Connection, text

_QUERIES = {
    "executions": """
        SELECT e.id, w.name, e.kind, e.status, e.trigger_type, e.external_id, e.recorder_id,
               e.parent_execution_id, e.started_at, e.ended_at, e.lost_at, e.lost_reason,
               e.input_data, e.output_data, e.error_type, e.error_message, e.error_traceback,
               e.context, e.metadata, e.tags, e.nodes_total, e.nodes_completed, e.nodes_failed,
               e.nodes_cancelled, e.nodes_skipped, e.progress_current, e.progress_total
        FROM workflow_executions e JOIN workflows w ON w.id = e.workflow_id ORDER BY e.id""",
    "nodes": """
        SELECT x.workflow_execution_id, x.id, n.key, x.status, x.attempt, x.recorder_id,
               x.iteration, x.execution_order, x.started_at, x.attempt_started_at, x.ended_at,
               x.lost_at, x.lost_reason, x.input_data, x.output_data, x.error_type,
               x.error_message, x.error_traceback, x.progress_current, x.progress_total
        FROM node_executions x JOIN nodes n ON n.id = x.node_id ORDER BY x.id""",
    "attempts": """
        SELECT node_execution_id, attempt, status, recorder_id, started_at, ended_at, error_type,
               error_message, error_traceback
        FROM node_attempts ORDER BY node_execution_id, attempt""",
    "lines": """
        SELECT workflow_execution_id, id, node_execution_id, attempt, level, timestamp, message
        FROM execution_logs ORDER BY id""",
    "tags": "SELECT tag, workflow_execution_id FROM execution_tags ORDER BY 1, 2",
    "external ids": """
        SELECT kind, external_id, workflow_execution_id FROM external_ids ORDER BY 1, 2""",
    "recorders": "SELECT id, gone_at, gone_reason, dropped_events FROM recorders ORDER BY id",
    "buckets": """
        SELECT w.name, w.kind, b.bucket, b.status, b.executions, b.duration_count, b.duration_sum
        FROM stats_buckets b JOIN workflows w ON w.id = b.workflow_id
        WHERE b.executions <> 0 ORDER BY 1, 2, 3, 4""",
    "log statistics": """
        SELECT w.name, w.kind, s.executions, s.nodes_completed, s.nodes_failed, s.duration_count,
               s.duration_sum
        FROM log_stats s JOIN workflows w ON w.id = s.workflow_id ORDER BY 1, 2""",
}


def snapshot(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    """Every table's rows by what they say."""
    return {
        name: [tuple(row) for row in connection.execute(text(query))]
        for name, query in _QUERIES.items()
    }
