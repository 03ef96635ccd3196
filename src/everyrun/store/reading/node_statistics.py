"""How the nodes of a workflow fare, judged by their latest node executions."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, literal, select, tuple_

from everyrun.domain.views.statistics import NodeStatistics
from everyrun.store.reading.durations import failure_rate, sample_size, sum_up
from everyrun.store.reading.matching import as_stored
from everyrun.store.reading.moments import BEGINNING, END, aware
from everyrun.store.reading.nodes import node_executions, nodes
from everyrun.store.reading.planning import kept_to_indexes
from everyrun.store.reading.workflow_names import workflows

MOST_NODES_JUDGED = 500
_n = node_executions.c


def node_statistics(
    connection: Connection,
    workflow: str,
    kind: str | None = None,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[NodeStatistics]:
    """The nodes of the workflows of this name, by kind and key, 500 at most.

    ``since`` (included) and ``until`` (excluded) are aware times of start. Raises
    :class:`InvalidQuery` for a time without a zone.
    """
    times = (aware(since) or BEGINNING, aware(until) or END)
    statement = (
        select(nodes.c.id, nodes.c.key, nodes.c.node_type, workflows.c.name, workflows.c.kind)
        .join_from(workflows, nodes, nodes.c.workflow_id == workflows.c.id)
        .where(workflows.c.name == as_stored(workflow))
        .order_by(workflows.c.kind, nodes.c.key)
        .limit(MOST_NODES_JUDGED)
    )
    if kind is not None:
        statement = statement.where(workflows.c.kind == as_stored(kind))
    found = connection.execute(statement).all()
    size = sample_size(len(found))
    with kept_to_indexes(connection, plan_once=True):
        return [_judged(node, _latest(connection, node.id, *times, size)) for node in found]


def _latest(
    connection: Connection, node_id: str, since: datetime, until: datetime, count: int
) -> Sequence[Row[*tuple[Any, ...]]]:
    keys = tuple_(_n.node_id, _n.started_at)
    node = literal(node_id, _n.node_id.type)
    statement = (
        select(_n.status, _n.attempt, _n.started_at, _n.ended_at)
        .where(
            keys >= tuple_(node, literal(since, _n.started_at.type)),
            keys < tuple_(node, literal(until, _n.started_at.type)),
        )
        .order_by(_n.node_id.desc(), _n.started_at.desc())
        .limit(count)
    )
    return connection.execute(statement).all()


def _judged(node: Row[*tuple[Any, ...]], latest: Sequence[Row[*tuple[Any, ...]]]) -> NodeStatistics:
    counts = Counter(row.status for row in latest)
    lasted = sum_up((row.started_at, row.ended_at) for row in latest)
    return NodeStatistics(
        workflow=node.name,
        kind=node.kind,
        node=node.key,
        node_type=node.node_type,
        executions=len(latest),
        completed=counts["completed"],
        failed=counts["failed"],
        cancelled=counts["cancelled"],
        skipped=counts["skipped"],
        lost=counts["lost"],
        running=counts["running"] + counts["retrying"],
        retried=sum(row.attempt > 1 for row in latest),
        failure_rate=failure_rate(counts["completed"], counts["failed"]),
        mean_seconds=lasted.mean,
        p50_seconds=lasted.p50,
        p95_seconds=lasted.p95,
        p99_seconds=lasted.p99,
        percentile_sample=lasted.sample,
        last_started_at=latest[0].started_at if latest else None,
    )
