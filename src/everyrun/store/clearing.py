"""Deleting all that filters mean, once somebody has seen how many that are."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from sqlalchemy import Connection, select

from everyrun.domain.errors import EveryrunError, IllegalMove, InvalidQuery
from everyrun.domain.identifiers import id_bytes, id_text
from everyrun.domain.views.deleting import Deletion
from everyrun.domain.views.executions import ExecutionFilters
from everyrun.store.database import Database
from everyrun.store.deleting import delete_executions, executions
from everyrun.store.reading.counts import (
    MOST_COUNTED,
    OVER,
    Confirmation,
    find_matching,
)
from everyrun.store.reading.executions import span_of
from everyrun.store.reading.known_ids import one_of
from everyrun.store.reading.lanes import Span

DELETED_AT_ONCE = 200
"""Executions a transaction, so that recorders are not kept waiting."""

TOLERANCE = 10
"""Per cent by which the number may have moved since it was shown."""


class CountMoved(EveryrunError):
    """By now these filters mean another number of executions; look again before you delete."""

    status_code = 409

    def __init__(self, expected: int, count: int) -> None:
        super().__init__(f"{expected:,} were shown, and by now there are {count:,}; look again")
        self.expected = expected
        self.count = count

    def members(self) -> dict[str, Any]:
        """Both numbers."""
        return {"expected": self.expected, "count": self.count}


def delete_matching(
    database: Database,
    filters: ExecutionFilters,
    confirm: str,
    now: int,
    ceiling: int = MOST_COUNTED,
) -> Deletion:
    """Delete the executions that were counted when ``confirm`` was given out.

    Those that have not settled stay. ``ceiling`` at most, so that a call ends; each 200 are a
    transaction of their own. Raises :class:`CountMoved` when more than a tenth has come or gone,
    and :class:`InvalidQuery` when ``confirm`` was given out for other filters.
    """
    confirmed = Confirmation.read(confirm, filters)
    if confirmed is None:
        raise InvalidQuery("this was confirmed for other filters; count with these first")
    span = span_of(filters)
    with database.reading() as connection:
        found = find_matching(connection, filters, _up_to(span, confirmed.newest), ceiling)
    if abs(len(found.ids) - confirmed.shown) * 100 > confirmed.shown * TOLERANCE:
        raise CountMoved(confirmed.shown, len(found.ids))
    deleted = 0
    for start in range(0, len(found.ids), DELETED_AT_ONCE):
        chunk = found.ids[start : start + DELETED_AT_ONCE]
        deleted += database.transact(partial(_delete_over, ids=chunk, now=now))
    skipped = len(found.ids) - deleted
    return Deletion(deleted=deleted, skipped=skipped, remaining=not found.complete)


def delete_one(connection: Connection, execution_id: str, now: int, *, force: bool = False) -> bool:
    """Delete one execution, in a writing transaction; answers whether it was on record.

    One that has not settled only with ``force``: an engine that runs it finds its lease gone and
    stops. Raises :class:`IllegalMove`.
    """
    status = connection.execute(
        select(executions.c.status).where(executions.c.id == execution_id)
    ).scalar()
    if status is not None and status not in OVER and not force:
        raise IllegalMove(f"Cannot delete execution in {status} state; cancel it first")
    return bool(delete_executions(connection, [execution_id], now))


def _up_to(span: Span, newest: str) -> Span:
    """The span without what was born after ``newest``."""
    beyond = id_text((int.from_bytes(id_bytes(newest), "big") + 1).to_bytes(16, "big"))
    return Span(span.oldest, min(span.newest, beyond))


def _delete_over(connection: Connection, ids: Sequence[str], now: int) -> int:
    query = select(executions.c.id).where(
        one_of(connection, executions.c.id, ids), executions.c.status.in_(sorted(OVER))
    )
    return delete_executions(connection, list(connection.execute(query).scalars()), now)
