"""How workflows, nodes, hours and days fared."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Query

from everyrun.domain.clock import to_datetime
from everyrun.domain.errors import InvalidCursor, InvalidQuery
from everyrun.domain.roles import Role
from everyrun.domain.views.statistics import (
    NodesFare,
    RecentFailures,
    Series,
    ViewCounts,
    WorkflowsFare,
)
from everyrun.server.moments import Moment
from everyrun.server.routing import Routes
from everyrun.server.visit import Visit
from everyrun.store.reading.failures import recent_failures
from everyrun.store.reading.node_statistics import node_statistics
from everyrun.store.reading.series import Step, read_series
from everyrun.store.reading.statistics import MOST_WORKFLOWS, WorkflowOrder, workflow_statistics
from everyrun.store.reading.view_counts import count_views

routes = Routes("/api/v1/statistics", tag="statistics")

LONGEST = 1_000
USUAL_LENGTH = {Step.HOUR: timedelta(days=1), Step.DAY: timedelta(days=30)}

Zone = Annotated[
    str | None,
    Query(max_length=64, description="A zone's name, like Asia/Seoul; else the server's."),
]
Workflow = Annotated[str | None, Query(max_length=LONGEST, description="A whole name.")]
Kind = Annotated[
    str | None, Query(max_length=LONGEST, description="graph, function, script, job or celery.")
]
Since = Annotated[Moment | None, Query(description="From this time on (RFC 3339 with a zone).")]
Until = Annotated[Moment | None, Query(description="Before this time (RFC 3339 with a zone).")]


@routes.get(
    "/workflows",
    role=Role.VIEWER,
    answers=WorkflowsFare,
    polled=True,
    raises=(InvalidQuery,),
)
def statistics_of_workflows(
    visit: Visit,
    workflow: Workflow = None,
    kind: Kind = None,
    since: Since = None,
    until: Until = None,
    order: WorkflowOrder = WorkflowOrder.BUSIEST,
    limit: Annotated[int, Query(ge=1, le=MOST_WORKFLOWS)] = 100,
) -> WorkflowsFare:
    """How workflows fare: counts, failure rate, mean duration and percentiles.

    The busiest, the slowest or the most failing ones first. Counts are kept per quarter of an hour:
    the quarters that `since` and `until` lie in count whole.
    """
    with visit.reading() as connection:
        items = workflow_statistics(
            connection,
            since=since,
            until=until,
            workflow=workflow,
            kind=kind,
            order=order,
            limit=limit,
        )
    return WorkflowsFare(items=items)


@routes.get("/nodes", role=Role.VIEWER, answers=NodesFare, polled=True, raises=(InvalidQuery,))
def statistics_of_nodes(
    visit: Visit,
    workflow: Annotated[str, Query(max_length=LONGEST, description="A whole name.")],
    kind: Kind = None,
    since: Since = None,
    until: Until = None,
) -> NodesFare:
    """How the nodes of a workflow fare, judged by their latest node executions."""
    with visit.reading() as connection:
        items = node_statistics(connection, workflow, kind, since=since, until=until)
    return NodesFare(items=items)


@routes.get(
    "/series",
    role=Role.VIEWER,
    answers=Series,
    polled=True,
    raises=(InvalidQuery,),
)
def statistics_series(
    visit: Visit,
    step: Step = Step.DAY,
    since: Since = None,
    until: Until = None,
    workflow: Workflow = None,
    kind: Kind = None,
    tz: Zone = None,
) -> Series:
    """Executions by the hour or the day of a zone, by status, those without any included.

    Without `since` and `until`: the last day by the hour, the last thirty days by the day. Where
    clocks change a day has 23 or 25 hours.
    """
    end = until or to_datetime(visit.now + 1)
    with visit.reading() as connection:
        return read_series(
            connection,
            since or _usual_start(end, step),
            end,
            step=step,
            zone=visit.zone(tz),
            workflow=workflow,
            kind=kind,
        )


def _usual_start(end: datetime, step: Step) -> datetime:
    try:
        return end - USUAL_LENGTH[step] + timedelta(seconds=1)
    except OverflowError:
        raise InvalidQuery(f"{end} is too early") from None


@routes.get(
    "/counts",
    role=Role.VIEWER,
    answers=ViewCounts,
    polled=True,
    raises=(InvalidQuery,),
)
def statistics_counts(
    visit: Visit, workflow: Workflow = None, kind: Kind = None, tz: Zone = None
) -> ViewCounts:
    """How many executions the usual views show: all, each status, today, today by status.

    Those of today are exact; others are counted up to a ceiling, and say `at_least` beyond it.
    """
    with visit.reading() as connection:
        return count_views(connection, visit.now, visit.zone(tz), workflow=workflow, kind=kind)


@routes.get(
    "/failures",
    role=Role.VIEWER,
    answers=RecentFailures,
    polled=True,
    raises=(InvalidQuery, InvalidCursor),
)
def statistics_failures(
    visit: Visit,
    workflow: Workflow = None,
    kind: Kind = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 20,
    cursor: Annotated[str | None, Query(description="`next` of the page before.")] = None,
) -> RecentFailures:
    """What failed lately, with the first line of its error, the latest first."""
    with visit.reading() as connection:
        return recent_failures(connection, workflow=workflow, kind=kind, limit=limit, cursor=cursor)
