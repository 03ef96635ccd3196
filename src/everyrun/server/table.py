"""The table of routes: finds the one that a request is for without trying all of them.

FastAPI tries every route in turn, twice where routers are included; with a hundred routes that
costs more than most answers.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from fastapi.routing import APIRoute
from starlette.datastructures import URLPath
from starlette.requests import Request
from starlette.routing import BaseRoute, Match, NoMatchFound
from starlette.types import Receive, Scope, Send

_DEEPEST_KEY = 3

Key = tuple[int, tuple[str, ...]]
"""How many segments a path has, and the first of them."""


class RouteTable(BaseRoute):
    """All routes as one: those whose path begins as the request's are tried, in their order.

    A path that says more of its beginning goes before one that leaves it open.
    """

    def __init__(self, routes: Iterable[BaseRoute]) -> None:
        self.routes = list(routes)
        self._routes: dict[Key, list[APIRoute]] = {}
        for route in self.routes:
            if not isinstance(route, APIRoute):
                raise TypeError(f"{route} is no route of an API")
            self._routes.setdefault(_key_of(route.path_format), []).append(route)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """See :class:`starlette.routing.BaseRoute`."""
        partial: Scope | None = None
        if scope["type"] == "http":
            for route in self._candidates(scope["path"]):
                match, found = route.matches(scope)
                if match is Match.FULL:
                    return match, found
                if match is Match.PARTIAL and partial is None:
                    partial = found
        return (Match.NONE, {}) if partial is None else (Match.PARTIAL, partial)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See :class:`starlette.routing.BaseRoute`."""
        route = scope["route"]
        quick = getattr(route, "quick", None)
        if quick is not None and scope["method"] in route.methods:
            response = await quick(Request(scope, receive, send))
            if response is not None:
                await response(scope, receive, send)
                return
        await route.handle(scope, receive, send)

    def quick_route(self, scope: Scope) -> tuple[Any, Scope] | None:
        """How the route of a request answers past FastAPI, and what the match adds to the scope."""
        match, found = self.matches(scope)
        quick = getattr(found["route"], "quick", None) if match is Match.FULL else None
        return None if quick is None else (quick, found)

    def url_path_for(self, name: str, /, **path_params: Any) -> URLPath:
        """Nobody asks for addresses by names here."""
        raise NoMatchFound(name, path_params)

    def _candidates(self, path: str) -> Iterator[APIRoute]:
        segments = path.split("/")[1:]
        for depth in range(min(_DEEPEST_KEY, len(segments)), -1, -1):
            yield from self._routes.get((len(segments), tuple(segments[:depth])), ())


def _key_of(path: str) -> Key:
    segments = path.split("/")[1:]
    fixed: list[str] = []
    for segment in segments[:_DEEPEST_KEY]:
        if "{" in segment:
            break
        fixed.append(segment)
    return len(segments), tuple(fixed)
