"""Node executions of the whole ledger as the seeds' node logs: filtered, newest first, by cursor.

A node log is a node execution that has begun; what never began has none. Each call goes down one
path and looks at a bounded number of entries, whatever matches (``docs/decisions/0006``):

* of some executions: in the order in which the nodes were begun,
* of one node, or of a status that is not well: through the indexes by start, latest first,
* of one workflow, or of all: execution by execution, the newest first.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, Row, Select, case, func, select, type_coerce

from everyrun.domain.errors import InvalidQuery, NotOnRecord
from everyrun.store.column_types import Payload
from everyrun.store.numbers import NodePlace
from everyrun.store.reading.known_ids import one_of
from everyrun.store.reading.lanes import executions
from everyrun.store.reading.limits import checked_limit
from everyrun.store.reading.matching import as_stored
from everyrun.store.reading.node_log_paths import (
    ByExecution,
    ByStart,
    Entry,
    Look,
    OfExecutions,
    Path,
)
from everyrun.store.reading.nodes import node_executions, nodes
from everyrun.store.reading.planning import kept_to_indexes
from everyrun.store.reading.recorders import recorders
from everyrun.store.reading.workflow_names import workflows

LONGEST_PAGE = 1_000
FURTHEST_OFFSET = 10_000
ENTRIES_PER_LOOK = 1_000
LOOKS = 20
LARGEST_PAYLOAD = 70_000
"""Bytes of one payload that a list carries; a larger one is left out of it, and named."""

_TROUBLED = frozenset({"running", "retrying", "pending", "failed", "cancelled", "lost"})
_MOST_NODES = 10_000
_n = node_executions.c


class NodeLogFilters(msgspec.Struct, kw_only=True, frozen=True):
    """Which node logs; what is None or empty does not filter, and all that is given must hold."""

    execution_ids: tuple[str, ...] | None = None
    workflow_id: str | None = None
    node: str | None = None
    statuses: tuple[str, ...] = ()


class NodeLog(NamedTuple):
    """One node log. A payload that was left out of a list says so in ``left_out``: its bytes."""

    place: NodePlace
    workflow_id: str
    workflow: str
    external_id: str | None
    node: str
    node_type: str | None
    title: str | None
    status: str
    attempt: int
    iteration: str | None
    started_at: datetime | None
    ended_at: datetime | None
    error_type: str | None
    error_message: str | None
    error_traceback: str | None
    lost_reason: str | None
    input: Any
    output: Any
    left_out: dict[str, int]


class NodeLogPage(NamedTuple):
    """A page of the list; ``next`` is the cursor to what follows, None at the end."""

    items: list[NodeLog]
    next: str | None


def list_node_logs(
    connection: Connection,
    filters: NodeLogFilters,
    *,
    limit: int = 100,
    offset: int = 0,
    cursor: str | None = None,
) -> NodeLogPage:
    """The node logs that all filters let through, 1 to 1,000 at a time.

    ``offset`` (10,000 at most) skips the first ones. A page may be short, empty even, and yet have
    a ``next``. Raises :class:`InvalidCursor` and :class:`InvalidQuery`.
    """
    checked_limit(limit, LONGEST_PAGE)
    if not 0 <= offset <= FURTHEST_OFFSET:
        raise InvalidQuery(f"an offset is 0 to {FURTHEST_OFFSET}; a cursor goes further")
    path = _path(connection, filters)
    wanted = _Sieve(connection, filters)
    after = None if cursor is None else path.read(cursor)
    looks = LOOKS + (offset + limit) // ENTRIES_PER_LOOK
    found: list[Entry] = []
    last = after
    with kept_to_indexes(connection):
        for entry in _walk(path.look, after, looks):
            if entry is None:
                return _page(connection, found[offset:], None)
            last = entry
            if wanted.takes(entry):
                found.append(entry)
            if len(found) == offset + limit:
                break
        assert last is not None
        return _page(connection, found[offset:], path.after(last))


def _walk(look: Look, after: "Entry | None", looks: int) -> Iterator["Entry | None"]:
    """Entries in their order, None when there are no more; stops when it has looked enough."""
    for _ in range(looks):
        entries = look(after, ENTRIES_PER_LOOK)
        yield from entries
        if len(entries) < ENTRIES_PER_LOOK:
            yield None
            return
        after = entries[-1]


class _Sieve:
    """What is checked of each entry on the way."""

    def __init__(self, connection: Connection, filters: NodeLogFilters) -> None:
        self._statuses = filters.statuses
        self._nodes: frozenset[str] | None = None
        if filters.node is not None or filters.workflow_id is not None:
            self._nodes = frozenset(_node_ids(connection, filters))

    def takes(self, entry: Entry) -> bool:
        """Whether it is wanted."""
        return (
            entry.started_at is not None
            and (not self._statuses or entry.status in self._statuses)
            and (self._nodes is None or entry.node_id in self._nodes)
        )


def _node_ids(connection: Connection, filters: NodeLogFilters) -> Sequence[str]:
    query = select(nodes.c.id).limit(_MOST_NODES)
    if filters.workflow_id is not None:
        query = query.where(nodes.c.workflow_id == filters.workflow_id)
    if filters.node is not None:
        query = query.where(nodes.c.key == as_stored(filters.node))
    return connection.execute(query).scalars().all()


def _path(connection: Connection, filters: NodeLogFilters) -> Path:
    if filters.execution_ids is not None:
        return OfExecutions(connection, filters.execution_ids)
    if filters.statuses and _TROUBLED.issuperset(filters.statuses):
        return ByStart(connection, _n.status, filters.statuses)
    if filters.node is not None:
        return ByStart(connection, _n.node_id, _node_ids(connection, filters))
    return ByExecution(connection, filters.workflow_id)


# Whole ones.


def _size(connection: Connection, column: Any) -> Any:
    if connection.dialect.name == "postgresql":
        return func.pg_column_size(column)
    return func.length(column)


def _whole(connection: Connection, largest: int | None) -> Select[*tuple[Any, ...]]:
    columns: list[Any] = []
    for name, column in (("input", _n.input_data), ("output", _n.output_data)):
        size = _size(connection, column)
        kept = column if largest is None else case((size <= largest, column))
        columns += [type_coerce(kept, Payload).label(name), size.label(f"{name}_size")]
    reason = func.coalesce(_n.lost_reason, recorders.c.gone_reason)
    return (
        select(
            _n.workflow_execution_id,
            _n.id,
            executions.c.workflow_id,
            workflows.c.name.label("workflow"),
            executions.c.external_id,
            nodes.c.key.label("node"),
            nodes.c.node_type,
            nodes.c.title,
            _n.status,
            _n.attempt,
            _n.iteration,
            _n.started_at,
            _n.ended_at,
            _n.error_type,
            _n.error_message,
            _n.error_traceback,
            case((_n.status == "lost", reason)).label("lost_reason"),
            *columns,
        )
        .select_from(node_executions)
        .join(executions, executions.c.id == _n.workflow_execution_id)
        .join(workflows, workflows.c.id == executions.c.workflow_id)
        .join(nodes, nodes.c.id == _n.node_id)
        .outerjoin(recorders, recorders.c.id == _n.recorder_id)
    )


def _page(connection: Connection, entries: Sequence[Entry], next_: str | None) -> NodeLogPage:
    if not entries:
        return NodeLogPage([], next_)
    ids = sorted({entry.execution_id for entry in entries})
    query = _whole(connection, LARGEST_PAYLOAD).where(
        one_of(connection, _n.workflow_execution_id, ids),
        one_of(connection, executions.c.id, ids),
        one_of(connection, _n.id, [entry.id for entry in entries]),
    )
    found = {row.id: _log(row, LARGEST_PAYLOAD) for row in connection.execute(query)}
    return NodeLogPage([found[entry.id] for entry in entries if entry.id in found], next_)


def read_node_log(connection: Connection, place: NodePlace) -> NodeLog:
    """One node log with all of its payloads. Raises :class:`NotOnRecord`."""
    query = _whole(connection, None).where(
        _n.workflow_execution_id == place.execution_id,
        executions.c.id == place.execution_id,
        _n.id == place.node_execution_id,
    )
    with kept_to_indexes(connection):
        row = connection.execute(query).one_or_none()
    if row is None or row.started_at is None:
        raise NotOnRecord(f"there is no log of the node execution {place.node_execution_id}")
    return _log(row, None)


def _log(row: Row[*tuple[Any, ...]], largest: int | None) -> NodeLog:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public way to a row's names
    place = NodePlace(values.pop("workflow_execution_id"), values.pop("id"))
    sizes = {name: values.pop(f"{name}_size") or 0 for name in ("input", "output")}
    left_out = {name: n for name, n in sizes.items() if largest is not None and n > largest}
    return NodeLog(place=place, left_out=left_out, **values)
