"""Batches: several executions as one. A scheduler runs them, whichever server takes them."""

from typing import Annotated

from fastapi import Query

from everyrun.domain.errors import AmbiguousId, InvalidCursor, InvalidQuery, NotOnRecord
from everyrun.domain.roles import Role
from everyrun.domain.status import Status
from everyrun.domain.views.batches import (
    BatchDetail,
    BatchMemberPage,
    BatchPage,
    RunAllRequest,
    RunOverInputsRequest,
    StopBatchRequest,
)
from everyrun.server.routing import Routes
from everyrun.server.shaping.batches import batch_detail, batch_member, batch_summary
from everyrun.server.visit import Visit
from everyrun.store.batches import (
    Member,
    counts_of,
    find_batch,
    list_batches,
    members_of,
)
from everyrun.store.connections import Connection
from everyrun.store.reading.cursors import IdCursor, page_of
from everyrun.workflows.batches import stopping
from everyrun.workflows.batches.making import InvalidBatch, make_over_inputs, make_run_all
from everyrun.workflows.batches.stopping import BatchEnded
from everyrun.workflows.naming import InvalidName, checked_name

routes = Routes("/api/v1/batches", tag="batches")

BATCHES, MEMBERS = IdCursor(b"b"), IdCursor(b"m")
Limit = Annotated[int, Query(ge=1, le=500)]
Cursor = Annotated[str | None, Query(description="`next` of the page before.")]
Statuses = Annotated[list[Status] | None, Query(alias="status", description="Any of these.")]


@routes.get("", role=Role.VIEWER, answers=BatchPage, polled=True, raises=(InvalidCursor,))
def batches(
    visit: Visit, status: Statuses = None, limit: Limit = 50, cursor: Cursor = None
) -> BatchPage:
    """Batches, newest first."""
    before = None if cursor is None else BATCHES.read(cursor)
    with visit.reading() as connection:
        rows = list_batches(connection, limit + 1, before, statuses=status or ())
    kept, following = page_of(rows, limit, lambda batch: BATCHES.after(batch.id))
    return BatchPage(items=[batch_summary(batch) for batch in kept], next=following)


@routes.post(
    "/run-all",
    role=Role.OPERATOR,
    body=RunAllRequest,
    answers=BatchDetail,
    status=202,
    audit="batch.run-all",
    raises=(InvalidBatch, InvalidName),
)
def run_all(visit: Visit, body: RunAllRequest) -> BatchDetail:
    """Run every graph that is switched on, in their order, so many at once.

    All executions are on record before the first one runs, so nothing is lost with whoever asked.
    One that needs inputs is a member that is not run, with the reason.
    """
    made = make_run_all(
        visit.database,
        checked_name(body.name),
        parallel=body.parallel,
        by=visit.by,
        clock=visit.server.clock,
    )
    return _one(visit, made.id, 100)


@routes.post(
    "",
    role=Role.OPERATOR,
    body=RunOverInputsRequest,
    answers=BatchDetail,
    status=202,
    audit="batch.run",
    raises=(InvalidBatch, InvalidName, NotOnRecord),
)
def run_over_inputs(visit: Visit, body: RunOverInputsRequest) -> BatchDetail:
    """Run one graph over many inputs: an execution each, in their order, so many at once."""
    if not body.inputs:
        raise InvalidBatch("there are no inputs to run over")
    made = make_over_inputs(
        visit.database,
        body.workflow,
        [{**body.common, **each} for each in body.inputs],
        None if body.name is None else checked_name(body.name),
        parallel=body.parallel,
        by=visit.by,
        clock=visit.server.clock,
    )
    return _one(visit, made.id, 100)


@routes.get(
    "/{batch_id}",
    role=Role.VIEWER,
    answers=BatchDetail,
    polled=True,
    raises=(NotOnRecord, AmbiguousId),
)
def one_batch(
    visit: Visit,
    batch_id: str,
    limit: Annotated[int, Query(ge=0, le=500, description="So many members.")] = 100,
) -> BatchDetail:
    """One batch by its id or the beginning of it: its counts and the first of its executions."""
    return _one(visit, batch_id, limit)


def _one(visit: Visit, batch_id: str, limit: int) -> BatchDetail:
    with visit.reading() as connection:
        batch = find_batch(connection, batch_id)
        if batch.ended_at is None:
            batch = batch._replace(counts=counts_of(connection, batch.id))
        members, following = _members(connection, batch.id, limit)
    return batch_detail(batch, members, following)


@routes.get(
    "/{batch_id}/members",
    role=Role.VIEWER,
    answers=BatchMemberPage,
    polled=True,
    raises=(NotOnRecord, AmbiguousId, InvalidCursor),
)
def batch_members(
    visit: Visit,
    batch_id: str,
    status: Statuses = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> BatchMemberPage:
    """The executions of a batch, in their order."""
    with visit.reading() as connection:
        batch = find_batch(connection, batch_id)
        members, following = _members(connection, batch.id, limit, cursor, status)
    return BatchMemberPage(items=[batch_member(member) for member in members], next=following)


def _members(
    connection: Connection,
    batch_id: str,
    limit: int,
    cursor: str | None = None,
    statuses: list[Status] | None = None,
) -> tuple[list[Member], str | None]:
    after = None if cursor is None else MEMBERS.read(cursor)
    if not limit:
        return [], None
    rows = members_of(connection, batch_id, limit + 1, after, statuses=statuses or ())
    return page_of(rows, limit, lambda member: MEMBERS.after(member.execution_id))


@routes.post(
    "/{batch_id}/stop",
    role=Role.OPERATOR,
    body=StopBatchRequest,
    answers=BatchDetail,
    status=202,
    audit="batch.stop",
    raises=(NotOnRecord, AmbiguousId, BatchEnded, InvalidQuery),
)
def stop_batch(visit: Visit, batch_id: str, body: StopBatchRequest) -> BatchDetail:
    """Stop a batch, whoever runs it: what runs is cancelled, what has not begun is not run."""
    with visit.reading() as connection:
        found = find_batch(connection, batch_id)
    stopping.stop(visit.database, found.id, by=visit.by, kill=body.kill, clock=visit.server.clock)
    return _one(visit, found.id, 100)
