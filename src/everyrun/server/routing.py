"""Declaring routes: who may call them, what they take, what they answer.

A handler is a plain function that gets the :class:`Visit`, the path and query parameters that it
names, and, with ``body=``, the decoded body. It runs in one of the server's threads.
"""

import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import Enum
from functools import partial
from time import monotonic
from typing import Annotated, Any, Final, TypeVar

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from everyrun.domain.errors import EveryrunError
from everyrun.domain.identifiers import canonical_id
from everyrun.domain.roles import Role
from everyrun.server.access.entering import entering
from everyrun.server.answering import answer, answer_again, not_modified
from everyrun.server.answers import Answer
from everyrun.server.auditing import audited
from everyrun.server.bodies import Sent, read_body, receive
from everyrun.server.etags import is_known
from everyrun.server.lanes import Lane
from everyrun.server.naming import known_by_mark
from everyrun.server.parameters import Parameters
from everyrun.server.paths import with_slashes
from everyrun.server.problems import problem_response
from everyrun.server.settings import ServerSettings
from everyrun.server.state import Server
from everyrun.server.visit import NotModified, Visit
from everyrun.store.explaining import explained
from everyrun.store.marks import Mark

Handler = TypeVar("Handler", bound=Callable[..., Any])
Reader = Callable[[Sent, ServerSettings], Any]
"""How a body is read that is not just JSON."""
Quick = Callable[[Request], Awaitable[Response | None]]
"""Answers a request past FastAPI; None, with nothing done, where FastAPI must look at it."""


class Public:
    """Marks a route that anybody may call."""


PUBLIC: Final = Public()


class Marked(Enum):
    """What the state of an answer goes by that shows an execution."""

    MARK = "mark"
    MARK_AND_PACE = "mark and pace"
    """It says when to ask again, too."""


@dataclass(frozen=True, kw_only=True)
class Declared:
    """What a route declares beside its path; ``access`` is checked before anything else."""

    access: Role | Public
    answers: Any
    status: int
    body: Any
    polled: bool
    marked: Marked | None
    audit: str | None
    raises: tuple[type[EveryrunError], ...]
    media_type: str = "application/json"
    takes: tuple[str, ...] = ("application/json",)
    hidden: bool = False
    reader: Reader | None = None
    lane: Callable[[Server], Lane] | None = None
    handler: Callable[..., Any] = field(repr=False)


class Routes:
    """The routes under one prefix."""

    def __init__(self, prefix: str, tag: str) -> None:
        self.router = APIRouter(prefix=prefix, tags=[tag])

    def get(
        self,
        path: str,
        *,
        role: Role | Public,
        answers: Any,
        polled: bool = False,
        marked: Marked | None = None,
        raises: tuple[type[EveryrunError], ...] = (),
        media_type: str = "application/json",
        hidden: bool = False,
        lane: Callable[[Server], Lane] | None = None,
    ) -> Callable[[Handler], Handler]:
        """A route that changes nothing; ``polled`` gives it an ETag and answers 304.

        ``marked`` where that goes by the mark of the execution that the path names
        (``server.naming``): then most polls need no thread.
        """

        def declare(handler: Handler) -> Handler:
            declared = Declared(
                access=role,
                answers=answers,
                status=200,
                body=None,
                polled=polled,
                marked=marked,
                audit=None,
                raises=raises,
                media_type=media_type,
                hidden=hidden,
                lane=lane,
                handler=handler,
            )
            self._add("GET", path, declared)
            return handler

        return declare

    def change(
        self,
        method: str,
        path: str,
        *,
        role: Role | Public,
        answers: Any,
        audit: str | None,
        body: Any = None,
        status: int = 200,
        raises: tuple[type[EveryrunError], ...] = (),
        takes: tuple[str, ...] = ("application/json",),
        media_type: str = "application/json",
        hidden: bool = False,
        reader: Reader | None = None,
        lane: Callable[[Server], Lane] | None = None,
    ) -> Callable[[Handler], Handler]:
        """A route that may change something; ``audit`` names the change in the audit log.

        ``takes`` are the media types of the body, which ``reader`` reads where it is not just
        JSON. ``lane`` holds the work back, where there may be too much of it.
        """

        def declare(handler: Handler) -> Handler:
            declared = Declared(
                access=role,
                answers=answers,
                status=status,
                body=body,
                polled=False,
                marked=None,
                audit=audit,
                raises=raises,
                takes=takes,
                media_type=media_type,
                hidden=hidden,
                reader=reader,
                lane=lane,
                handler=handler,
            )
            self._add(method, path, declared)
            return handler

        return declare

    def post(self, path: str, **declared: Any) -> Callable[[Handler], Handler]:
        """See :meth:`change`."""
        return self.change("POST", path, **declared)

    def put(self, path: str, **declared: Any) -> Callable[[Handler], Handler]:
        """See :meth:`change`."""
        return self.change("PUT", path, **declared)

    def patch(self, path: str, **declared: Any) -> Callable[[Handler], Handler]:
        """See :meth:`change`."""
        return self.change("PATCH", path, **declared)

    def delete(self, path: str, **declared: Any) -> Callable[[Handler], Handler]:
        """See :meth:`change`."""
        return self.change("DELETE", path, **declared)

    def _add(self, method: str, path: str, declared: Declared) -> None:
        endpoint = _endpoint(declared, chooses_fields=method == "GET")
        summary, _, description = (inspect.getdoc(declared.handler) or "").partition("\n\n")
        role = None if isinstance(declared.access, Public) else declared.access
        self.router.add_api_route(
            path,
            endpoint,
            methods=[method],
            response_model=None,
            status_code=declared.status,
            summary=" ".join(summary.split()).rstrip("."),
            description=description,
            operation_id=declared.handler.__name__,
            dependencies=[Depends(entering(role))],
            include_in_schema=not declared.hidden,
        )
        added: Any = self.router.routes[-1]
        added.declared = declared
        added.quick = _quick(declared, path, endpoint, role)


