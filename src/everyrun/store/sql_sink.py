"""The sink that writes straight into a ledger's database."""

import threading
from collections.abc import Sequence

import msgspec
from sqlalchemy.exc import DBAPIError

from everyrun.domain.clock import Clock, SystemClock
from everyrun.domain.errors import EventRejected, LedgerError, SinkUnavailable
from everyrun.domain.events import WIRE_VERSION, AnyEvent, Batch, RecorderInfo, decode
from everyrun.store.database import Database, open_database
from everyrun.store.intake import Intake
from everyrun.store.schema import SchemaState


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
        self._intake = Intake(self._database, clock or SystemClock())
        self._ready = False
        self._lock = threading.Lock()

    def write(self, recorder: RecorderInfo, events: Sequence[bytes]) -> None:
        """See :class:`everyrun.domain.ports.Sink`."""
        batch = Batch(version=WIRE_VERSION, recorder=recorder, events=decode_events(events))
        self._prepare()
        self._intake.take(batch)

    def close(self) -> None:
        """See :class:`everyrun.domain.ports.Sink`."""
        self._database.close()

    def _prepare(self) -> None:
        with self._lock:
            if not self._ready:
                try:
                    prepare_ledger(self._database)
                except (DBAPIError, LedgerError, OSError) as error:
                    raise SinkUnavailable(f"the ledger cannot be written to: {error}") from error
                self._ready = True


def prepare_ledger(database: Database) -> None:
    """Make an empty ledger's schema; migrate an older SQLite file; raise when neither may be."""
    state = database.schema()
    embedded = database.dialect == "sqlite"
    if state is SchemaState.EMPTY or (state is SchemaState.OLD and embedded):
        database.upgrade()
    else:
        state.require_current()
