"""Places in the order of commits.

On PostgreSQL a transaction's id is given when it first writes, and its rows appear when it commits:
rows of a later id may appear before those of an earlier one. Below the oldest transaction that is
still open nothing appears any more; only there a place is one. SQLite's writers take turns, so
their rows appear in the order of their ids.
"""

import hashlib
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    literal,
    literal_column,
    select,
    true,
    tuple_,
)

from everyrun.domain.clock import to_microseconds
from everyrun.store.changes.telling import changes
from everyrun.store.reading.cursors import make_cursor, read_cursor

PRUNED = "pruned"
"""The type of the last change that is not kept any more: whoever has read up to it missed none."""

_KIND = b"c"
_MARK_BYTES = 8
_c = changes.c
_OLDEST_OPEN: ColumnElement[int] = literal_column(
    "pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
)


class Position(NamedTuple):
    """The place of a change. ``mark`` tells it from the one at this place of another ledger."""

    transaction: int = 0
    id: int = 0
    mark: bytes = bytes(_MARK_BYTES)

    @property
    def cursor(self) -> str:
        """Opaque text for callers. Equal on all servers of a ledger."""
        where = (self.transaction.to_bytes(8, "big"), self.id.to_bytes(8, "big"))
        return make_cursor(_KIND, *where, self.mark)

    @classmethod
    def of(cls, cursor: str) -> "Position":
        """The place that a cursor stands for. Raises :class:`InvalidCursor`."""
        raw = read_cursor(cursor, _KIND, 16 + _MARK_BYTES)
        return cls(int.from_bytes(raw[:8], "big"), int.from_bytes(raw[8:16], "big"), raw[16:])


BEGINNING = Position()
"""Before the first change of any ledger."""

MARKED = (_c.at, _c.workflow_id, _c.workflow_execution_id, _c.batch_id)
"""What a mark is made of."""


def position_of(transaction: int, id_: int, at: datetime, *ids: str | None) -> Position:
    """The position of a change with these columns (``MARKED``)."""
    text = repr((to_microseconds(at), *ids))
    return Position(
        transaction, id_, hashlib.blake2b(text.encode(), digest_size=_MARK_BYTES).digest()
    )


def is_in_order(dialect: str) -> ColumnElement[bool]:
    """Whether a change that can be seen has its final place among all changes."""
    return _c.transaction < _OLDEST_OPEN if dialect == "postgresql" else true()


def from_place(position: Position, dialect: str) -> ColumnElement[bool]:
    """Whether a change is at this place or after it."""
    if dialect == "sqlite":
        return _c.id >= literal(position.id, BigInteger)
    place = (literal(position.transaction, BigInteger), literal(position.id, BigInteger))
    return tuple_(_c.transaction, _c.id) >= tuple_(*place)


def in_order(dialect: str) -> tuple[ColumnElement[int], ...]:
    """What changes are ordered by."""
    return (_c.id,) if dialect == "sqlite" else (_c.transaction, _c.id)


class Newest(NamedTuple):
    """The last change that has its place, and when it was; of an empty ledger the beginning."""

    position: Position
    at: datetime | None


def newest_change(connection: Connection) -> Newest:
    """Up to where changes can be read by now."""
    dialect = connection.dialect.name
    query = (
        select(_c.transaction, _c.id, *MARKED)
        .where(is_in_order(dialect))
        .order_by(*(column.desc() for column in in_order(dialect)))
        .limit(1)
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        return Newest(BEGINNING, None)
    return Newest(position_of(*row), row.at)
