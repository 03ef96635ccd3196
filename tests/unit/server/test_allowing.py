"""The methods that an address takes."""

import pytest
from starlette.routing import Route

from everyrun.server.allowing import allowed_methods


async def _handler() -> None:
    """Never called here."""


ROUTES = [
    Route("/things/{name}", _handler, methods=["PUT"]),
    Route("/things/{name}", _handler, methods=["DELETE"]),
    Route("/things/order", _handler, methods=["POST"]),
    Route("/things", _handler, methods=["POST"]),
]


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/things/one", ["DELETE", "PUT"]),
        ("/things/order", ["POST"]),
        ("/things", ["POST"]),
        ("/nothing", []),
    ],
)
def test_all_routes_of_the_path_that_fits_best_count(path: str, methods: list[str]) -> None:
    scope = {"type": "http", "method": "OPTIONS", "path": path, "root_path": ""}

    assert methods == allowed_methods(ROUTES, scope)
