"""Executions that somebody else runs and reports from outside: which one a report is about.

Such an execution has the trigger ``reported``. The caller's own id for it is an external id of the
script's kind; where another workflow has that id already, it is kept as ``id@workflow id``, so that
nobody writes into what is not theirs.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, and_, case, literal, select, tuple_, update

from everyrun.domain.clock import to_datetime, to_microseconds
from everyrun.domain.identifiers import birth_of, canonical_id
from everyrun.domain.status import SETTLED, Status
from everyrun.store.column_types import Identifier, Moment
from everyrun.store.reading.external_ids import external_ids, owners_of
from everyrun.store.reading.lanes import Lane, Span, executions, newest_in
from everyrun.store.reading.moments import END
from everyrun.store.reading.nodes import node_executions, nodes
from everyrun.store.reading.planning import kept_to_indexes
from everyrun.store.reading.workflow_names import workflows

REPORTED = "reported"
"""The trigger of executions that are reported from outside."""

RUNS_LOOKED_AT = 50
ROWS_LOOKED_AT = 200

_e = executions.c
_n = node_executions.c


class ReportedRun(NamedTuple):
    """One reported execution as it stands. Times are microseconds UTC."""

    id: str
    workflow_id: str
    workflow: str
    kind: str
    trigger: str
    status: str
    external_id: str | None
    started_at: int | None
    seen_at: int | None
    updated_at: int
    nodes_total: int
    nodes_failed: int

    @property
    def is_open(self) -> bool:
        """Whether its outcome is not known yet."""
        return self.status not in SETTLED

    @property
    def heard_at(self) -> int:
        """When a report of it last arrived; of one that is lost, the first."""
        return birth_of(self.id) if self.status == Status.LOST else self.updated_at


class NodeRow(NamedTuple):
    """One node execution of a reported execution. ``started_at`` is microseconds UTC."""

    id: str
    status: str
    started_at: int | None

    @property
    def is_open(self) -> bool:
        """Whether its outcome is not known yet."""
        return self.status not in SETTLED


_RUN = select(
    _e.id,
    _e.workflow_id,
    workflows.c.name,
    _e.kind,
    _e.trigger_type,
    _e.status,
    _e.external_id,
    _e.started_at,
    _e.seen_at,
    _e.updated_at,
    _e.nodes_total,
    _e.nodes_failed,
).join_from(executions, workflows, workflows.c.id == _e.workflow_id)


def external_id_within(external_id: str, workflow_id: str) -> str:
    """How a caller's id is kept when another workflow has it already."""
    return f"{external_id}@{workflow_id}"


def as_given(external_id: str | None, workflow_id: str) -> str | None:
    """The caller's id as the caller gave it."""
    return external_id and external_id.removesuffix(f"@{workflow_id}")


def run_named(
    connection: Connection, workflow_id: str, kind: str, given: str
) -> ReportedRun | None:
    """A workflow's execution by its own id, or by the caller's."""
    by_id = _run_by_id(connection, given)
    if by_id is not None:
        return by_id
    x = external_ids.c
    names = [given, external_id_within(given, workflow_id)]
    owners = select(x.workflow_execution_id).where(x.kind == kind, x.external_id.in_(names))
    found = _runs(connection, connection.execute(owners).scalars().all())
    return next((run for run in found if run.workflow_id == workflow_id), None)


def executions_named(
    connection: Connection, given: str, workflow_id: str | None = None
) -> tuple[str, ...]:
    """The executions that an id stands for: the ledger's own, or a caller's; none, one or several.

    Callers' ids are unique within a kind, and within ``workflow_id`` where that is given.
    """
    by_id = _run_by_id(connection, given)
    if by_id is not None:
        return (by_id.id,)
    found = owners_of(connection, given)
    if workflow_id is None:
        return tuple(found)
    found += owners_of(connection, external_id_within(given, workflow_id))
    query = select(_e.id).where(_e.id.in_(found), _e.workflow_id == workflow_id)
    return tuple(connection.execute(query).scalars())


def is_taken(connection: Connection, kind: str, external_id: str) -> bool:
    """Whether an execution of this kind has this external id."""
    x = external_ids.c
    query = select(x.external_id).where(x.kind == kind, x.external_id == external_id)
    return connection.execute(query).scalar() is not None


def _run_by_id(connection: Connection, given: str) -> ReportedRun | None:
    try:
        id_ = canonical_id(given)
    except ValueError:
        return None
    row = connection.execute(_RUN.where(_e.id == id_)).one_or_none()
    return None if row is None else _run(row)


