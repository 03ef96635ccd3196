"""All routes, a file a resource."""

from everyrun.server.routes import about, batches, pages, schedules, validating, versions, workflows
from everyrun.server.routing import Routes

ALL: tuple[Routes, ...] = (
    about.routes,
    pages.routes,
    batches.routes,
    schedules.routes,
    validating.routes,
    workflows.routes,
    versions.routes,
)
