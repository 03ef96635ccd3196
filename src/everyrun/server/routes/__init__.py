"""All routes, a file a resource."""

from everyrun.server import contract
from everyrun.server.routes import (
    about,
    audit,
    batches,
    controlling,
    deleting,
    executions,
    logs,
    pages,
    schedules,
    sessions,
    starting,
    tokens,
    users,
    validating,
    versions,
    workflows,
)
from everyrun.server.routing import Routes

ALL: tuple[Routes, ...] = (
    about.routes,
    pages.routes,
    executions.routes,
    logs.routes,
    starting.routes,
    controlling.routes,
    deleting.routes,
    batches.routes,
    schedules.routes,
    validating.routes,
    workflows.routes,
    versions.routes,
    tokens.routes,
    users.routes,
    sessions.routes,
    audit.routes,
    *contract.ALL,
)
