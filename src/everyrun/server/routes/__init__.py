"""All routes, a file a resource."""

from everyrun.server.routes import (
    about,
    audit,
    events,
    health,
    pages,
    sessions,
    signing_in,
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
)
