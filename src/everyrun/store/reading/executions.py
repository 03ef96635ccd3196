"""The list of executions: newest first, by any combination of filters."""

from dataclasses import replace

from sqlalchemy import Connection

from everyrun.domain.clock import to_datetime
from everyrun.domain.errors import InvalidQuery
from everyrun.domain.identifiers import birth_of, canonical_id
from everyrun.domain.status import Status
from everyrun.domain.views.executions import ExecutionFilters, ExecutionPage, ExecutionSummary
from everyrun.store.reading.cursors import ExecutionCursor
from everyrun.store.reading.external_ids import owners_of
from everyrun.store.reading.lanes import Lane, Span
from everyrun.store.reading.limits import checked_limit
from everyrun.store.reading.matching import as_stored
from everyrun.store.reading.moments import born_between
from everyrun.store.reading.routes import Found, Wanted, check_ids, find_ids, only_lane
from everyrun.store.reading.summaries import newest_summaries, read_summaries
from everyrun.store.reading.workflow_names import WorkflowChoice, choose_workflows


def list_executions(
    connection: Connection,
    filters: ExecutionFilters,
    *,
    limit: int = 50,
    cursor: str | None = None,
) -> ExecutionPage:
    """The executions that all filters let through, newest first, 1 to 500 at a time.

    Raises :class:`InvalidCursor`, and :class:`InvalidQuery` for a filter or limit that cannot be.
    """
    checked_limit(limit)
    span = span_of(filters)
    if cursor is not None:
        span = replace(span, newest=min(span.newest, ExecutionCursor.read(cursor)))
    named = choose_workflows(connection, name=filters.workflow, kind=filters.kind)
    lane = _only_lane(filters, span, named)
    if lane is not None:
        return _page_of_lane(newest_summaries(connection, lane, span, limit + 1), limit)
    found = _find(connection, filters, span, named, limit + 1)
    items = read_summaries(connection, found.ids[:limit])
    if len(found.ids) > limit:
        return ExecutionPage(items=items, next=ExecutionCursor.after(found.ids[limit - 1]))
    if found.searched_to is None:
        return ExecutionPage(items=items, next=None)
    return ExecutionPage(
        items=items,
        next=ExecutionCursor.after(found.searched_to),
        searched_to=to_datetime(birth_of(found.searched_to)),
    )


def matching_ids(
    connection: Connection, filters: ExecutionFilters, span: Span, count: int
) -> Found:
    """The newest ids within ``span`` that all filters let through, ``count`` at most.

    Where ``searched_to`` is set there may be more below it. Raises :class:`InvalidQuery`.
    """
    named = choose_workflows(connection, name=filters.workflow, kind=filters.kind)
    return _find(connection, filters, span, named, count)


def _only_lane(filters: ExecutionFilters, span: Span, named: WorkflowChoice) -> Lane | None:
    if filters.text is not None or filters.external_id is not None:
        return None
    return only_lane(_of_workflows(_wanted(filters, span), named))


def _page_of_lane(items: list[ExecutionSummary], limit: int) -> ExecutionPage:
    more = len(items) > limit
    items = items[:limit]
    return ExecutionPage(items=items, next=ExecutionCursor.after(items[-1].id) if more else None)


def _wanted(filters: ExecutionFilters, span: Span) -> Wanted:
    return Wanted(
        span=span,
        workflows=WorkflowChoice(),
        kind=_stored(filters.kind),
        statuses=tuple(dict.fromkeys(_status(status) for status in filters.statuses)),
        trigger=_stored(filters.trigger),
        tag=_stored(filters.tag),
        parent_execution_id=_identifier(filters.parent_execution_id),
        batch_id=_identifier(filters.batch_id),
    )


def _find(
    connection: Connection,
    filters: ExecutionFilters,
    span: Span,
    named: WorkflowChoice,
    count: int,
) -> Found:
    wanted = _wanted(filters, span)
    matching = named
    if filters.text is not None:
        matching = choose_workflows(
            connection, name=filters.workflow, kind=filters.kind, text=filters.text
        )
    if filters.external_id is not None:
        owners = owners_of(connection, filters.external_id, filters.kind)
        return _of_few(connection, _of_workflows(wanted, matching), owners, count)
    found = find_ids(connection, _of_workflows(wanted, matching), count)
    if filters.text is not None:
        owners = owners_of(connection, filters.text, filters.kind)
        also = _of_few(connection, _of_workflows(wanted, named), owners, count)
        found = _together(found, also, count)
    return found


def _stored(text: str | None) -> str | None:
    return None if text is None else as_stored(text)


def _of_workflows(wanted: Wanted, choice: WorkflowChoice) -> Wanted:
    """Workflows chosen by name are of the wanted kind already."""
    chosen = choice.ids is not None or choice.query is not None
    return replace(wanted, workflows=choice, kind=None) if chosen else wanted


def _of_few(connection: Connection, wanted: Wanted, ids: list[str], count: int) -> Found:
    return Found(check_ids(connection, ids, wanted)[:count] if ids else [])


def _together(found: Found, also: Found, count: int) -> Found:
    seen = [id_ for id_ in also.ids if found.searched_to is None or id_ >= found.searched_to]
    return replace(found, ids=sorted({*found.ids, *seen}, reverse=True)[:count])


def span_of(filters: ExecutionFilters) -> Span:
    """The ids born within the filters' times. Raises :class:`InvalidQuery`."""
    return born_between(filters.since, filters.until)


def _status(status: str) -> str:
    try:
        return Status(status).value
    except ValueError:
        known = ", ".join(Status)
        raise InvalidQuery(f"{status!r} is no status; there are {known}") from None


def _identifier(given: str | None) -> str | None:
    if given is None:
        return None
    try:
        return canonical_id(given)
    except ValueError:
        raise InvalidQuery(f"{given!r} is no id") from None
