"""The application: its routes, its doors, its problems."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any

from anyio import to_thread
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp

from everyrun.domain.errors import EveryrunError
from everyrun.server.access.first_way_in import admit_admin_token
from everyrun.server.access.guarding import Guard
from everyrun.server.allowing import allowed_methods
from everyrun.server.languages import preferred_language
from everyrun.server.metrics import Measured
from everyrun.server.openapi import describe
from everyrun.server.paths import KeepSlashes
from everyrun.server.problems import InvalidParameters, of_http, problem_response, unexpected
from everyrun.server.routes import all_routes
from everyrun.server.shortcut import Shortcut
from everyrun.server.state import Server
from everyrun.server.table import RouteTable


class Application(FastAPI):
    """Guarded around everything, also around what answers when something fails."""

    def build_middleware_stack(self) -> ASGIApp:
        """All that a request passes, from the outside in."""
        server: Server = self.state.server
        shortcut = Shortcut(super().build_middleware_stack(), self.state.table)
        return Guard(KeepSlashes(Measured(shortcut, server.metrics)), server.settings)


@asynccontextmanager
async def _living(app: FastAPI) -> AsyncIterator[None]:
    server: Server = app.state.server
    await to_thread.run_sync(admit_admin_token, server)
    yield
    await to_thread.run_sync(server.close)


def create_app(server: Server) -> FastAPI:
    """The ASGI application of one server."""
    app = Application(
        title="Everyrun",
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
        separate_input_output_schemas=False,
        lifespan=_living,
    )
    app.state.server = server
    app.state.table = RouteTable(all_routes())
    app.router.routes.append(app.state.table)
    app.openapi = lambda: describe(app)  # type: ignore[method-assign] # FastAPI's way to extend it
    app.add_exception_handler(EveryrunError, _told)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(Exception, _failed)
    return app


def _language(request: Request) -> str:
    return preferred_language(request.headers.get("accept-language", "")) or "en"


async def _told(request: Request, error: Any) -> Response:
    return problem_response(error, _language(request))


async def _invalid(request: Request, error: Any) -> Response:
    problems = [
        {"place": ".".join(str(part) for part in each["loc"]), "message": each["msg"]}
        for each in error.errors()
    ]
    return problem_response(InvalidParameters(problems), _language(request))


async def _refused(request: Request, error: Any) -> Response:
    response = problem_response(of_http(error), _language(request))
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        response.headers["Allow"] = ", ".join(allowed_methods(all_routes(), request.scope))
    elif error.headers:
        response.headers.update(error.headers)
    return response


async def _failed(request: Request, error: Exception) -> Response:
    return problem_response(unexpected(request, error), _language(request))
