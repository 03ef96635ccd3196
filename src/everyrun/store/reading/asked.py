"""What was asked of an execution, by whom and when: who cancelled, who approved."""

from sqlalchemy import Connection, bindparam, select

from everyrun.domain.views.controlling import AskedOfExecution, RequestHistory
from everyrun.store.column_types import Identifier
from everyrun.store.reading.cursors import RequestCursor
from everyrun.store.reading.known_ids import record_id
from everyrun.store.reading.limits import checked_limit
from everyrun.store.requests import requests

_r = requests.c
_NEWEST = (
    select(_r.id)
    .where(_r.workflow_execution_id == bindparam("execution", type_=Identifier))
    .order_by(_r.workflow_execution_id.desc(), _r.id.desc())
    .limit(1)
)


def newest_request(connection: Connection, execution_id: str) -> str | None:
    """The id of what was asked of an execution last: it changes whenever its requests do."""
    return connection.execute(_NEWEST, {"execution": execution_id}).scalar()


def read_requests(
    connection: Connection, execution_id: str, *, limit: int = 100, cursor: str | None = None
) -> RequestHistory:
    """What was asked of an execution, oldest first, 1 to 500 at a time.

    Raises :class:`InvalidQuery` and :class:`InvalidCursor`.
    """
    checked_limit(limit)
    statement = select(requests).where(_r.workflow_execution_id == record_id(execution_id))
    if cursor is not None:
        statement = statement.where(_r.id > RequestCursor.read(cursor))
    statement = statement.order_by(_r.workflow_execution_id, _r.id).limit(limit + 1)
    rows = connection.execute(statement).all()
    items = [
        AskedOfExecution(
            id=row.id,
            action=row.action,
            node=row.node,
            data=row.data,
            by=row.asked_by,
            at=row.asked_at,
        )
        for row in rows[:limit]
    ]
    more = len(rows) > limit
    return RequestHistory(items=items, next=RequestCursor.after(items[-1].id) if more else None)
