"""A request's body, from the bytes that came to what a handler takes."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from everyrun.server.bodies.declaring import content_type
from everyrun.server.bodies.json_bodies import decode_json
from everyrun.server.bodies.unpacking import unpack


class Sent(NamedTuple):
    """A body as it came, and what its request says of it."""

    body: bytes
    headers: Mapping[str, str]

    def unpacked(self, limit: int) -> bytes:
        """The body without its Content-Encoding, at most ``limit`` bytes of it."""
        return unpack(self.body, self.headers.get("content-encoding"), limit)

    def media_type(self, taken: tuple[str, ...]) -> str:
        """What it is, which must be among ``taken``."""
        return content_type(self.headers.get("content-type"), taken)


def read_body(sent: Sent, type_: Any, taken: tuple[str, ...], *, limit: int, depth: int) -> Any:
    """A body as ``type_``: from JSON, or as the bytes that it is where ``type_`` is ``bytes``.

    What those bytes may be is then for the handler to judge. One that is empty needs no
    Content-Type. Raises what :mod:`everyrun.server.bodies.refusals` holds.
    """
    if type_ is bytes:
        return sent.unpacked(limit)
    if sent.body:
        sent.media_type(taken)
    return decode_json(sent.unpacked(limit), type_, depth=depth)
