"""From due times to executions: each decided once, in one transaction with what comes of it.

A schedule's row is locked from the look at what is due to the commit, and every due time has a row
of its own in ``schedule_fires``: whoever comes second, or again after a crash, finds it decided.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection

from everyrun.domain import events
from everyrun.domain.clock import to_datetime
from everyrun.domain.errors import EveryrunError, NotOnRecord
from everyrun.domain.identifiers import new_id
from everyrun.domain.schedule import ScheduleDefinition, from_plain
from everyrun.domain.status import Status, TriggerType
from everyrun.scheduler.deciding import Decision, Verdict, decide
from everyrun.scheduler.triggers import Timetable
from everyrun.store import schedules
from everyrun.store.coming_months import prepare_months
from everyrun.store.database import Database
from everyrun.store.schedules import FireRecord, ScheduleRecord
from everyrun.workflows.inputs import InvalidInput
from everyrun.workflows.launching import (
    LaunchRequest,
    WorkflowInactive,
    launch_within,
    left_out,
    put_on_record,
)
from everyrun.workflows.templates import TemplateError, Templates

MOST_TRANSACTIONS = 500
STARTED = "started"
SKIPPED = "skipped"
MISSED = "missed"
COALESCED = "coalesced"
BACKFILLED = "backfilled"


class Fired(NamedTuple):
    """What became of the due times of one schedule in one transaction."""

    schedule: ScheduleRecord
    fires: list[FireRecord]


def fire_all(
    database: Database,
    now: int,
    *,
    on_fired: Callable[[Fired], None] | None = None,
    goes_on: Callable[[], bool] = lambda: True,
) -> int:
    """Do what is due for every schedule; answers how many due times were decided.

    Each transaction takes one schedule. ``goes_on`` is asked between them. After very many it
    returns, so that there is time for other chores, and is to be called again.
    """
    prepare_months(database)
    with database.reading() as connection:
        first = schedules.next_moment(connection)
    if first is None or first > now:
        return 0
    decided = 0
    for _ in range(MOST_TRANSACTIONS):
        if not goes_on():
            break
        fired = database.transact(lambda connection: fire_next(connection, now))
        if fired is None:
            break
        decided += len(fired.fires)
        if on_fired is not None and fired.fires:
            on_fired(fired)
    return decided


def fire_next(connection: Connection, now: int) -> Fired | None:
    """Do what is due for the schedule that is longest overdue; None when none is due."""
    schedule = schedules.next_due(connection, now)
    if schedule is None:
        return None
    assert schedule.next_fire_at is not None
    try:
        definition = from_plain(schedule.definition)
        timetable = Timetable(definition, schedule.timezone)
    except (EveryrunError, msgspec.ValidationError) as error:
        reason = f"this schedule cannot be read: {error}"
        schedules.set_schedule_active(
            connection, schedule.id, active=False, reason=reason, next_fire_at=None, now=now
        )
        return Fired(schedule, [])
    if not schedule.workflow_active:
        following = next(timetable.after(now), None)
        schedules.move_on(connection, schedule.id, following, None)
        return Fired(schedule, [])
    decided = decide(timetable, definition, schedule.next_fire_at, now)
    fires = _carry_out(connection, schedule, definition, timetable, decided.decisions, now)
    schedules.record_fires(connection, schedule.id, fires)
    last = max((fire.due_at for fire in fires if fire.outcome == STARTED), default=None)
    schedules.move_on(connection, schedule.id, decided.next_due, last)
    return Fired(schedule, fires)


def request_for(
    schedule: ScheduleRecord,
    definition: ScheduleDefinition,
    timetable: Timetable,
    due: int,
    **more: Any,
) -> LaunchRequest:
    """The execution that a due time asks for. Raises ``TemplateError`` for its inputs."""
    local = to_datetime(due).astimezone(timetable.zone)
    names = {
        "due": {
            "at": local.isoformat(timespec="seconds"),
            "date": f"{local:%Y-%m-%d}",
            "time": f"{local:%H:%M:%S}",
            "utc": to_datetime(due).isoformat(timespec="seconds"),
        },
        "schedule": schedule.name,
    }
    request = bare_request(schedule, timetable, due, **more)
    inputs = _templates.render(dict(definition.input), names, "input")
    return replace(request, input=inputs, tags=definition.tags)


_templates = Templates()
_REFUSALS = (InvalidInput, TemplateError, WorkflowInactive, NotOnRecord, msgspec.ValidationError)
"""What says that this execution cannot be, raised before anything of it is written."""


def bare_request(
    schedule: ScheduleRecord, timetable: Timetable, due: int, **more: Any
) -> LaunchRequest:
    """:func:`request_for` without inputs, for an execution that will not run."""
    local = to_datetime(due).astimezone(timetable.zone)
    told = {
        "schedule_id": schedule.id,
        "schedule": schedule.name,
        "due_at": local.isoformat(timespec="microseconds" if due % 1_000_000 else "seconds"),
    }
    options: dict[str, Any] = {"trigger": TriggerType.SCHEDULE.value, **more}
    return LaunchRequest(workflow=schedule.workflow, metadata=told, **options)


def _carry_out(
    connection: Connection,
    schedule: ScheduleRecord,
    definition: ScheduleDefinition,
    timetable: Timetable,
    decisions: Sequence[Decision],
    now: int,
) -> list[FireRecord]:
    due = [decision.due for decision in decisions]
    known = schedules.decided_fires(connection, schedule.id, due)
    fires: list[FireRecord] = []
    told: list[events.AnyEvent] = []

    def leave_out(due: int, outcome: str, reason: str) -> None:
        id_ = new_id()
        told.extend(left_out(bare_request(schedule, timetable, due), reason, now, id_))
        fires.append(FireRecord(due, outcome, now, id_, reason))

    for decision in decisions:
        if decision.due in known:
            continue
        if decision.verdict is Verdict.COALESCED:
            fires.append(FireRecord(decision.due, COALESCED, now, None, decision.reason))
        elif decision.verdict is Verdict.MISSED:
            leave_out(decision.due, MISSED, decision.reason or "")
        else:
            try:
                request = request_for(schedule, definition, timetable, decision.due)
                launched = launch_within(connection, request, now)
            except _REFUSALS as error:
                leave_out(decision.due, SKIPPED, str(error))
                continue
            outcome = SKIPPED if launched.status == Status.SKIPPED else STARTED
            reason = launched.reason if outcome == SKIPPED else None
            fires.append(FireRecord(decision.due, outcome, now, launched.execution_id, reason))
    if told:
        put_on_record(connection, told, now)
    return fires
