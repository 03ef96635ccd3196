"""UUIDv7 identifiers (RFC 9562), made where the thing they name is born."""

import os

import uuid_utils

_ID_BITS_BELOW_THE_TIME = 80

if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=uuid_utils.reseed_rng)


def new_id() -> str:
    """A new UUIDv7 in its canonical form: 36 characters, sortable by birth within a process."""
    return str(uuid_utils.uuid7())


def id_born_at(at: int) -> str:
    """A new UUIDv7 that carries another moment (microseconds UTC) than the machine's.

    Two of the same millisecond are in no order.
    """
    return str(uuid_utils.uuid7(nanoseconds=at * 1000))


def canonical_id(text: str) -> str:
    """The canonical lower-case form of any spelling of a UUID.

    Raises ``ValueError`` when ``text`` is no UUID.
    """
    return str(uuid_utils.UUID(text))


def id_bytes(identifier: str) -> bytes:
    """The 16 bytes of a canonical UUID."""
    return bytes.fromhex(identifier.replace("-", ""))


def id_text(raw: bytes) -> str:
    """The canonical form of 16 bytes."""
    digits = raw.hex()
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def is_uuid7(identifier: str) -> bool:
    """Whether a canonical UUID carries a time (version 7)."""
    return identifier[14:15] == "7"


def birth_of(identifier: str) -> int:
    """Microseconds UTC at which a canonical UUIDv7 was made (the id holds milliseconds)."""
    return int(identifier[:8] + identifier[9:13], 16) * 1000


def first_id_at(at: int) -> str:
    """The smallest UUIDv7-ordered id of the millisecond of ``at`` (microseconds UTC).

    For range bounds only: ids compare as their times do.
    """
    return id_text(((at // 1000) << _ID_BITS_BELOW_THE_TIME).to_bytes(16, "big"))
