"""Stopping a batch: what runs is cancelled, what waits is not run, and both are counted."""

from typing import NamedTuple

from sqlalchemy import Connection

from everyrun.domain.clock import Clock, SystemClock
from everyrun.domain.errors import EveryrunError
from everyrun.domain.status import Status
from everyrun.store import batches, requests
from everyrun.store.batches import BatchRecord, Counts, read_batch
from everyrun.store.database import Database
from everyrun.store.leases import call_off_members, members_left
from everyrun.workflows.launching import put_on_record, skipped


class BatchEnded(EveryrunError):
    """This batch has ended; there is nothing left to stop."""

    status_code = 409


def stop(
    database: Database,
    batch_id: str,
    *,
    by: str | None = None,
    kill: bool = False,
    clock: Clock | None = None,
) -> BatchRecord:
    """Have a batch end, whether anybody runs it or not; answers how it stands then.

    What nobody has begun is settled here and now. Raises :class:`BatchEnded`, ``NotOnRecord``.
    """
    now = (clock or SystemClock()).now()

    def work(connection: Connection) -> BatchRecord:
        batch = read_batch(connection, batch_id, lock=True)
        if batch.ended_at is not None:
            raise BatchEnded(f"batch {batch_id} is {batch.status} already")
        batches.ask_stop(connection, batch_id, by, now)
        _call_off(connection, batch_id, by, now)
        action = "kill" if kill else "cancel"
        data = {"reason": f"batch {batch_id} was stopped"}
        for lease in members_left(connection, batch_id):
            requests.ask(connection, lease.execution_id, action, data=data, by=by, now=now)
        end_if_over(connection, batch_id, now)
        return read_batch(connection, batch_id)

    return database.transact(work)


def end_if_over(connection: Connection, batch_id: str, now: int) -> Status | None:
    """Count a batch's members; end it when all have settled, and answer how it ended then."""
    counts = batches.count_members(connection, batch_id)
    if members_left(connection, batch_id, limit=1):
        return None
    batch = read_batch(connection, batch_id)
    status, reason = outcome(batch, counts)
    batches.end_batch(connection, batch_id, status, now, reason)
    return status


class Outcome(NamedTuple):
    """How a batch ended, and why, where that needs saying."""

    status: Status
    reason: str | None


def outcome(batch: BatchRecord, counts: Counts) -> Outcome:
    """How a batch ended whose members have all settled.

    One that was stopped is cancelled, whatever else happened in it, unless nothing was left.
    """
    was_cut_short = counts.cancelled or counts.not_run
    if batch.stop_asked_at is not None and was_cut_short:
        return Outcome(Status.CANCELLED, f"stopped by {batch.stop_asked_by or 'somebody'}")
    if counts.failed:
        return Outcome(Status.FAILED, None)
    return Outcome(Status.CANCELLED if counts.cancelled else Status.COMPLETED, None)


def _call_off(connection: Connection, batch_id: str, by: str | None, now: int) -> None:
    called_off = call_off_members(connection, batch_id)
    if not called_off:
        return
    reason = f"not run: batch {batch_id} was stopped by {by or 'somebody'}"
    told = [skipped(id_, workflow, reason, now) for id_, workflow in called_off]
    put_on_record(connection, told, now)
