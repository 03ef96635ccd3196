"""Is the ledger in order? Sums against a recount, and the database's own check of itself."""

from sqlalchemy import Connection, text

_BUCKET_SQLITE = "coalesce(started_at, created_at) / 900000000 * 900000000"
_BUCKET_POSTGRESQL = "date_bin('15 minutes', coalesce(started_at, created_at), 'epoch')"
_MICROSECONDS_POSTGRESQL = "(extract(epoch FROM ended_at - started_at) * 1000000)::bigint"
_MICROSECONDS_SQLITE = "(ended_at - started_at)"

_NODE_COUNTERS = """
SELECT e.id, e.nodes_total, e.nodes_completed, e.nodes_failed, e.nodes_cancelled, e.nodes_skipped,
       coalesce(n.total, 0), coalesce(n.completed, 0), coalesce(n.failed, 0),
       coalesce(n.cancelled, 0), coalesce(n.skipped, 0)
FROM workflow_executions e LEFT JOIN (
    SELECT workflow_execution_id AS execution_id, count(*) AS total,
           sum(CASE WHEN status = 'completed' THEN 1 ELSE 0 END) AS completed,
           sum(CASE WHEN status = 'failed' THEN 1 ELSE 0 END) AS failed,
           sum(CASE WHEN status = 'cancelled' THEN 1 ELSE 0 END) AS cancelled,
           sum(CASE WHEN status = 'skipped' THEN 1 ELSE 0 END) AS skipped
    FROM node_executions GROUP BY workflow_execution_id
) n ON n.execution_id = e.id
WHERE e.nodes_total <> coalesce(n.total, 0) OR e.nodes_completed <> coalesce(n.completed, 0)
   OR e.nodes_failed <> coalesce(n.failed, 0) OR e.nodes_cancelled <> coalesce(n.cancelled, 0)
   OR e.nodes_skipped <> coalesce(n.skipped, 0)
LIMIT 20
"""

_SETTLED_WITH_BOTH = """status IN ('completed', 'failed', 'cancelled', 'skipped')
    AND started_at IS NOT NULL AND ended_at IS NOT NULL"""

_BUCKETS = """
SELECT workflow_id, bucket, status, sum(executions), sum(duration_count), sum(duration_sum)
FROM (
    SELECT workflow_id, bucket, status, executions, duration_count, duration_sum
    FROM stats_buckets
    UNION ALL
    SELECT workflow_id, {bucket}, status, -1,
           CASE WHEN {timed} THEN -1 ELSE 0 END,
           CASE WHEN {timed} AND ended_at > started_at THEN -{took} ELSE 0 END
    FROM workflow_executions
) AS sides
GROUP BY workflow_id, bucket, status
HAVING sum(executions) <> 0 OR sum(duration_count) <> 0 OR sum(duration_sum) <> 0
LIMIT 20
"""

_LOG_STATS = """
SELECT workflow_id, sum(executions), sum(completed), sum(failed), sum(timed), sum(took)
FROM (
    SELECT workflow_id, executions, nodes_completed AS completed, nodes_failed AS failed,
           duration_count AS timed, duration_sum AS took
    FROM log_stats
    UNION ALL
    SELECT workflow_id, CASE WHEN nodes_total > 0 THEN -1 ELSE 0 END, 0, 0, 0, 0
    FROM workflow_executions
    UNION ALL
    SELECT n.workflow_id, 0,
           CASE WHEN status = 'completed' THEN -1 ELSE 0 END,
           CASE WHEN status = 'failed' THEN -1 ELSE 0 END,
           CASE WHEN {timed} THEN -1 ELSE 0 END,
           CASE WHEN {timed} AND ended_at > started_at THEN -{took} ELSE 0 END
    FROM node_executions x JOIN nodes n ON n.id = x.node_id
) AS sides
GROUP BY workflow_id
HAVING sum(executions) <> 0 OR sum(completed) <> 0 OR sum(failed) <> 0
    OR sum(timed) <> 0 OR sum(took) <> 0
LIMIT 20
"""


def _id(value: object) -> str:
    return value.hex() if isinstance(value, bytes) else str(value)


def check_counters(connection: Connection) -> list[str]:
    """What differs between the kept sums and a recount of the rows; empty when all agree.

    Reads the whole ledger: minutes on a large one. At most 20 differences of each sort.
    """
    postgresql = connection.dialect.name == "postgresql"
    parts = {
        "bucket": _BUCKET_POSTGRESQL if postgresql else _BUCKET_SQLITE,
        "took": _MICROSECONDS_POSTGRESQL if postgresql else _MICROSECONDS_SQLITE,
        "timed": _SETTLED_WITH_BOTH,
    }
    differences = [
        f"execution {_id(row[0])} counts nodes {tuple(row[1:6])}, its rows say {tuple(row[6:])}"
        for row in connection.execute(text(_NODE_COUNTERS))
    ]
    differences += [
        f"bucket {row[1]} {row[2]} of workflow {_id(row[0])} is off by {tuple(map(int, row[3:]))}"
        for row in connection.execute(text(_BUCKETS.format(**parts)))
    ]
    differences += [
        f"log statistics of workflow {_id(row[0])} are off by {tuple(map(int, row[1:]))}"
        for row in connection.execute(text(_LOG_STATS.format(**parts)))
    ]
    return differences


def check_integrity(connection: Connection) -> list[str]:
    """What SQLite finds wrong with its file and with references; PostgreSQL keeps its own watch."""
    if connection.dialect.name != "sqlite":
        return []
    problems = [str(row[0]) for row in connection.execute(text("PRAGMA integrity_check(20)"))]
    problems += [
        f"{row[0]} row {row[1]} refers to a missing row of {row[2]}"
        for row in connection.execute(text("PRAGMA foreign_key_check"))
    ]
    return [problem for problem in problems if problem != "ok"]
