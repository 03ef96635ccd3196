"""Why a body is refused."""

import re
from typing import Any

import msgspec

from everyrun.domain.errors import EveryrunError

_PLACE = re.compile(r" - at `(\$.*)`$", re.DOTALL)
_LONGEST_PLACE = 200


class BodyTooLarge(EveryrunError):
    """This body is larger than the server takes."""

    status_code = 413


class UnsupportedEncoding(EveryrunError):
    """This Content-Encoding is not taken here; gzip and zstd are."""

    status_code = 415


class UnsupportedMediaType(EveryrunError):
    """This kind of content is not taken here."""

    status_code = 415


class InvalidCompression(EveryrunError, ValueError):
    """This body cannot be unpacked as its Content-Encoding says."""

    status_code = 400


class InvalidJson(EveryrunError, ValueError):
    """This body is no JSON."""

    status_code = 400


class InvalidMessagePack(EveryrunError, ValueError):
    """This body is no MessagePack."""

    status_code = 400


class InvalidBody(EveryrunError, ValueError):
    """This body says something that cannot be taken.

    ``place`` is where, as a path from the body's root: ``$.nodes[2].key``.
    """

    status_code = 400

    def __init__(self, message: str | None = None, place: str = "$") -> None:
        place = place if len(place) <= _LONGEST_PLACE else f"{place[:_LONGEST_PLACE]}…"
        super().__init__(None if message is None else f"{place}: {message}")
        self.place = place

    def members(self) -> dict[str, Any]:
        """Where in the body it stands."""
        return {"place": self.place}

    @classmethod
    def of(cls, error: msgspec.ValidationError) -> "InvalidBody":
        """What msgspec found wrong, its place apart from its sentence."""
        message = str(error)
        found = _PLACE.search(message)
        if found is None:
            return cls(message)
        return cls(message[: found.start()], found[1])


class RequestBroken(EveryrunError):
    """The caller went away before the request was complete."""

    status_code = 400
