"""The audit log: who asked for which change."""

from typing import Annotated

from fastapi import Query

from everyrun.domain.errors import InvalidCursor, InvalidQuery
from everyrun.domain.roles import Role
from everyrun.domain.views.access import AuditPage
from everyrun.server.identifying import id_in_query
from everyrun.server.moments import Moment
from everyrun.server.routing import Routes
from everyrun.server.visit import Visit
from everyrun.store.access.auditing import AuditFilter, list_audit

routes = Routes("/api/v1/audit", tag="access")

Words = Annotated[str | None, Query(max_length=300, pattern=r"^[^\x00]*$")]


@routes.get("", role=Role.ADMIN, answers=AuditPage, raises=(InvalidCursor, InvalidQuery))
def list_audit_log(
    visit: Visit,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
    actor: Words = None,
    actor_id: Annotated[str | None, Query(max_length=36)] = None,
    action: Words = None,
    target: Words = None,
    since: Annotated[Moment | None, Query(description="From this time on.")] = None,
    until: Annotated[Moment | None, Query(description="Before this time.")] = None,
) -> AuditPage:
    """Changes that were asked for, the latest first: who, what, from where, and how it ended.

    `action` takes a whole name, or its beginning with the dot: `user.`.
    """
    only = AuditFilter(actor, id_in_query(actor_id), action, target, since, until)
    with visit.reading() as connection:
        return list_audit(connection, limit=limit, after=cursor, only=only)
