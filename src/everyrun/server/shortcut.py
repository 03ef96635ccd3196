"""The short way of what is read: past the framework's layers, where a request needs none of them.

They cost more than most answers do. What they would do for such a request is done here: errors
become problems, whatever raised them.
"""

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from everyrun.domain.errors import EveryrunError
from everyrun.server.languages import preferred_language
from everyrun.server.problems import problem_response, unexpected
from everyrun.server.table import RouteTable


class Shortcut:
    """Answers the GET requests that are as usual; all others go the whole way."""

    def __init__(self, app: ASGIApp, table: RouteTable) -> None:
        self._app = app
        self._table = table

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] == "http" and scope["method"] == "GET":
            found = self._table.quick_route(scope)
            if found is not None:
                quick, matched = found
                scope.update(matched)
                request = Request(scope, receive, send)
                try:
                    response = await quick(request)
                except EveryrunError as error:
                    response = problem_response(error, _language(request))
                except Exception as error:  # noqa: BLE001 - logged; whatever it was, it is answered
                    response = problem_response(unexpected(request, error), _language(request))
                if response is not None:
                    await response(scope, receive, send)
                    return
        await self._app(scope, receive, send)


def _language(request: Request) -> str:
    return preferred_language(request.headers.get("accept-language", "")) or "en"
