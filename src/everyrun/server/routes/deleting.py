"""Counting executions, deleting them, and taking one along as a bundle."""

from functools import partial
from typing import Annotated

from fastapi import Query
from starlette.responses import Response, StreamingResponse

from everyrun.domain.errors import (
    IllegalMove,
    InvalidCursor,
    InvalidQuery,
    NotOnRecord,
    QueryTooSlow,
)
from everyrun.domain.roles import Role
from everyrun.domain.views.deleting import Deletion, ExecutionCount
from everyrun.server.filtering import Filters
from everyrun.server.naming import named
from everyrun.server.routes.executions import FINDING
from everyrun.server.routing import Routes
from everyrun.server.visit import Visit
from everyrun.store.bundling import MEDIA_TYPE, bundle
from everyrun.store.clearing import CountMoved, delete_matching, delete_one
from everyrun.store.reading.counts import count_executions

routes = Routes("/api/v1", tag="executions")


@routes.get(
    "/execution-count",
    role=Role.VIEWER,
    answers=ExecutionCount,
    raises=(InvalidQuery, QueryTooSlow),
)
def execution_count(visit: Visit, filters: Filters) -> ExecutionCount:
    """How many executions the filters let through, by status; 10,000 at most are counted.

    It is the preview of their deletion, too: `confirm` is what that asks for.
    """
    with visit.reading() as connection:
        return count_executions(connection, filters)


@routes.delete(
    "/executions",
    role=Role.ADMIN,
    answers=Deletion,
    audit="executions.delete",
    raises=(InvalidQuery, InvalidCursor, CountMoved, QueryTooSlow),
)
def delete_executions(
    visit: Visit,
    filters: Filters,
    confirm: Annotated[
        str,
        Query(max_length=200, description="`confirm` of `/execution-count` with these filters."),
    ],
) -> Deletion:
    """Delete executions with their nodes, attempts and log lines, for good.

    Those that were counted, no newer ones; those that have not settled stay. It is refused when by
    now there are a tenth more or fewer. 10,000 at most; `remaining` says that there are more.
    """
    return delete_matching(visit.database, filters, confirm, visit.now)


@routes.delete(
    "/executions/{execution}",
    role=Role.ADMIN,
    answers=Deletion,
    audit="execution.delete",
    raises=(*FINDING, IllegalMove),
)
def delete_execution(
    visit: Visit,
    execution: str,
    force: Annotated[
        bool, Query(description="Also one that has not settled; what runs it is told to stop.")
    ] = False,
) -> Deletion:
    """Delete one execution with its nodes, attempts and log lines, for good."""
    with visit.reading() as connection:
        id_ = named(connection, execution)
    work = partial(delete_one, execution_id=id_, now=visit.now, force=force)
    if not visit.database.transact(work):
        raise NotOnRecord(f"execution {id_} is gone already")
    return Deletion(deleted=1, skipped=0, remaining=False)


@routes.get(
    "/executions/{execution}/bundle",
    role=Role.VIEWER,
    answers=bytes,
    media_type=MEDIA_TYPE,
    raises=FINDING,
)
def execution_bundle(visit: Visit, execution: str) -> Response:
    """All that is on record of one execution, as JSON lines, to take along or to import elsewhere.

    `docs/reference/bundle.md` describes them. The last line says `end`: a bundle without it was
    cut short.
    """
    with visit.reading() as connection:
        id_ = named(connection, execution)
    headers = {
        "Content-Disposition": f'attachment; filename="everyrun-{id_}.jsonl"',
        "Cache-Control": "no-store",
    }
    lines = bundle(visit.database, id_, visit.now)
    return StreamingResponse(lines, headers=headers, media_type=MEDIA_TYPE)
