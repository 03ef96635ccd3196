"""All routes, a file a resource."""

from everyrun.server.routes import about, audit, oidc, pages, sessions, signing_in, tokens, users
from everyrun.server.routing import Routes

ALL: tuple[Routes, ...] = (
    about.routes,
    pages.routes,
    signing_in.api,
    signing_in.pages,
    oidc.routes,
    tokens.routes,
    users.routes,
    sessions.routes,
    audit.routes,
)
