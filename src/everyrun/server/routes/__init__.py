"""All routes, a file a resource."""

from everyrun.server.routes import about
from everyrun.server.routing import Routes

ALL: tuple[Routes, ...] = (about.routes,)
