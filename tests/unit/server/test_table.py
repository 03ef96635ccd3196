"""The table of routes finds what trying them all in turn would find."""

import pytest
from starlette.routing import Match
from starlette.types import Scope

from everyrun.server.routes import all_routes
from everyrun.server.table import RouteTable

PATHS = sorted({route.path_format for route in all_routes()})  # type: ignore[attr-defined] # ours


def scope_of(method: str, path: str) -> Scope:
    return {"type": "http", "method": method, "path": path, "root_path": "", "headers": []}


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "PATCH"])
def test_every_path_leads_to_the_route_that_comes_first(method: str) -> None:
    routes = all_routes()
    table = RouteTable(routes)
    for path in PATHS:
        asked = path.replace("{", "a").replace("}", "z")
        tried = [route.matches(scope_of(method, asked)) for route in routes]
        whole = [found for match, found in tried if match is Match.FULL]
        part = [found for match, found in tried if match is Match.PARTIAL]
        expected = (Match.FULL, whole[0]) if whole else (Match.PARTIAL, part[0])

        match, found = table.matches(scope_of(method, asked))

        assert (expected[0], expected[1]["route"]) == (match, found["route"]), path
        assert expected[1]["path_params"] == found["path_params"]


@pytest.mark.parametrize(
    "path", ["/nowhere", "/api/v1", "/api/v1/about/more", "", "/api/v1/about/"]
)
def test_what_is_nobodys_is_found_nowhere(path: str) -> None:
    assert (Match.NONE, {}) == RouteTable(all_routes()).matches(scope_of("GET", path))