def _endpoint(declared: Declared, *, chooses_fields: bool) -> Callable[..., Awaitable[Response]]:
    handler = declared.handler
    parameters = list(inspect.signature(handler).parameters.values())[1:]
    if declared.body is not None:
        parameters = [each for each in parameters if each.name != "body"]

    async def endpoint(request: Request, **values: Any) -> Response:
        visit: Visit = request.state.visit
        # Each holds the other: left so, only the garbage collector would find them.
        del request.state.visit
        values.pop("fields", None)
        for name, value in values.items():
            if type(value) is str:
                values[name] = with_slashes(value)
        try:
            if declared.polled:
                return await _polled(declared, visit, values)
            if declared.lane is None:
                return await _served(declared, visit, values, visit.server.threads)
            lane = declared.lane(visit.server)
            with lane.entered():
                return await _served(declared, visit, values, lane.threads)
        except EveryrunError as error:
            return problem_response(error, visit.language)

    endpoint.__name__ = handler.__name__
    shown = [inspect.Parameter("request", inspect.Parameter.POSITIONAL_ONLY, annotation=Request)]
    shown += [each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in parameters]
    if chooses_fields and declared.answers is not None:
        shown.append(_FIELDS)
    endpoint.__signature__ = inspect.Signature(shown)  # type: ignore[attr-defined]
    return endpoint


def _quick(
    declared: Declared,
    path: str,
    endpoint: Callable[..., Awaitable[Response]],
    role: Role | None,
) -> Quick | None:
    """How a request is answered past FastAPI; None where that cannot be."""
    names = list(inspect.signature(declared.handler).parameters)
    in_path = {name for name in names if f"{{{name}}}" in path}
    texts = all(
        inspect.signature(declared.handler).parameters[name].annotation is str for name in in_path
    )
    given = {names[0], *in_path} | ({"body"} if declared.body is not None else set())
    parameters = Parameters.of(declared.handler, frozenset(given)) if texts else None
    if parameters is None:
        return None
    enter = entering(role)

    async def answer_quickly(request: Request) -> Response | None:
        scope = request.scope
        values = await parameters.read(scope["query_string"])
        if values is None:
            return None
        await enter(request)
        return await endpoint(request, **scope["path_params"], **values)

    return answer_quickly


