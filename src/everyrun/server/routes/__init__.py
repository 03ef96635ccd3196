"""All routes, a file a resource."""

from starlette.routing import BaseRoute

from everyrun.server import contract
from everyrun.server.routes import (
    about,
    arranging,
    audit,
    batches,
    celery,
    celery_workers,
    changes,
    controlling,
    dashboard,
    deleting,
    due_times,
    events,
    executions,
    health,
    log_statistics,
    logs,
    oidc,
    pages,
    saving,
    schedules,
    sessions,
    signing_in,
    starting,
    statistics,
    storage,
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
    health.routes,
    events.routes,
    events.recorders_routes,
    signing_in.api,
    signing_in.pages,
    oidc.routes,
    tokens.routes,
    users.routes,
    sessions.routes,
    audit.routes,
    batches.routes,
    schedules.routes,
    due_times.routes,
    validating.routes,
    workflows.routes,
    saving.routes,
    arranging.routes,
    versions.routes,
    executions.routes,
    logs.routes,
    starting.routes,
    controlling.routes,
    celery.routes,
    deleting.routes,
    changes.routes,
    dashboard.routes,
    statistics.routes,
    log_statistics.routes,
    storage.routes,
    celery_workers.routes,
    *contract.ALL,
)


def all_routes() -> list[BaseRoute]:
    """Every route of ours."""
    return [route for routes in ALL for route in routes.router.routes]
