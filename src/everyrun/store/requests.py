"""What somebody asked of a running execution, in the order in which it was asked."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, cast

from sqlalchemy import Connection, Row, Table, and_, func, insert, or_, select

from everyrun.domain.clock import to_datetime, to_microseconds
from everyrun.domain.identifiers import id_bytes, id_text, new_id
from everyrun.store.leases import wake
from everyrun.store.locking import take_turns
from everyrun.store.tables import ExecutionRequest

MOST_REQUESTS = 1_000
_CHUNK = 100

requests = cast("Table", ExecutionRequest.__table__)

_r = requests.c


class Request(NamedTuple):
    """One thing that was asked: ``cancel``, ``kill``, ``pause``, ``resume``, ``answer`` or
    ``signal``; ``at`` is microseconds UTC.
    """

    execution_id: str
    id: str
    action: str
    node: str | None
    data: Any
    by: str | None
    at: int


def ask(
    connection: Connection,
    execution_id: str,
    action: str,
    *,
    node: str | None = None,
    data: Any = None,
    by: str | None = None,
    now: int,
) -> str:
    """Ask something of an execution; answers the request's id.

    Ids of one execution's requests grow in the order of their commits, whoever asks and whatever
    the clocks say, so that who follows them by the last id misses none.
    """
    take_turns(connection, "requests", execution_id)
    newest = connection.execute(
        select(_r.id)
        .where(_r.workflow_execution_id == execution_id)
        .order_by(_r.id.desc())
        .limit(1)
    ).scalar()
    id_ = new_id()
    if newest is not None and id_ <= newest:
        id_ = id_text((int.from_bytes(id_bytes(newest)) + 1).to_bytes(16))
    connection.execute(
        insert(requests),
        {
            "workflow_execution_id": execution_id,
            "id": id_,
            "action": action,
            "node": node,
            "data": data,
            "asked_by": by,
            "asked_at": to_datetime(now),
        },
    )
    wake(connection, execution_id, now)
    return id_


def requests_after(
    connection: Connection, execution_id: str, after: str | None = None
) -> list[Request]:
    """What was asked after the request ``after`` (None: ever), oldest first, 1,000 at most."""
    return requests_of_many(connection, {execution_id: after})[execution_id]


def requests_of_many(
    connection: Connection, after: Mapping[str, str | None]
) -> dict[str, list[Request]]:
    """:func:`requests_after` for several executions: each with the last request it knows of."""
    found: dict[str, list[Request]] = {id_: [] for id_ in after}
    followed = list(after.items())
    for start in range(0, len(followed), _CHUNK):
        for request in _read(connection, followed[start : start + _CHUNK]):
            found[request.execution_id].append(request)
    return found


def _read(connection: Connection, followed: Iterable[tuple[str, str | None]]) -> Iterable[Request]:
    wanted = [
        _r.workflow_execution_id == id_
        if after is None
        else and_(_r.workflow_execution_id == id_, _r.id > after)
        for id_, after in followed
    ]
    query = (
        select(requests)
        .where(or_(*wanted))
        .order_by(_r.workflow_execution_id, _r.id)
        .limit(MOST_REQUESTS)
    )
    return [_request(row) for row in connection.execute(query)]


def was_asked(connection: Connection, execution_id: str, *actions: str) -> bool:
    """Whether any of these was ever asked of an execution."""
    query = select(func.count()).where(
        _r.workflow_execution_id == execution_id, _r.action.in_(actions)
    )
    return bool(connection.execute(query).scalar())


def _request(row: Row[Any]) -> Request:
    return Request(
        row.workflow_execution_id,
        row.id,
        row.action,
        row.node,
        row.data,
        row.asked_by,
        to_microseconds(row.asked_at),
    )
