"""The sink that writes straight into a ledger's database."""

import struct
import threading
from collections.abc import Sequence
from contextlib import suppress

import msgspec
from sqlalchemy import Connection
from sqlalchemy.exc import DataError, DBAPIError, InterfaceError

from everyrun.domain.clock import Clock, SystemClock
from everyrun.domain.errors import EventRejected, LedgerError, SinkUnavailable
from everyrun.domain.events import WIRE_VERSION, AnyEvent, Batch, RecorderInfo, decode
from everyrun.store.append import append
from everyrun.store.database import Database, RaceLost, open_database
from everyrun.store.partitions import ensure_months, missing_months
from everyrun.store.schema import SchemaState

UNWRITABLE = (DataError, InterfaceError, OverflowError, struct.error)
"""What a database or its driver says of a value that it will never take."""


class _TakenBack(Exception):
    """Ends a transaction that was only a trial."""


def decode_events(events: Sequence[bytes]) -> list[AnyEvent]:
    """Encoded events -> events. Raises :class:`EventRejected` for one that cannot be read."""
    decoded: list[AnyEvent] = []
    for position, event in enumerate(events):
        try:
            decoded.append(decode(event))
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise EventRejected(position, str(error)) from None
    return decoded


class SqlSink:
    """Writes batches into SQLite or PostgreSQL, each in one transaction.

    An empty ledger is made on the first write; an older SQLite ledger is migrated, an older
    PostgreSQL one waits for ``everyrun db upgrade``.
    """

    def __init__(self, url: str, *, clock: Clock | None = None) -> None:
        self._database = open_database(url)
        self._clock = clock or SystemClock()
        self._ready = False
        self._lock = threading.Lock()

    def write(self, recorder: RecorderInfo, events: Sequence[bytes]) -> None:
        """See :class:`everyrun.domain.ports.Sink`."""
        batch = Batch(version=WIRE_VERSION, recorder=recorder, events=decode_events(events))
        try:
            self._prepare()
            self._append(batch)
        except UNWRITABLE as error:
            self._reject_the_culprit(batch)
            raise SinkUnavailable(f"the ledger cannot write these events: {error}") from error
        except (DBAPIError, RaceLost, LedgerError, OSError) as error:
            raise SinkUnavailable(f"the ledger does not take events now: {error}") from error

    def close(self) -> None:
        """See :class:`everyrun.domain.ports.Sink`."""
        self._database.close()

    def _prepare(self) -> None:
        with self._lock:
            if not self._ready:
                prepare_ledger(self._database)
                self._ready = True

    def _append(self, batch: Batch) -> None:
        append_batch(self._database, batch, self._clock.now())

    def _reject_the_culprit(self, batch: Batch) -> None:
        """Find the event that the database will never take, so that it does not block the rest.

        Raises :class:`EventRejected` with its position; returns when no event is to blame alone.
        """
        for position, event in enumerate(batch.events):
            alone = Batch(version=batch.version, recorder=batch.recorder, events=[event])
            try:
                self._try_out(alone)
            except UNWRITABLE as error:
                reason = getattr(error, "orig", None) or error
                raise EventRejected(position, f"cannot be written: {reason}") from error

    def _try_out(self, batch: Batch) -> None:
        """Append a batch and take it back."""
        with suppress(_TakenBack), self._database.writing() as connection:
            append(connection, batch, self._clock.now())
            raise _TakenBack


def prepare_ledger(database: Database) -> None:
    """Make an empty ledger's schema; migrate an older SQLite file; raise when neither may be."""
    state = database.schema()
    embedded = database.dialect == "sqlite"
    if state is SchemaState.EMPTY or (state is SchemaState.OLD and embedded):
        database.upgrade()
    else:
        state.require_current()


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
