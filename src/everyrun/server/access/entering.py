"""The door: every request passes it before anything is read of it."""

from collections.abc import Awaitable, Callable

from anyio import to_thread
from starlette.requests import Request

from everyrun.domain.roles import Role
from everyrun.server.access.callers import Caller
from everyrun.server.access.errors import NotAllowed, NotLetIn
from everyrun.server.access.recognising import token_hash
from everyrun.server.state import Server
from everyrun.server.visit import Visit
from everyrun.store.explaining import explained

_BEARER = "bearer "


def entering(role: Role | None) -> Callable[[Request], Awaitable[None]]:
    """A dependency that lets in who may do what ``role`` may; None lets everybody in.

    It leaves the :class:`Visit` in ``request.state.visit``. Raises :class:`NotLetIn` and
    :class:`NotAllowed`.
    """

    async def enter(request: Request) -> None:
        server: Server = request.app.state.server
        if role is None:
            request.state.visit = Visit(server, request, None)
            return
        caller = await _caller(server, request)
        if not caller.role.allows(role):
            raise NotAllowed(f"this needs the role {role}; {caller.name} has {caller.role}")
        request.state.visit = Visit(server, request, caller)

    return enter


async def _caller(server: Server, request: Request) -> Caller:
    header = request.headers.get("authorization", "")
    if header[: len(_BEARER)].lower() != _BEARER:
        raise NotLetIn
    hashed = token_hash(header[len(_BEARER) :].strip())
    caller = server.recogniser.remembered(hashed)
    if caller is None:
        caller = await to_thread.run_sync(_recognise, server, hashed, limiter=server.threads)
    if caller is None:
        raise NotLetIn("this token is not valid (any more)")
    return caller


def _recognise(server: Server, hashed: str) -> Caller | None:
    with explained():
        return server.recogniser.recognise(hashed)
