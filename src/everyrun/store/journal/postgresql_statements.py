"""The statement of a journal's commit on PostgreSQL, in the shape that its moves need.

The parts are ``WITH`` clauses that each need the one before: the lease is locked, then the
recorder, then the execution, in the order in which every writer does. What is not as expected ends
in a division by zero, which takes all of it back.

All parameters are text, so that a statement is prepared once whatever the numbers are; the rows are
JSON texts. Rows are found by their keys alone, as the plan of a join cannot be trusted while the
tables have no statistics. The month's own partitions are named: going through the partitioned
tables costs more with each month on record.
"""

from functools import cache
from typing import NamedTuple


class Shape(NamedTuple):
    """What a commit has to do."""

    changed: bool
    inserted: bool
    settled: bool
    retrying: bool
    begun: bool
    summed: bool
    heard_of: bool


def _moment(microseconds: str) -> str:
    return f"timestamptz 'epoch' + ({microseconds})::bigint * interval '1 microsecond'"


_OURS = """
held AS (
    SELECT FROM execution_leases
    WHERE workflow_execution_id = %(execution)s::uuid AND owner = %(owner)s::uuid
    FOR SHARE
),"""
_KNOWN = """
known AS (
    SELECT FROM recorders
    WHERE id = %(recorder)s::uuid AND gone_at IS NULL AND EXISTS (SELECT FROM held)
    FOR SHARE
),"""
_HEARD_OF = f"""
known AS (
    UPDATE recorders SET last_seen_at = {_moment("%(now)s")}
    WHERE id = %(recorder)s::uuid AND gone_at IS NULL AND EXISTS (SELECT FROM held)
    RETURNING 1
),"""  # noqa: S608 - own text
_COUNTED = f"""
execution AS (
    UPDATE workflow_executions_{{month}} SET nodes_total = nodes_total + %(total)s::int,
        nodes_completed = nodes_completed + %(completed)s::int,
        nodes_failed = nodes_failed + %(failed)s::int,
        nodes_cancelled = nodes_cancelled + %(cancelled)s::int,
        nodes_skipped = nodes_skipped + %(skipped)s::int,
        updated_at = greatest({_moment("%(now)s")}, updated_at + interval '1 microsecond')
    WHERE id = %(execution)s::uuid AND EXISTS (SELECT FROM known)
    RETURNING 1
)"""  # noqa: S608 - own text
_LOCKED = """
execution AS (
    SELECT FROM workflow_executions_{month}
    WHERE id = %(execution)s::uuid AND EXISTS (SELECT FROM known)
    FOR UPDATE
)"""
_INSERTED = f"""
inserted AS (
    INSERT INTO node_executions_{{month}} (
        workflow_execution_id, id, node_id, parent_node_execution_id, iteration, execution_order,
        status, recorder_id, started_at, attempt_started_at, ended_at, seen_at,
        error_type, error_message, error_traceback, input_data, output_data)
    SELECT %(execution)s::uuid, id, node_id, parent, iteration, place,
        status, %(recorder)s::uuid, {_moment("started_at")}, {_moment("started_at")},
        {_moment("ended_at")}, {_moment("seen_at")},
        error_type, error_message, error_traceback, input, output
    FROM json_to_recordset(%(inserted)s::json) AS row (
        id uuid, node_id uuid, parent uuid, iteration text, place int,
        status text, started_at bigint, ended_at bigint, seen_at bigint,
        error_type text, error_message text, error_traceback text, input jsonb, output jsonb)
    WHERE EXISTS (SELECT FROM execution)
)"""  # noqa: S608 - own text
_AS_REMEMBERED = f"""
    WHERE x.workflow_execution_id = %(execution)s::uuid AND x.id = ANY (%({{rows}}_ids)s::uuid[])
    AND EXISTS (SELECT FROM execution) AND (
        SELECT x.status = before.status AND x.attempt = before.attempt
            AND x.started_at = {_moment("before.started_at")}
            AND x.attempt_started_at = {_moment("before.attempt_started_at")}
        FROM jsonb_to_record(%({{rows}})s::jsonb -> x.id::text -> 'before') AS before (
            status text, attempt int, started_at bigint, attempt_started_at bigint))
    RETURNING 1"""  # noqa: S608 - own text
