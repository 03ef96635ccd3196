"""Making schedules and changing them: add, pause, resume, delete."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import msgspec
from msgspec.structs import replace
from sqlalchemy import Connection

from everyrun.domain.clock import Clock, SystemClock, to_datetime
from everyrun.domain.graph import WorkflowDefinition
from everyrun.domain.graph import from_plain as graph_from_plain
from everyrun.domain.schedule import At, Interval, ScheduleDefinition, from_plain, to_plain
from everyrun.domain.spans import format_span
from everyrun.domain.status import WorkflowKind
from everyrun.scheduler.firing import request_for
from everyrun.scheduler.triggers import InvalidSchedule, Timetable, next_fires
from everyrun.store import schedules
from everyrun.store.database import Database
from everyrun.store.schedules import ScheduleRecord
from everyrun.store.versions import find_version, set_active
from everyrun.store.workflows import find_workflow
from everyrun.workflows.inputs import checked_inputs


@dataclass(frozen=True, kw_only=True)
class NewSchedule:
    """A schedule as somebody asks for it. ``name`` None is made from the trigger."""

    workflow: str
    definition: ScheduleDefinition
    timezone: str = "UTC"
    name: str | None = None


def add(database: Database, new: NewSchedule, *, clock: Clock | None = None) -> ScheduleRecord:
    """Keep a schedule, once it is known that it can work.

    An interval without an anchor or a phase is counted from now on. Raises
    :class:`InvalidSchedule`, ``InvalidCron``, ``UnknownZone``, ``InvalidInput``, ``TemplateError``,
    ``ScheduleExists`` and ``NotOnRecord``, each with a sentence that says why.
    """
    now = (clock or SystemClock()).now()
    definition = anchored(new.definition, now)
    timetable = Timetable(definition, new.timezone)
    following = next_fires(timetable, now, 1)
    if not following:
        raise InvalidSchedule("this schedule is never due: all its times are over")

    def work(connection: Connection) -> ScheduleRecord:
        version = find_version(connection, new.workflow)
        graph = graph_from_plain(version.definition)
        id_ = schedules.add_schedule(
            connection,
            version.workflow_id,
            new.name or name_of(definition),
            to_plain(definition),
            new.timezone,
            following[0],
            now,
        )
        schedule = schedules.read_schedule(connection, id_)
        _try_inputs(schedule, definition, timetable, following[0], graph)
        return schedule

    return database.transact(work)


@dataclass(frozen=True, kw_only=True)
class Change:
    """What is to be another about a schedule; None leaves it."""

    definition: ScheduleDefinition | None = None
    timezone: str | None = None
    name: str | None = None


def change(
    database: Database, id_: str, wanted: Change, *, clock: Clock | None = None
) -> ScheduleRecord:
    """Change a schedule from now on. What became of its due times so far stays on record.

    What was due until now and not yet decided is due no more. Raises what :func:`add` does.
    """
    now = (clock or SystemClock()).now()

    def work(connection: Connection) -> ScheduleRecord:
        schedule = schedules.read_schedule(connection, id_, lock=True)
        if wanted.name is not None:
            schedule = schedule._replace(name=wanted.name)
        if wanted.definition is not None or wanted.timezone is not None:
            schedule = _at_other_times(connection, schedule, wanted, now)
        schedules.update_schedule(connection, schedule, now)
        return schedules.read_schedule(connection, id_)

    return database.transact(work)


def _at_other_times(
    connection: Connection, schedule: ScheduleRecord, wanted: Change, now: int
) -> ScheduleRecord:
    definition = definition_of(schedule) if wanted.definition is None else wanted.definition
    definition = anchored(definition, now)
    timezone = schedule.timezone if wanted.timezone is None else wanted.timezone
    timetable = Timetable(definition, timezone)
    following = _following(connection, schedule, timetable, now)
    if following is None:
        raise InvalidSchedule("this schedule is never due: all its times are over")
    changed = schedule._replace(
        definition=to_plain(definition),
        timezone=timezone,
        next_fire_at=following if schedule.active else None,
    )
    graph = graph_from_plain(find_version(connection, schedule.workflow).definition)
    _try_inputs(changed, definition, timetable, following, graph)
    return changed


def _following(
    connection: Connection, schedule: ScheduleRecord, timetable: Timetable, now: int
) -> int | None:
    """The first due time from now on about which nothing was decided.

    The clock of who decides may go before ours.
    """
    decided = schedules.list_fires(connection, schedule.id, 1)
    return next(timetable.after(max([now, *(fire.due_at for fire in decided)])), None)


def pause(
    database: Database, id_: str, reason: str, *, clock: Clock | None = None
) -> ScheduleRecord:
    """Let nothing be due until it is resumed; ``reason`` is kept."""
    now = (clock or SystemClock()).now()

    def work(connection: Connection) -> ScheduleRecord:
        schedules.read_schedule(connection, id_, lock=True)
        schedules.set_schedule_active(
            connection, id_, active=False, reason=reason, next_fire_at=None, now=now
        )
        return schedules.read_schedule(connection, id_)

    return database.transact(work)


def resume(database: Database, id_: str, *, clock: Clock | None = None) -> ScheduleRecord:
    """Let it go on from now. What was due meanwhile was paused, not missed."""
    now = (clock or SystemClock()).now()

    def work(connection: Connection) -> ScheduleRecord:
        schedule = schedules.read_schedule(connection, id_, lock=True)
        if not schedule.active:
            following = _following(connection, schedule, timetable_of(schedule), now)
            schedules.set_schedule_active(
                connection, id_, active=True, reason=None, next_fire_at=following, now=now
            )
        return schedules.read_schedule(connection, id_)

    return database.transact(work)


def switch_workflow(
    database: Database, name: str, *, active: bool, clock: Clock | None = None
) -> None:
    """Switch a graph on or off. What would have been due while it was off is not missed.

    Raises ``NotOnRecord``.
    """
    now = (clock or SystemClock()).now()
    database.transact(lambda connection: switch_within(connection, name, now, active=active))


def switch_within(
    connection: Connection,
    name: str,
    now: int,
    *,
    active: bool,
    kind: str = WorkflowKind.GRAPH.value,
) -> None:
    """:func:`switch_workflow` of any kind inside the caller's writing transaction."""
    workflow = find_workflow(connection, name, kind)
    set_active(connection, workflow.name, active, now, kind=workflow.kind)
    if active and not workflow.active:
        for schedule in schedules.list_schedules(connection, workflow=workflow.name):
            _skip_the_past(connection, schedule.id, now)


