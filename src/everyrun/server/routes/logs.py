"""Log lines: one execution's, read by cursor, and all of them, searched."""

from typing import Annotated

from fastapi import Query

from everyrun.domain.errors import InvalidCursor, InvalidQuery, NotOnRecord, QueryTooSlow
from everyrun.domain.roles import Role
from everyrun.domain.views.limits import LONGEST_PAGE
from everyrun.domain.views.logs import LogPage, LogSearchPage
from everyrun.server.moments import Moment
from everyrun.server.naming import marked_log, named
from everyrun.server.routes.executions import FINDING, Cursor
from everyrun.server.routing import Marked, Routes
from everyrun.server.visit import Visit
from everyrun.store.reading.finding_nodes import find_node
from everyrun.store.reading.lines import MOST_LINES
from everyrun.store.reading.logs import (
    LAST_POSITION,
    last_lines,
    lines_before,
    search,
    tail,
)
from everyrun.store.reading.matching import LONGEST_TEXT

routes = Routes("/api/v1", tag="logs")

Levels = Annotated[
    list[str] | None,
    Query(max_length=10, description="Of this level: debug, info, warning, error; repeatable."),
]
Position = Annotated[int | None, Query(ge=0, le=LAST_POSITION)]


@routes.get(
    "/executions/{execution}/logs",
    role=Role.VIEWER,
    answers=LogPage,
    polled=True,
    marked=Marked.MARK_AND_PACE,
    raises=(*FINDING, InvalidQuery),
)
def execution_logs(
    visit: Visit,
    execution: str,
    after: Annotated[
        Position, Query(description="Lines that arrived after this position: `next` of a page.")
    ] = None,
    before: Annotated[
        Position, Query(description="The latest lines before this position, to page back.")
    ] = None,
    tail_: Annotated[
        int | None, Query(alias="tail", ge=1, le=MOST_LINES, description="The latest so many.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=MOST_LINES, description="How many at most.")] = 500,
    level: Levels = None,
    node: Annotated[
        str | None, Query(max_length=1_000, description="Of this node: id, `key[turn]` or key.")
    ] = None,
) -> LogPage:
    """One execution's lines in the order in which they arrived (R3.5, R3.6).

    Begin with `tail=` or without a cursor, go on with `after=` and the `next` of the answer, after
    `poll_after_ms`; end when it is `done`. One of `after`, `before` and `tail` at most.
    """
    if sum(given is not None for given in (after, before, tail_)) > 1:
        raise InvalidQuery("one of after, before and tail, not several")
    with visit.reading() as connection:
        log = marked_log(visit, connection, execution)
        levels = level or ()
        of_node = None if node is None else find_node(connection, log.execution_id, node)
        now = visit.now
        if tail_ is not None:
            return last_lines(
                connection, log, tail_, levels=levels, node_execution_id=of_node, now=now
            )
        if before is not None:
            return lines_before(
                connection,
                log,
                before,
                limit=limit,
                levels=levels,
                node_execution_id=of_node,
                now=now,
            )
        return tail(
            connection,
            log,
            after=after or 0,
            limit=limit,
            levels=levels,
            node_execution_id=of_node,
            now=now,
        )


@routes.get(
    "/logs",
    role=Role.VIEWER,
    answers=LogSearchPage,
    raises=(InvalidQuery, InvalidCursor, NotOnRecord, QueryTooSlow),
)
def logs(
    visit: Visit,
    text: Annotated[
        str | None,
        Query(max_length=LONGEST_TEXT, description="What lines contain, in any case."),
    ] = None,
    level: Levels = None,
    workflow: Annotated[
        str | None, Query(max_length=1_000, description="A workflow's whole name.")
    ] = None,
    execution: Annotated[
        str | None, Query(max_length=1_000, description="Of one execution, as it is named.")
    ] = None,
    since: Annotated[Moment | None, Query(description="From this time on.")] = None,
    until: Annotated[Moment | None, Query(description="Before this time.")] = None,
    limit: Annotated[int, Query(ge=1, le=LONGEST_PAGE, description="How many at most.")] = 100,
    cursor: Cursor = None,
) -> LogSearchPage:
    """Lines of all executions that contain a text, newest first.

    A request looks at 20,000 lines at most: where the page is not full by then, `searched_to` says
    how far back it came, and `next` goes on from there. One that takes too long is cut off.
    """
    with visit.reading(visit.settings.search_seconds) as connection:
        return search(
            connection,
            text=text or None,
            levels=level or (),
            workflow=workflow,
            execution_id=None if execution is None else named(connection, execution),
            since=since,
            until=until,
            limit=limit,
            cursor=cursor,
        )
