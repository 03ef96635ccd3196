"""Whether anything of an execution has changed, told by one number in its own row.

``updated_at`` grows, strictly, with each commit that changes what an execution shows: its row, its
node executions, their attempts, its log lines, its pause. Writers take turns at an execution's row
(``append``, ``journal``), and each makes it the larger of its clock's time and one microsecond
more than before. So two states of one execution have different marks, on whatever host and in
whatever order they were written; what polls need not read more than this.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple, cast

from sqlalchemy import (
    Connection,
    Table,
    bindparam,
    func,
    literal,
    select,
    text,
    type_coerce,
    update,
)
from sqlalchemy.types import BigInteger

from everyrun.domain.clock import to_datetime, to_microseconds
from everyrun.domain.errors import NotOnRecord
from everyrun.domain.identifiers import canonical_id
from everyrun.store.column_types import Identifier, Moment
from everyrun.store.reading.finding import find_execution
from everyrun.store.reading.known_ids import one_of
from everyrun.store.reading.planning import kept_to_indexes
from everyrun.store.reading.prepared import Prepared, Values
from everyrun.store.tables import WorkflowExecution

executions = cast("Table", WorkflowExecution.__table__)
_e = executions.c
_MARK = Prepared(
    select(_e.updated_at, _e.status, _e.log_position, _e.seen_at).where(
        _e.id == bindparam("id", type_=Identifier)
    )
)


class Mark(NamedTuple):
    """An execution's full id, and ``updated_at`` in microseconds UTC: equal while it shows the
    same.
    """

    execution_id: str
    updated_at: int


class LogMark(NamedTuple):
    """What lies beside the mark and says how an execution's log stands. Times as there."""

    execution_id: str
    updated_at: int
    status: str
    log_position: int
    seen_at: int | None


def find_marked(connection: Connection, given: str) -> Mark:
    """The mark of the execution that ``given`` names: an id, its beginning, or an external id.

    One indexed read for a full id. Raises :class:`NotOnRecord` and ``AmbiguousId``, as
    :func:`~everyrun.store.reading.finding.find_execution` does.
    """
    id_, found = _find(connection, given)
    return Mark(id_, to_microseconds(found[0]))


def marks_of(connection: Connection, ids: Sequence[str]) -> dict[str, Mark]:
    """The marks of executions by their full ids, of those that are on record by them."""
    query = select(_e.id, _e.updated_at).where(one_of(connection, _e.id, ids))
    with kept_to_indexes(connection, plan_once=True):
        rows = connection.execute(query).all()
    return {id_: Mark(id_, to_microseconds(updated_at)) for id_, updated_at in rows}


def find_marked_log(connection: Connection, given: str) -> LogMark:
    """The mark of an execution with how its log stands, as :func:`find_marked` finds it."""
    id_, (updated_at, status, log_position, seen_at) = _find(connection, given)
    seen = None if seen_at is None else to_microseconds(seen_at)
    return LogMark(id_, to_microseconds(updated_at), status, log_position, seen)


def _find(connection: Connection, given: str) -> tuple[str, Values]:
    try:
        id_ = canonical_id(given)
    except ValueError:
        id_ = find_execution(connection, given)
    found = _read(connection, id_)
    if found is None:
        # It may still be somebody's external id, which may look like one of ours.
        id_ = find_execution(connection, given)
        found = _read(connection, id_)
    if found is None:
        raise NotOnRecord(f"no execution on record has the id {given!r}")
    return id_, found


def _read(connection: Connection, id_: str) -> Values | None:
    with kept_to_indexes(connection, plan_once=True):
        return _MARK.first(connection, {"id": id_})


def mark_changed(connection: Connection, execution_id: str, now: int) -> None:
    """Note, in a writing transaction, that an execution shows something else now (µs UTC)."""
    statement = _marking(connection.dialect.name)
    connection.execute(statement, {"execution": execution_id, "now": to_datetime(now)})


@cache
def _marking(dialect: str) -> Any:
    now = bindparam("now", type_=Moment)
    if dialect == "postgresql":
        later = func.greatest(now, _e.updated_at + text("interval '1 microsecond'"))
    else:
        later = func.max(now, type_coerce(_e.updated_at, BigInteger) + literal(1, BigInteger))
    statement = update(executions).where(_e.id == bindparam("execution", type_=Identifier))
    return statement.values(updated_at=type_coerce(later, Moment))