def latest_runs(connection: Connection, workflow_id: str) -> list[ReportedRun]:
    """The latest reported executions of a workflow, the newest first, 50 at most."""
    lane = Lane((("workflow_id", workflow_id), ("trigger_type", REPORTED)))
    with kept_to_indexes(connection, plan_once=True):
        ids = newest_in(connection, lane, Span(), RUNS_LOOKED_AT)
    return _runs(connection, ids)


def lock_run(connection: Connection, execution_id: str) -> None:
    """Make those who report about an execution take turns, until the transaction ends."""
    connection.execute(select(_e.id).where(_e.id == execution_id).with_for_update())


def rows_of_node(connection: Connection, run: ReportedRun, key: str) -> list[NodeRow]:
    """The latest node executions of one node in an execution, 200 at most, the newest first."""
    node_id = connection.execute(
        select(nodes.c.id).where(nodes.c.workflow_id == run.workflow_id, nodes.c.key == key)
    ).scalar()
    if node_id is None or run.started_at is None:
        return []
    # Down the node's own lane, from now to when the execution began: an execution may have a
    # hundred thousand rows of other nodes, and a node a million in other executions.
    keys, node = tuple_(_n.node_id, _n.started_at), literal(node_id, Identifier)
    within: Any = _n.workflow_execution_id == run.id
    if connection.dialect.name == "sqlite":
        within = case((within, 1), else_=0) == 1
    query = (
        select(_n.id, _n.status, _n.started_at)
        .where(
            keys >= tuple_(node, literal(to_datetime(run.started_at), Moment)),
            keys <= tuple_(node, literal(END, Moment)),
            within,
        )
        .order_by(_n.node_id.desc(), _n.started_at.desc())
        .limit(ROWS_LOOKED_AT)
    )
    with kept_to_indexes(connection):
        found = connection.execute(query).all()
    rows = [NodeRow(row[0], row[1], _microseconds(row[2])) for row in found]
    return sorted(rows, key=lambda row: row.id, reverse=True)


def open_nodes(connection: Connection, execution_id: str) -> list[tuple[str, str]]:
    """The node executions of an execution without an outcome: (id, key), 1,000 at most."""
    query = (
        select(_n.id, nodes.c.key)
        .join_from(node_executions, nodes, nodes.c.id == _n.node_id)
        .where(_n.workflow_execution_id == execution_id, _n.status.not_in(SETTLED))
        .limit(1_000)
    )
    return [(row[0], row[1]) for row in connection.execute(query)]


def last_node_end(connection: Connection, execution_id: str) -> int | None:
    """When the last node execution of an execution ended; µs UTC."""
    query = (
        select(_n.ended_at)
        .where(_n.workflow_execution_id == execution_id, _n.ended_at.is_not(None))
        .order_by(_n.ended_at.desc())
        .limit(1)
    )
    return _microseconds(connection.execute(query).scalar())


def runs_without_outcome(
    connection: Connection, before: str | None = None, limit: int = 100
) -> list[ReportedRun]:
    """Reported executions that run, the newest first, born before ``before``."""
    lane = Lane((("trigger_type", REPORTED), ("status", Status.RUNNING.value)))
    span = Span() if before is None else Span(newest=before)
    with kept_to_indexes(connection, plan_once=True):
        ids = newest_in(connection, lane, span, limit)
    return _runs(connection, ids)


def title_node(connection: Connection, workflow_id: str, key: str, title: str) -> None:
    """Keep what people call a node."""
    n = nodes.c
    connection.execute(
        update(nodes)
        .where(and_(n.workflow_id == workflow_id, n.key == key), n.title.is_distinct_from(title))
        .values(title=title)
    )


def _runs(connection: Connection, ids: Sequence[str]) -> list[ReportedRun]:
    """Executions by their ids, the newest first."""
    if not ids:
        return []
    found = connection.execute(_RUN.where(_e.id.in_(ids)))
    return sorted((_run(row) for row in found), key=lambda run: run.id, reverse=True)


def _run(row: Sequence[Any]) -> ReportedRun:
    found = ReportedRun(*row)
    return found._replace(
        started_at=_microseconds(row[7]),
        seen_at=_microseconds(row[8]),
        updated_at=to_microseconds(row[9]),
    )


def _microseconds(moment: Any) -> int | None:
    return None if moment is None else to_microseconds(moment)
