"""All routes, a file a resource."""

from everyrun.server import contract
from everyrun.server.routes import about, pages
from everyrun.server.routing import Routes

ALL: tuple[Routes, ...] = (
    about.routes,
    pages.routes,
    *contract.ALL,
)
