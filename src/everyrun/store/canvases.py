"""Canvases of Celery that are open and quiet, and what their members say of why.

Read for the alarm of hung canvases (``scheduler.hanging``): through the index of open executions,
so that what has settled, however much it is, costs nothing.
"""

from typing import Any, NamedTuple, cast

from sqlalchemy import ColumnElement, Connection, Table, and_, func, literal_column, select

from everyrun.domain.clock import to_datetime, to_microseconds
from everyrun.domain.status import Status, WorkflowKind
from everyrun.store.reading.lanes import FIRST_ID, executions
from everyrun.store.reading.nodes import node_executions, nodes
from everyrun.store.reading.planning import kept_to_indexes
from everyrun.store.reading.recorders import recorders
from everyrun.store.tables import Workflow

MOST_AT_ONCE = 10_000
"""Running canvases looked at in one go; of more, the rest is next."""

MOST_LOST = 3
"""Lost members that are told by name."""

MOST_WAITING = 1_000
MOST_NAMED = 3
"""Members that wait that are told by name."""

_CELERY = WorkflowKind.CELERY.value
_e = executions.c
_n = node_executions.c
_HEARD = func.coalesce(_e.seen_at, _e.created_at, type_=_e.created_at.type)
_w = cast("Table", Workflow.__table__).c


class QuietCanvas(NamedTuple):
    """An open canvas of which nothing was heard since ``seen_at`` (µs UTC)."""

    id: str
    workflow: str
    seen_at: int
    updated_at: int


class Header(NamedTuple):
    """The tasks that a chord's body waits for, counted by status."""

    chord_id: str
    counts: dict[str, int]


class Body(NamedTuple):
    """A body that has not begun. ``is_due_to_backend``: it was not sent, and all else is known."""

    name: str
    is_due_to_backend: bool


class Waiting(NamedTuple):
    """What of a canvas has not begun."""

    names: list[str]
    """Some of them."""
    total: int
    etas: list[str]
    """When some of them are to begin, in ISO 8601."""
    goes_on: bool
    """Whether another member is under way, or lost: that one tells more."""


class Members(NamedTuple):
    """How the members of a canvas stand."""

    counts: dict[str, int]
    headers: list[Header]
    bodies: dict[str, Body]
    """By ``chord_id``."""
    lost: list[tuple[str, str]]
    """Name and reason of some that are lost."""


def quiet_canvases(
    connection: Connection, quiet_since: int, after: str = FIRST_ID
) -> tuple[list[QuietCanvas], str | None]:
    """Canvases that run and were last heard of before ``quiet_since``, and where to go on, if at
    all. Only such as have members that have not settled.

    One of which nothing has begun is not among them: it waits in a queue.
    """
    settled = _e.nodes_completed + _e.nodes_failed + _e.nodes_cancelled + _e.nodes_skipped
    query = (
        select(_e.id, _w.name, _e.seen_at, _e.updated_at, (_e.nodes_total - settled).label("open"))
        .join(Workflow, _w.id == _e.workflow_id)
        .where(_e.kind == _CELERY, _e.status == Status.RUNNING.value, _e.id > after)
        .order_by(_e.kind, _e.status, _e.id)
        .limit(MOST_AT_ONCE)
    )
    with kept_to_indexes(connection, plan_once=True):
        rows = connection.execute(query).all()
    found = [
        QuietCanvas(row.id, row.name, to_microseconds(row.seen_at), to_microseconds(row.updated_at))
        for row in rows
        if row.seen_at is not None and row.seen_at < to_datetime(quiet_since) and row.open > 0
    ]
    return found, rows[-1].id if len(rows) == MOST_AT_ONCE else None


def waiting_canvases(connection: Connection, quiet_since: int) -> list[QuietCanvas]:
    """Canvases that are open, begun or not, and were last heard of before ``quiet_since``; the
    oldest ones first.
    """
    found: list[QuietCanvas] = []
    with kept_to_indexes(connection, plan_once=True):
        for status in (Status.RUNNING.value, Status.PENDING.value):
            query = (
                select(_e.id, _w.name, _HEARD, _e.updated_at)
                .join(Workflow, _w.id == _e.workflow_id)
                .where(_e.kind == _CELERY, _e.status == status, _e.nodes_total > 0)
                .order_by(_e.kind, _e.status, _e.id)
                .limit(MOST_WAITING)
            )
            found += [
                QuietCanvas(id_, name, to_microseconds(heard), to_microseconds(updated_at))
                for id_, name, heard, updated_at in connection.execute(query)
                if heard < to_datetime(quiet_since)
            ]
    return found


