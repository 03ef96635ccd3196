"""Schedules as the API answers them."""

from collections.abc import Callable, Sequence

from everyrun.domain.clock import to_datetime
from everyrun.domain.views.schedules import (
    BackfillSummary,
    ComingFire,
    FireDecision,
    ScheduleSummary,
)
from everyrun.scheduler.triggers import Fire, Timetable
from everyrun.server.shaping.moments import moment_of
from everyrun.store.backfills import BackfillRecord
from everyrun.store.schedules import FireRecord, ScheduleRecord

_TIME, _DATE_AND_TIME = "%H:%M", "%Y-%m-%d %H:%M"

Remark = Callable[[Fire], str]
"""What changed clocks do to a due time, in words; empty when nothing."""

_REMARKS = {
    ("en", "skipped"): "{meant} is skipped that day: fires at {local}",
    ("ko", "skipped"): "{meant} 은(는) 그날 건너뛰는 시각입니다: {local} 에 실행",
    ("en", "repeated"): "{meant} comes twice that day: fires the first time",
    ("ko", "repeated"): "{meant} 은(는) 그날 두 번 옵니다: 첫 번째에 실행",
}


def schedule_summary(schedule: ScheduleRecord) -> ScheduleSummary:
    """A schedule in a list."""
    return ScheduleSummary(
        id=schedule.id,
        workflow=schedule.workflow,
        name=schedule.name,
        state=state_of(schedule),
        paused_reason=schedule.paused_reason,
        timezone=schedule.timezone,
        definition=schedule.definition,
        next_at=moment_of(schedule.next_fire_at),
        last_at=moment_of(schedule.last_fire_at),
    )


def state_of(schedule: ScheduleRecord) -> str:
    """``active``, ``paused``, ``over`` or ``off`` (its workflow is)."""
    if not schedule.active:
        return "paused"
    if not schedule.workflow_active:
        return "off"
    return "over" if schedule.next_fire_at is None else "active"


def coming_fires(timetable: Timetable, due: Sequence[int], remark: Remark) -> list[ComingFire]:
    """Due times, each with what changed clocks do to it."""
    described = [timetable.describe(at) for at in due]
    return [
        ComingFire(
            at=to_datetime(fire.at),
            local=to_datetime(fire.at).astimezone(timetable.zone),
            oddity=None if fire.oddity is None else fire.oddity.value,
            meant=None if fire.meant is None else fire.meant.isoformat(),
            remark=remark(fire) or None,
        )
        for fire in described
    ]


def remark_in(language: str) -> Remark:
    """Says it in ``ko`` or ``en``."""

    def remark(fire: Fire) -> str:
        if fire.oddity is None or fire.meant is None:
            return ""
        same_day = fire.meant.date() == fire.local.date()
        form = _TIME if same_day else _DATE_AND_TIME
        sentence = _REMARKS[language, fire.oddity.value]
        return sentence.format(meant=f"{fire.meant:{form}}", local=f"{fire.local:{form}}")

    return remark


def fire_decision(fire: FireRecord) -> FireDecision:
    """What became of one due time."""
    return FireDecision(
        due_at=to_datetime(fire.due_at),
        outcome=fire.outcome,
        decided_at=to_datetime(fire.fired_at),
        execution_id=fire.execution_id,
        reason=fire.reason,
    )


def backfill_summary(backfill: BackfillRecord) -> BackfillSummary:
    """A range that was run after the fact."""
    return BackfillSummary(
        batch_id=backfill.batch_id,
        since=to_datetime(backfill.since),
        until=to_datetime(backfill.until),
        asked_by=backfill.asked_by,
        asked_at=to_datetime(backfill.asked_at),
    )
