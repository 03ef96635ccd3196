"""The engine's way of putting on record what it decided, before it acts on it.

What makes up nearly all of a run (attempts begin, end, are retried) is written by statements that
are made once, from what the journal remembers of its own rows, so that nothing is read back. All
else goes through ``store.append``, which joins whatever it is told; so does what turns out not to
be as remembered, or is in doubt after the connection failed. Both ways lead to the same rows.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from threading import Event
from types import TracebackType
from typing import Self

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from everyrun.domain import events
from everyrun.domain.errors import LeaseLost
from everyrun.store import leases
from everyrun.store.append import append
from everyrun.store.database import Database, is_unavailable
from everyrun.store.journal.learning import Learned, has_settled, learn, learn_nodes
from everyrun.store.journal.remembering import Memory
from everyrun.store.journal.rows import Moves
from everyrun.store.journal.writing import Address, InDoubt, Writer, open_writer
from everyrun.store.partitions import ensure_months, missing_months

__all__ = ["Journal"]

HEARD_OF_EVERY = 1_000_000
"""Microseconds after which a commit notes again that its recorder was heard of."""

PAUSES = (0.0, 0.1, 0.4, 1.5, 3.0, 5.0)
"""Seconds to wait between tries while a PostgreSQL server is away, as when it restarts."""


class Journal:
    """Commits one execution's events while ``owner`` holds its lease. For one thread at a time."""

    def __init__(
        self,
        database: Database,
        execution_id: str,
        workflow: str,
        recorder: events.RecorderInfo,
        owner: str,
    ) -> None:
        self._database = database
        self._recorder = recorder
        self._memory = Memory(execution_id, workflow)
        self._address = Address(execution_id, "", recorder.id, owner)
        self._writer: Writer | None = None
        self._heard_of_at = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def commit(self, told: Sequence[events.AnyEvent], now: int, *, release: bool = False) -> None:
        """Put events on record in one transaction; ``release`` gives the lease up with it.

        ``now`` is microseconds UTC. Raises :class:`LeaseLost`, with nothing written, when another
        process has the execution by now.
        """
        in_doubt = False
        moves = None if release else self._memory.moves_of(told)
        if moves is not None:
            try:
                if self._write(moves, now):
                    self._memory.keep(moves)
                    return
            except InDoubt:
                in_doubt = True
        self._tell(told, now, release=release, in_doubt=in_doubt)

    def close(self) -> None:
        """Let go of the connection, for the next journal to use."""
        writer, self._writer = self._writer, None
        if writer is not None:
            self._database.keep_spare(writer)

    def _write(self, moves: Moves, now: int) -> bool:
        heard_of = now - self._heard_of_at >= HEARD_OF_EVERY
        try:
            if self._writer is None:
                self._writer = open_writer(self._database)
            if not self._writer.write(self._address, moves, now, heard_of=heard_of):
                return False
        except InDoubt:
            writer, self._writer = self._writer, None
            if writer is not None:
                writer.close()
            raise
        if heard_of:
            self._heard_of_at = now
        return True

    def _tell(
        self, told: Sequence[events.AnyEvent], now: int, *, release: bool, in_doubt: bool
    ) -> None:
        """Take the general door, which joins: what is on record already changes nothing."""
        work = partial(self._append, told=told, now=now, release=release)
        pauses = iter(PAUSES)
        while True:
            try:
                self._ensure_months(told)
                learned = self._database.transact(work)
                break
            except LeaseLost:
                if in_doubt and release and self._has_settled():
                    return
                raise
            except DBAPIError as error:
                pause = next(pauses, None)
                if pause is None or not self._may_be_back(error):
                    raise
                in_doubt = True
                Event().wait(pause)
        self._heard_of_at = now
        if learned is not None:
            self._remember(told, learned)

    def _append(
        self, connection: Connection, told: Sequence[events.AnyEvent], now: int, *, release: bool
    ) -> Learned | None:
        execution_id, owner = self._address.execution_id, self._address.owner
        leases.require(connection, execution_id, owner, exclusively=release)
        batch = events.Batch(
            version=events.WIRE_VERSION, recorder=self._recorder, events=list(told)
        )
        append(connection, batch, now)
        if release:
            leases.release(connection, execution_id, owner)
            return None
        return learn(connection, execution_id, _rows_of(told), self._recorder.id)

    def _ensure_months(self, told: Sequence[events.AnyEvent]) -> None:
        if self._database.dialect != "postgresql":
            return
        ids = {event.execution_id for event in told if isinstance(event, events.Event)}
        months = missing_months(ids, self._database.known_months)
        if months:
            self._database.transact(lambda connection: ensure_months(connection, months))
            self._database.known_months |= months

    def _may_be_back(self, error: DBAPIError) -> bool:
        return self._database.dialect == "postgresql" and is_unavailable(error)

    def _has_settled(self) -> bool:
        """Whether the commit that was in doubt was made: it took the lease with it."""
        with self._database.reading() as connection:
            return has_settled(connection, self._address.execution_id)

    def _remember(self, told: Sequence[events.AnyEvent], learned: Learned) -> None:
        memory = self._memory
        self._address = self._address._replace(workflow_id=learned.workflow_id)
        memory.began = learned.began
        for id_ in _rows_of(told):
            memory.open.pop(id_, None)
        memory.open.update(learned.open)
        if not all(event.node in memory.nodes for event in _node_events(told)):
            with self._database.reading() as connection:
                memory.nodes = learn_nodes(connection, learned.workflow_id)


def _node_events(told: Sequence[events.AnyEvent]) -> Iterator[events.NodeEvent]:
    return (event for event in told if isinstance(event, events.NodeEvent))


def _rows_of(told: Sequence[events.AnyEvent]) -> list[str]:
    return list({event.node_execution_id: None for event in _node_events(told)})
