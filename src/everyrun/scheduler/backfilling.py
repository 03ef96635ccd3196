"""Running a schedule's due times of a range after the fact: a batch, each with its due time."""

from typing import NamedTuple

from sqlalchemy import Connection

from everyrun.domain.clock import Clock, SystemClock
from everyrun.domain.errors import EveryrunError
from everyrun.domain.identifiers import new_id
from everyrun.scheduler.firing import BACKFILLED, STARTED, request_for
from everyrun.scheduler.scheduling import definition_of
from everyrun.scheduler.triggers import Timetable, fires_between
from everyrun.store import schedules
from everyrun.store.backfills import BackfillRecord, record_backfill
from everyrun.store.batches import BatchRecord, read_batch
from everyrun.store.coming_months import prepare_months
from everyrun.store.database import Database
from everyrun.store.schedules import FireRecord, ScheduleRecord
from everyrun.workflows.batches.making import MOST_MEMBERS, make_within

_DONE = frozenset({STARTED, BACKFILLED})


class NothingToBackfill(EveryrunError, ValueError):
    """No due time of this schedule lies in this range, or all of them were run."""

    status_code = 422


class TooMuchToBackfill(EveryrunError, ValueError):
    """This range has more due times than a batch has room for."""

    status_code = 422


class Range(NamedTuple):
    """From ``since`` on and before ``until``, µs UTC. ``again`` takes those that were run, too."""

    since: int
    until: int
    again: bool = False


class Backfill(NamedTuple):
    """What a range comes to: due times to run, and those that were run already."""

    due: list[int]
    done: list[int]


def preview(
    database: Database, schedule: ScheduleRecord, wanted: Range, *, clock: Clock | None = None
) -> Backfill:
    """What :func:`backfill` would run. Raises :class:`TooMuchToBackfill`."""
    now = (clock or SystemClock()).now()
    with database.reading() as connection:
        return _work_out(connection, schedule, wanted, now)


def backfill(
    database: Database,
    schedule: ScheduleRecord,
    wanted: Range,
    *,
    parallel: int = 1,
    by: str | None = None,
    clock: Clock | None = None,
) -> BatchRecord:
    """Make a batch of a range's due times, the earliest first; nobody runs it yet.

    What lies in the future is left out. The due times are on record as backfilled. Raises
    :class:`NothingToBackfill`, :class:`TooMuchToBackfill`, ``InvalidBatch`` and ``TemplateError``.
    """
    now = (clock or SystemClock()).now()
    prepare_months(database)

    def work(connection: Connection) -> BatchRecord:
        locked = schedules.read_schedule(connection, schedule.id, lock=True)
        due = _work_out(connection, locked, wanted, now).due
        if not due:
            raise NothingToBackfill
        definition = definition_of(locked)
        timetable = Timetable(definition, locked.timezone)
        requests = [request_for(locked, definition, timetable, at, by=by) for at in due]
        name = f"{locked.workflow}: {locked.name}"
        batch_id, members = make_within(connection, name, requests, now, parallel=parallel, by=by)
        fires = [
            FireRecord(at, BACKFILLED, now, execution_id, _reason(by))
            for at, execution_id in zip(due, members, strict=True)
        ]
        schedules.record_fires(connection, locked.id, fires, instead=True)
        record_backfill(
            connection,
            BackfillRecord(new_id(), locked.id, batch_id, wanted.since, wanted.until, by, now),
        )
        return read_batch(connection, batch_id)

    return database.transact(work)


def _work_out(
    connection: Connection, schedule: ScheduleRecord, wanted: Range, now: int
) -> Backfill:
    timetable = Timetable(definition_of(schedule), schedule.timezone)
    until = min(wanted.until, now)
    due = fires_between(timetable, wanted.since, until, MOST_MEMBERS + 1)
    if len(due) > MOST_MEMBERS:
        raise TooMuchToBackfill(f"this range has more than {MOST_MEMBERS} due times")
    if wanted.again:
        return Backfill(due, [])
    known = schedules.decided_fires(connection, schedule.id, due)
    done = [at for at in due if at in known and known[at].outcome in _DONE]
    return Backfill([at for at in due if at not in set(done)], done)


def _reason(by: str | None) -> str | None:
    return None if by is None else f"asked for by {by}"