_OUTCOME = f"""(
        SELECT row.status, {_moment("row.ended_at")}, {{more}},
            row.error_type, row.error_message, row.error_traceback, row.output
        FROM jsonb_to_record(%({{rows}})s::jsonb -> x.id::text) AS row (
            status text, ended_at bigint, error_type text, error_message text,
            error_traceback text, output jsonb))"""  # noqa: S608 - own text
_ERROR = "error_type, error_message, error_traceback, output_data"
_SETTLED = f"""
settled AS (
    UPDATE node_executions_{{month}} AS x SET
        (status, ended_at, seen_at, lost_at, lost_reason, {_ERROR})
        = {_OUTCOME.format(rows="settled", more="NULL::timestamptz, NULL::timestamptz, NULL")}
    {_AS_REMEMBERED.format(rows="settled")}
)"""  # noqa: S608 - own text
_SEEN = f"greatest(x.seen_at, {_moment('row.ended_at')})"
_RETRYING = f"""
retrying AS (
    UPDATE node_executions_{{month}} AS x SET (status, ended_at, seen_at, {_ERROR})
        = {_OUTCOME.format(rows="retrying", more=_SEEN)}
    {_AS_REMEMBERED.format(rows="retrying")}
)"""  # noqa: S608 - own text
_BEGUN = f"""
kept AS (
    INSERT INTO node_attempts_{{month}} (workflow_execution_id, node_execution_id, attempt, status,
        recorder_id, started_at, ended_at, error_type, error_message, error_traceback)
    SELECT workflow_execution_id, id, attempt, 'failed',
        recorder_id, attempt_started_at, ended_at, error_type, error_message, error_traceback
    FROM node_executions_{{month}}
    WHERE workflow_execution_id = %(execution)s::uuid AND id = ANY (%(begun_ids)s::uuid[])
    AND EXISTS (SELECT FROM execution)
),
begun AS (
    UPDATE node_executions_{{month}} AS x SET
        (attempt_started_at, seen_at, input_data) = (
            SELECT {_moment("row.started_at")}, {_moment("row.started_at")},
                coalesce(row.input, x.input_data)
            FROM jsonb_to_record(%(begun)s::jsonb -> x.id::text) AS row (
                started_at bigint, input jsonb)),
        status = 'running', attempt = x.attempt + 1, recorder_id = %(recorder)s::uuid,
        ended_at = NULL, lost_at = NULL, lost_reason = NULL,
        error_type = NULL, error_message = NULL, error_traceback = NULL, output_data = NULL
    {_AS_REMEMBERED.format(rows="begun")}
)"""  # noqa: S608 - own text
_SUMMED = """
summed AS (
    INSERT INTO log_stats AS known
        (workflow_id, executions, nodes_completed, nodes_failed, duration_count, duration_sum)
    SELECT %(workflow)s::uuid, 0, %(sum_completed)s::bigint, %(sum_failed)s::bigint,
        %(sum_timed)s::bigint, %(sum_took)s::bigint
    WHERE EXISTS (SELECT FROM execution)
    ON CONFLICT (workflow_id) DO UPDATE SET
        nodes_completed = known.nodes_completed + excluded.nodes_completed,
        nodes_failed = known.nodes_failed + excluded.nodes_failed,
        duration_count = known.duration_count + excluded.duration_count,
        duration_sum = known.duration_sum + excluded.duration_sum
)"""


@cache
def statement(month: str, shape: Shape) -> str:
    """The commit of this shape for executions in the partitions named ``month``."""
    parts = [_COUNTED if shape.changed else _LOCKED]
    if shape.inserted:
        parts.append(_INSERTED)
    checks = ["EXISTS (SELECT FROM execution)"]
    for name, wanted, part in (
        ("settled", shape.settled, _SETTLED),
        ("retrying", shape.retrying, _RETRYING),
        ("begun", shape.begun, _BEGUN),
    ):
        if wanted:
            parts.append(part)
            checks.append(f"(SELECT count(*) FROM {name}) = %({name}_rows)s::int")  # noqa: S608
    if shape.summed:
        parts.append(_SUMMED)
    known = _HEARD_OF if shape.heard_of else _KNOWN
    clauses = ",".join(part.format(month=month) for part in parts)
    return f"WITH {_OURS}{known}{clauses}\nSELECT 1 / ({' AND '.join(checks)})::int"
