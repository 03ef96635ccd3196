"""Taking batches of events into a ledger: each whole, or refused with what stands in its way."""

import struct
from contextlib import nullcontext, suppress
from threading import Lock

from sqlalchemy import Connection
from sqlalchemy.exc import DataError, DBAPIError, InterfaceError

from everyrun.domain.clock import Clock
from everyrun.domain.errors import EventRejected, LedgerError, SinkUnavailable
from everyrun.domain.events import AnyEvent, Batch
from everyrun.store.append import append
from everyrun.store.append.payload_text import UnwritablePayload
from everyrun.store.database import Database, RaceLost
from everyrun.store.partitions import ensure_months, missing_months

UNWRITABLE = (DataError, InterfaceError, OverflowError, struct.error, UnwritablePayload)
"""What a database, its driver or we say of a value that will never be taken."""


class _TakenBack(Exception):
    """Ends a transaction that was only a trial."""


class Intake:
    """Takes batches into one ledger. Safe to share between threads."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        # One writer waits for another here: SQLite would have it look again every 100 ms.
        self._turn = Lock() if database.dialect == "sqlite" else nullcontext()

    def take(self, batch: Batch) -> None:
        """Append a batch, durably and once, however often it comes.

        Raises :class:`EventRejected` for an event that can never be taken, and
        :class:`SinkUnavailable` when the ledger does not take any now. Nothing is written then.
        """
        try:
            with self._turn:
                append_batch(self._database, batch, self._clock.now())
        except UNWRITABLE as error:
            self._reject_the_culprit(batch, error)
            raise SinkUnavailable(f"the ledger cannot write these events: {error}") from error
        except (DBAPIError, RaceLost, LedgerError, OSError) as error:
            raise SinkUnavailable(f"the ledger does not take events now: {error}") from error

    def _reject_the_culprit(self, batch: Batch, cause: Exception) -> None:
        """Find the event that the database will never take, so that it does not block the rest.

        Raises :class:`EventRejected` with its position; returns when no event is to blame alone.
        """
        blamed, reason = range(len(batch.events)), cause
        while len(blamed) > 1:
            middle = (blamed.start + blamed.stop) // 2
            for half in (range(blamed.start, middle), range(middle, blamed.stop)):
                error = self._refusal(batch, batch.events[half.start : half.stop])
                if error is not None:
                    blamed, reason = half, error
                    break
            else:
                return
        if blamed:
            told = getattr(reason, "orig", None) or reason
            raise EventRejected(blamed.start, f"cannot be written: {told}") from reason

    def _refusal(self, batch: Batch, events: list[AnyEvent]) -> Exception | None:
        """What is said of some of a batch's events alone; they are appended and taken back."""
        some = Batch(version=batch.version, recorder=batch.recorder, events=events)
        try:
            with suppress(_TakenBack), self._database.writing() as connection:
                append(connection, some, self._clock.now())
                raise _TakenBack
        except UNWRITABLE as error:
            return error
        return None


def append_batch(database: Database, batch: Batch, now: int) -> None:
    """Append a batch in a transaction of its own, its months' partitions made before."""
    if database.dialect == "postgresql":
        ids = {event.execution_id for event in batch.events if hasattr(event, "execution_id")}
        months = missing_months(ids, database.known_months)
        if months:
            database.transact(lambda connection: ensure_months(connection, months))
            database.known_months |= months

    def work(connection: Connection) -> None:
        append(connection, batch, now)

    database.transact(work)
