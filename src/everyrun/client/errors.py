"""What a server refuses, as errors of this process again."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from everyrun.domain.errors import EveryrunError, SinkUnavailable

_UNAUTHORIZED = 401
_HTML = "text/html"


class ServerError(EveryrunError):
    """A server refused, for a reason that this process has no error of its own for.

    ``status_code``, ``code``, ``title`` and ``detail`` are the problem's (RFC 9457), ``problem``
    is all of it.
    """

    def __init__(
        self, status: int, code: str, title: str, detail: str, problem: dict[str, Any]
    ) -> None:
        super().__init__(detail or title or f"the server answered {status}")
        self.status_code = status
        self.code = code
        self.title = title
        self.detail = detail
        self.problem = problem

    def members(self) -> dict[str, Any]:
        """The problem's further members."""
        return {name: value for name, value in self.problem.items() if name not in _OWN}


class ServerUnreachable(SinkUnavailable):
    """This server cannot be reached, or does not answer in time."""


class TokenRefused(EveryrunError):
    """This server does not let anybody in without a valid token."""

    status_code = _UNAUTHORIZED


class NotAServer(EveryrunError):
    """What answers at this address is no Everyrun server, or one of another version."""

    status_code = 502


class Problem(msgspec.Struct, kw_only=True):
    """A problem document as far as every one goes."""

    status: int = 0
    code: str = ""
    title: str = ""
    detail: str = ""


_OWN = frozenset({"type", *Problem.__struct_fields__})


def error_from(status: int, reason: str, content_type: str, content: bytes) -> EveryrunError:
    """The error that a response with a status of 400 or more tells of.

    It is of the class that the server raised where this process has loaded that, as whoever wants
    to catch it by its name has; else a :class:`ServerError`. Both have the ``code``.
    """
    try:
        told = msgspec.json.decode(content, type=dict[str, Any])
        problem = msgspec.convert(told, Problem)
    except msgspec.MsgspecError:
        said = "" if _HTML in content_type else content[:200].decode(errors="replace").strip()
        return ServerError(status, f"HTTP_{status}", reason, said, {})
    known = [kind for kind in _loaded(EveryrunError) if kind.code == problem.code]
    if len(known) != 1:
        return ServerError(status, problem.code, problem.title, problem.detail, told)
    return _raised_there(known[0], problem, told)


def _loaded(kind: type[EveryrunError]) -> Iterator[type[EveryrunError]]:
    for each in kind.__subclasses__():
        yield each
        yield from _loaded(each)


def _raised_there(
    kind: type[EveryrunError], problem: Problem, told: Mapping[str, Any]
) -> EveryrunError:
    """An error as it was told of; how its class makes one of what only the server knew is left."""
    error = kind.__new__(kind)
    EveryrunError.__init__(error, problem.detail or None)
    for name, value in told.items():
        if name not in _OWN and name.isidentifier() and not hasattr(kind, name):
            setattr(error, name, value)
    return error
