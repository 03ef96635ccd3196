"""All routes, a file a resource."""

from everyrun.server import contract
from everyrun.server.routes import (
    about,
    audit,
    batches,
    changes,
    controlling,
    dashboard,
    deleting,
    executions,
    logs,
    pages,
    schedules,
    sessions,
    signing_in,
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
    signing_in.api,
    signing_in.pages,
    tokens.routes,
    users.routes,
    sessions.routes,
    audit.routes,
    batches.routes,
    schedules.routes,
    validating.routes,
    workflows.routes,
    versions.routes,
    executions.routes,
    logs.routes,
    starting.routes,
    controlling.routes,
    deleting.routes,
    changes.routes,
    dashboard.routes,
    *contract.ALL,
)
