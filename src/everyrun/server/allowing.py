"""What an address takes, for those who asked it otherwise (RFC 9110, 10.2.1)."""

from collections.abc import Iterable

from starlette.routing import BaseRoute, Match, Route
from starlette.types import Scope


def allowed_methods(routes: Iterable[BaseRoute], scope: Scope) -> list[str]:
    """The methods of all routes with the path that fits best: the one with the fewest gaps."""
    fitting = [
        route
        for route in routes
        if isinstance(route, Route) and route.matches(scope)[0] is not Match.NONE
    ]
    best = min((route.path_format for route in fitting), key=_gaps, default="")
    methods = [route.methods or () for route in fitting if route.path_format == best]
    return sorted({method for each in methods for method in each})


def _gaps(path: str) -> int:
    return path.count("{")
