"""Request bodies on their way in: bounded, decoded strictly, refused with the fault's place."""

from typing import Any

import msgspec
from starlette.requests import ClientDisconnect, Request

from everyrun.domain.errors import EveryrunError


class BodyTooLarge(EveryrunError):
    """This body is larger than the server takes."""

    status_code = 413


class UnsupportedContent(EveryrunError):
    """This kind of content is not taken here."""

    status_code = 415


class InvalidBody(EveryrunError, ValueError):
    """This body cannot be read."""

    status_code = 400


class Disconnected(EveryrunError):
    """The caller went away before the request was complete."""

    status_code = 400


async def read_bounded(request: Request, limit: int) -> bytes:
    """The whole body, as it came. Raises :class:`BodyTooLarge` once it is past ``limit`` bytes."""
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > limit:
        raise BodyTooLarge(f"the body has {declared} bytes; at most {limit} are taken")
    chunks: list[bytes] = []
    size = 0
    try:
        async for chunk in request.stream():
            size += len(chunk)
            if size > limit:
                raise BodyTooLarge(f"the body has more than {limit} bytes")
            chunks.append(chunk)
    except ClientDisconnect:
        raise Disconnected from None
    return b"".join(chunks)


def decode_json(body: bytes, type_: Any) -> Any:
    """A JSON body as ``type_``. Raises :class:`InvalidBody` with the place of the fault."""
    try:
        return msgspec.json.decode(body, type=type_)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidBody(str(error)) from None
