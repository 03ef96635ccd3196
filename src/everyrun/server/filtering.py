"""Which executions a request is about, by its query parameters."""

from typing import Annotated

from fastapi import Depends, Query

from everyrun.domain.views.executions import ExecutionFilters
from everyrun.server.moments import Moment

LONGEST = 1_000


async def _filters(
    workflow: Annotated[
        str | None, Query(max_length=LONGEST, description="A workflow's whole name.")
    ] = None,
    kind: Annotated[
        str | None,
        Query(max_length=LONGEST, description="graph, function, script, job or celery."),
    ] = None,
    status: Annotated[
        list[str] | None, Query(max_length=20, description="In this status; repeatable.")
    ] = None,
    trigger: Annotated[
        str | None, Query(max_length=LONGEST, description="What made it start: manual, schedule …")
    ] = None,
    tag: Annotated[str | None, Query(max_length=LONGEST, description="With this tag.")] = None,
    text: Annotated[
        str | None,
        Query(
            max_length=LONGEST,
            description="A piece of the workflow's name, in any case, or a whole external id.",
        ),
    ] = None,
    since: Annotated[
        Moment | None, Query(description="Created from this time on (RFC 3339 with a zone).")
    ] = None,
    until: Annotated[
        Moment | None, Query(description="Created before this time (RFC 3339 with a zone).")
    ] = None,
    parent_execution_id: Annotated[
        str | None, Query(max_length=LONGEST, description="Started by this execution.")
    ] = None,
    batch_id: Annotated[
        str | None, Query(max_length=LONGEST, description="A member of this batch.")
    ] = None,
    external_id: Annotated[
        str | None, Query(max_length=LONGEST, description="With this id of the caller's own.")
    ] = None,
) -> ExecutionFilters:
    # Asynchronous, so that it runs at once: another would get a thread of its own.
    return ExecutionFilters(
        workflow=workflow,
        kind=kind,
        statuses=tuple(status or ()),
        trigger=trigger,
        tag=tag,
        text=text,
        since=since,
        until=until,
        parent_execution_id=parent_execution_id,
        batch_id=batch_id,
        external_id=external_id,
    )


Filters = Annotated[ExecutionFilters, Depends(_filters)]
"""The filters of a list of executions, as a handler's parameter."""
