"""All routes, a file a resource."""

from everyrun.server import contract
from everyrun.server.routes import about, controlling, deleting, executions, logs, pages, starting
from everyrun.server.routing import Routes

ALL: tuple[Routes, ...] = (
    about.routes,
    pages.routes,
    executions.routes,
    logs.routes,
    starting.routes,
    controlling.routes,
    deleting.routes,
    *contract.ALL,
)
