"""All routes, a file a resource."""

from everyrun.server.routes import about, pages, validating, versions, workflows
from everyrun.server.routing import Routes

ALL: tuple[Routes, ...] = (
    about.routes,
    pages.routes,
    validating.routes,
    workflows.routes,
    versions.routes,
)
