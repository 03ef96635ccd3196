"""All routes, a file a resource."""

from everyrun.server.routes import (
    about,
    audit,
    controlling,
    deleting,
    events,
    executions,
    health,
    logs,
    pages,
    sessions,
    signing_in,
    starting,
    tokens,
    users,
)
from everyrun.server.routing import Routes

ALL: tuple[Routes, ...] = (
    about.routes,
    pages.routes,
    events.routes,
    events.recorders_routes,
    health.routes,
    signing_in.api,
    signing_in.pages,
    tokens.routes,
    users.routes,
    sessions.routes,
    audit.routes,
    executions.routes,
    logs.routes,
    starting.routes,
    controlling.routes,
    deleting.routes,
)
