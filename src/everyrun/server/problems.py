"""Problem details (RFC 9457): what every refusal and every failure is told as.

``type`` names the kind of problem, ``code`` is its stable name for programs, ``title`` says what it
means in the caller's language, ``detail`` what happened this time.
"""

import inspect
import logging
import math
from typing import Any

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from everyrun.domain.errors import EveryrunError
from everyrun.server.problem_titles import KOREAN_TITLES

PROBLEM_JSON = "application/problem+json"
_log = logging.getLogger("everyrun.server")
_encode = msgspec.json.Encoder().encode


class Problem(msgspec.Struct, kw_only=True):
    """One problem. Some kinds have further members beside these."""

    type: str
    title: str
    status: int
    code: str
    detail: str


class InternalError(EveryrunError):
    """Something went wrong in the server; its log says what."""

    status_code = 500


class NoSuchAddress(EveryrunError):
    """There is nothing at this address."""

    status_code = 404


class MethodNotAllowed(EveryrunError):
    """This address does not take this method."""

    status_code = 405


class InvalidParameters(EveryrunError, ValueError):
    """Parameters of this request cannot be like this."""

    status_code = 422

    def __init__(self, problems: list[dict[str, Any]]) -> None:
        said = "; ".join(f"{each['place']}: {each['message']}" for each in problems)
        super().__init__(said or None)
        self.problems = problems

    def members(self) -> dict[str, Any]:
        """Each problem with the place of it."""
        return {"problems": self.problems}


def title_of(error: EveryrunError, language: str) -> str:
    """What this kind of problem means, in ``ko`` or ``en``."""
    title = " ".join((inspect.getdoc(type(error)) or error.code).split("\n\n")[0].split())
    if language != "ko":
        return title
    return KOREAN_TITLES.get(error.code) or KOREAN_TITLES.get(type(error).code, title)


def problem_response(error: EveryrunError, language: str = "en") -> Response:
    """The response that tells of an error."""
    status = error.status_code
    document = {
        "type": f"urn:everyrun:problem:{error.code.lower().replace('_', '-')}",
        "title": title_of(error, language),
        "status": status,
        "code": error.code,
        "detail": str(error),
        **error.members(),
    }
    headers = {"Cache-Control": "no-store"}
    if error.retry_after is not None:
        headers["Retry-After"] = str(max(1, math.ceil(error.retry_after)))
    if status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="everyrun"'
    return Response(_encode(document), status, headers, PROBLEM_JSON)


def unexpected(request: Request, error: Exception) -> EveryrunError:
    """What a caller is told of a fault of ours; the log gets all of it."""
    _log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return InternalError()


def of_http(error: HTTPException) -> EveryrunError:
    """The problem behind what the framework refused."""
    if error.status_code == 404:
        return NoSuchAddress()
    if error.status_code == 405:
        return MethodNotAllowed()
    problem = EveryrunError(str(error.detail))
    problem.status_code = error.status_code
    return problem
