"""Request bodies on their way in: bounded, unpacked, decoded strictly, or refused with the place.

Nothing here knows of routes or of the ledger. Whatever a body holds ends in a value or in one of
the refusals of :mod:`everyrun.server.bodies.refusals`.
"""

from everyrun.server.bodies.declaring import JSON, MESSAGEPACK, content_type
from everyrun.server.bodies.json_bodies import decode_json
from everyrun.server.bodies.messagepack_bodies import decode_messagepack
from everyrun.server.bodies.reading import Sent, read_body
from everyrun.server.bodies.receiving import receive
from everyrun.server.bodies.unpacking import unpack

__all__ = [
    "JSON",
    "MESSAGEPACK",
    "Sent",
    "content_type",
    "decode_json",
    "decode_messagepack",
    "read_body",
    "receive",
    "unpack",
]