def _skip_the_past(connection: Connection, id_: str, now: int) -> None:
    schedule = schedules.read_schedule(connection, id_, lock=True)
    if schedule.active and schedule.next_fire_at is not None and schedule.next_fire_at <= now:
        schedules.move_on(connection, id_, next(timetable_of(schedule).after(now), None), None)


def delete(database: Database, id_: str, *, clock: Clock | None = None) -> bool:
    """Forget a schedule. The executions that it started stay on record."""
    now = (clock or SystemClock()).now()
    return database.transact(lambda connection: schedules.delete_schedule(connection, id_, now))


class Kept(Protocol):
    """A schedule as far as it says when it is due, wherever it was read."""

    @property
    def name(self) -> str:
        """What it is called."""
        ...

    @property
    def timezone(self) -> str:
        """Whose clocks it goes by."""
        ...

    @property
    def definition(self) -> dict[str, Any]:
        """The rest of it, as plain values."""
        ...


def definition_of(schedule: Kept) -> ScheduleDefinition:
    """A schedule's definition. Raises :class:`InvalidSchedule` for one that cannot be read."""
    try:
        return from_plain(schedule.definition)
    except msgspec.ValidationError as error:
        raise InvalidSchedule(f"schedule {schedule.name!r} cannot be read: {error}") from None


def timetable_of(schedule: Kept) -> Timetable:
    """All due times of a schedule."""
    return Timetable(definition_of(schedule), schedule.timezone)


def anchored(definition: ScheduleDefinition, now: int) -> ScheduleDefinition:
    """The definition, an interval in it counted from a moment: now, to the second, if from none."""
    trigger = definition.trigger
    if not isinstance(trigger, Interval) or trigger.anchor is not None or trigger.phase:
        return definition
    anchor = definition.start or to_datetime(now).replace(microsecond=0)
    return replace(definition, trigger=replace(trigger, anchor=anchor))


def name_of(definition: ScheduleDefinition) -> str:
    """What a schedule is called that was given no name."""
    trigger = definition.trigger
    if isinstance(trigger, Interval):
        return f"every {format_span(trigger.every)}"
    if isinstance(trigger, At):
        return f"at {_said(trigger.moment)}"
    return " ".join(trigger.expression.split())


def _said(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _try_inputs(
    schedule: ScheduleRecord,
    definition: ScheduleDefinition,
    timetable: Timetable,
    due: int,
    graph: WorkflowDefinition,
) -> None:
    """Find out now, and not at night, that a workflow will not take what it is given."""
    given: Any = request_for(schedule, definition, timetable, due).input
    checked_inputs(graph, given)
