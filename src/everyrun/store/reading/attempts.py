"""The attempts that came before: for a tree that shows why nodes were tried again."""

from sqlalchemy import Connection, func, select

from everyrun.domain.views.nodes import EarlierAttempt
from everyrun.store.reading.known_ids import record_id
from everyrun.store.reading.nodes import node_attempts
from everyrun.store.reading.planning import kept_to_indexes
from everyrun.store.reading.summaries import LONGEST_ERROR, error_line, seconds_between

MOST_ATTEMPTS = 1_000


def read_earlier_attempts(connection: Connection, execution_id: str) -> list[EarlierAttempt]:
    """The earlier attempts of an execution's nodes by (node execution, attempt), 1,000 at most."""
    attempts = node_attempts.c
    statement = (
        select(
            attempts.node_execution_id,
            attempts.attempt,
            attempts.status,
            attempts.started_at,
            attempts.ended_at,
            attempts.error_type,
            func.substr(attempts.error_message, 1, LONGEST_ERROR + 1).label("error_beginning"),
        )
        .where(attempts.workflow_execution_id == record_id(execution_id))
        .order_by(attempts.workflow_execution_id, attempts.node_execution_id, attempts.attempt)
        .limit(MOST_ATTEMPTS)
    )
    with kept_to_indexes(connection):
        rows = connection.execute(statement).all()
    return [
        EarlierAttempt(
            node_execution_id=row.node_execution_id,
            attempt=row.attempt,
            status=row.status,
            started_at=row.started_at,
            ended_at=row.ended_at,
            duration_seconds=seconds_between(row.started_at, row.ended_at),
            error=error_line(row.error_type, row.error_beginning),
        )
        for row in rows
    ]