def read_waiting(connection: Connection, execution_id: str) -> Waiting:
    """The members of a canvas that have not begun, and whether any of the others is under way."""
    mine = _n.workflow_execution_id == execution_id
    under_way = (Status.RUNNING.value, Status.RETRYING.value, Status.LOST.value)
    others = select(_n.id).where(mine, _n.status.in_(under_way)).limit(1)
    if connection.execute(others).first() is not None:
        return Waiting([], 0, [], goes_on=True)
    pending = and_(mine, _n.status == Status.PENDING.value)
    names = (
        select(nodes.c.key)
        .join(node_executions, nodes.c.id == _n.node_id)
        .where(pending)
        .distinct()
        .order_by(nodes.c.key)
        .limit(MOST_NAMED)
    )
    eta = _said("eta", connection.dialect.name)
    return Waiting(
        list(connection.execute(names).scalars()),
        connection.execute(
            select(func.count()).select_from(node_executions).where(pending)
        ).scalar_one(),
        list(connection.execute(select(eta).where(pending, eta.is_not(None))).scalars()),
        goes_on=False,
    )


def statuses_of(connection: Connection, ids: list[str]) -> dict[str, str]:
    """How some executions stand now."""
    query = select(_e.id, _e.status).where(_e.id.in_(ids))
    return {row.id: row.status for row in connection.execute(query)}


def read_members(connection: Connection, execution_id: str) -> Members:
    """How the members of a canvas stand, and what waits for what."""
    dialect = connection.dialect.name
    mine = _n.workflow_execution_id == execution_id
    counted = select(_n.status, func.count()).where(mine).group_by(_n.status)
    counts = {row[0]: row[1] for row in connection.execute(counted)}
    headers = _headers(connection, mine, dialect)
    return Members(
        counts,
        headers,
        _bodies(connection, mine, [header.chord_id for header in headers], dialect),
        _lost(connection, mine) if counts.get(Status.LOST.value) else [],
    )


def _headers(connection: Connection, mine: ColumnElement[bool], dialect: str) -> list[Header]:
    chord = _said("chord_id", dialect)
    query = (
        select(chord.label("chord"), _n.status, func.count().label("members"))
        .where(mine, chord.is_not(None))
        .group_by(chord, _n.status)
    )
    found: dict[str, dict[str, int]] = {}
    for row in connection.execute(query):
        found.setdefault(row.chord, {})[row.status] = row.members
    return [Header(chord_id, counts) for chord_id, counts in found.items()]


def _bodies(
    connection: Connection, mine: ColumnElement[bool], chord_ids: list[str], dialect: str
) -> dict[str, Body]:
    """Those on record that are pending, by the chord; a task's own id is not always its row's."""
    if not chord_ids:
        return {}
    body_of = _said("body_of", dialect)
    sent = set(connection.execute(select(body_of).where(mine, body_of.is_not(None))).scalars())
    query = (
        select(_n.id, nodes.c.key, _n.metadata)
        .join(nodes, nodes.c.id == _n.node_id)
        .where(mine, _n.status == Status.PENDING.value)
    )
    bodies: dict[str, Body] = {}
    wanted = set(chord_ids)
    for id_, key, metadata in connection.execute(query):
        said = metadata if isinstance(metadata, dict) else {}
        chord_id = str(said.get("task_id", id_))
        if chord_id in wanted:
            bodies[chord_id] = Body(key, chord_id not in sent and not said.get("header_unseen"))
    return bodies


def _lost(connection: Connection, mine: ColumnElement[bool]) -> list[tuple[str, str]]:
    reason = func.coalesce(_n.lost_reason, recorders.c.gone_reason, "")
    query = (
        select(nodes.c.key, reason)
        .select_from(node_executions)
        .join(nodes, nodes.c.id == _n.node_id)
        .outerjoin(recorders, recorders.c.id == _n.recorder_id)
        .where(mine, _n.status == Status.LOST.value)
        .limit(MOST_LOST)
    )
    return [(key, why) for key, why in connection.execute(query)]


def _said(key: str, dialect: str) -> ColumnElement[Any]:
    """What a member's metadata says, as text."""
    if dialect == "postgresql":
        return _n.metadata.op("->>")(literal_column(f"'{key}'"))
    return func.json_extract(_n.metadata, literal_column(f"'$.{key}'"))
