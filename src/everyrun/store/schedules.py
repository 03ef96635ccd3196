"""When workflows start by themselves, and what became of every due time.

Times are microseconds UTC. What a definition means is not known here.
"""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple, cast

from sqlalchemy import (
    Connection,
    Row,
    Select,
    Table,
    and_,
    delete,
    func,
    insert,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from everyrun.domain.changes import ChangeType
from everyrun.domain.clock import SystemClock, to_datetime, to_microseconds
from everyrun.domain.errors import AmbiguousId, EveryrunError, InvalidCursor, NotOnRecord
from everyrun.domain.identifiers import new_id
from everyrun.store.append.registering import insert_if_absent
from everyrun.store.changes.telling import tell_change
from everyrun.store.prefixes import begins_with
from everyrun.store.reading.matching import as_stored
from everyrun.store.tables import Schedule, ScheduleFire, Workflow

MOST_SCHEDULES = 10_000
MOST_FIRES = 1_000
_CHUNK = 400
_FIRE_KEY = ("schedule_id", "due_at")

schedules = cast("Table", Schedule.__table__)
workflows = cast("Table", Workflow.__table__)
fires = cast("Table", ScheduleFire.__table__)

_s = schedules.c
_w = workflows.c
_f = fires.c


class ScheduleExists(EveryrunError):
    """This workflow has a schedule of this name already."""

    status_code = 409


class ScheduleRecord(NamedTuple):
    """One schedule. ``workflow_active`` is False for a workflow that is switched off or deleted."""

    id: str
    workflow_id: str
    workflow: str
    workflow_active: bool
    name: str
    definition: dict[str, Any]
    timezone: str
    active: bool
    paused_reason: str | None
    next_fire_at: int | None
    last_fire_at: int | None
    created_at: int
    updated_at: int


class FireRecord(NamedTuple):
    """What became of one due time: ``started``, ``skipped``, ``missed``, ``coalesced`` or
    ``backfilled``.
    """

    due_at: int
    outcome: str
    fired_at: int
    execution_id: str | None = None
    reason: str | None = None


def add_schedule(
    connection: Connection,
    workflow_id: str,
    name: str,
    definition: dict[str, Any],
    timezone: str,
    next_fire_at: int | None,
    now: int,
) -> str:
    """Keep a schedule; answers its id. Raises :class:`ScheduleExists`."""
    id_ = new_id()
    row = {
        "id": id_,
        "workflow_id": workflow_id,
        "name": name,
        "definition": definition,
        "timezone": timezone,
        "next_fire_at": _moment(next_fire_at),
        "created_at": to_datetime(now),
        "updated_at": to_datetime(now),
    }
    insert_if_absent(connection, schedules, [row])
    kept = connection.execute(
        select(_s.id).where(_s.workflow_id == workflow_id, _s.name == name)
    ).scalar()
    if kept != id_:
        raise ScheduleExists(f"there is a schedule {name!r} of this workflow already")
    _tell(connection, ChangeType.SCHEDULE_CHANGED, id_, now)
    return id_


def update_schedule(connection: Connection, changed: ScheduleRecord, now: int) -> None:
    """Keep a schedule's name, definition, zone and next due time as they are in ``changed``.

    The caller has its lock. Raises :class:`ScheduleExists`.
    """
    others = select(_s.id).where(
        _s.workflow_id == changed.workflow_id, _s.name == changed.name, _s.id != changed.id
    )
    if connection.execute(others).first() is not None:
        raise ScheduleExists(f"there is a schedule {changed.name!r} of this workflow already")
    connection.execute(
        update(schedules)
        .where(_s.id == changed.id)
        .values(
            name=changed.name,
            definition=changed.definition,
            timezone=changed.timezone,
            next_fire_at=_moment(changed.next_fire_at),
            updated_at=to_datetime(now),
        )
    )
    _tell(connection, ChangeType.SCHEDULE_CHANGED, changed.id, now)


def read_schedule(connection: Connection, id_: str, *, lock: bool = False) -> ScheduleRecord:
    """A schedule by its id; ``lock`` keeps it until the transaction ends.

    Raises :class:`NotOnRecord`.
    """
    query = _whole().where(_s.id == id_)
    if lock:
        query = query.with_for_update(of=schedules)
    row = connection.execute(query).one_or_none()
    if row is None:
        raise NotOnRecord(f"no schedule {id_} is on record")
    return _record(row)


def find_schedule(connection: Connection, text: str) -> ScheduleRecord:
    """The schedule that ``text`` names: its id or the beginning of it, its name,
    ``WORKFLOW/NAME``, or its workflow when that has one schedule alone.

    Raises :class:`NotOnRecord` and :class:`AmbiguousId`, which names candidates.
    """
    by_name = or_(_s.name == text, _w.name + "/" + _s.name == text, _w.name == text)
    for matching in (begins_with(_s.id, text), by_name):
        if matching is None:
            continue
        found = connection.execute(_whole().where(matching).order_by(_s.id).limit(6)).all()
        if len(found) > 1:
            named = ", ".join(f"{row.workflow}/{row.name}" for row in found[:5])
            raise AmbiguousId(f"{text!r} may be any of {named}")
        if found:
            return _record(found[0])
    raise NotOnRecord(f"there is no schedule {text!r}")


def list_schedules(
    connection: Connection,
    *,
    workflow: str | None = None,
    active: bool | None = None,
    limit: int = MOST_SCHEDULES,
    after: str | None = None,
) -> list[ScheduleRecord]:
    """Schedules by the names of their workflows and their own, those behind the one ``after``.

    ``active`` leaves out those that are paused, or all others. Raises ``InvalidCursor`` when there
    is no schedule ``after`` any more.
    """
    place = (_w.name, _s.name, _s.id)
    query = _whole().order_by(*place).limit(limit)
    if workflow is not None:
        query = query.where(_w.name == as_stored(workflow))
    if active is not None:
        query = query.where(_s.active.is_(active))
    if after is not None:
        last = connection.execute(_whole().where(_s.id == after)).one_or_none()
        if last is None:
            raise InvalidCursor
        behind = tuple_(last.workflow, last.name, last.id, types=[each.type for each in place])
        query = query.where(tuple_(*place) > behind)
    return [_record(row) for row in connection.execute(query)]


def set_schedule_active(
    connection: Connection,
    id_: str,
    *,
    active: bool,
    reason: str | None,
    next_fire_at: int | None,
    now: int,
) -> None:
    """Pause a schedule for a reason, or let it go on."""
    changed = connection.execute(
        update(schedules)
        .where(_s.id == id_)
        .values(
            active=active,
            paused_reason=reason,
            next_fire_at=_moment(next_fire_at),
            updated_at=to_datetime(now),
        )
    )
    if changed.rowcount:
        _tell(connection, ChangeType.SCHEDULE_CHANGED, id_, now)


def delete_schedule(connection: Connection, id_: str, now: int | None = None) -> bool:
    """Forget a schedule and what became of its due times; the executions stay.

    ``now`` is when (µs UTC), the machine's time when None.
    """
    at = SystemClock().now() if now is None else now
    _tell(connection, ChangeType.SCHEDULE_DELETED, id_, at)
    return bool(connection.execute(delete(schedules).where(_s.id == id_)).rowcount)


def _tell(connection: Connection, change: ChangeType, id_: str, now: int) -> None:
    query = select(_s.workflow_id, _s.name, _s.active).where(_s.id == id_)
    found = connection.execute(query).one_or_none()
    if found is not None:
        told = {"id": id_, "name": found.name, "active": bool(found.active)}
        tell_change(connection, change, now, workflow_id=found.workflow_id, data=told)


# What is due.


def next_due(
    connection: Connection, now: int, passed_over: Collection[str] = ()
) -> ScheduleRecord | None:
    """A schedule that is due, locked until the transaction ends; None when there is none.

    The longest overdue one first. Those that another process has locked are passed over.
    """
    query = (
        _whole()
        .where(_s.active.is_(True), _s.next_fire_at <= to_datetime(now))
        .order_by(_s.next_fire_at, _s.id)
        .limit(1)
        .with_for_update(of=schedules, skip_locked=True)
    )
    if passed_over:
        query = query.where(_s.id.not_in(passed_over))
    row = connection.execute(query).one_or_none()
    return None if row is None else _record(row)


def next_moment(connection: Connection) -> int | None:
    """When the next schedule is due, None when none ever is."""
    query = select(func.min(_s.next_fire_at)).where(_s.active.is_(True))
    found = connection.execute(query).scalar()
    return None if found is None else to_microseconds(found)


def move_on(
    connection: Connection, id_: str, next_fire_at: int | None, last_fire_at: int | None
) -> None:
    """Say when a schedule is due next, and (unless None) when it last started something."""
    values: dict[str, Any] = {"next_fire_at": _moment(next_fire_at)}
    if last_fire_at is not None:
        values["last_fire_at"] = to_datetime(last_fire_at)
    connection.execute(update(schedules).where(_s.id == id_).values(**values))


def record_fires(
    connection: Connection, schedule_id: str, told: Sequence[FireRecord], *, instead: bool = False
) -> None:
    """Put on record what became of due times, by whoever holds the schedule's lock.

    What was decided before must be known not to be among them, unless this is to stand
    ``instead`` of it.
    """
    if not told:
        return
    rows = [_row(schedule_id, fire) for fire in told]
    if not instead:
        connection.execute(insert(fires), rows)
        return
    dialect: Any = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(fires)
    newer = {name: statement.excluded[name] for name in rows[0] if name not in _FIRE_KEY}
    connection.execute(
        statement.on_conflict_do_update(index_elements=list(_FIRE_KEY), set_=newer), rows
    )


def decided_fires(
    connection: Connection, schedule_id: str, due: Sequence[int]
) -> dict[int, FireRecord]:
    """What became of those of these due times about which something was decided."""
    found: dict[int, FireRecord] = {}
    for start in range(0, len(due), _CHUNK):
        moments = [to_datetime(at) for at in due[start : start + _CHUNK]]
        query = select(fires).where(_f.schedule_id == schedule_id, _f.due_at.in_(moments))
        found |= {fire.due_at: fire for fire in map(_fire, connection.execute(query))}
    return found


def list_fires(
    connection: Connection, schedule_id: str, limit: int = 20, before: int | None = None
) -> list[FireRecord]:
    """What became of a schedule's due times, the latest first; 1,000 at most."""
    query = select(fires).where(_f.schedule_id == schedule_id)
    if before is not None:
        query = query.where(_f.due_at < to_datetime(before))
    rows = connection.execute(query.order_by(_f.due_at.desc()).limit(min(limit, MOST_FIRES)))
    return [_fire(row) for row in rows]


def _whole() -> Select[Any]:
    workflow_active = and_(_w.active.is_(True), _w.deleted_at.is_(None))
    return select(
        _s.id,
        _s.workflow_id,
        _w.name.label("workflow"),
        workflow_active.label("workflow_active"),
        _s.name,
        _s.definition,
        _s.timezone,
        _s.active,
        _s.paused_reason,
        _s.next_fire_at,
        _s.last_fire_at,
        _s.created_at,
        _s.updated_at,
    ).join_from(schedules, workflows, _w.id == _s.workflow_id)


def _record(row: Row[Any]) -> ScheduleRecord:
    return ScheduleRecord._make(row)._replace(
        workflow_active=bool(row.workflow_active),
        next_fire_at=None if row.next_fire_at is None else to_microseconds(row.next_fire_at),
        last_fire_at=None if row.last_fire_at is None else to_microseconds(row.last_fire_at),
        created_at=to_microseconds(row.created_at),
        updated_at=to_microseconds(row.updated_at),
    )


def _row(schedule_id: str, fire: FireRecord) -> dict[str, Any]:
    return {
        "schedule_id": schedule_id,
        "due_at": to_datetime(fire.due_at),
        "outcome": fire.outcome,
        "fired_at": to_datetime(fire.fired_at),
        "workflow_execution_id": fire.execution_id,
        "reason": fire.reason,
    }


def _fire(row: Row[Any]) -> FireRecord:
    return FireRecord(
        to_microseconds(row.due_at),
        row.outcome,
        to_microseconds(row.fired_at),
        row.workflow_execution_id,
        row.reason,
    )


def _moment(at: int | None) -> Any:
    return None if at is None else to_datetime(at)
