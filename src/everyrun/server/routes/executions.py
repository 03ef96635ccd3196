"""What ran: the list of executions, and one with all that belongs to it."""

from typing import Annotated

from fastapi import Query

from everyrun.domain.errors import (
    AmbiguousId,
    InvalidCursor,
    InvalidQuery,
    NotOnRecord,
    QueryTooSlow,
)
from everyrun.domain.roles import Role
from everyrun.domain.views.controlling import RequestHistory
from everyrun.domain.views.executions import ExecutionDetail, ExecutionPage
from everyrun.domain.views.limits import LONGEST_PAGE
from everyrun.domain.views.nodes import EarlierAttempts, NodeDetail, NodePage
from everyrun.domain.views.progress import ExecutionProgress
from everyrun.domain.views.relations import ExecutionRelations
from everyrun.domain.views.succession import Succession
from everyrun.server.filtering import Filters
from everyrun.server.naming import marked, named, whole
from everyrun.server.routing import Marked, Routes
from everyrun.server.visit import Visit
from everyrun.store.reading.asked import newest_request, read_requests
from everyrun.store.reading.attempts import read_earlier_attempts
from everyrun.store.reading.execution import read_node
from everyrun.store.reading.executions import list_executions
from everyrun.store.reading.finding_nodes import find_node
from everyrun.store.reading.nodes import page_of_nodes
from everyrun.store.reading.progress import read_progress
from everyrun.store.reading.relations import read_relations
from everyrun.store.reading.succession import read_succession

routes = Routes("/api/v1/executions", tag="executions")

Limit = Annotated[int, Query(ge=1, le=LONGEST_PAGE, description="How many at most.")]
Cursor = Annotated[
    str | None, Query(max_length=200, description="`next` of the page before this one.")
]
FINDING = (NotOnRecord, AmbiguousId, QueryTooSlow)
"""What asking for one execution by a name may end in."""


@routes.get(
    "",
    role=Role.VIEWER,
    answers=ExecutionPage,
    polled=True,
    raises=(InvalidQuery, InvalidCursor, QueryTooSlow),
)
def executions(
    visit: Visit, filters: Filters, limit: Limit = 50, cursor: Cursor = None
) -> ExecutionPage:
    """The executions that all filters let through, newest first.

    A page may be short, empty even, and yet have a `next`: where no index answers the filters, a
    request looks at a bounded number of executions, and `searched_to` says how far back it came.
    """
    with visit.reading() as connection:
        return list_executions(connection, filters, limit=limit, cursor=cursor)


@routes.get(
    "/{execution}",
    role=Role.VIEWER,
    answers=ExecutionDetail,
    polled=True,
    marked=Marked.MARK,
    raises=FINDING,
)
def execution(visit: Visit, execution: str) -> ExecutionDetail:
    """One execution with its node executions.

    It is named by its id, a unique beginning of that (4 digits or more), or its external id.
    """
    with visit.reading() as connection:
        return whole(visit, connection, execution)


@routes.get(
    "/{execution}/progress",
    role=Role.VIEWER,
    answers=ExecutionProgress,
    polled=True,
    marked=Marked.MARK_AND_PACE,
    raises=FINDING,
)
def execution_progress(visit: Visit, execution: str) -> ExecutionProgress:
    """How far one execution is: little enough to ask for often."""
    with visit.reading() as connection:
        return read_progress(
            connection, marked(visit, connection, execution, paced=True), visit.now
        )


@routes.get(
    "/{execution}/nodes",
    role=Role.VIEWER,
    answers=NodePage,
    polled=True,
    marked=Marked.MARK,
    raises=(*FINDING, InvalidQuery, InvalidCursor),
)
def execution_nodes(
    visit: Visit, execution: str, limit: Limit = LONGEST_PAGE, cursor: Cursor = None
) -> NodePage:
    """The node executions of one execution in the order in which they were born."""
    with visit.reading() as connection:
        id_ = marked(visit, connection, execution)
        return page_of_nodes(connection, id_, limit=limit, cursor=cursor)


@routes.get(
    "/{execution}/nodes/{node}",
    role=Role.VIEWER,
    answers=NodeDetail,
    polled=True,
    marked=Marked.MARK,
    raises=FINDING,
)
def node_execution(visit: Visit, execution: str, node: str) -> NodeDetail:
    """One node execution with its payloads and attempts.

    It is named by its id, by `key[iteration]`, or by the key of a node that ran once.
    """
    with visit.reading() as connection:
        id_ = marked(visit, connection, execution)
        return read_node(connection, id_, find_node(connection, id_, node))


@routes.get(
    "/{execution}/attempts",
    role=Role.VIEWER,
    answers=EarlierAttempts,
    polled=True,
    raises=FINDING,
)
def execution_attempts(visit: Visit, execution: str) -> EarlierAttempts:
    """The earlier attempts of an execution's nodes: why they were tried again."""
    with visit.reading() as connection:
        id_ = marked(visit, connection, execution)
        return EarlierAttempts(items=read_earlier_attempts(connection, id_))


@routes.get(
    "/{execution}/succession",
    role=Role.VIEWER,
    answers=Succession,
    polled=True,
    marked=Marked.MARK,
    raises=FINDING,
)
def execution_succession(visit: Visit, execution: str) -> Succession:
    """Which nodes follow which in a canvas of Celery; other executions have a definition."""
    with visit.reading() as connection:
        return read_succession(connection, marked(visit, connection, execution))


@routes.get(
    "/{execution}/relations",
    role=Role.VIEWER,
    answers=ExecutionRelations,
    polled=True,
    raises=FINDING,
)
def execution_relations(visit: Visit, execution: str) -> ExecutionRelations:
    """What an execution belongs to, and what belongs to it: parent, children, reruns, batch."""
    with visit.reading() as connection:
        return read_relations(connection, named(connection, execution))


@routes.get(
    "/{execution}/requests",
    role=Role.VIEWER,
    answers=RequestHistory,
    polled=True,
    raises=(*FINDING, InvalidCursor),
)
def execution_requests(
    visit: Visit, execution: str, limit: Limit = 100, cursor: Cursor = None
) -> RequestHistory:
    """What was asked of an execution, by whom and when: cancelled, paused, approved."""
    with visit.reading() as connection:
        id_ = named(connection, execution)
        visit.known(id_, newest_request(connection, id_))
        return read_requests(connection, id_, limit=limit, cursor=cursor)
