"""Running a batch: its executions in their order, so many at once, whoever began it.

Whoever runs a batch holds it, as an execution is held: when its process is gone another one goes
on, with the executions that were not settled. What is to be done is on record and nowhere else.
"""

import logging
from collections.abc import Callable
from threading import Condition, Event, Thread
from typing import Protocol

from everyrun.domain.clock import Clock, SystemClock
from everyrun.domain.errors import EveryrunError, LeaseLost
from everyrun.domain.status import Status
from everyrun.store import batches, leases
from everyrun.store.batches import BatchRecord, read_batch
from everyrun.store.database import Database, is_unavailable
from everyrun.store.leases import Lease
from everyrun.workflows.batches.stopping import end_if_over
from everyrun.workflows.batches.turns import may_begin
from everyrun.workflows.controlling import AlreadySettled, cancel
from everyrun.workflows.rescuing import rescue
from everyrun.workflows.running import Finished

_RENEWALS_A_LEASE = 3
_log = logging.getLogger("everyrun.batches")


class BatchTaken(EveryrunError):
    """Another process runs this batch."""

    status_code = 409


class Runner(Protocol):
    """Who runs the executions: an engine."""

    id: str

    def run(self, execution_id: str) -> Finished:
        """Run an execution to its end."""
        ...


class BatchRun:
    """One batch in the hands of this process.

    ``on_counted`` is told when the counts have changed, ``on_finished`` of each execution that
    ended here; both from the thread that runs the batch. ``is_surely_dead`` answers whether the
    process behind an owner is known to have ended.
    """

    def __init__(
        self,
        database: Database,
        batch_id: str,
        runner: Runner,
        *,
        clock: Clock | None = None,
        poll_seconds: float = 0.25,
        lease_seconds: float = 30.0,
        is_surely_dead: Callable[[str], bool] = lambda _owner: False,
        on_counted: Callable[[BatchRecord], None] | None = None,
        on_finished: Callable[[Finished], None] | None = None,
    ) -> None:
        self.batch_id = batch_id
        self._database = database
        self._runner = runner
        self._clock = clock or SystemClock()
        self._poll_seconds = poll_seconds
        self._lease = round(lease_seconds * 1_000_000)
        self._is_surely_dead = is_surely_dead
        self._on_counted = on_counted
        self._on_finished = on_finished
        self._renew_at = 0
        self._running: dict[str, Thread] = {}
        self._ended: list[Finished] = []
        self._broken: BaseException | None = None
        self._changed = Condition()

    def run(self, leave: Event | None = None) -> BatchRecord:
        """Take the batch, run it to its end and answer how it ended.

        When ``leave`` is set nothing more is begun; once what runs has ended or was handed back,
        the batch is left to others, as it stands. Raises :class:`BatchTaken` and ``NotOnRecord``.
        """
        leave = leave or Event()
        self._hold()
        try:
            while not (leave.is_set() and not self._running):
                if self._go_round(begins=not leave.is_set()) is not None:
                    break
                self._wait()
            self._tell_of_ends()  # of those that ended since the last round
        finally:
            self._database.transact(
                lambda connection: batches.leave_batch(connection, self.batch_id, self._runner.id)
            )
        return self._read()

    def _go_round(self, *, begins: bool) -> Status | None:
        """Hold the batch, begin what may begin, count; the outcome once all has settled."""
        if self._broken is not None:
            raise self._broken
        batch = self._hold()
        self._tell_of_ends()
        left = self._left(batch)
        if batch.stop_asked_at is not None:
            for lease in left:
                self._end(lease, batch.stop_asked_by)
        elif begins:
            for lease in left:
                if len(self._running) < batch.parallel and lease.execution_id not in self._running:
                    self._begin(lease)
        now = self._clock.now()
        status = None
        if not self._running:
            status = self._database.transact(lambda c: end_if_over(c, self.batch_id, now))
        self._count(batch)
        return status

    def _hold(self) -> BatchRecord:
        """Take the batch, or keep it. Raises :class:`BatchTaken`."""
        now = self._clock.now()
        batch = self._read()
        if batch.ended_at is not None or (batch.owner == self._runner.id and now < self._renew_at):
            return batch
        dead = None
        if batch.owner not in {None, self._runner.id} and self._is_surely_dead(str(batch.owner)):
            dead = batch.owner
        held = self._database.transact(
            lambda connection: batches.take_batch(
                connection, self.batch_id, self._runner.id, now, now + self._lease, dead_owner=dead
            )
        )
        if not held:
            raise BatchTaken(f"another process runs batch {self.batch_id}")
        self._renew_at = now + self._lease // _RENEWALS_A_LEASE
        return self._read()

    def _read(self) -> BatchRecord:
        with self._database.reading() as connection:
            return read_batch(connection, self.batch_id)

    def _left(self, batch: BatchRecord) -> list[Lease]:
        if batch.stop_asked_at is None and len(self._running) >= batch.parallel:
            return []
        limit = leases.MOST_LEASES
        if batch.stop_asked_at is None:
            limit = batch.parallel + len(self._running)
        with self._database.reading() as connection:
            return leases.members_left(connection, self.batch_id, limit)

    def _begin(self, lease: Lease) -> None:
        now = self._clock.now()
        if not self._database.transact(lambda connection: may_begin(connection, lease, now)):
            return
        id_ = lease.execution_id
        thread = Thread(target=self._work, args=(id_,), name=f"batch member {id_}", daemon=True)
        self._running[id_] = thread
        thread.start()

    def _end(self, lease: Lease, by: str | None) -> None:
        """See that a member of a stopped batch ends, if nobody is there to hear of it."""
        if lease.execution_id in self._running:
            return
        now = self._clock.now()
        if lease.owner is not None:
            dead = [lease.owner] if self._is_surely_dead(lease.owner) else []
            rescued = self._database.transact(
                lambda connection: rescue(connection, lease.execution_id, now, dead)
            )
            if rescued is None:
                return
        try:
            reason = f"batch {self.batch_id} was stopped"
            cancel(self._database, lease.execution_id, by=by, reason=reason, clock=self._clock)
        except AlreadySettled:
            pass

    def _work(self, execution_id: str) -> None:
        finished = None
        try:
            finished = self._runner.run(execution_id)
        except (AlreadySettled, LeaseLost):
            pass  # what became of it is on record
        except Exception as error:  # noqa: BLE001 - raised again in the thread of the batch
            if is_unavailable(error):
                _log.warning("execution %s is tried again: %s", execution_id, error)
            else:
                self._broken = error
        with self._changed:
            del self._running[execution_id]
            if finished is not None and finished.status != Status.PENDING:
                self._ended.append(finished)
            self._changed.notify_all()

    def _tell_of_ends(self) -> None:
        with self._changed:
            ended, self._ended = self._ended, []
        if self._on_finished is not None:
            for finished in ended:
                self._on_finished(finished)

    def _count(self, before: BatchRecord) -> None:
        with self._database.reading() as connection:
            counts = batches.counts_of(connection, self.batch_id)
        if counts == before.counts:
            return
        self._database.transact(lambda connection: batches.count_members(connection, self.batch_id))
        if self._on_counted is not None:
            self._on_counted(self._read())

    def _wait(self) -> None:
        with self._changed:
            if not self._ended and self._broken is None:
                self._changed.wait(self._poll_seconds)
