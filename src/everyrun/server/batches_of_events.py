"""Batches of events as they come over the wire (``docs/reference/wire-format.md``)."""

import re
from typing import TypeVar

import msgspec

from everyrun.domain.errors import EventRejected, EveryrunError
from everyrun.domain.events import WIRE_VERSION, Batch
from everyrun.server.bodies import JSON, MESSAGEPACK, Sent, decode_json, decode_messagepack
from everyrun.server.bodies.refusals import InvalidBody
from everyrun.server.settings import ServerSettings
from everyrun.store.append.payload_text import DEEPEST

TAKEN_AS = (MESSAGEPACK, JSON)

_AROUND_PAYLOADS = 8
"""How deep a payload lies in the body of a batch, and some more."""
Kind = TypeVar("Kind")

_EVENT = re.compile(r"\$\.events\[(\d+)\]")


class BatchTooLarge(EveryrunError):
    """This batch has more events than the server takes at once."""

    status_code = 413


class WireVersionUnknown(EveryrunError):
    """This version of the wire format is not understood here."""

    status_code = 409


class _Versioned(msgspec.Struct):
    version: int = WIRE_VERSION


def read_batch(sent: Sent, settings: ServerSettings) -> Batch:
    """The batch that a body holds.

    Raises :class:`EventRejected` where it is one event that cannot be read,
    :class:`WireVersionUnknown`, :class:`BatchTooLarge`, and what
    :mod:`everyrun.server.bodies.refusals` holds.
    """
    media_type = sent.media_type(TAKEN_AS)
    body = sent.unpacked(settings.body_limit)
    try:
        batch = _decode(body, media_type, Batch)
    except InvalidBody as error:
        _require_known_version(body, media_type)
        event = _EVENT.match(error.place)
        if event is None:
            raise
        raise EventRejected(int(event[1]), str(error)) from error
    if batch.version != WIRE_VERSION:
        raise _unknown(batch.version)
    if len(batch.events) > settings.batch_limit:
        raise BatchTooLarge(
            f"the batch has {len(batch.events)} events; at most {settings.batch_limit} are taken"
        )
    return batch


def _decode(body: bytes, media_type: str, type_: type[Kind]) -> Kind:
    decoded: Kind
    if media_type == MESSAGEPACK:
        decoded = decode_messagepack(body, type_)
    else:
        # Nobody's recorder writes a key twice, and looking for it would cost more than all else.
        depth = DEEPEST + _AROUND_PAYLOADS
        decoded = decode_json(body, type_, depth=depth, unique_keys=False)
    return decoded


def _require_known_version(body: bytes, media_type: str) -> None:
    """What cannot be read may be right in another version, and is then to be kept by its sender."""
    try:
        version = _decode(body, media_type, _Versioned).version
    except EveryrunError:
        return
    if version != WIRE_VERSION:
        raise _unknown(version)


def _unknown(version: int) -> WireVersionUnknown:
    return WireVersionUnknown(
        f"version {version!s:.20} is not understood here; send {WIRE_VERSION}"
    )