async def _polled(declared: Declared, visit: Visit, values: dict[str, Any]) -> Response:
    """The answer to a poll: by how things stood a moment ago, where that is what is known."""
    standing, target = visit.server.standing, _target(visit.request.scope)
    if declared.marked is not None and visit.settings.remembered_seconds:
        return await _answered_by_mark(declared, declared.marked, visit, values)
    if visit.has_no_state:
        return await _served(declared, visit, values, visit.server.threads)
    known = visit.request.headers["if-none-match"]
    async with standing.seen_together(target):
        stood = standing.etag(target)
        if stood is not None and is_known(known, stood):
            return not_modified(stood)
        return await _served(declared, visit, values, visit.server.threads)


async def _answered_by_mark(
    declared: Declared, marked: Marked, visit: Visit, values: dict[str, Any]
) -> Response:
    """The answer to a poll of what an execution shows, whose state its mark names."""
    mark = await _mark(visit, values["execution"])
    if mark is None:
        return await _served_and_seen(declared, visit, values)
    try:
        etag = known_by_mark(visit, mark, paced=marked is Marked.MARK_AND_PACE)
    except NotModified as same:
        return not_modified(same.etag)
    target = _target(visit.request.scope)
    async with visit.server.standing.seen_together(target):
        known = visit.server.answers.get(target, etag)
        if known is not None:
            return answer_again(known)
        return await _served_and_seen(declared, visit, values)


async def _served_and_seen(declared: Declared, visit: Visit, values: dict[str, Any]) -> Response:
    """The answer from the ledger; no other answer about the execution is older from now on."""
    began = monotonic()
    response = await _served(declared, visit, values, visit.server.threads)
    if visit.mark is not None:
        visit.server.watching.saw(began, visit.mark)
    return response


async def _mark(visit: Visit, given: str) -> Mark | None:
    """The mark of an execution named by its full id.

    Who has no state yet does not wait for one, the first time.
    """
    try:
        id_ = canonical_id(given)
    except ValueError:
        return None
    watching = visit.server.watching
    if visit.has_no_state and not watching.came_before(id_):
        return None
    return await watching.mark(id_)


async def _served(
    declared: Declared, visit: Visit, values: dict[str, Any], threads: CapacityLimiter
) -> Response:
    sent = None
    if declared.body is not None:
        headers, limit = visit.request.headers, visit.settings.body_limit
        body = await receive(visit.request.stream(), headers.get("content-length"), limit)
        sent = Sent(body, headers)
    work = partial(_work, declared, visit, values, sent)
    return await to_thread.run_sync(work, limiter=threads)


_FIELDS = inspect.Parameter(
    "fields",
    inspect.Parameter.KEYWORD_ONLY,
    default=None,
    annotation=Annotated[
        str | None,
        Query(
            description="Answer only these fields (of each item, in a list), separated by commas.",
            max_length=1_000,
        ),
    ],
)


def _work(declared: Declared, visit: Visit, values: dict[str, Any], sent: Sent | None) -> Response:
    if sent is not None:
        values["body"] = _read(declared, visit.settings, sent)
    with explained():
        if declared.audit is not None:
            with audited(visit, declared.audit, values, declared.status):
                value = declared.handler(visit, **values)
        elif declared.polled:
            return _poll(declared, visit, values)
        else:
            value = declared.handler(visit, **values)
    if visit.request.method != "GET":
        visit.server.forget_what_was()
    return answer(visit, value, declared.status, polled=False)


def _poll(declared: Declared, visit: Visit, values: dict[str, Any]) -> Response:
    standing = visit.server.standing
    asked = standing.begin()
    try:
        response = answer(visit, declared.handler(visit, **values), declared.status, polled=True)
    except NotModified as same:
        response = not_modified(same.etag)
    etag = response.headers.get("etag")
    if etag is not None:
        target = _target(visit.request.scope)
        standing.note(asked, target, etag)
        if declared.marked is not None and response.status_code == declared.status:
            made = Answer(etag, bytes(response.body), response.headers["content-type"])
            visit.server.answers.note(target, made)
    return response


def _target(scope: Scope) -> bytes:
    """What is asked for, as it was sent."""
    return bytes(scope["raw_path"]) + b"?" + bytes(scope["query_string"])


def _read(declared: Declared, settings: ServerSettings, sent: Sent) -> Any:
    if declared.reader is not None:
        return declared.reader(sent, settings)
    return read_body(
        sent,
        declared.body,
        declared.takes,
        limit=settings.body_limit,
        depth=settings.json_depth,
    )
