"""The ledger's own door: who may come in is settled here without anybody having to be let in."""

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from everyrun.cli.errors import LedgerMissing
from everyrun.cli.messages import say
from everyrun.domain.clock import SystemClock

if TYPE_CHECKING:
    from everyrun.store.connections import Connection
    from everyrun.store.database import Database

Result = TypeVar("Result")


@contextmanager
def ledger_to_read(url: str | None) -> Iterator["Database"]:
    """The ledger's database, its schema checked. Raises the ledger's own errors."""
    from everyrun.cli.opening import place_of, unchecked_ledger
    from everyrun.store.schema import SchemaState

    with unchecked_ledger(url) as database:
        if database.schema() is SchemaState.EMPTY:
            place = place_of(database)
            raise LedgerMissing(say("ledger_empty", url=place), place)
        database.require_current_schema()
        yield database


class Change(NamedTuple):
    """A change as the audit log names it, and who asks for it."""

    action: str
    target: str | None
    by: str | None


def change(
    database: "Database", asked: Change, work: "Callable[[Connection, int], Result]"
) -> Result:
    """Do ``work`` (which is told the time, µs UTC) and put it on record, or neither.

    The audit log tells the machine as the address, and the user of the machine.
    """
    from everyrun.cli.who import current_user
    from everyrun.store.access.auditing import AuditStart, begin_entry, finish_entry

    now = SystemClock().now()
    start = AuditStart(
        actor=asked.by or current_user() or "?",
        actor_kind="command line",
        actor_id=None,
        role=None,
        action=asked.action,
        target=asked.target,
        address=socket.gethostname(),
        user_agent=f"everyrun (process {os.getpid()})",
    )

    def both(connection: "Connection") -> Result:
        entry = begin_entry(connection, start, now)
        result = work(connection, now)
        finish_entry(connection, entry, 200)
        return result

    return database.transact(both)
