"""Requests that name a key: however often they come, what they ask for is done once.

The key is taken, the work done and the answer kept in one transaction. So there is never a key
whose work is not done, and of two that come at once the second waits for the first, and is
answered the same.
"""

import hashlib
from datetime import timedelta
from typing import Any, NamedTuple, cast

import msgspec
from sqlalchemy import Connection, Table, bindparam, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from everyrun.domain.clock import to_datetime
from everyrun.domain.errors import EveryrunError
from everyrun.store.column_types import Moment
from everyrun.store.tables import IdempotencyKey

KEPT = timedelta(days=1)
FORGOTTEN_AT_ONCE = 100

keys = cast("Table", IdempotencyKey.__table__)
_k = keys.c
_OLD = (
    select(_k.actor, _k.key)
    .where(_k.created_at < bindparam("before", type_=Moment))
    .order_by(_k.created_at)
    .limit(FORGOTTEN_AT_ONCE)
)
_FORGET = delete(keys).where(_k.actor == bindparam("of"), _k.key == bindparam("named"))


class KeyReused(EveryrunError):
    """This Idempotency-Key was sent with another request before; take a new one for this."""

    status_code = 422
    code = "IDEMPOTENCY_KEY_REUSED"


class Keyed(NamedTuple):
    """Who sent which key with what. ``actor`` is of 64 characters at most, the key of 200."""

    actor: str
    key: str
    request_hash: str


def hash_of(*parts: Any) -> str:
    """What tells one request from another: SHA-256 of its parts, hexadecimal."""
    encoded = msgspec.json.encode(parts, order="deterministic")
    return hashlib.sha256(encoded).hexdigest()


def answered_before(connection: Connection, keyed: Keyed, now: int) -> Any | None:
    """What was answered to this key already; None when it is ours to work for, and to answer.

    Inside a writing transaction, in which :func:`keep_answer` follows. Raises :class:`KeyReused`.
    """
    _forget_old(connection, now)
    row = {
        "actor": keyed.actor,
        "key": keyed.key,
        "request_hash": keyed.request_hash,
        "created_at": to_datetime(now),
    }
    dialect: Any = postgresql if connection.dialect.name == "postgresql" else sqlite
    if connection.execute(dialect.insert(keys).on_conflict_do_nothing(), row).rowcount == 1:
        return None
    found = connection.execute(
        select(_k.request_hash, _k.answer).where(_k.actor == keyed.actor, _k.key == keyed.key)
    ).one()
    if found.request_hash != keyed.request_hash:
        raise KeyReused
    return found.answer


def keep_answer(connection: Connection, keyed: Keyed, status_code: int, answer: Any) -> None:
    """Keep what is answered, as a plain JSON value, for whoever sends the key again."""
    connection.execute(
        update(keys)
        .where(_k.actor == keyed.actor, _k.key == keyed.key)
        .values(status_code=status_code, answer=answer)
    )


def _forget_old(connection: Connection, now: int) -> None:
    """Forget keys of yesterday, a few at a time."""
    old = connection.execute(_OLD, {"before": to_datetime(now) - KEPT}).all()
    if old:
        connection.execute(_FORGET, [{"of": actor, "named": key} for actor, key in old])
