"""Forgetting old changes: whoever has not asked for so long reads everything anew anyway."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    delete,
    func,
    literal_column,
    not_,
    select,
    update,
)

from everyrun.domain.clock import to_datetime
from everyrun.store.changes.positions import PRUNED, Position, from_place, in_order, is_in_order
from everyrun.store.changes.telling import changes
from everyrun.store.locking import take_turns

CHUNK = 5_000
"""Changes that one transaction forgets, at most."""

_c = changes.c
_NOT_BEGUN: ColumnElement[int] = literal_column(
    "pg_snapshot_xmax(pg_current_snapshot())::text::bigint"
)


class Kept(NamedTuple):
    """How much is kept: changes younger than ``age``, and the last ``rows`` at most."""

    age: timedelta = timedelta(days=7)
    rows: int = 1_000_000


USUALLY_KEPT = Kept()


def prune_changes(
    connection: Connection, now: int, kept: Kept = USUALLY_KEPT, chunk: int = CHUNK
) -> int:
    """Forget what need not be kept at ``now`` (µs UTC); answers how many changes that were.

    At most ``chunk`` at a time: call it again, in a transaction of its own, until it answers 0.
    The last forgotten change stays as a mark of where what is kept begins.
    """
    take_turns(connection, "changes", "pruning")
    _forget_foreign(connection)
    newest = connection.execute(select(func.max(_c.id))).scalar()
    if newest is None:
        return 0
    dialect = connection.dialect.name
    oldest = connection.execute(
        select(_c.transaction, _c.id, _c.at, _c.type)
        .where(is_in_order(dialect))
        .order_by(*in_order(dialect))
        .limit(chunk + 1)
    ).all()
    gone = _leading(oldest, to_datetime(now) - kept.age, newest - kept.rows)
    if not gone or (len(gone) == 1 and gone[0].type == PRUNED):
        return 0
    last = gone[-1]
    before = not_(from_place(Position(last.transaction, last.id), dialect))
    connection.execute(delete(changes).where(before))
    connection.execute(update(changes).where(_c.id == last.id).values(type=PRUNED, data=None))
    return sum(row.type != PRUNED for row in gone)


def _leading(
    rows: Sequence[Row[*tuple[Any, ...]]], since: datetime, last_id: int
) -> list[Row[*tuple[Any, ...]]]:
    """The rows before the first one that is kept."""
    gone = []
    for row in rows:
        if row.type != PRUNED and row.at >= since and row.id > last_id:
            break
        gone.append(row)
    return gone


def _forget_foreign(connection: Connection) -> None:
    """Forget changes of transactions that this PostgreSQL has not begun yet.

    They came with a dump of another server, and would be told as news once it gets that far.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(delete(changes).where(_c.transaction >= _NOT_BEGUN))
